import {
  Counts,
  comparable,
  contentHash,
  count,
  defineRule,
  type EvalIndex,
  type Evidence,
  type Example,
  evalIndex,
  excerptAround,
  Groups,
  HeldOut,
  hashString,
  heldBack,
  integer,
  judge,
  keyedPrompts,
  LONG_RUN,
  list,
  type Measure,
  type OptionsOf,
  type Panel,
  type PanelExample,
  Partners,
  type Picture,
  type Place,
  percent,
  type Remark,
  RUN,
  RUNS_OF_TWENTY_WORDS,
  rounded,
  type Severity,
  type Verdict,
} from '../../src/kit.ts';

/*
 * The eval files are folded first, by `observe` below, into their prompts (`heldOut`). The training data is then compared with an index of
 * these (src/features/eval-index.ts), text by text in the one pass over it: whole prompts by hash, all runs of eight words, skeletons.
 * Nothing is read twice, and what is kept of the training data is counts and the best partner of each eval prompt.
 */

const options = {
  warn: {
    description:
      'The share of eval prompts that stand in the training data as they are (but for case, blanks and marks) from which it is a warning; the default takes a single one for it.',
    type: 'number',
    default: 0.00001,
    minimum: 0,
    maximum: 1,
  },
  error: { description: 'The same share from which it is an error.', type: 'number', default: 0.05, minimum: 0, maximum: 1 },
  runsWarn: {
    description:
      'The share of eval prompts of twenty words or more that have half of their runs of eight words in the training data from which it is a warning; also that of prompts of eight words or more that are wrapped copies, and of prompts that differ in a few words.',
    type: 'number',
    default: 0.01,
    minimum: 0,
    maximum: 1,
  },
  runsError: { description: 'The same share from which it is an error.', type: 'number', default: 0.05, minimum: 0, maximum: 1 },
} as const;
type Options = OptionsOf<typeof options>;

const measures = {
  same: { even: 0, worst: 0.2, scale: 'linear', warn: 'warn', error: 'error' },
  covered: { even: 0, worst: 0.2, scale: 'linear', warn: 'runsWarn', error: 'runsError' },
  wrapped: { even: 0, worst: 0.2, scale: 'linear', warn: 'runsWarn', error: 'runsError' },
  near: { even: 0, worst: 0.2, scale: 'linear', warn: 'runsWarn', error: 'runsError' },
} as const satisfies Record<string, Measure>;

/** Of its runs of eight words, so many make a prompt covered; of its words, if they stand in shared runs, so many are told. */
const HALF = 0.5;
/** Fewer covered prompts than this may be chance (word problems and forms sound alike): a hint. Fewer that are the same are no error. */
const FEW = 3;
/** And fewer that differ in a few words. */
const FEW_NEAR = 5;
/** So many words of an eval prompt must be left without what many begin or end with. */
const CORE = 6;
/** With so many words what stands around a copy is no turn of speech, if it stands around more than so many. */
const FRAME = 4;
const FRAMED = 3;
/** A run that so many training texts hold, by number and by share of the examples, is what they are wrapped in, and tells nothing. */
const COMMON_LEAST = 20;
const COMMON_SHARE = 0.01;

/** Flags of `same`. */
const EXACT = 1;
const REPLY = 2;

/** Of its runs, so many in one text make an eval prompt part of it. */
const NEARLY_ALL = 0.9;
/** Eval prompts that are listed with their partners. */
const LISTED = 1000;
/** Places and files that a sentence can hold. */
const NAMED = 3;
const EXCERPT = 160;
const GROUPS = 20;

type State = {
  heldOut: HeldOut;
  /** By eval prompt: the training examples that have it as a prompt. */
  same: Partners;
  /** By eval prompt: the training texts that share a run of words with it; ranked by how many. */
  alike: Partners;
  /** By eval prompt: those of them that differ in a few words; ranked by similarity. */
  near: Partners;
  /** By eval prompt: the training prompts that it holds whole, in what most eval prompts are wrapped in. */
  wrapped: Partners;
  /** By eval prompt: the training prompts that have its own words in one run. */
  framed: Partners;
  /** By what stands around that run, there and here: the eval prompts; where it is a few words, and where it is more. */
  frames: Groups;
  longFrames: Groups;
  /** By eval prompt: the training prompts that differ in numbers, names and quotes only. */
  template: Partners;
  /** By run: the training texts that hold it. */
  runs: Counts;
  /** By word of the eval prompts: the training texts that share a run of thirteen words from there on. */
  long: Counts;
  /** Training examples, and those that have an eval prompt as a prompt. */
  examples: number;
  lines: number;
};

export default defineRule<typeof options, State>({
  meta: {
    id: 'eval-overlap',
    family: 'leakage',
    severity: 'error',
    exact: true,
    sides: true,
    docs: {
      summary: 'Counts the prompts of the eval data (--eval) that stand in the training data, whole or in part.',
      why: 'A model that was trained on its exam passes it. Where eval prompts stand in the training data, scores on them measure memory, and nobody notices until the model meets prompts that are new to it.',
      score:
        'Four shares of the eval prompts; the worst counts. (1) Prompts that stand in the training data with all turns before them, but for case, blanks and marks (marks count where they are not those of prose, as in 3-4; system texts count only where the eval data has many): one is a warning (.5), 5% and at least three an error (.8), 20% scores 1. (2) Of prompts that have twenty words or more, those with at least half of their runs of eight words in the training data, wherever they stand there: 0 is 0, 1% a warning, 5% an error, 20% scores 1; fewer than three such prompts that do not stand there whole are told as a hint, as word problems sound alike by chance. (3) Of prompts that have eight words or more, those that stand in a training prompt in one run of eight words or more, but for what most eval prompts begin or end with, or in words that stand around the same run of more than 2% of the eval prompts (of more than three, from four words on): the same bounds; fewer than three are a hint. (4) Near-duplicates (word 5-grams at a Jaccard similarity of .8; below 30 words padded 3-grams at .7; among texts that share a run of eight words): a warning from five of them and 1%, never an error. Prompts of the same template (equal but for numbers, names and quotes), prompts that have half of their words in shared runs of eight, and shared runs of thirteen words are told and not scored. Runs that more than 2% of the eval prompts, or 1% of the training texts and more than 20, hold are taken for a wrapper and left out, unless one training text holds nine in ten of the runs of a prompt of twenty words or more. A row without a prompt is compared by its whole text; of a prompt the first 8,192 characters are read. Beyond 20,000 different eval prompts or eight million characters a fair sample of them is compared. It compares words: a paraphrase or a translation of an eval prompt passes unseen, so that nothing found means "no verbatim overlap found" and no more.',
      source:
        'Runs of thirteen words: Brown et al. 2020 (GPT-3), appendix C, https://arxiv.org/abs/2005.14165; share of runs of eight words: Chowdhery et al. 2022 (PaLM), https://arxiv.org/abs/2204.02311; what rephrasing hides: Yang et al. 2023, https://arxiv.org/abs/2311.04850',
    },
    options,
    measures,
  },

  create: () => ({
    heldOut: new HeldOut(),
    same: new Partners(),
    alike: new Partners(),
    near: new Partners(),
    wrapped: new Partners(),
    framed: new Partners(),
    frames: new Groups(),
    longFrames: new Groups(),
    template: new Partners(),
    runs: new Counts(),
    long: new Counts(),
    examples: 0,
    lines: 0,
  }),

  observe(state, example, _options, side) {
    if (example.split === 'eval') {
      for (const { keys, text } of keyedPrompts(example)) state.heldOut.add(keys, text, example.at);
    } else if (example.split === 'train' && side.eval) {
      compare(state, example, evalIndex(side.eval.heldOut));
    }
  },

  finish(state, options, panel, side) {
    if (!side.eval) return none('no eval data');
    if (side.eval.heldOut.total === 0) return none('no prompts in the eval data');
    if (state.examples === 0) return none('no examples');
    return conclude(state, options, panel, evalIndex(side.eval.heldOut), side.eval.heldOut.total);
  },
});

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });

// ── One training example against all eval prompts ───────────────────────────

function compare(state: State, example: Example, index: EvalIndex): void {
  const hash = contentHash(example);
  state.examples += 1;
  let matched = false;
  const asked = example.messages.some(({ role }) => role === 'user');
  for (const { keys } of keyedPrompts(example)) {
    for (const prompt of index.same(keys)) {
      const exact = index.isExact(prompt, keys) ? EXACT : 0;
      const reply = keys.reply !== 0 && index.prompts[prompt]!.replies.includes(keys.reply) ? REPLY : 0;
      state.same.add(prompt, exact + reply, hash, example.at, exact | reply);
      matched = true;
    }
  }
  if (matched) state.lines += 1;
  for (const { role, text } of example.messages) look(state, text, role === 'user' || !asked, hash, example.at, index);
  if (example.rejected) for (const { text } of example.rejected) look(state, text, false, hash, example.at, index);
}

/** An eval prompt may stand anywhere: in a prompt, a reply, a system text that gives examples. */
function look(state: State, text: string, isPrompt: boolean, hash: number, at: Place, index: EvalIndex): void {
  const found = index.find(text);
  for (const run of found.runs) state.runs.add(run);
  for (const word of found.long) state.long.add(word);
  for (const prompt of found.prompts) {
    state.alike.add(prompt, found.shared[prompt]!, hash, at);
    const similarity = index.nearness(prompt);
    if (similarity > 0) state.near.add(prompt, Math.round(similarity * 1e6), hash, at);
  }
  if (isPrompt && found.prompts.length > 0) unwrap(state, text, found.prompts, hash, at, index);
  if (isPrompt) for (const prompt of index.ofSkeleton(found.skeleton)) state.template.add(prompt, 0, hash, at);
}

// ── Copies in a wrapper ─────────────────────────────────────────────────────

/** An eval prompt as words with one blank before and after each, and which of them are its own: many prompts begin or end with the others. */
interface Unwrapped {
  readonly words: readonly string[];
  readonly from: number;
  readonly to: number;
  /** With how many words most prompts begin and end. */
  readonly head: number;
  readonly tail: number;
}

const unwrapped = new WeakMap<EvalIndex, readonly Unwrapped[]>();

/** As the index takes words: runs of letters and digits, an apostrophe inside allowed; of scripts without blanks each character. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}])+/gu;
/** Of longer texts the beginning is looked at, as it is of eval prompts. */
const HEAD = 8192;
const wordsOf = (text: string): string[] => text.slice(0, HEAD).normalize('NFKC').toLowerCase().match(WORDS) ?? [];
const joined = (words: readonly string[]): string => ` ${words.join(' ')} `;

function unwrappedOf(index: EvalIndex): readonly Unwrapped[] {
  const known = unwrapped.get(index);
  if (known) return known;
  const all = index.prompts.map(({ text }) => wordsOf(text));
  const reversed = all.map((words) => words.toReversed());
  const most = Math.max(index.common, all.length >> 1);
  const starts = sharedStarts(all, index.common);
  const ends = sharedStarts(reversed, index.common);
  const heads = sharedStarts(all, most);
  const tails = sharedStarts(reversed, most);
  const made = all.map(
    (words, row): Unwrapped => ({ words, from: starts[row]!, to: words.length - ends[row]!, head: heads[row]!, tail: tails[row]! }),
  );
  unwrapped.set(index, made);
  return made;
}

/** With how many words each text begins that more than `many` of them begin with. Sorted, those that do stand in one row. */
function sharedStarts(texts: readonly (readonly string[])[], many: number): number[] {
  const keys = texts.map(joined);
  const order = keys.map((_, row) => row).sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
  const shared = texts.map(() => 0);
  for (let i = 0; i + many < order.length; i++) {
    const [first, last] = [texts[order[i]!]!, texts[order[i + many]!]!];
    let same = 0;
    while (same < first.length && first[same] === last[same]) same++;
    if (same > 0) for (let k = i; k <= i + many; k++) shared[order[k]!] = Math.max(shared[order[k]!]!, same);
  }
  return shared;
}

/** Notes the eval prompts whose own words stand in a training prompt as one run. */
function unwrap(state: State, text: string, prompts: readonly number[], hash: number, at: Place, index: EvalIndex): void {
  const there = wordsOf(text);
  const whole = joined(there);
  for (const prompt of prompts) {
    const { words, head, tail, ...own } = unwrappedOf(index)[prompt]!;
    // what many begin with may be an instruction that is as much a part of each as what follows
    const { from, to } = own.to - own.from < CORE ? { from: head, to: words.length - tail } : own;
    if (to - from < CORE) continue;
    const found = whole.indexOf(joined(words.slice(from, to)));
    if (found < 0) continue;
    let start = 0;
    for (let i = 0; i < found; i++) if (whole.charCodeAt(i) === 32) start++;
    let [before, after] = [0, 0]; // words of its wrapper that stand there, too
    while (before < Math.min(from, start) && words[from - before - 1] === there[start - before - 1]) before++;
    const end = start + to - from;
    while (to + after < words.length && end + after < there.length && words[to + after] === there[end + after]) after++;
    const run = before + to - from + after;
    if (run < RUN) continue;
    const [begins, ends] = [from - before, to + after];
    if (run === there.length && begins <= head && words.length - ends <= tail) state.wrapped.add(prompt, 0, hash, at);
    const around = [there.slice(0, start - before), there.slice(end + after), words.slice(0, begins), words.slice(ends)];
    const frames = there.length - run + words.length - run < FRAME ? state.frames : state.longFrames;
    frames.add(hashString(around.map(joined).join('\n')), prompt, at);
    state.framed.add(prompt, HEAD - Math.min(HEAD, there.length), hash, at);
  }
}

/** The eval prompts with a run that stands in the training data in words that stand around those of many. */
function framedPrompts({ frames, longFrames }: State, index: EvalIndex): Set<number> {
  const groups = [
    ...frames.top(LISTED, (members) => (members > index.common ? members : 0)),
    ...longFrames.top(LISTED, (members) => (members > FRAMED ? members : 0)),
  ];
  return new Set(groups.flatMap(({ members }) => members.map(({ member }) => member)));
}

// ── What each eval prompt has in common with the training data ──────────────

/** In order: of several a prompt is counted with the first. */
type Kind = 'same' | 'covered' | 'wrapped' | 'near' | 'template' | 'words' | 'long' | 'none';

interface Overlap {
  /** Its number in the index. */
  readonly prompt: number;
  readonly times: number;
  readonly kind: Kind;
  /** At least half of its runs, where it has enough of them. */
  readonly covered: boolean;
  /** It has twenty words or more. */
  readonly long: boolean;
  /** It has no run of eight words that is not a wrapper. */
  readonly short: boolean;
  /** Of its runs of eight words. */
  readonly share: number;
  /** The first word that is shared, as the index counts them; −1 = from its start. */
  readonly word: number;
}

function overlaps(state: State, index: EvalIndex): Overlap[] {
  const common = Math.max(COMMON_LEAST, COMMON_SHARE * state.examples);
  const framed = framedPrompts(state, index);
  return index.prompts.map(({ times }, prompt) => {
    const [from, to] = [index.first[prompt]!, index.first[prompt + 1]!];
    // what one training text holds nearly whole is no wrapper, however many hold it
    const own = new Set<number>();
    for (let at = from; at < to; at++) if (index.runAt[at]! >= 0 && !index.isCommon(index.runAt[at]!)) own.add(index.runAt[at]!);
    const held = own.size >= RUNS_OF_TWENTY_WORDS && state.alike.met(prompt) > 0 && state.alike.ranks[prompt]! >= NEARLY_ALL * own.size;
    const counts = (at: number): boolean => {
      const run = index.runAt[at]!;
      return run >= 0 && !index.isCommon(run) && (held || state.runs.met(run) <= common);
    };
    let runs = 0;
    let shared = 0;
    let words = 0; // in runs that count
    let sharedWords = 0;
    let [end, sharedEnd] = [from, from];
    let word = -1;
    let long = -1;
    for (let at = from; at < to; at++) {
      if (!counts(at)) continue;
      runs += 1;
      words += at + RUN - Math.max(at, end);
      end = at + RUN;
      if (state.runs.met(index.runAt[at]!) === 0) continue;
      shared += 1;
      sharedWords += at + RUN - Math.max(at, sharedEnd);
      sharedEnd = at + RUN;
      if (word < 0) word = at;
      if (long < 0 && state.long.met(at) > 0 && all(at, at + LONG_RUN - RUN, counts)) long = at;
    }
    const covered = runs >= RUNS_OF_TWENTY_WORDS && shared >= HALF * runs;
    const kind: Kind =
      state.same.met(prompt) > 0
        ? 'same'
        : covered
          ? 'covered'
          : shared > 0 && (state.wrapped.met(prompt) > 0 || framed.has(prompt))
            ? 'wrapped'
            : shared > 0 && state.near.met(prompt) > 0
              ? 'near'
              : state.template.met(prompt) > 0 && state.template.met(prompt) <= common
                ? 'template'
                : runs >= RUNS_OF_TWENTY_WORDS && sharedWords >= HALF * words
                  ? 'words'
                  : long >= 0
                    ? 'long'
                    : 'none';
    return {
      prompt,
      times,
      kind,
      covered: covered || (kind === 'same' && runs >= RUNS_OF_TWENTY_WORDS),
      long: runs >= RUNS_OF_TWENTY_WORDS,
      short: runs === 0,
      share: runs === 0 ? 0 : shared / runs,
      word: kind === 'long' ? long : word,
    };
  });
}

function all(from: number, to: number, test: (at: number) => boolean): boolean {
  for (let at = from; at <= to; at++) if (!test(at)) return false;
  return true;
}

// ── The verdict ─────────────────────────────────────────────────────────────

interface Judged {
  readonly score: number;
  readonly same: { readonly share: number; readonly level: Severity | undefined };
  readonly covered: { readonly share: number; readonly level: Severity | undefined };
  readonly wrapped: { readonly share: number; readonly level: Severity | undefined };
  readonly near: { readonly share: number; readonly level: Severity | undefined };
}

function judged(found: readonly Overlap[], options: Options): Judged {
  const sameShare = share(
    found,
    ({ kind }) => kind === 'same',
    () => true,
  );
  const coveredShare = share(
    found,
    ({ covered }) => covered,
    ({ long }) => long,
  );
  const same = judge(measures.same, sameShare, options);
  const covered = judge(measures.covered, coveredShare, options);
  const wrappedShare = share(
    found,
    ({ kind }) => kind === 'wrapped',
    ({ short }) => !short,
  );
  const nearShare = share(
    found,
    ({ kind }) => kind === 'near',
    () => true,
  );
  const wrapped = judge(measures.wrapped, wrappedShare, options);
  const near = judge(measures.near, nearShare, options);
  const fewWrapped = timesOf(found.filter(({ kind }) => kind === 'wrapped')) < FEW;
  const fewNear = timesOf(found.filter(({ kind }) => kind === 'near')) < FEW_NEAR;
  const fewSame = timesOf(found.filter(({ kind }) => kind === 'same')) < FEW;
  const fewCovered = timesOf(found.filter(({ kind }) => kind === 'covered')) < FEW;
  return {
    score: Math.max(
      fewSame ? heldBack(same.score, 'warn') : same.score,
      fewCovered ? heldBack(covered.score, 'info') : covered.score,
      fewWrapped ? heldBack(wrapped.score, 'info') : wrapped.score,
      fewNear ? 0 : heldBack(near.score, 'warn'),
    ),
    same: { share: sameShare, level: fewSame && same.level ? 'warn' : same.level },
    covered: { share: coveredShare, level: fewCovered ? undefined : covered.level },
    wrapped: { share: wrappedShare, level: fewWrapped ? undefined : wrapped.level },
    near: { share: nearShare, level: !fewNear && near.level ? 'warn' : undefined },
  };
}

const timesOf = (found: readonly Overlap[]): number => found.reduce((sum, { times }) => sum + times, 0);

function share(found: readonly Overlap[], part: (one: Overlap) => boolean, whole: (one: Overlap) => boolean): number {
  const of = timesOf(found.filter(whole));
  return of === 0 ? 0 : timesOf(found.filter(part)) / of;
}

/** What the sentences speak of. */
interface Said {
  readonly state: State;
  readonly index: EvalIndex;
  /** Of the panel, by place. */
  readonly examples: ReadonlyMap<string, PanelExample>;
  readonly found: readonly Overlap[];
  /** Eval prompts that were compared. */
  readonly compared: number;
  /** "eval prompt", or "sampled eval prompt". */
  readonly one: string;
}

function conclude(state: State, options: Options, panel: Panel, index: EvalIndex, total: number): Verdict {
  const found = overlaps(state, index);
  const compared = timesOf(found);
  const whole = compared === total;
  const verdict = judged(found, options);
  const examples = new Map(panel.train.map((example) => [nameOf(example.at), example]));
  const said: Said = { state, index, examples, found, compared, one: whole ? 'eval prompt' : 'sampled eval prompt' };
  const findings = [
    same(said, verdict.same, options),
    covered(said, verdict.covered, options),
    wrapped(said, verdict.wrapped, options),
    near(said, verdict.near, options),
    templates(said),
    mostWords(said),
    longRuns(said),
  ].filter((finding) => finding !== undefined);
  return {
    score: verdict.score,
    ...(!whole && { replicates: replicates(found, index, options) }),
    findings,
    picture: pictureOf(said),
  };
}

/** The score with each twentieth of the sampled prompts left out. */
function replicates(found: readonly Overlap[], index: EvalIndex, options: Options): number[] {
  return Array.from({ length: GROUPS }, (_, group) => {
    return judged(
      found.filter(({ prompt }) => index.prompts[prompt]!.exact % GROUPS !== group),
      options,
    ).score;
  });
}

// ── The findings ───────────────────────────────────────────────────────

function same(said: Said, { share, level }: Judged['same'], options: Options): Remark | undefined {
  const { state, index } = said;
  const rows = rowsOf(said, 'same');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  const exact = timesOf(rows.filter(({ prompt }) => state.same.flagged(prompt, EXACT)));
  const withReply = timesOf(rows.filter(({ prompt }) => state.same.flagged(prompt, REPLY)));
  const asked = timesOf(rows.filter(({ prompt }) => index.prompts[prompt]!.replies.length > 0));
  const how = exact === n ? 'word for word' : 'word for word but for case, blanks and marks';
  const expected = level === undefined ? '' : `, expected ${options.warn < 0.0005 ? 'none' : `under ${percent(options.warn)}`}`;
  const { lines } = state;
  return {
    key: 'same',
    level: level ?? 'info',
    message: `${ofAll(n, said)} ${n === 1 ? 'stands' : 'stand'} in the training data ${how}${filesOf(rows, said)}${replies(withReply, n, asked)}${expected}`,
    suggestion:
      n === 1
        ? `Drop ${lines === 1 ? shortName(state.same.best(rows[0]!.prompt)) : `the ${integer(lines)} training lines that hold it`} from the training data, or choose another eval prompt: a score on it measures memory`
        : `Drop the ${count(lines, 'training line')} that ${lines === 1 ? 'holds' : 'hold'} them${named(rows, state.same, lines)} or choose other eval prompts: scores on them measure memory`,
    evidence: evidence(said, rows, state.same, ({ prompt }) =>
      state.same.flagged(prompt, REPLY) ? 'same prompt and reply as' : 'same prompt as',
    ),
    data: { prompts: said.compared, same: n, share: rounded(share), exact, withReply, trainingLines: lines, ...perFile(rows, said) },
  };
}

function replies(withReply: number, n: number, asked: number): string {
  if (asked === 0) return '';
  if (withReply === n) return `, ${n === 1 ? '' : 'all '}with the same reply`;
  if (withReply === 0) return `, ${n === 1 ? 'with another reply' : 'none with the same reply'}`;
  return `, ${integer(withReply)} of them with the same reply`;
}

function covered(said: Said, { share, level }: Judged['covered'], options: Options): Remark | undefined {
  const { state, found } = said;
  const rows = rowsOf(said, 'covered');
  if (rows.length === 0) return undefined;
  const whole = found.filter((one) => one.covered);
  const n = timesOf(whole);
  const before = n - timesOf(rows);
  const long = timesOf(found.filter((one) => one.long));
  const again = before === 0 ? '' : `, ${integer(before)} of them whole`;
  return {
    key: 'runs',
    level: level ?? 'info',
    message: `${integer(n)} of ${count(long, said.one)} of 20 words or more (${percent(share)}) ${n === 1 ? 'has' : 'have'} at least half of ${n === 1 ? 'its' : 'their'} runs of eight words in the training data${again}${filesOf(rows, said)}${level === undefined ? '' : `, expected under ${percent(options.runsWarn)}`}`,
    suggestion: `Read ${rows.length === 1 ? 'it beside its partner' : `the ${integer(rows.length)} beside their partners`}${named(rows, state.alike)} and drop the training lines that give ${rows.length === 1 ? 'it' : 'them'} away, or choose other eval prompts`,
    evidence: evidence(said, rows, state.alike, ({ share: of }) => `${percent(of)} of its runs, most in`),
    data: { prompts: said.compared, long, covered: n, share: rounded(share), same: before, ...perFile(rows, said) },
  };
}

function wrapped(said: Said, { share, level }: Judged['wrapped'], options: Options): Remark | undefined {
  const rows = rowsOf(said, 'wrapped');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  const enough = timesOf(said.found.filter(({ short }) => !short));
  const partners = wrappedIn(said.state);
  return {
    key: 'wrapped',
    level: level ?? 'info',
    message: `${integer(n)} of ${count(enough, said.one)} of 8 words or more (${percent(share)}) ${n === 1 ? 'stands' : 'stand'} whole in the training data but for what is put around ${n === 1 ? 'it' : 'them'}${filesOf(rows, said)}${level === undefined ? '' : `, expected under ${percent(options.runsWarn)}`}`,
    suggestion: `Read ${rows.length === 1 ? 'it beside its partner' : `the ${integer(rows.length)} beside their partners`}${named(rows, partners)} and drop the training lines that give ${rows.length === 1 ? 'it' : 'them'} away, or choose other eval prompts`,
    evidence: evidence(said, rows, partners, () => 'stands in'),
    data: { prompts: said.compared, enough, wrapped: n, share: rounded(share), ...perFile(rows, said) },
  };
}

/** The partner that it holds whole, where there is one. */
function wrappedIn({ wrapped, framed }: State): Pick<Partners, 'best'> {
  return { best: (prompt) => (wrapped.met(prompt) > 0 ? wrapped : framed).best(prompt) };
}

function near(said: Said, { share, level }: Judged['near'], options: Options): Remark | undefined {
  const rows = rowsOf(said, 'near');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  return {
    key: 'near',
    level: level ?? 'info',
    message: `${ofAll(n, said)} ${n === 1 ? 'differs from a text of the training data in a few words' : 'differ from texts of the training data in a few words'}${filesOf(rows, said)}${level === undefined ? '' : `, expected under ${percent(options.runsWarn)}`}`,
    suggestion: `Read ${rows.length === 1 ? 'it beside its partner' : `the ${integer(rows.length)} beside their partners`}${named(rows, said.state.near)} and drop the training lines that say the same`,
    evidence: evidence(said, rows, said.state.near, () => 'nearly'),
    data: { prompts: said.compared, near: n, share: rounded(share), ...perFile(rows, said) },
  };
}

function templates(said: Said): Remark | undefined {
  const rows = rowsOf(said, 'template');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  return {
    key: 'template',
    level: 'info',
    message: `${ofAll(n, said)} ${n === 1 ? 'differs' : 'differ'} from prompts of the training data in numbers, names or quotes only${filesOf(rows, said)}`,
    suggestion: `Write ${rows.length === 1 ? 'another eval prompt' : `other eval prompts for these ${integer(rows.length)}`}${named(rows, said.state.template)} unless filling in this template is all that you test`,
    evidence: evidence(said, rows, said.state.template, () => 'same template as'),
    data: { prompts: said.compared, template: n, share: rounded(n / said.compared), ...perFile(rows, said) },
  };
}

function mostWords(said: Said): Remark | undefined {
  const rows = rowsOf(said, 'words');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  const long = timesOf(said.found.filter((one) => one.long));
  return {
    key: 'words',
    level: 'info',
    message: `${integer(n)} of ${count(long, said.one)} of 20 words or more (${percent(n / long)}) ${n === 1 ? 'has at least half of its' : 'have at least half of their'} words in runs of eight or more that the training data holds${filesOf(rows, said)}`,
    suggestion: `Read ${rows.length === 1 ? 'it beside its partner' : `the ${integer(rows.length)} beside their partners`}${named(rows, said.state.alike)} and drop the training lines that are ${rows.length === 1 ? 'this prompt' : 'these prompts'} with words changed`,
    evidence: evidence(said, rows, said.state.alike, () => 'shares words with'),
    data: { prompts: said.compared, long, words: n, share: rounded(n / long), ...perFile(rows, said) },
  };
}

function longRuns(said: Said): Remark | undefined {
  const rows = rowsOf(said, 'long');
  if (rows.length === 0) return undefined;
  const n = timesOf(rows);
  return {
    key: 'long-runs',
    level: 'info',
    message: `${ofAll(n, said)} ${n === 1 ? 'shares a run of thirteen words or more with the training data, though less than half of it' : 'share runs of thirteen words or more with the training data, though less than half of each'}${filesOf(rows, said)}`,
    suggestion: `Look at ${rows.length === 1 ? 'it' : `the ${integer(rows.length)}`}${named(rows, said.state.alike)} and drop the training lines that give an answer away; a passage that many texts quote is none`,
    evidence: evidence(said, rows, said.state.alike, () => 'shares words with'),
    data: { prompts: said.compared, long: n, share: rounded(n / said.compared), ...perFile(rows, said) },
  };
}

// ── Wording ─────────────────────────────────────────────────────────────────

/** By place in the eval data. */
function rowsOf({ found, index }: Said, kind: Kind): Overlap[] {
  const at = ({ prompt }: Overlap): Place => index.prompts[prompt]!.at;
  return found.filter((one) => one.kind === kind).sort((a, b) => byPlace(at(a), at(b)));
}

const byPlace = (a: Place, b: Place): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);
const nameOf = ({ file, line }: Place): string => `${file}:${line}`;

/** As it is shown: only the end of a path, for of a long one a terminal would show little else. */
const shortName = ({ file, line }: Place): string => nameOf({ file: file.split('/').slice(-2).join('/'), line });

/** "18 of 4,500 eval prompts (0.4%)". */
function ofAll(n: number, { compared, one }: Said): string {
  return `${integer(n)} of ${count(compared, one)} (${percent(n / compared)})`;
}

/** How often in each file, by name; `undefined` where the eval data is one file. */
function filesWith(rows: readonly Overlap[], { index }: Said): [file: string, times: number][] | undefined {
  const all = new Set<string>();
  for (const { files } of index.prompts) for (const [file] of files) all.add(file);
  if (all.size < 2) return undefined;
  const times = new Map<string, number>();
  for (const { prompt } of rows) for (const [file, n] of index.prompts[prompt]!.files) times.set(file, (times.get(file) ?? 0) + n);
  return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** ": 12 in a.jsonl and 6 in b.jsonl". */
function filesOf(rows: readonly Overlap[], said: Said): string {
  const files = filesWith(rows, said);
  if (!files) return '';
  const shown = files.slice(0, NAMED).map(([file, n]) => `${integer(n)} in ${file}`);
  const rest = files.slice(NAMED);
  if (rest.length > 0) shown.push(`${integer(rest.reduce((sum, [, n]) => sum + n, 0))} in ${count(rest.length, 'other file')}`);
  return ` (${list(shown)})`;
}

function perFile(rows: readonly Overlap[], said: Said): { files?: string } {
  const files = filesWith(rows, said);
  return files ? { files: files.map(([file, n]) => `${file} ${n}`).join(', ') } : {};
}

/** " (train.jsonl:12 and train.jsonl:40)"; where there are more " (such as …; the JSON report has one for each)". */
function named(rows: readonly Overlap[], partners: Pick<Partners, 'best'>, all = 0): string {
  const places = new Map<string, Place>();
  for (const { prompt } of rows) {
    const place = partners.best(prompt);
    places.set(nameOf(place), place);
  }
  const first = list([...places.values()].sort(byPlace).slice(0, NAMED).map(shortName));
  if (places.size > NAMED) return ` (such as ${first}; the JSON report has one for ${rows.length <= LISTED ? 'each' : integer(LISTED)})`;
  return ` (${all > places.size ? 'such as ' : ''}${first})`;
}

/** Each eval line once, its partner, and how both read where it matters. */
function evidence(said: Said, rows: readonly Overlap[], partners: Pick<Partners, 'best'>, relation: (row: Overlap) => string): Evidence[] {
  const seen = new Set<string>();
  return rows
    .filter(({ prompt }) => {
      const line = nameOf(said.index.prompts[prompt]!.at);
      return !seen.has(line) && seen.add(line);
    })
    .slice(0, LISTED)
    .map((row) => {
      const { at, text } = said.index.prompts[row.prompt]!;
      const place = partners.best(row.prompt);
      const partner = said.examples.get(nameOf(place));
      const head = `${relation(row)} ${shortName(place)}: `;
      const room = EXCERPT - head.length;
      const own = comparable(text);
      const from = row.word < 0 ? 0 : said.index.startOf(row.word);
      if (row.kind === 'same' || !partner || room < 80) return { ...at, excerpt: `${head}${excerptAround(own, from, Math.max(40, room))}` };
      const half = (room - THERE.length) >> 1;
      const other = textOf(partner, row, said.index, own);
      // of what is nearly the same, where it parts; else where words in common begin
      const parts = row.kind === 'near' || row.kind === 'template' ? partsAt(own, other.text) : -1;
      const [here, there] = parts < 0 ? [from, other.at] : [parts, parts];
      return { ...at, excerpt: `${head}${excerptAround(own, here, half)}${THERE}${excerptAround(other.text, there, half)}` };
    });
}

/** The eval line's own text comes first: a narrow terminal cuts the other. */
const THERE = ' | there: ';

/** The text of the training example that has words in common with the prompt, and where; else its first prompt. */
function textOf(example: PanelExample, { prompt, kind }: Overlap, index: EvalIndex, own: string): { text: string; at: number } {
  if (kind !== 'template') {
    for (const { text } of example.messages) {
      const found = index.find(text);
      if (found.prompts.includes(prompt)) return { text: comparable(text), at: found.at };
    }
  }
  const asked = example.messages.filter(({ role }) => role === 'user');
  const nearest = (asked.length > 0 ? asked : example.messages).toSorted((a, b) => partsAt(own, b.text) - partsAt(own, a.text))[0];
  return { text: comparable(nearest?.text ?? ''), at: 0 };
}

/** The index of the first character that differs. */
function partsAt(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

const ROWS: readonly (readonly [Kind, string])[] = [
  ['covered', 'half of its runs of eight words or more'],
  ['wrapped', 'all but what is put around it'],
  ['near', 'all but a few words'],
  ['template', 'all but numbers, names and quotes'],
  ['words', 'half of its words, in runs of eight or more'],
  ['long', 'a run of thirteen words'],
  ['none', 'no verbatim overlap found'],
];

/** Each prompt in the first row that fits. */
function pictureOf({ found, state, compared }: Said): Picture {
  const row = (label: string, rows: readonly Overlap[]): [string, number, number] => {
    const n = timesOf(rows);
    return [label, n, rounded(n / compared)];
  };
  const whole = found.filter(({ kind }) => kind === 'same');
  const exact = whole.filter(({ prompt }) => state.same.flagged(prompt, EXACT));
  const short = found.filter(({ kind, short: too }) => too && (kind === 'none' || kind === 'template'));
  return {
    kind: 'table',
    title: 'Eval prompts in the training data, by the words that are the same (paraphrases are not seen)',
    columns: ['in the training data', 'eval prompts', 'share'],
    rows: [
      row('the prompt, word for word', exact),
      row(
        'the prompt, but for case, blanks and marks',
        whole.filter((one) => !exact.includes(one)),
      ),
      ...ROWS.map(([kind, label]) =>
        row(
          label,
          found.filter((one) => one.kind === kind),
        ),
      ),
      ...(short.length > 0 ? [row('of these without a run of eight words of their own: compared whole only', short)] : []),
    ],
  };
}
