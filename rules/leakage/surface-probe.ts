import {
  type AnsweredPairs,
  addsTo,
  atLeast,
  count,
  defineRule,
  type FeatureRows,
  heldBack,
  inTask,
  integer,
  judge,
  list,
  lowerWithout,
  type OptionsOf,
  oneTask,
  type Panel,
  type ProbeResult,
  type Probing,
  pairEvidence,
  pairsToProbe,
  percent,
  probe,
  type Remark,
  reach,
  type Severity,
  type SurfaceTable,
  type SurfaceTest,
  surestRight,
  surfaceTables,
  surfaceTests,
  toldMeasures,
  toldOptions,
  type Verdict,
  whyNoAnswers,
} from '../../src/kit.ts';

const options = toldOptions('the surface of the prompt');
type Options = OptionsOf<typeof options>;

/** By so much of the uncertainty the cues together must tell more than the best of them alone. */
const BEYOND = 0.05;

export default defineRule({
  meta: {
    id: 'surface-probe',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary:
        'Measures how well a small model that sees no word of the prompt, only its case, marks, length and layout, tells the answer.',
      why: 'Several weak marks together can give the answer away where none does so alone. What a model blind to the words gets right, the tuned model need not learn from the words either.',
      score:
        'A logistic model on the features of answer-cue (of refusals, and where there are more than five labels, without those in which what is asked may rightly show: numbers, length, commas), read on fifths of the data that it was not fitted on. Of the uncertainty about the answer, the share that it takes away (the lower end of its 95% interval counts): 0 up to 2%, .5 at the warn bound, .8 at the error bound, 1 from 50%; where case, final marks, blanks and typography alone are not enough for it, a warning at most, and only where three in ten of the mistakes of always giving the commonest answer are saved; 0 where no more answers are right, and where one cue alone tells within 5 points as much: that is for answer-cue to tell. The worst task counts. At most 4,000 pairs of a task are read; of more than 20 kinds of answer the 20 commonest.',
      source:
        'Predictive V-information: Xu et al. 2020, https://arxiv.org/abs/2002.10689; Ethayarajh et al. 2022, https://arxiv.org/abs/2110.08420. Poliak et al. 2018, “Hypothesis only baselines”, https://arxiv.org/abs/1805.01042.',
    },
    options,
    measures: toldMeasures,
  },
  create: () => ({}),
  finish: (_state, given, panel) => conclude(panel, given),
});

interface Probed extends Probing {
  readonly answers: AnsweredPairs;
  readonly result: ProbeResult;
  /** Whether case, final marks, blanks and typography, which have nothing to do with what is asked, are enough for its level. */
  readonly sure: boolean;
  /** Whether the cues together tell more than the best of them alone, which answer-cue tells of. */
  readonly beyondOne: boolean;
  readonly score: number;
  readonly level: Severity;
}

function conclude(panel: Panel, given: Options): Verdict {
  const tables = surfaceTables(panel);
  const probed = tables.map((table) => probeTable(table, tables.length, panel, given)).filter((one) => one !== undefined);
  if (probed.length === 0) return { score: null, notJudged: whyNoAnswers(panel), findings: [] };
  const worst = probed.toSorted((a, b) => b.score - a.score);
  const telling = probed.filter(({ beyondOne }) => beyondOne);
  return {
    score: worst[0]!.score,
    findings: worst.filter(({ score }) => score > 0).map((one) => remark(one, panel, given)),
    ...(!probed.every(({ answers, read }) => panel.whole && read.length === answers.items.length) && {
      replicates: Array.from({ length: 20 }, (_, group) =>
        telling.reduce(
          (top, { result, sure }) =>
            Math.max(top, judged(result, given, { sure, told: lowerWithout(result.share, result.lower, result.replicates, group) }).score),
          0,
        ),
      ),
    }),
  };
}

function probeTable({ answers, columns: all }: SurfaceTable, among: number, panel: Panel, given: Options): Probed | undefined {
  const probing = pairsToProbe(answers, among);
  if (!probing) return undefined;
  const { read, classOf, kinds } = probing;
  const columns = all.filter(({ rightly }) => rightly !== 'likely');
  const groups = Uint8Array.from(read, (i) => answers.groups[i]!);
  const on = (some: SurfaceTable['columns']): ProbeResult => probe(featuresOf(some, read), classOf, kinds, groups);
  const result = on(columns);
  // what one cue tells alone is told by answer-cue
  const alone = testsOf(panel, answers).reduce((most, { strength }) => Math.max(most, strength.uncertainty), 0);
  if (result.share - alone < BEYOND) return { answers, ...probing, result, sure: false, beyondOne: false, score: 0, level: 'info' };
  const { level } = judged(result, given);
  const pure = columns.filter(({ rightly }) => rightly === 'no');
  const sure = level === 'info' || judged(on(pure), given).level === level;
  return { answers, ...probing, result, sure, beyondOne: true, ...judged(result, given, { sure }) };
}

/** What the cues that are probed tell one by one, as answer-cue tested them. */
const testsOf = (panel: Panel, answers: AnsweredPairs): SurfaceTest[] =>
  surfaceTests(panel).filter((test) => test.answers === answers && test.told.rightly !== 'likely');

/** One feature for each value of each cue. */
function featuresOf(columns: SurfaceTable['columns'], read: readonly number[]): FeatureRows {
  const starts = new Uint32Array(read.length + 1);
  const ids = new Uint32Array(read.length * columns.length);
  const offsets: number[] = [];
  let features = 0;
  for (const { column } of columns) {
    offsets.push(features);
    features += column.size;
  }
  let at = 0;
  read.forEach((row, i) => {
    columns.forEach(({ column }, c) => {
      ids[at++] = offsets[c]! + column.values[row]!;
    });
    starts[i + 1] = at;
  });
  return { starts, ids, features };
}

/** @param sure whether what has nothing to do with what is asked tells as much */
function judged(
  { accuracy, majority, lower }: ProbeResult,
  given: Options,
  { sure = true, told = lower }: { readonly sure?: boolean; readonly told?: number } = {},
): { readonly score: number; readonly level: Severity } {
  const { score, level } = judge(toldMeasures.told, told, given);
  const far = reach(accuracy, majority);
  if (far === 'nowhere') return { score: 0, level: 'info' };
  if (far === 'little' || (far === 'some' && !sure)) return { score: heldBack(score, 'info'), level: 'info' };
  return level === 'error' && !sure ? { score: heldBack(score, 'warn'), level: 'warn' } : { score, level: level ?? 'info' };
}

function remark({ answers, read, classOf, kinds, result, level }: Probed, panel: Panel, given: Options): Remark {
  const { task, scheme } = answers.scheme;
  const bound = level === 'info' ? toldMeasures.told.even : given.warn;
  const where = inTask(panel, task);
  const among = kinds < answers.classes ? ` with one of the ${kinds} commonest answers` : '';
  return {
    key: `${oneTask(panel) ? '' : `${task.key}: `}${scheme}`,
    message: `${where}${where ? 'case' : 'Case'}, marks, length and layout of the prompts tell ${atLeast(result.lower, scheme === 'refusal' ? 'whether the reply refuses' : 'the answer')}, expected under ${percent(bound)}: a model that sees nothing else is right in ${percent(result.accuracy)} of ${integer(result.rows)}${read.length === answers.items.length ? '' : ' sampled'} prompts${among} (the commonest answer: ${percent(result.majority)})`,
    level,
    suggestion: `Write the prompts of all answers alike, beginning with ${list(strongest(panel, answers))}: ${panel.whole && read.length === answers.items.length ? `about ${count(beyond(result), 'answer is', 'answers are')}` : `about ${percent(beyond(result) / result.rows)} of the answers are`} given away`,
    evidence: surestRight(result, classOf)
      .slice(0, 3)
      .map((i) => pairEvidence(answers.items[read[i]!]!)),
    data: {
      task: task.name,
      answers: scheme,
      share: result.share,
      lower: result.lower,
      bits: result.bits,
      accuracy: result.accuracy,
      balancedAccuracy: result.balanced,
      majority: result.majority,
      pairs: result.rows,
    },
  };
}

/** How many are right beyond what always giving the commonest answer gets. */
const beyond = ({ accuracy, majority, rows }: ProbeResult): number => Math.max(1, Math.round((accuracy - majority) * rows));

/** The cues that tell most, by name, each of which adds to those before it. */
function strongest(panel: Panel, answers: AnsweredPairs): string[] {
  const told: SurfaceTest[] = [];
  const tests = testsOf(panel, answers)
    .filter(({ strength }) => strength.uncertainty > 0)
    .toSorted((a, b) => b.strength.uncertainty - a.strength.uncertainty);
  for (const test of tests) {
    if (told.every((before) => addsTo(before.told.column, test.told.column, answers) >= toldMeasures.told.even)) told.push(test);
    if (told.length === 3) break;
  }
  return told.map((test) => test.told.cue.name);
}
