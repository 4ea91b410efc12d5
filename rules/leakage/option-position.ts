import {
  type Choice,
  chiSquareTail,
  choiceOf,
  count,
  defineRule,
  excerptAround,
  falseDiscoveryRates,
  heldBack,
  inTask,
  integer,
  isShort,
  judge,
  normalTail,
  type OptionsOf,
  oneTask,
  optionLists,
  type Panel,
  type PanelPair,
  type Picture,
  percent,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Task,
  tasks,
  type Verdict,
} from '../../src/kit.ts';

const options = {
  excessWarn: {
    description:
      'By how much more often than its share one option may be the right one before it is a warning: 0.1 is 35% of four options.',
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 1,
  },
  excessError: {
    description: 'The same at which it is an error: 0.3 is 55% of four options, or 80% of two.',
    type: 'number',
    default: 0.3,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof options>;

const measures = {
  excess: { even: 0.05, worst: 0.6, scale: 'linear', warn: 'excessWarn', error: 'excessError' },
} as const;

/** Fewer questions are not measured; in a file of one task a third of it will do. */
const ENOUGH = 100;
const ENOUGH_ALONE = 30;
/** Of the questions with a short reply, as many pick one of the options; else the lists are none of options. */
const PICKED = 0.75;
/** The same list in the same order before so many questions is a set of labels ("A. yes B. no"): shuffling it means nothing. */
const FIXED = 5;
/** A giveaway counts where so many questions offer it; it is no more than a hint where fewer than a tenth of them do. */
const OFFERED = 30;
const OFFERED_SHARE = 0.1;
/** Of all that is called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.001;
const GROUPS = 20;
const EVIDENCE = 3;
const BARS = 10;

export default defineRule({
  meta: {
    id: 'option-position',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary: 'Measures whether the place or the length of an option gives away which one is right.',
      why: 'Where "C" is right half of the time, or the longest option is, a model learns to say "C" or to look for the longest one, and is right more often than not without having read the question. The same goes for a judge of two texts that is shown the better one first.',
      score:
        'The share of questions whose right answer stands at one place, less the share that chance would put there (1 of 4 with four options): the greatest of all places; and the same of the option that is the longest, the shortest, the only one with a number, "all of the above" or "none of the above". 0 up to 0.05, .5 at the warn bound of 0.1, .8 at the error bound of 0.3, and 1 from 0.6. What chance may have brought forth (χ² test, z test, Benjamini–Hochberg at 0.001) scores 0. Lists that come in one and the same order before five questions are labels and not measured. The worst task counts.',
      source:
        'Zheng et al. 2024, Large Language Models Are Not Robust Multiple Choice Selectors, https://arxiv.org/abs/2309.03882; of judges, Zheng et al. 2023, https://arxiv.org/abs/2306.05685',
    },
    options,
    measures,
  },
  create: () => ({}),
  finish: (_state, settings, panel) => conclude(panel, settings),
});

// ── Questions ───────────────────────────────────────────────────────────────

interface Question extends Choice {
  readonly item: PanelPair;
}

interface Asked {
  readonly task: Task;
  readonly questions: readonly Question[];
}

/** Why there is nothing to measure, or the tasks that ask multiple-choice questions. */
function asked(panel: Panel): readonly Asked[] | string {
  const alone = oneTask(panel);
  const found: Asked[] = [];
  let few = false;
  let labels = false;
  let prompted = false;
  for (const task of tasks(panel)) {
    const questions: Question[] = [];
    let short = 0;
    let shortPicked = 0;
    for (const item of task.pairs) {
      const { prompt, reply, hasPrompt } = item.pair;
      if (!hasPrompt) continue;
      prompted = true;
      const choice = choiceOf(prompt, reply);
      const numbered = choice && choice.list.style === 'numbers';
      // "How many of these are true? 1. … 2. …"
      if (choice && !(numbered && /how many|number of/i.test(prompt))) questions.push({ ...choice, item });
      if (!isShort(reply)) continue;
      if (choice) shortPicked++;
      if (choice || optionLists(prompt).length > 0) short++;
    }
    if (questions.length === 0 || shortPicked < PICKED * short) continue;
    const free = withoutFixed(questions);
    if (free.length === 0) labels = true;
    else if (!task.judged || free.length < ENOUGH) {
      if (task.judged && alone && free.length >= ENOUGH_ALONE && free.length * 3 >= task.pairs.length)
        found.push({ task, questions: free });
      else few = true;
    } else found.push({ task, questions: free });
  }
  if (found.length > 0) return found;
  if (few) return 'too few multiple-choice questions';
  if (labels) return 'the options are the same in all questions';
  return prompted ? 'no multiple-choice questions' : 'no prompts';
}

function withoutFixed(questions: readonly Question[]): Question[] {
  const keys = questions.map(({ list: { texts } }) => texts.map((text) => `${text.length} ${text.slice(0, 200)}`).join('\n'));
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return questions.filter((_, i) => times.get(keys[i]!)! < FIXED);
}

// ── What gives an answer away ───────────────────────────────────────────────

/** A mark of one option, whatever the question. */
interface Giveaway {
  readonly id: string;
  /** "the longest option" */
  readonly name: string;
  /** Which option has it; −1: none, or several. */
  readonly at: (question: Question, tail: number) => number;
  /** The order to give for as many questions. */
  readonly order: (times: string, of: string) => string;
  /** Not every question has one, and so it says. */
  readonly rare?: true;
}

const GIVEAWAYS: readonly Giveaway[] = [
  {
    id: 'longest',
    name: 'the longest option',
    at: ({ list: { texts } }, tail) => extreme(texts, tail, 1),
    order: (times, of) =>
      `Lengthen a wrong option, or shorten the right one, in about ${times} of the ${of} where the right one is the longest`,
  },
  {
    id: 'shortest',
    name: 'the shortest option',
    at: ({ list: { texts } }, tail) => extreme(texts, tail, -1),
    order: (times, of) =>
      `Shorten a wrong option, or lengthen the right one, in about ${times} of the ${of} where the right one is the shortest`,
  },
  {
    id: 'all-of-the-above',
    rare: true,
    name: '"all of the above"',
    at: ({ list: { texts } }) => only(texts, (text) => /^(?:all|both) (?:of )?(?:the|these|them|above)\b/i.test(text)),
    order: (times, of) =>
      `Replace "all of the above" in about ${times} of the ${of} where it is right, or add as many questions where it is wrong`,
  },
  {
    id: 'none-of-the-above',
    rare: true,
    name: '"none of the above"',
    at: ({ list: { texts } }) => only(texts, (text) => /^(?:none|neither)(?: of)?(?: (?:the|these|them|above)\b|$)/i.test(text)),
    order: (times, of) =>
      `Replace "none of the above" in about ${times} of the ${of} where it is right, or add as many questions where it is wrong`,
  },
  {
    id: 'number',
    rare: true,
    name: 'the only option with a number',
    at: ({ list: { texts } }) => only(texts, (text) => /\d/.test(text)),
    order: (times, of) => `Put numbers into wrong options in about ${times} of the ${of} where only the right one has one`,
  },
];

/** The one text that is longer (1) or shorter (−1) than all others, in characters. */
function extreme(texts: readonly string[], tail: number, sign: 1 | -1): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  let ties = 0;
  for (let i = 0; i < texts.length; i++) {
    const length = sign * (texts[i]!.length - (i === texts.length - 1 ? tail : 0));
    if (length === most) ties++;
    if (length <= most) continue;
    most = length;
    best = i;
    ties = 0;
  }
  return ties > 0 ? -1 : best;
}

function only(texts: readonly string[], has: (text: string) => boolean): number {
  const at = texts.findIndex(has);
  return at >= 0 && texts.findLastIndex(has) === at ? at : -1;
}

/** What stands below the last of named texts ("Which response is better?") in all of a task's prompts: characters of whole lines. */
function tailOf(questions: readonly Question[]): number {
  const lasts = questions.filter(({ list: { style } }) => style === 'names').map(({ list: { texts } }) => texts.at(-1)!);
  if (lasts.length < 2) return 0;
  let common = lasts[0]!;
  for (const text of lasts) {
    let same = 0;
    while (same < common.length && same < text.length && common[common.length - 1 - same] === text[text.length - 1 - same]) same++;
    common = common.slice(common.length - same);
  }
  const line = common.indexOf('\n');
  return line < 0 ? 0 : common.length - line;
}

// ── Counting ────────────────────────────────────────────────────────────────

interface Counted {
  /** Questions that offer it. */
  readonly offered: number;
  readonly right: number;
  /** Right by chance: the sum of 1/k. */
  readonly expected: number;
  /** (right − expected) / offered. */
  readonly excess: number;
}

/** One way to the answer, with all that is known of it. */
interface Tested extends Counted {
  readonly asked: Asked;
  /** The giveaway; absent: a place. */
  readonly giveaway?: Giveaway;
  /** Of a place, from 0. */
  readonly place: number;
  readonly p: number;
  readonly judgement: ReturnType<typeof judge>;
  /** Where the answers stood with jackknife groups left out. */
  /** Whether so few questions offer it that it is a hint at most. */
  readonly hint: boolean;
  readonly without: (group: number) => Counted;
  /** The option that it points at; −1: none. */
  readonly at: (question: Question) => number;
}

function counted(questions: readonly Question[], at: (question: Question) => number, without?: number): Counted {
  let offered = 0;
  let right = 0;
  let expected = 0;
  for (const question of questions) {
    if (question.item.example.group === without) continue;
    const index = at(question);
    if (index < 0) continue;
    offered++;
    expected += 1 / question.list.texts.length;
    if (index === question.index) right++;
  }
  return { offered, right, expected, excess: offered === 0 ? 0 : rounded((right - expected) / offered) };
}

/** Of a place, the share is of all questions: whoever offers fewer options has less at the later places, and expects less there. */
const atPlace =
  (place: number) =>
  (question: Question): number =>
    place < question.list.texts.length ? place : -1;

function placesOf(questions: readonly Question[], without?: number): Counted[] {
  const places = questions.reduce((most, { list: { texts } }) => Math.max(most, texts.length), 0);
  const all = questions.filter(({ item }) => item.example.group !== without).length;
  return Array.from({ length: places }, (_, place) => {
    const one = counted(questions, atPlace(place), without);
    return { ...one, offered: all, excess: all === 0 ? 0 : rounded((one.right - one.expected) / all) };
  });
}

function testsOf(one: Asked, settings: Options): Tested[] {
  const { questions } = one;
  const places = placesOf(questions);
  const place = places.reduce((best, { excess }, i) => (excess > places[best]!.excess ? i : best), 0);
  // χ² of sums over unlike multinomials varies less than χ² does: where the numbers of options differ, p is too great if anything
  const chi = places.reduce((sum, { right, expected }) => sum + (right - expected) ** 2 / expected, 0);
  const found: Tested[] = [
    {
      ...places[place]!,
      asked: one,
      place,
      p: chiSquareTail(chi, places.length - 1),
      judgement: judge(measures.excess, places[place]!.excess, settings),
      hint: false,
      without: (group) => placesOf(questions, group)[place] ?? places[place]!,
      at: () => place,
    },
  ];
  const tail = tailOf(questions);
  for (const giveaway of GIVEAWAYS) {
    const at = (question: Question) => giveaway.at(question, question.list.style === 'names' ? tail : 0);
    const known = counted(questions, at);
    if (known.offered < OFFERED) continue;
    let variance = 0;
    for (const question of questions) {
      const share = 1 / question.list.texts.length;
      if (at(question) >= 0) variance += share * (1 - share);
    }
    const judged = judge(measures.excess, known.excess, settings);
    const hint = known.offered < OFFERED_SHARE * questions.length;
    found.push({
      ...known,
      asked: one,
      giveaway,
      place: -1,
      // half a question is taken off, as counts are whole
      p: normalTail((known.right - known.expected - 0.5) / Math.sqrt(variance)),
      hint,
      judgement: hint ? { score: heldBack(judged.score, 'info'), level: undefined } : judged,
      without: (group) => counted(questions, at, group),
      at,
    });
  }
  return found;
}

// ── Verdict ─────────────────────────────────────────────────────────────────

const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };
const levelOf = ({ judgement }: Tested): Severity => judgement.level ?? 'info';

function conclude(panel: Panel, settings: Options): Verdict {
  const found = asked(panel);
  if (typeof found === 'string') return { score: null, notJudged: found, findings: [] };
  const tests = found.flatMap((one) => testsOf(one, settings));
  const rates = falseDiscoveryRates(tests.map(({ p }) => p));
  const called = tests
    .filter(({ judgement }, i) => rates[i]! <= FALSE_DISCOVERIES && judgement.score > 0)
    .toSorted((a, b) => WEIGHT[levelOf(b)] - WEIGHT[levelOf(a)] || b.judgement.score - a.judgement.score);
  const score = called.reduce((worst, { judgement }) => Math.max(worst, judgement.score), 0);
  return {
    score,
    findings: called.map((test) => remark(test, panel)),
    ...(!panel.whole && {
      replicates: Array.from({ length: GROUPS }, (_, group) =>
        called.reduce((worst, test) => {
          const { score: without } = judge(measures.excess, test.without(group).excess, settings);
          return Math.max(worst, test.hint ? heldBack(without, 'info') : without);
        }, 0),
      ),
    }),
    picture: pictureOf(called[0]?.asked ?? found[0]!),
  };
}

const NUMBERS = ['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** "four options", "three to five options". */
function offers(questions: readonly Question[]): string {
  const most = questions.reduce((length, { list: { texts } }) => Math.max(length, texts.length), 0);
  const least = questions.reduce((length, { list: { texts } }) => Math.min(length, texts.length), most);
  return `${least === most ? NUMBERS[most] : `${NUMBERS[least]} to ${NUMBERS[most]}`} options`;
}

/** What an option at this place is called: by its mark where they all have the same, "the third option" elsewhere. */
function nameOf(questions: readonly Question[], place: number): string {
  const marks = new Set<string>();
  for (const { list: options } of questions) {
    if (place >= options.marks.length) continue;
    marks.add(options.style === 'bullets' ? '' : options.marks[place]!.toUpperCase());
  }
  const [mark] = marks;
  return marks.size === 1 && mark ? quote(mark) : `the ${ORDINALS[place]} option`;
}

function remark(test: Tested, panel: Panel): Remark {
  const { asked: one, giveaway, place, offered, right, expected, excess } = test;
  const { task, questions } = one;
  const several = !oneTask(panel);
  const level = levelOf(test);
  const name = giveaway ? giveaway.name : nameOf(questions, place);
  const where = inTask(panel, task);
  const subject = several ? name : `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const these = questions.filter((question) => test.at(question) >= 0);
  const sampled = panel.whole ? 'question' : 'sampled question';
  const which = `with ${offers(these)}${giveaway?.rare ? ' that offer it' : ''}`;
  const move = right - expected;
  const moves = panel.whole ? integer(move) : percent(move / offered);
  return {
    key: `${several ? `${task.key}: ` : ''}${giveaway ? giveaway.id : 'place'}`,
    message: `${where}${subject} is the right answer to ${percent(right / offered)} of ${count(offered, sampled)} ${which}, expected about ${percent(expected / offered)}`,
    level,
    suggestion: giveaway
      ? giveaway.order(moves, panel.whole ? count(right, 'question') : 'questions')
      : `Shuffle the options of each question and its answer with them, so that about ${moves} of the ${panel.whole ? count(right, 'right answer') : 'right answers'} leave ${name}`,
    evidence: questions
      .filter((question) => test.at(question) === question.index)
      .slice(0, EVIDENCE)
      .map(({ item: { pair, example }, list: { texts }, index }) => {
        // short enough for a terminal to show the option and the reply
        const at = Math.max(0, Math.min(pair.prompt.length - 1, pair.prompt.lastIndexOf(texts[index]!.slice(0, 60))));
        return { ...example.at, excerpt: `${excerptAround(pair.prompt, at, 60)} → ${excerptAround(pair.reply.trim(), 0, 30)}` };
      }),
    data: {
      ...(several && { task: task.name }),
      giveaway: giveaway ? giveaway.id : `place ${place + 1}`,
      questions: offered,
      right,
      expected: rounded(expected),
      excess,
      // what lies under this is arithmetic
      p: Math.round(test.p * 1e9) / 1e9,
    },
  };
}

function pictureOf({ questions }: Asked): Picture {
  const places = placesOf(questions);
  return {
    kind: 'histogram',
    title: 'Where the right answer stands',
    unit: 'questions',
    bars: places.slice(0, BARS).map(({ right }, place) => ({ label: nameOf(questions, place).replaceAll('"', ''), count: right })),
  };
}
