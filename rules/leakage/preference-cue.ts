import {
  contentHash,
  count,
  defineRule,
  type Evidence,
  excerptAround,
  falseDiscoveryRates,
  feature,
  heldBack,
  integer,
  judge,
  marksOf,
  markup,
  ODD,
  type OptionsOf,
  oneTask,
  type Panel,
  type PanelExample,
  type Picture,
  type PreferencePair,
  percent,
  preferenceEvidence,
  preferencePairs,
  quote,
  type Remark,
  type Rival,
  refuses,
  rivals,
  rounded,
  Sample,
  type Severity,
  signTest,
  type Task,
  tasks,
  textOf,
  type Verdict,
  words,
} from '../../src/kit.ts';

/*
 * In four steps:
 * 1. Replies to numbers: each cue gives each reply a number, such as its words. Of a pair, the chosen reply has more, less, or as much.
 * 2. Numbers to tests: how often a rule is right that always picks the reply with more, or always the one with less, and guesses where
 *    both have as much. What chance may have brought forth is dropped.
 * 3. Tests to findings: many cues say the same (a longer reply has more characters, more digits and more lists); the strongest is told,
 *    and another one beside it only if it is still right where the first one is balanced.
 * 4. Findings to words, by the table below.
 */

const specs = {
  warn: {
    description:
      'Share of pairs in which a rule that reads one cue alone may pick the chosen reply, before it is worth a look; half is chance.',
    type: 'number',
    default: 0.6,
    minimum: 0.5,
    maximum: 1,
  },
  error: {
    description: 'The same, before the cue is what the model learns.',
    type: 'number',
    default: 0.7,
    minimum: 0.5,
    maximum: 1,
  },
  identicalWarn: {
    description: 'Share of pairs whose chosen and rejected reply may be the same, before it is a warning.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
  identicalError: {
    description: 'The same, before it is an error.',
    type: 'number',
    default: 0.05,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof specs>;

const measures = {
  right: { even: 0.55, worst: 0.9, scale: 'linear', warn: 'warn', error: 'error' },
  identical: { even: 0.005, worst: 0.2, scale: 'linear', warn: 'identicalWarn', error: 'identicalError' },
} as const;

// ── What each cue reads, and what it is called ──────────────────────────────

interface Cue {
  readonly id: string;
  /** The reply that a rule picks, with the word "reply" in it: the one with the greater number, and the other one. */
  readonly more: string;
  readonly less: string;
  /** The number of one reply; 0 or 1 where it is a yes or no. */
  readonly value: (reply: Rival) => number;
  /** What makes a pair even: an order. */
  readonly even: string;
  /** True where it has no business in any reply: then all that have it are mended, and no pairs added. */
  readonly unwanted?: true;
  /** What is counted, to show beside an example; absent: it shows in the text. */
  readonly unit?: string;
  /** Where it shows in the text of a reply; absent: at its start. */
  readonly index?: (text: string) => number;
  /** Cues of one family say the same in other words. */
  readonly family?: 'length' | 'markup' | 'first word';
  /** How much the replies must differ on average, as a share of their size; absent: any difference counts. */
  readonly gap?: number;
}

const sum = (reply: Rival, of: (text: string, at: number) => number): number => {
  let total = 0;
  for (let i = 0; i < reply.turns.length; i++) total += of(reply.turns[i]!.text, i);
  return total;
};
/** Whether a turn may hold what these marks, or these kinds of odd characters, are needed for. */
const has = ({ sketches }: Rival, turn: number, marks: number, odd: number): boolean =>
  (sketches[turn]!.marks & marks) !== 0 || (sketches[turn]!.odd & odd) !== 0;
const first = ({ turns }: Rival): string => turns[0]!.text;
const last = ({ turns }: Rival): string => turns.at(-1)!.text;

const EXCLAMATION = marksOf('!');
const EXCLAMATIONS = /[!！]/g;
/** What Markdown needs one of, numbered lists apart. */
const MARKDOWN = marksOf('*#`|>+~-');
const EMOJI = /\p{Emoji_Presentation}/gu;
/** How far back from its end a reply is looked at for its last mark. */
const END = 40;
const QUESTION_END = /[?？][\s"'”’)\]*_]*$/u;
const UNFINISHED = /[\p{L}\p{N},;\-–—]$/u;
/** Without one of these nothing is declined: asked first, as it is cheap. */
const MAYBE_DECLINES = /n['’o]t|unable|declin|refus|lack/i;
const DECLINED_BY = 600;
const GAP = 0.05;

/** The Markdown of each turn; asked for by three cues in a row. */
const markupOf = feature((reply: Rival) =>
  reply.turns.map(({ text }, i) => (has(reply, i, MARKDOWN, ODD.beyond) || reply.sketches[i]!.digits > 0 ? markup(text) : undefined)),
);
const markupCount = (reply: Rival, kind: 'items' | 'fences' | 'all'): number =>
  markupOf(reply).reduce((total, each) => total + (each?.[kind] ?? 0), 0);

const REFUSAL: Cue = {
  id: 'refusal',
  more: 'reply that declines',
  less: 'reply that does not decline',
  value: (reply) => Number(MAYBE_DECLINES.test(first(reply).slice(0, DECLINED_BY)) && refuses(first(reply))),
  even: 'let both or neither decline',
};

/** After refusals and first words; what says more of how to mend it comes first: of cues that say the same, it is told. */
const CUES: readonly Cue[] = [
  {
    id: 'question-end',
    more: 'reply that ends with a question',
    less: 'reply that does not end with a question',
    value: (reply) => Number(QUESTION_END.test(last(reply).slice(-END))),
    even: 'let both or neither end with a question',
    index: (text) => text.length - 1,
  },
  {
    id: 'leading-blank',
    more: 'reply that begins with a blank',
    less: 'reply that begins without a blank',
    value: (reply) => Number(/^\s/.test(first(reply))),
    even: 'Strip the blanks at the start of',
    unwanted: true,
  },
  {
    id: 'trailing-blank',
    more: 'reply that ends with a blank',
    less: 'reply that ends without a blank',
    value: (reply) => Number(/\s$/.test(last(reply))),
    even: 'Strip the blanks at the end of',
    unwanted: true,
    index: (text) => text.length - 1,
  },
  {
    id: 'emoji',
    more: 'reply with more emoji',
    less: 'reply with fewer emoji',
    value: (reply) => sum(reply, (text, i) => (has(reply, i, 0, ODD.surrogate | ODD.beyond) ? (text.match(EMOJI)?.length ?? 0) : 0)),
    even: 'give both replies as many emoji',
    unit: 'emoji',
    index: (text) => text.search(EMOJI),
  },
  {
    id: 'exclamation-marks',
    more: 'reply with more exclamation marks',
    less: 'reply with fewer exclamation marks',
    value: (reply) => sum(reply, (text, i) => (has(reply, i, EXCLAMATION, ODD.beyond) ? (text.match(EXCLAMATIONS)?.length ?? 0) : 0)),
    even: 'give both replies as many exclamation marks',
    unit: 'mark',
    index: (text) => text.search(EXCLAMATIONS),
  },
  {
    id: 'code-fences',
    family: 'markup',
    more: 'reply with more code blocks',
    less: 'reply with fewer code blocks',
    value: (reply) => markupCount(reply, 'fences'),
    even: 'put the code of both or neither into code blocks',
    unit: 'block',
    index: (text) => text.indexOf('```'),
  },
  {
    id: 'list-items',
    family: 'markup',
    more: 'reply with more list items',
    less: 'reply with fewer list items',
    value: (reply) => markupCount(reply, 'items'),
    even: 'give both replies as many list items',
    unit: 'item',
    index: (text) => text.search(/^[ \t]{0,12}(?:[-*+•]|\d{1,3}[.)])[ \t]/m),
  },
  {
    id: 'markdown',
    family: 'markup',
    more: 'reply with more Markdown',
    less: 'reply with less Markdown',
    value: (reply) => markupCount(reply, 'all'),
    even: 'give both replies the same markup',
    unit: 'mark',
    index: (text) => text.search(/\*\*|`|^[ \t]{0,12}[-*+•#>|\d]/m),
  },
  {
    id: 'unfinished',
    more: 'reply that ends without a final mark',
    less: 'reply that ends with a final mark',
    value: (reply) => Number(UNFINISHED.test(last(reply).slice(-END).trimEnd())),
    even: 'let both or neither end with a final mark',
    index: (text) => text.length - 1,
  },
  {
    id: 'digits',
    more: 'reply with more digits',
    less: 'reply with fewer digits',
    value: ({ sketches }) => sketches.reduce((total, { digits }) => total + digits, 0),
    even: 'give both replies as many digits',
    unit: 'digit',
    index: (text) => text.search(/\d/),
  },
  {
    id: 'words',
    family: 'length',
    more: 'longer reply',
    less: 'shorter reply',
    value: ({ sketches }) => sketches.reduce((total, { wordCount }) => total + wordCount, 0),
    even: 'cut the longer reply to the length of the shorter one',
    unit: 'word',
    gap: GAP,
  },
  {
    id: 'characters',
    family: 'length',
    more: 'longer reply (in characters)',
    less: 'shorter reply (in characters)',
    value: ({ sketches }) => sketches.reduce((total, { solid }) => total + solid, 0),
    even: 'cut the longer reply to the length of the shorter one',
    unit: 'character',
    gap: GAP,
  },
];

/** Of a reply this much is looked at for its first word. */
const START = 80;
const firstWordOf = feature((reply: Rival): string => words(first(reply).slice(0, START), 1)[0] ?? '');

function firstWordCue(word: string): Cue {
  return {
    id: `first-word ${word}`,
    family: 'first word',
    more: `reply that begins with ${quote(word)}`,
    less: `reply that does not begin with ${quote(word)}`,
    value: (reply) => Number(firstWordOf(reply) === word),
    even: 'let both replies begin alike',
  };
}

// ── How much is asked ───────────────────────────────────────────────────────

/** Of all cues that are called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.01;
/** Fewer pairs cannot be judged; below the other, no error. */
const FEW = 30;
const SOME = 100;
/** A task of its own has as many pairs. */
const LARGE = 100;
/** Pairs on either side of a cue, for another one to be seen beside it. */
const BESIDE = 10;
/** A correlation from which two cues say the same. */
const TOGETHER = 0.5;
/** Cues are right about as often up to this difference. */
const ABOUT = 0.03;
const PLACES = 10;
const EVIDENCE = 2;
const GROUPS = 20;
const ROWS = 12;
/** Ties from which a message speaks of them. */
const TIES_TOLD = 0.05;

export default defineRule({
  meta: {
    id: 'preference-cue',
    family: 'leakage',
    severity: 'error',
    exact: true, // identical pairs are counted; what else it says holds itself back where pairs are few
    docs: {
      summary: 'Measures how often a rule that reads one cheap mark alone, such as length, picks the chosen reply of a preference pair.',
      why: 'If the chosen reply is nearly always the longer one, preference tuning rewards length: the model learns to ramble, its reward still rises, and nothing of what made the replies better is needed. The same holds for lists, refusals, exclamation marks or a first word. A pair whose two replies are the same teaches nothing.',
      score:
        'The share of pairs whose chosen reply is picked by one cue alone (always the longer reply, or always the shorter one; where both are alike it guesses and is right in half). Of pairs whose replies differ, and only where chance is no explanation; of lengths, only if the replies differ by 5% on average. 0 up to 55%, .5 at the warn bound, .8 at the error bound, 1 from 90%; the strongest cue counts, of the worst task in a file that mixes tasks. Or the share of pairs whose two replies are the same but for blanks, exact: 0 up to .5%, 1 from 20%. The worse one counts.',
      source:
        'Singhal et al. 2023, “A long way to go: investigating length correlations in RLHF”, https://arxiv.org/abs/2310.03716. Cliff 1993, https://doi.org/10.1037/0033-2909.114.3.494; the sign test (https://en.wikipedia.org/wiki/Sign_test) with Benjamini and Hochberg’s correction.',
    },
    options: specs,
    measures,
  },

  create: () => ({ pairs: 0, identical: 0, unpaired: 0, places: new Sample(PLACES) }),

  observe(state, example) {
    if (example.rejected === undefined) {
      if (example.format === 'kto') state.unpaired += 1;
      return;
    }
    const both = rivals(example);
    if (both === undefined) {
      state.unpaired += 1;
      return;
    }
    state.pairs += 1;
    if (!both.identical) return;
    state.identical += 1;
    const hash = contentHash(example);
    if (state.places.wants(hash)) state.places.add(hash, { ...example.at, excerpt: excerptAround(textOf(both.chosen)) });
  },

  finish({ pairs, identical, unpaired, places }, options, panel): Verdict {
    if (pairs === 0) {
      return none(unpaired > 0 ? 'no preference pairs: each reply is judged alone' : 'no preference pairs');
    }
    const same = judge(measures.identical, identical / pairs, options);
    const findings: Remark[] = [];
    if (identical > 0) findings.push(identicalRemark(pairs, identical, same.level, places, options));

    const differing = preferencePairs(panel);
    if (differing.length < FEW) {
      if (identical === 0) return none(`fewer than ${FEW} distinct preference pairs`);
      return { score: same.score, findings };
    }
    const called = callsOf(setsOf(panel, differing), options);
    const told = tellable(called, options);
    const several = !oneTask(panel);
    const scale = panel.whole ? undefined : (pairs - identical) / differing.length;
    for (const one of told) findings.push(cueRemark(one, { several, scale, identical: identical > 0 }, options));
    return {
      score: told.reduce((worst, { call }) => Math.max(worst, call.score), same.score),
      findings,
      ...(!panel.whole && { replicates: replicates(told, same.score, options) }),
      ...(told.length > 0 && { picture: pictureOf(told[0]!.call.test.set, called, several) }),
    };
  },
});

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });

// ── From pairs to tests ─────────────────────────────────────────────────────

/** The pairs that are judged together. */
interface PairSet {
  /** Absent: all there are. */
  readonly task?: Task;
  readonly pairs: readonly PreferencePair[];
}

/** Each task with enough pairs is a set of its own; where none has, or the file is one task, all pairs are. */
function setsOf(panel: Panel, differing: readonly PreferencePair[]): readonly PairSet[] {
  if (oneTask(panel)) return [{ pairs: differing }];
  const taskOf = new Map<PanelExample, Task>();
  for (const task of tasks(panel)) for (const { example } of task.pairs) if (!taskOf.has(example)) taskOf.set(example, task);
  const sets = tasks(panel)
    .map((task) => ({ task, pairs: differing.filter(({ example }) => taskOf.get(example) === task) }))
    .filter(({ pairs }) => pairs.length >= LARGE);
  return sets.length > 0 ? sets : [{ pairs: differing }];
}

/** One cue read off all pairs of a set. */
interface CueTest {
  readonly set: PairSet;
  readonly cue: Cue;
  /** The number of each reply, a place per pair. */
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
  /** Per jackknife group: pairs, those whose chosen reply has more, and those whose rejected one has. */
  readonly pairs: readonly number[];
  readonly more: readonly number[];
  readonly less: readonly number[];
  /** 1: the rule that is right more often picks the reply with more; −1: the one with less. */
  readonly side: 1 | -1;
  /** Two-sided sign test, each ranking one vote. */
  readonly p: number;
}

/** The tests of a set: all cues that tell enough pairs apart to be right as often as matters, whichever way they point. */
function testsOf(set: PairSet, options: Options): CueTest[] {
  const least = Math.max(2 * (Math.min(measures.right.even, options.warn) - 0.5) * set.pairs.length, BESIDE);
  const cues = [REFUSAL, ...firstWords(set, least).map(firstWordCue), ...CUES];
  const chosen = cues.map(() => new Float64Array(set.pairs.length));
  const rejected = cues.map(() => new Float64Array(set.pairs.length));
  // pair by pair, so that what several cues read of a reply is worked out once
  for (let i = 0; i < set.pairs.length; i++) {
    const pair = set.pairs[i]!;
    for (let c = 0; c < cues.length; c++) chosen[c]![i] = cues[c]!.value(pair.chosen);
    for (let c = 0; c < cues.length; c++) rejected[c]![i] = cues[c]!.value(pair.rejected);
  }
  return cues.map((cue, c) => testOf(set, cue, chosen[c]!, rejected[c]!)).filter(({ more, less }) => total(more) + total(less) >= least);
}

function testOf(set: PairSet, cue: Cue, chosen: Float64Array, rejected: Float64Array): CueTest {
  const [pairs, more, less] = [zeros(), zeros(), zeros()];
  const votes = new Map<number, number>();
  set.pairs.forEach(({ example, ranking }, i) => {
    const sign = Math.sign(chosen[i]! - rejected[i]!);
    pairs[example.group]! += 1;
    if (sign > 0) more[example.group]! += 1;
    if (sign < 0) less[example.group]! += 1;
    if (sign !== 0) votes.set(ranking, (votes.get(ranking) ?? 0) + sign);
  });
  let [up, down] = [0, 0];
  for (const vote of votes.values()) {
    if (vote > 0) up += 1;
    if (vote < 0) down += 1;
  }
  const side = total(more) >= total(less) ? 1 : -1;
  return { set, cue, chosen, rejected, pairs, more, less, side, p: signTest(up, up + down) };
}

const zeros = (): number[] => Array.from({ length: GROUPS }, () => 0);
const total = (counts: readonly number[], without = -1): number => counts.reduce((all, n, group) => (group === without ? all : all + n), 0);

/** First words that tell enough pairs apart, commonest first: how many, not which way, so that the tests to come stay fair. */
function firstWords({ pairs }: PairSet, least: number): string[] {
  const times = new Map<string, number>();
  for (const { chosen, rejected } of pairs) {
    const both = [firstWordOf(chosen), firstWordOf(rejected)];
    if (both[0] === both[1]) continue;
    for (const word of both) if (word !== '') times.set(word, (times.get(word) ?? 0) + 1);
  }
  return [...times]
    .filter(([, n]) => n >= least)
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([word]) => word);
}

/** The share of pairs in which the better of the two rules is right; ties are guessed. */
function rightOf({ pairs, more, less, side }: CueTest, without = -1): number {
  const n = total(pairs, without);
  return n === 0 ? 0.5 : rounded(0.5 + (side * (total(more, without) - total(less, without))) / (2 * n));
}

// ── From tests to findings ──────────────────────────────────────────────────

interface Call {
  readonly test: CueTest;
  /** Where its cue stands in the table. */
  readonly rank: number;
  readonly right: number;
  readonly score: number;
  readonly level: Severity;
}

function callsOf(sets: readonly PairSet[], options: Options): Call[] {
  const tests = sets.flatMap((set) => testsOf(set, options));
  const rates = falseDiscoveryRates(tests.map(({ p }) => p));
  return tests
    .flatMap((test, rank) =>
      rates[rank]! <= FALSE_DISCOVERIES && isWide(test) ? [{ test, rank, ...judged(test, rightOf(test), options) }] : [],
    )
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => Math.round(b.right * 100) - Math.round(a.right * 100)); // stable: the table's order where they are about as often
}

function judged({ set }: CueTest, right: number, options: Options): Omit<Call, 'test' | 'rank'> {
  const { score, level = 'info' } = judge(measures.right, right, options);
  const few = set.pairs.length < SOME && level === 'error';
  return { right, score: few ? heldBack(score, 'warn') : score, level: few ? 'warn' : level };
}

/** The replies differ enough: on average over the pairs, (chosen − rejected) as a share of the mean of both. A few monsters cannot turn it round. */
function isWide({ cue, chosen, rejected, side }: CueTest): boolean {
  if (cue.gap === undefined) return true;
  return side * gapOf(chosen, rejected) >= cue.gap;
}

function gapOf(chosen: Float64Array, rejected: Float64Array): number {
  let gaps = 0;
  for (let i = 0; i < chosen.length; i++) {
    const both = chosen[i]! + rejected[i]!;
    if (both > 0) gaps += (2 * (chosen[i]! - rejected[i]!)) / both;
  }
  return rounded(gaps / Math.max(1, chosen.length));
}

const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };

interface Told {
  readonly call: Call;
  /** What says the same. */
  readonly others: readonly Call[];
}

/**
 * Strongest first. What a told cue explains goes with it; and where a cue explains a told one of its level, and not the other way round,
 * it takes its place: replies that begin with "Sure, here you are" are longer for it. Where both explain each other and are right about as often, the
 * earlier one of the table is told.
 */
function tellable(called: readonly Call[], options: Options): Told[] {
  let told: Told[] = [];
  for (const call of called) {
    const explains = (one: Call, other: Call): boolean =>
      one.test.set === other.test.set && (sameFamily(one, other) || besides(other.test, one.test) < boundOf(other, options));
    const by = told.find((one) => explains(one.call, call));
    const replaced = told.filter(
      (one) =>
        WEIGHT[call.level] >= WEIGHT[one.call.level] &&
        explains(call, one.call) &&
        (by === undefined || (call.rank < one.call.rank && one.call.right - call.right <= ABOUT)),
    );
    if (replaced.length > 0) {
      const others = replaced.flatMap((one) => [one.call, ...one.others]);
      told = told.flatMap((one) => (one === replaced[0] ? [{ call, others }] : replaced.includes(one) ? [] : [one]));
    } else if (by) told = told.map((one) => (one === by ? { call: one.call, others: [...one.others, call] } : one));
    else told.push({ call, others: [] });
  }
  return told;
}

const sameFamily = (one: Call, other: Call): boolean => one.test.cue.family !== undefined && one.test.cue.family === other.test.cue.family;

/** The share of pairs up to which nothing is said at its level. */
const boundOf = ({ level }: Call, options: Options): number =>
  level === 'info' ? Math.min(measures.right.even, options.warn) : options.warn;

/**
 * How often `test` is right where another cue is balanced: among the pairs whose chosen reply has more of that one and those whose rejected
 * reply has, each weighing half, and among its ties. A cue that only follows the other one is right here in half. Where the other one is
 * hardly ever wrong and never tied nothing can be balanced; then the two say the same if they grow together from pair to pair.
 */
function besides(test: CueTest, other: CueTest): number {
  const pairs = [0, 0, 0];
  const right = [0, 0, 0];
  for (let i = 0; i < test.chosen.length; i++) {
    const stratum = 1 + Math.sign(other.chosen[i]! - other.rejected[i]!);
    pairs[stratum]! += 1;
    right[stratum]! += 0.5 + (test.side * Math.sign(test.chosen[i]! - test.rejected[i]!)) / 2;
  }
  const share = (stratum: number): number => right[stratum]! / pairs[stratum]!;
  const ties = pairs[1]! >= BESIDE ? pairs[1]! : 0;
  const sides = Math.min(pairs[0]!, pairs[2]!) >= BESIDE ? pairs[0]! + pairs[2]! : 0;
  if (ties + sides === 0) return growTogether(test, other) ? 0.5 : rightOf(test);
  return rounded(((ties > 0 ? ties * share(1) : 0) + (sides > 0 ? (sides * (share(0) + share(2))) / 2 : 0)) / (ties + sides));
}

/** Whether the differences between chosen and rejected reply are correlated (Pearson, ±.5). */
function growTogether(a: CueTest, b: CueTest): boolean {
  const n = a.chosen.length;
  const [x, y] = [a, b].map(({ chosen, rejected }) => chosen.map((value, i) => value - rejected[i]!)) as [Float64Array, Float64Array];
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i]! - meanX) ** 2;
    yy += (y[i]! - meanY) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  return xx > 0 && yy > 0 && Math.abs(xy) >= TOGETHER * Math.sqrt(xx * yy);
}

/** The score with each of the 20 groups left out of the counts. */
function replicates(told: readonly Told[], least: number, options: Options): number[] {
  return Array.from({ length: GROUPS }, (_, group) =>
    told.reduce((worst, { call: { test } }) => Math.max(worst, judged(test, rightOf(test, group), options).score), least),
  );
}

// ── From findings to words ──────────────────────────────────────────────────

function identicalRemark(pairs: number, identical: number, level: Severity | undefined, places: Sample, options: Options): Remark {
  const share = identical / pairs;
  return {
    key: 'identical replies',
    message: `${integer(identical)} of ${count(pairs, 'pair')} (${percent(share)}) ${identical === 1 ? 'has' : 'have'} the same chosen and rejected reply${level === undefined ? '' : `, expected under ${percent(options.identicalWarn)}`}`,
    level: level ?? 'info',
    suggestion: `Drop ${identical === 1 ? 'this pair' : `these ${integer(identical)} pairs`}, or write the rejected ${identical === 1 ? 'reply' : 'replies'} that ${identical === 1 ? 'was' : 'were'} meant`,
    evidence: places.evidence(),
    data: { pairs, identical, share: rounded(share) },
  };
}

interface Context {
  readonly several: boolean;
  /** How many pairs of the file each one of a sample stands for. */
  readonly scale: number | undefined;
  /** Whether identical pairs were left out. */
  readonly identical: boolean;
}

function cueRemark({ call, others }: Told, context: Context, options: Options): Remark {
  const { test, right, level } = call;
  const { set, cue, side, p } = test;
  const n = set.pairs.length;
  const [more, less] = [total(test.more), total(test.less)];
  const ties = (n - more - less) / n;
  const bound = boundOf(call, options);
  const [picked, other] = side > 0 ? [cue.more, cue.less] : [cue.less, cue.more];
  const where = set.task ? `In the task ${quote(set.task.name)}, ` : '';
  const always = set.task ? 'always' : 'Always';
  const pairs = `${count(n, context.scale === undefined ? 'pair' : 'sampled pair')}${context.identical ? ' that differ' : ''}`;
  const counted = ties >= TIES_TOLD ? ` (${percent(ties)} of them ties, counted half)` : '';
  const auc = aucOf(test.chosen, test.rejected);
  return {
    key: `${set.task ? `${set.task.key}: ` : ''}${cue.id}, ${side > 0 ? 'more' : 'less'}`,
    message: `${where}${always} choosing the ${picked} is right in ${shareBeside(right, bound)} of ${pairs}${counted}, expected ${percent(rounded(1 - bound))} to ${percent(bound)}`,
    level,
    suggestion: orderOf(test, right, other, context.scale ?? 1),
    evidence: evidenceOf(test),
    data: {
      ...(set.task && { task: set.task.name }),
      cue: cue.id,
      pairs: n,
      right,
      chosenHasMore: more,
      rejectedHasMore: less,
      share: rounded(more / (more + less)),
      chosenMean: mean(test.chosen),
      rejectedMean: mean(test.rejected),
      ...(cue.gap !== undefined && { gap: gapOf(test.chosen, test.rejected) }),
      auc,
      cliffsDelta: rounded(2 * auc - 1),
      p: Math.round(p * 1e9) / 1e9, // what lies under this is arithmetic
      ...(others.length > 0 && { otherCues: others.map((one) => one.test.cue.id).join(', ') }),
    },
  };
}

/** A share that does not look like the bound it is beyond. */
function shareBeside(share: number, bound: number): string {
  return percent(share) === percent(bound) ? `${(share * 100).toFixed(1)}%` : percent(share);
}

/** How many pairs bring the cue down to the even line: the other way round, added; or made alike. */
function orderOf({ set, cue, chosen, rejected }: CueTest, right: number, other: string, scale: number): string {
  if (cue.unwanted) {
    const have = scale * [chosen, rejected].reduce((all, values) => all + values.reduce((sum, value) => sum + value, 0), 0);
    return `${cue.even} ${scale === 1 ? 'all' : 'about'} ${count(Math.round(have), 'reply', 'replies')} that have them, chosen and rejected alike`;
  }
  const even = measures.right.even;
  const excess = (right - even) * set.pairs.length * scale;
  const add = Math.ceil(rounded(excess / even));
  const alike = Math.ceil(rounded(2 * excess));
  return `Add about ${count(add, 'pair')} whose better reply is the ${other.replace('reply', 'one')}, or ${cue.even} in about ${integer(alike)} of those that this rule gets right`;
}

/** Pairs in which the cue is right. */
function evidenceOf({ set, cue, chosen, rejected, side }: CueTest): Evidence[] {
  const found: Evidence[] = [];
  for (let i = 0; i < set.pairs.length && found.length < EVIDENCE; i++) {
    if (side * (chosen[i]! - rejected[i]!) <= 0) continue;
    const pair = set.pairs[i]!;
    const said = (n: number): string => (cue.unit === 'emoji' ? `${integer(n)} emoji` : count(n, cue.unit!));
    const at = (reply: Rival): number => Math.max(0, cue.index?.(textOf(reply)) ?? 0);
    found.push(
      preferenceEvidence(pair, cue.unit === undefined ? undefined : [said(chosen[i]!), said(rejected[i]!)], [
        at(pair.chosen),
        at(pair.rejected),
      ]),
    );
  }
  return found;
}

const mean = (values: Float64Array): number => rounded(values.reduce((all, value) => all + value, 0) / Math.max(1, values.length));

/**
 * The chance that any chosen reply has more than any rejected one, ties half: Mann and Whitney's U over all m·n. 1 − it the other way round;
 * Cliff's δ is 2·AUC − 1.
 */
function aucOf(chosen: Float64Array, rejected: Float64Array): number {
  const lower = rejected.toSorted();
  let below = 0;
  let upTo = 0;
  let sumBelow = 0;
  for (const value of chosen.toSorted()) {
    while (below < lower.length && lower[below]! < value) below++;
    upTo = Math.max(upTo, below);
    while (upTo < lower.length && lower[upTo]! <= value) upTo++;
    sumBelow += below + (upTo - below) / 2;
  }
  return rounded(sumBelow / Math.max(1, chosen.length * rejected.length));
}

function pictureOf(set: PairSet, called: readonly Call[], several: boolean): Picture {
  const rows = called
    .filter(({ test }) => test.set === set)
    .slice(0, ROWS)
    .map(({ test, right }) => [test.side > 0 ? test.cue.more : test.cue.less, right, mean(test.chosen), mean(test.rejected)]);
  const of = several && set.task ? ` in ${quote(set.task.name)}` : '';
  return {
    kind: 'table',
    title: `Which reply a rule picks that reads one cue${of}`,
    columns: ['always the', 'right in', 'mean of chosen', 'of rejected'],
    rows,
  };
}
