import {
  areLabels,
  Causes,
  count,
  cutText,
  defineRule,
  type Evidence,
  excerptAround,
  figure,
  foldLabel,
  integer,
  isShort,
  judge,
  list,
  type OptionsOf,
  oneTask,
  type Panel,
  type Picture,
  pairKeys,
  pairs,
  percent,
  quote,
  type Remark,
  rounded,
  Sample,
  type Severity,
  sketch,
  sketches,
  type Task,
  tasks,
  type Verdict,
} from '../../src/kit.ts';

const options = {
  evennessWarn: {
    description: 'Pielou evenness of the labels at which it is a warning: 1 is all equally often, two labels at 72 to 28 have 0.85.',
    type: 'number',
    default: 0.85,
    minimum: 0,
    maximum: 1,
  },
  evennessError: {
    description: 'The same at which it is an error: two labels at 95 to 5 have 0.3.',
    type: 'number',
    default: 0.3,
    minimum: 0,
    maximum: 1,
  },
  ratioWarn: {
    description: 'How many times as often as the rarest label the commonest is at which it is a warning; never an error.',
    type: 'number',
    default: 4,
    minimum: 1,
  },
} as const;
type Options = OptionsOf<typeof options>;

const measures = {
  evenness: { even: 0.95, worst: 0, scale: 'linear', warn: 'evennessWarn', error: 'evennessError' },
  ratio: { even: 2, worst: 20, scale: 'log', warn: 'ratioWarn' },
} as const;

/** Below this many replies of the commonest label, how much rarer another one is says little. */
const ENOUGH = 20;
/** A label seen twice at most, and on fewer than one reply in a thousand, is a slip of the pen: told, not measured. */
const SLIP_TIMES = 2;
const SLIP_SHARE = 0.001;
/** Spellings that are kept. More than 200 labels are none, and few have more than one spelling. */
const SPELLINGS = 512;
const MOST = Number.MAX_SAFE_INTEGER;
const GROUPS = 20;

export default defineRule({
  meta: {
    id: 'reply-balance',
    family: 'mapping',
    severity: 'error',
    docs: {
      summary: 'Measures how evenly the labels are spread over the replies, where replies are labels.',
      why: 'A model tuned on nine "no" for each "yes" learns to say no before it has read the prompt, and gets good marks for it on data of the same make.',
      score:
        'Labels are replies of at most five words, at most 200 different ones, each on twenty replies on average (six, where there are at most five); case, blanks at the ends and a final mark make no other label. Pielou evenness (entropy over that of as many equally frequent labels) scores 0 from 0.95, .5 at the warn line of 0.85, .8 at the error line of 0.3 and 1 where all replies are the same; the commonest against the rarest label scores 0 up to 2 to 1, .5 at the warn line of 4 to 1 and never more than .79. The worse one counts, of the worst task in a file that mixes tasks. One and the same reply to every prompt scores 1, label or not.',
      source:
        'Pielou 1966, The measurement of diversity in different types of biological collections, https://doi.org/10.1016/0022-5193(66)90013-0',
    },
    options,
    measures,
  },

  create: () => ({ replies: 0, short: 0, spellings: new Causes(SPELLINGS, 2), least: new Sample(1), greatest: new Sample(1) }),

  observe(state, example) {
    const found = pairs(example);
    for (let i = 0; i < found.length; i++) {
      const pair = found[i]!;
      const { wordCount, solid } = sketches(example)[pair.turn]!;
      if (!pair.hasPrompt || solid === 0) continue; // empty-text tells of empty replies
      state.replies += 1;
      const { reply: hash, context } = pairKeys(example)[i]!;
      // the smallest and the greatest hash of a reply, which are the same only where all replies are
      if (hash < boundOf(state.least)) state.least.add(hash, NOWHERE);
      if (MOST - hash < boundOf(state.greatest)) state.greatest.add(MOST - hash, NOWHERE);
      if (!isShort(pair.reply, wordCount)) continue;
      state.short += 1;
      // too many are no labels, whatever they fold to: no more need be kept
      if (state.spellings.limit === MOST) state.spellings.add(pair.reply.trim(), context, example.at, pair.prompt);
    }
  },

  finish({ replies, short, spellings, least, greatest }, options, panel): Verdict {
    if (!oneTask(panel)) return mixed(panel, options, replies);
    if (replies === 0)
      return none(panel.train.some((example) => pairs(example).some(({ hasPrompt }) => hasPrompt)) ? 'no replies' : 'no prompts');
    if (spellings.limit === MOST) {
      const labels = labelsOf(spellings.list());
      if (areLabels(replies, short, labels.length)) return verdict([{ replies: short, labels }], options);
    }
    if (boundOf(least) !== MOST - boundOf(greatest)) return none('replies are not labels');
    return verdict([{ replies, labels: [{ ...shown(panel), times: replies }] }], options);
  },
});

/** The one reply of a file, and two prompts that get it. */
function shown(panel: Panel): Omit<Label, 'times'> {
  let name = '';
  const evidence: Evidence[] = [];
  for (const { pair, example } of tasks(panel)[0]?.pairs ?? []) {
    if (!pair.hasPrompt || sketch(pair.reply).solid === 0) continue;
    name ||= pair.reply.trim();
    evidence.push({ ...example.at, excerpt: excerptAround(pair.prompt) });
    if (evidence.length === 2) break;
  }
  return { name, evidence };
}

const NOWHERE: Evidence = { file: '', line: 0, excerpt: '' };
const boundOf = (sample: Sample): number => sample.kept[0]?.hash ?? Number.POSITIVE_INFINITY;

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });

// ── Labels ──────────────────────────────────────────────────────────────────

interface Label {
  /** Its commonest spelling. */
  readonly name: string;
  readonly times: number;
  readonly evidence: readonly Evidence[];
}

/** The replies of one task. */
interface Labelled {
  /** Absent where the file is one task. */
  readonly task?: Task;
  readonly replies: number;
  /** Commonest first, ties by name. */
  readonly labels: readonly Label[];
  /** Of a sample how many replies of the file each stands for; absent where all were counted. In a sample rare labels may look rarer, and common ones commoner, than they are. */
  readonly scale?: number | undefined;
}

interface Spelling {
  readonly key: string;
  readonly times: number;
  readonly witnesses: readonly Evidence[];
}

/** Spellings folded to labels: " Yes", "yes" and "Yes." are one, for they teach the same decision. */
function labelsOf(spellings: Iterable<Spelling>): Label[] {
  const found = new Map<string, { name: string; most: number; times: number; evidence: readonly Evidence[] }>();
  for (const { key: name, times, witnesses: evidence } of spellings) {
    const folded = foldLabel(name);
    const label = found.get(folded);
    if (!label) {
      found.set(folded, { name, most: times, times, evidence });
      continue;
    }
    label.times += times;
    if (times < label.most || (times === label.most && name >= label.name)) continue;
    Object.assign(label, { name, most: times, evidence });
  }
  return [...found.values()]
    .map(({ name, times, evidence }) => ({ name, times, evidence }))
    .sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1));
}

/**
 * In a file that mixes tasks, each task with labels is measured on the panel, where it is known which pair belongs to which task.
 *
 * @param replies of the whole file, to tell of how many of them the panel is a sample
 */
function mixed(panel: Panel, options: Options, replies: number): Verdict {
  const all = tasks(panel).filter(({ pairs: found }) => found.some(({ pair }) => pair.hasPrompt));
  if (all.length === 0) return none('no prompts');
  const judged = all.filter(({ judged: large }) => large);
  const onPanel = all.reduce(
    (sum, { pairs: found }) => sum + found.filter(({ pair }) => pair.hasPrompt && pair.reply.trim() !== '').length,
    0,
  );
  const scale = panel.whole ? undefined : Math.max(1, replies / Math.max(1, onPanel));
  const labelled = judged.map((task) => labelledBy(task, scale)).filter((found) => found !== undefined);
  if (labelled.length === 0) {
    return none(
      all.some(({ labelLike }) => labelLike) ? 'the tasks whose replies are labels have fewer than 100 pairs' : 'replies are not labels',
    );
  }
  const found = verdict(labelled, options);
  if (panel.whole) return found;
  const replicates = Array.from({ length: GROUPS }, (_, group) =>
    Math.max(...labelled.map((one) => measure(labelledBy(one.task!, scale, group) ?? one, options).score)),
  );
  return { ...found, replicates };
}

/** The labels of a task, or the one reply that it always gets; but for one jackknife group. `undefined`: replies that are neither. */
function labelledBy(task: Task, scale: number | undefined, without?: number): Labelled | undefined {
  const spellings = new Map<string, { key: string; times: number; witnesses: Evidence[] }>();
  let replies = 0;
  for (const { pair, example } of task.pairs) {
    const key = task.labelLike ? pair.reply.trim() : pair.reply.replace(/\s+/g, ' ').trim();
    if (!pair.hasPrompt || key === '' || example.group === without || (task.labelLike && !isShort(key))) continue;
    replies++;
    let spelling = spellings.get(key);
    if (!spelling) {
      if (!task.labelLike && spellings.size > 0) return undefined;
      spelling = { key, times: 0, witnesses: [] };
      spellings.set(key, spelling);
    }
    spelling.times += 1;
    if (spelling.times <= 2) spelling.witnesses.push({ ...example.at, excerpt: excerptAround(pair.prompt) });
  }
  return replies === 0 ? undefined : { task, replies, labels: labelsOf(spellings.values()), scale };
}

// ── Verdict ─────────────────────────────────────────────────────────────────

interface Measured {
  readonly score: number;
  readonly level: Severity | undefined;
  /** Which measure is the worse one. */
  readonly by: 'evenness' | 'ratio';
  readonly evenness: number;
  readonly ratio: number;
  /** Without slips. */
  readonly labels: readonly Label[];
  readonly slips: readonly Label[];
}

function measure({ replies, labels: all, scale }: Labelled, options: Options): Measured {
  const isSlip = ({ times }: Label) => times <= SLIP_TIMES && times < SLIP_SHARE * replies;
  const slips = all.filter(isSlip);
  const labels = slips.length > 0 ? all.filter((label) => !isSlip(label)) : all;
  const evenness = rounded(evennessOf(labels));
  const largest = labels[0]?.times ?? 0;
  const smallest = labels.at(-1)?.times ?? 0;
  const ratio = rounded(
    scale !== undefined ? Math.max(1, (largest - 3 * Math.sqrt(largest)) / (smallest + 3 * Math.sqrt(smallest))) : largest / smallest,
  );
  const byEvenness = judge(measures.evenness, evenness, options);
  const byRatio = largest >= ENOUGH && labels.length > 1 ? judge(measures.ratio, ratio, options) : { score: 0, level: undefined };
  // a level of its own first: tightened bounds may make the lesser score the worse level
  const first = rank(byEvenness.level) - rank(byRatio.level) || byEvenness.score - byRatio.score;
  const by = first >= 0 ? 'evenness' : 'ratio';
  const { level } = by === 'evenness' ? byEvenness : byRatio;
  return { score: Math.max(byEvenness.score, byRatio.score), level, by, evenness, ratio: rounded(largest / smallest), labels, slips };
}

const rank = (level: Severity | undefined): number => (level === 'error' ? 2 : level === 'warn' ? 1 : 0);

/**
 * Pielou's J = H / log K: 1 where all K labels are equally frequent, 0 where there is one. Labels have twenty replies on average,
 * so that what a sample takes off the entropy, about (K − 1) / 2n (Miller 1955), is half a hundredth of J at most.
 */
function evennessOf(labels: readonly Label[]): number {
  if (labels.length < 2) return 0;
  let total = 0;
  for (const { times } of labels) total += times;
  let entropy = 0;
  for (const { times } of labels) entropy -= (times / total) * Math.log(times / total);
  return Math.min(1, entropy / Math.log(labels.length));
}

function verdict(all: readonly Labelled[], options: Options): Verdict {
  const ranked = all
    .map((labelled, order) => ({ labelled, measured: measure(labelled, options), order }))
    .sort((a, b) => b.measured.score - a.measured.score || a.order - b.order);
  return {
    score: ranked[0]!.measured.score,
    findings: ranked.flatMap(({ labelled, measured }) => [...findingOf(labelled, measured, options), ...slipsOf(labelled, measured)]),
    picture: pictureOf(ranked[0]!.labelled),
  };
}

function findingOf(labelled: Labelled, measured: Measured, options: Options): Remark[] {
  const { task, replies, scale } = labelled;
  const prompt = scale === undefined ? 'prompt' : 'sampled prompt';
  const { labels, level, by, evenness, ratio } = measured;
  if (level === undefined) return [];
  const largest = labels[0]!;
  const smallest = labels.at(-1)!;
  const said = {
    ...(task && { task: task.name }),
    replies,
    labels: labels.length,
    largest: cutText(largest.name, 80),
    largestTimes: largest.times,
  };
  if (labels.length === 1) {
    const which =
      largest.times === replies
        ? `${task ? 'all' : 'All'} ${integer(replies)} replies are`
        : `${integer(largest.times)} of ${count(replies, 'reply', 'replies')} are`;
    return [
      {
        key: keyOf('constant', task),
        message: `${where(task)}${which} ${quote(largest.name)}, expected different replies to different prompts`,
        level,
        suggestion: `Give these ${integer(largest.times)} prompts the replies that each of them calls for, or leave them out: a model tuned on them says ${quote(largest.name)} to everything`,
        evidence: largest.evidence,
        data: { ...said, evenness: 0 },
      },
    ];
  }
  const digits = figure(evenness, 2) === figure(options.evennessWarn, 2) ? 4 : 2;
  const message =
    by === 'evenness'
      ? `${quote(largest.name)} is the reply to ${percent(largest.times / replies)} of ${count(replies, prompt)}, ${quote(smallest.name)} to ${percent(smallest.times / replies)}: ${labels.length} labels with an evenness of ${figure(evenness, digits)}, expected above ${figure(options.evennessWarn, digits)}`
      : `${quote(largest.name)} is the reply to ${count(largest.times, prompt)}, ${quote(smallest.name)} to ${integer(smallest.times)}: ${figure(ratio, 2)} times as many, expected under ${figure(options.ratioWarn, 2)} times`;
  return [
    {
      key: keyOf('labels', task),
      message: `${where(task)}${message}`,
      level,
      suggestion: orderOf(scale === undefined ? labels : labels.map((label) => ({ ...label, times: Math.round(label.times * scale) }))),
      evidence: [...largest.evidence.slice(0, 1), ...smallest.evidence.slice(0, 2)],
      data: { ...said, smallest: cutText(smallest.name, 80), smallestTimes: smallest.times, evenness, ratio },
    },
  ];
}

const keyOf = (what: string, task: Task | undefined): string => (task ? `${task.key}: ${what}` : what);
const where = (task: Task | undefined): string => (task ? `In the task ${quote(task.name)}, ` : '');

/** What makes every label at least half as frequent as the commonest: the even line of the ratio, which leaves the evenness above .91 as well. */
function orderOf(labels: readonly Label[]): string {
  const largest = labels[0]!.times;
  const smallest = labels.at(-1)!;
  const ratio = smallest.times * measures.ratio.even < largest ? measures.ratio.even : 1; // bounds may be tighter than that
  const least = Math.ceil(largest / ratio);
  const most = Math.floor(smallest.times * ratio);
  const rare = labels.filter(({ times }) => times < least);
  const common = labels.filter(({ times }) => times > most);
  const add = rare.reduce((sum, { times }) => sum + least - times, 0);
  const drop = common.reduce((sum, { times }) => sum + times - most, 0);
  const total = labels.reduce((sum, { times }) => sum + times, 0);
  const to =
    rare.length === 1
      ? `with the reply ${quote(rare[0]!.name)}`
      : `to the ${integer(rare.length)} labels that have fewer than ${integer(least)}`;
  const from =
    common.length === 1 ? `of ${quote(common[0]!.name)}` : `from the ${integer(common.length)} labels that have more than ${integer(most)}`;
  const orDrop = drop * 2 <= total ? `, or drop about ${integer(drop)} ${from}` : '';
  const slip =
    smallest.times < ENOUGH / 4 && smallest.times * 100 < largest
      ? `Correct the ${count(smallest.times, 'reply', 'replies')} ${quote(smallest.name)} if that is a slip; else add`
      : 'Add';
  return `${slip} about ${count(add, 'example')} ${to}${orDrop}`;
}

function slipsOf({ task, replies }: Labelled, { slips, labels }: Measured): Remark[] {
  if (slips.length === 0) return [];
  const times = slips.reduce((sum, label) => sum + label.times, 0);
  const names = slips.slice(0, 3).map(({ name }) => quote(name));
  const rest = slips.length - names.length;
  return [
    {
      key: keyOf('slips', task),
      message: `${where(task)}${count(times, 'reply is', 'replies are')} ${list(rest > 0 ? [...names, `${integer(rest)} more`] : names)}, seen at most twice among ${integer(replies)} replies, expected ${labels.length === 1 ? 'one label' : `the ${integer(labels.length)} other labels`} only`,
      level: 'info',
      suggestion: `Correct the ${count(times, 'reply', 'replies')} if they are slips, or add at least ${ENOUGH} examples of each`,
      evidence: slips.slice(0, 3).flatMap(({ evidence }) => evidence.slice(0, 1)),
      data: { ...(task && { task: task.name }), replies, slips: slips.length, times },
    },
  ];
}

const BARS = 20;

function pictureOf({ task, labels }: Labelled): Picture {
  const bars = labels.slice(0, BARS).map(({ name, times }) => ({ label: cutText(name, 40), count: times }));
  const rest = labels.slice(BARS);
  if (rest.length > 0) bars.push({ label: `${integer(rest.length)} more labels`, count: rest.reduce((sum, { times }) => sum + times, 0) });
  return { kind: 'histogram', title: task ? `Labels of ${quote(task.name)}` : 'Labels', unit: 'replies', bars };
}
