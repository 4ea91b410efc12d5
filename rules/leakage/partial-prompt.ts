import {
  type AnsweredPairs,
  answeredPairs,
  atLeast,
  combine,
  cutText,
  defineRule,
  figure,
  hashString,
  heldBack,
  inTask,
  integer,
  judge,
  list,
  lowerWithout,
  medianWords,
  type OptionsOf,
  oneTask,
  type Panel,
  type ProbeResult,
  type PromptPart,
  pairEvidence,
  pairsToProbe,
  percent,
  probe,
  promptParts,
  quote,
  type Remark,
  type Severity,
  surestRight,
  toldMeasures,
  toldOptions,
  type Verdict,
  whyNoAnswers,
  wordFeatures,
} from '../../src/kit.ts';

const options = toldOptions('one part of the prompt');
type Options = OptionsOf<typeof options>;

/** In median words: below this a part is a field (a name, a date), and no text that the answer could hang on. */
const TEXT = 3;
/** Where another part tells this much of what the strongest one tells, each is about the answer: title and body of an article. */
const REDUNDANT = 0.5;
/** Parts that are there to be read together. Of others it is not known, and they are warned of at most. */
const TOGETHER =
  /^(?:premise|hypothesis|context|question|passage|paragraph|claim|evidence|query|document|statement|sentence[ _-]?(?:\d|[ab])|text[ _-]?(?:\d|[ab])|s[12])$/i;

export default defineRule({
  meta: {
    id: 'partial-prompt',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary: 'Measures how well one part of the prompt alone, such as the hypothesis without its premise, tells the answer.',
      why: 'Where an answer hangs on how two texts stand to each other, a model that gets it right from one of them has learnt how such texts were written and not how to compare them. It fails as soon as somebody else writes them.',
      score:
        'Parts are those that the format names, or the labelled lines (Premise: …) that nearly all prompts have. For each of them a linear model on its words and pairs of words, read on fifths of the data that it was not fitted on; prompts that share a part are not parted (where that would tie most of them together, those that share the longest part). Of the uncertainty about the answer, the share that one part takes away (V-information; the lower end of its 95% interval counts): 0 up to 2%, .5 at the warn bound, .8 at the error bound, 1 from 50%. An error only where the names say that the parts belong together (premise and hypothesis, context and question); less than a warning where several parts tell the answer, as title and body of an article do. At most 4,000 pairs of a task are read.',
      source:
        'Poliak et al. 2018, “Hypothesis only baselines in natural language inference”, https://arxiv.org/abs/1805.01042; V-information: Ethayarajh et al. 2022, https://arxiv.org/abs/2110.08420; counterfactual twins as the repair: Kaushik et al. 2020, https://arxiv.org/abs/1909.12434.',
    },
    options,
    measures: toldMeasures,
  },
  create: () => ({}),
  finish: (_state, given, panel) => conclude(panel, given),
});

interface Probed {
  readonly part: PromptPart;
  readonly result: ProbeResult;
}

interface Judged {
  readonly answers: AnsweredPairs;
  /** Indexes into `answers.items`, and into the pairs of the task. */
  readonly read: readonly number[];
  readonly places: readonly number[];
  readonly classOf: Int16Array;
  /** The part that tells most, and the others, strongest first. */
  readonly strongest: Probed;
  readonly others: readonly Probed[];
  readonly score: number;
  readonly level: Severity;
}

function conclude(panel: Panel, given: Options): Verdict {
  const all = answeredPairs(panel).filter(({ scheme }) => scheme.scheme !== 'refusal');
  if (all.length === 0) return { score: null, notJudged: whyNoAnswers(panel), findings: [] };
  const found = all.map((answers) => judgeParts(answers, all.length, given)).filter((one) => one !== undefined);
  if (found.length === 0) return { score: null, notJudged: 'the prompts do not have two parts of text', findings: [] };
  const worst = found.toSorted((a, b) => b.score - a.score);
  return {
    score: worst[0]!.score,
    findings: worst.filter(({ score }) => score > 0).map((one) => remark(one, panel, given)),
    ...(!found.every(({ answers, read }) => panel.whole && read.length === answers.items.length) && {
      replicates: Array.from({ length: 20 }, (_, group) =>
        found.reduce((top, one) => {
          const { share, lower, replicates } = one.strongest.result;
          return Math.max(top, judged(one.strongest, one.others, given, lowerWithout(share, lower, replicates, group)).score);
        }, 0),
      ),
    }),
    picture: {
      kind: 'table',
      title: 'What one part of the prompt tells of the answer',
      columns: ['task', 'part', 'bits', 'share', 'right', 'commonest answer'],
      rows: worst.flatMap(({ answers, strongest, others }) =>
        [strongest, ...others].map(({ part, result }) => [
          cutText(answers.scheme.task.name, 40),
          cutText(part.name, 40),
          result.bits,
          result.share,
          result.accuracy,
          result.majority,
        ]),
      ),
    },
  };
}

function judgeParts(answers: AnsweredPairs, among: number, given: Options): Judged | undefined {
  const { task } = answers.scheme;
  const parts = promptParts(task).filter((part) => medianWords(part) >= TEXT);
  const probing = parts.length < 2 ? undefined : pairsToProbe(answers, among);
  if (!probing) return undefined;
  const { read, classOf, kinds } = probing;
  const placeOf = new Map(task.pairs.map((item, place) => [item, place]));
  const places = read.map((i) => placeOf.get(answers.items[i]!)!);
  const groups = groupsOf(parts, places);
  const probed = parts
    .map((part) => ({ part, result: probe(wordFeatures(places.map((place) => part.texts[place]!)), classOf, kinds, groups) }))
    .toSorted((a, b) => b.result.lower - a.result.lower || b.result.share - a.result.share);
  const [strongest, ...others] = probed as [Probed, ...Probed[]];
  return { answers, read, places, classOf, strongest, others, ...judged(strongest, others, given) };
}

/** Rows that share a part with each other, directly or by way of others, get one group; where that ties most of them together, rows of one and the same longest part. */
function groupsOf(parts: readonly PromptPart[], pairs: readonly number[]): Uint8Array {
  const parent = Int32Array.from(pairs, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (const { texts } of parts) {
    const first = new Map<string, number>();
    pairs.forEach((pair, i) => {
      const text = texts[pair]!;
      const known = first.get(text);
      if (known === undefined) first.set(text, i);
      // the smaller index is the root, so that the outcome does not depend on the order of joining
      else parent[Math.max(root(known), root(i))] = Math.min(root(known), root(i));
    });
  }
  const sizes = new Map<number, number>();
  pairs.forEach((_, i) => sizes.set(root(i), (sizes.get(root(i)) ?? 0) + 1));
  const tied = Math.max(...sizes.values()) > 0.2 * pairs.length;
  const [longest] = parts.toSorted((a, b) => medianWords(b) - medianWords(a));
  return Uint8Array.from(pairs, (pair, i) => combine(tied ? hashString(longest!.texts[pair]!) : root(i), 7) % 20);
}

function judged(
  { part, result }: Probed,
  others: readonly Probed[],
  given: Options,
  told = result.lower,
): { readonly score: number; readonly level: Severity } {
  const { score, level } = judge(toldMeasures.told, told, given);
  if (others.some((other) => other.result.share >= REDUNDANT * result.share)) return { score: heldBack(score, 'info'), level: 'info' };
  const together = TOGETHER.test(part.name) && others.some((other) => TOGETHER.test(other.part.name));
  return level === 'error' && !together ? { score: heldBack(score, 'warn'), level: 'warn' } : { score, level: level ?? 'info' };
}

function remark(
  { answers, read, places, classOf, strongest: { part, result }, others, level }: Judged,
  panel: Panel,
  given: Options,
): Remark {
  const { task, scheme } = answers.scheme;
  const bound = level === 'info' ? toldMeasures.told.even : given.warn;
  const beyond = Math.max(1, Math.round((result.accuracy - result.majority) * result.rows));
  const rest = list(others.map((other) => quote(other.part.name)));
  const many =
    panel.whole && read.length === answers.items.length
      ? `about ${integer(beyond)} prompts`
      : `about ${percent(beyond / result.rows)} of the prompts`;
  const redundant = others.filter((other) => other.result.share >= REDUNDANT * result.share);
  return {
    key: `${oneTask(panel) ? '' : `${task.key}: `}${scheme} by ${part.name.replace(/\d+/g, '')}`,
    message: `${inTask(panel, task)}${quote(part.name)} alone tells ${atLeast(result.lower, 'the answer')} (${figure(result.bits)} bits), expected under ${percent(bound)}: a linear model that never sees ${rest} is right in ${percent(result.accuracy)} of ${integer(result.rows)} (the commonest answer: ${percent(result.majority)})`,
    level,
    suggestion:
      redundant.length > 0
        ? `Leave it if each part is about the answer, as ${list(redundant.map((other) => quote(other.part.name)))} is too; else write ${many} anew, with the same ${quote(part.name)} and another answer`
        : `Give ${many} a twin with the same ${quote(part.name)}, another ${rest} and another answer, beginning with those below`,
    evidence: surestRight(result, classOf)
      .slice(0, 3)
      .map((i) => pairEvidence(answers.items[read[i]!]!, 0, part.texts[places[i]!])),
    data: {
      task: task.name,
      answers: scheme,
      part: cutText(part.name, 80),
      bits: result.bits,
      share: result.share,
      lower: result.lower,
      accuracy: result.accuracy,
      majority: result.majority,
      pairs: result.rows,
      others: others.map((other) => `${cutText(other.part.name, 40)} ${other.result.share}`).join(', '),
    },
  };
}
