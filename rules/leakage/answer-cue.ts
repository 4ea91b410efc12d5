import {
  type AnsweredPairs,
  addsTo,
  answeredPairs,
  answerName,
  atLeast,
  type CueStrength,
  count,
  cutText,
  defineRule,
  falseDiscoveryRates,
  figure,
  heldBack,
  inTask,
  integer,
  judge,
  list,
  lowerWithout,
  type OptionsOf,
  oneTask,
  type Panel,
  pairEvidence,
  percent,
  quote,
  type Remark,
  reach,
  rounded,
  type Severity,
  type SurfaceColumn,
  type SurfaceTest,
  settledTasks,
  surfaceTests,
  toldMeasures,
  toldOptions,
  type Verdict,
  whyNoAnswers,
} from '../../src/kit.ts';

const options = toldOptions('one cue');
type Options = OptionsOf<typeof options>;

/** Of all cues that are called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.01;
/** Findings of one task and kind of answer. */
const FINDINGS = 3;
const ROWS = 12;

export default defineRule({
  meta: {
    id: 'answer-cue',
    family: 'leakage',
    severity: 'error',
    docs: {
      summary: 'Measures how far a single cheap feature of the prompt, such as its case, final mark, length or layout, tells the answer.',
      why: 'Where the prompts of one answer end with a question mark and those of the other do not, a model need not read them: it learns the mark, gets good marks on data of the same make, and guesses on what people type.',
      score:
        'Answers are what replies decide: labels, option letters, yes or no, refusals. Of the uncertainty about the answer, the share that one cue takes away (U, corrected for chance; the lower end of its 95% interval counts): 0 up to 2%, .5 at the warn bound, .8 at the error bound, 1 from 50%. Only cues that are significant among all that were tried, and with which a rule gets more answers right than by always giving the commonest. The worst cue of the worst task counts. 1 where prompts that open alike always get one label and those that open otherwise another (refusals: .79). Numbers, length, commas and the like may rightly follow from what is asked: a warning at most, and only where they save three in ten of the mistakes of always giving the commonest answer; less than that of refusals and where there are more than five labels. Formats and calls of tools rightly follow from the look of a prompt and are not measured; languages are told apart by script only.',
      source:
        'Gururangan et al. 2018, “Annotation artifacts in natural language inference data”, https://arxiv.org/abs/1803.02324; Theil’s uncertainty coefficient, https://en.wikipedia.org/wiki/Uncertainty_coefficient; Miller 1955 on its bias; Benjamini and Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x',
    },
    options,
    measures: toldMeasures,
  },
  create: () => ({}),
  finish: (_state, given, panel) => conclude(panel, given),
});

interface Called extends SurfaceTest {
  readonly score: number;
  readonly level: Severity;
}

function conclude(panel: Panel, given: Options): Verdict {
  const opened = openings(panel);
  if (answeredPairs(panel).length === 0) {
    return opened
      ? { score: opened.score, ...(!panel.whole && { replicates: new Array<number>(20).fill(opened.score) }), findings: [opened.remark] }
      : { score: null, notJudged: whyNoAnswers(panel), findings: [] };
  }
  const tests = surfaceTests(panel);
  const rates = falseDiscoveryRates(tests.map(({ strength }) => strength.p));
  const called = tests
    .filter((_, i) => rates[i]! <= FALSE_DISCOVERIES)
    .map((test) => ({ ...test, ...judged(test, test.strength.lower, given) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || b.strength.lower - a.strength.lower);
  const score = Math.max(opened?.score ?? 0, called[0]?.score ?? 0);
  return {
    score,
    findings: [...(opened ? [opened.remark] : []), ...worthTelling(called).map((one) => remark(one, called, panel, given))],
    ...(!panel.whole && {
      replicates: Array.from({ length: 20 }, (_, group) =>
        called.reduce(
          (worst, one) =>
            Math.max(
              worst,
              judged(one, lowerWithout(one.strength.uncertainty, one.strength.lower, one.strength.replicates, group), given).score,
            ),
          opened?.score ?? 0,
        ),
      ),
    }),
    ...(called.length > 0 && { picture: picture(called, panel) }),
  };
}

/** A cue must get more answers right than always giving the commonest one; and one that may rightly show in what is asked, many more. */
function judged(
  { told: { rightly }, strength: { accuracy, majority } }: SurfaceTest,
  told: number,
  given: Options,
): { readonly score: number; readonly level: Severity } {
  const { score, level } = judge(toldMeasures.told, told, given);
  const far = reach(accuracy, majority);
  if (far === 'nowhere') return { score: 0, level: 'info' };
  if (rightly === 'likely' || far === 'little' || (rightly === 'perhaps' && far === 'some'))
    return { score: heldBack(score, 'info'), level: 'info' };
  if (rightly === 'perhaps' && level === 'error') return { score: heldBack(score, 'warn'), level: 'warn' };
  return { score, level: level ?? 'info' };
}

/** Of each task and kind of answer the strongest cues, each of which adds to those before it: a final question mark is one question mark more. */
function worthTelling(called: readonly Called[]): Called[] {
  const told = new Map<AnsweredPairs, Called[]>();
  return called.filter((one) => {
    const before = told.get(one.answers) ?? [];
    told.set(one.answers, before);
    if (before.length >= FINDINGS) return false;
    if (before.some((other) => addsTo(other.told.column, one.told.column, one.answers) < toldMeasures.told.even)) return false;
    before.push(one);
    return true;
  });
}

// ── What prompts open with ──────────────────────────────────────────────────

const OPENINGS = 4;

/** Prompts that open alike, or have one system text, count as a task; where every such task gets one answer, the opening gives it away. */
function openings(panel: Panel): { readonly score: number; readonly remark: Remark } | undefined {
  const settled = settledTasks(panel);
  if (settled.length === 0) return undefined;
  const labelled = settled.some(({ label }) => label !== undefined);
  const shown = settled.filter(({ label }) => (label !== undefined) === labelled);
  const pairsOf = shown.reduce((sum, { task }) => sum + task.pairs.length, 0);
  const prompt = panel.whole ? 'prompt' : 'sampled prompt';
  const said = shown
    .slice(0, OPENINGS)
    .map(({ task, label, items }) =>
      label === undefined
        ? `${percent(items.length / task.pairs.length)} of ${count(task.pairs.length, prompt)} under ${quote(task.name)} are refused`
        : `${quote(label)} to ${percent(items.length / task.pairs.length)} of ${count(task.pairs.length, prompt)} under ${quote(task.name)}`,
    );
  const more = shown.length > OPENINGS ? [`${shown.length - OPENINGS} more`] : [];
  const many = panel.whole ? count(pairsOf, 'prompt') : 'prompts';
  return {
    score: labelled ? 1 : heldBack(1, 'warn'),
    remark: {
      key: 'opening',
      message: labelled
        ? `What prompts open with, or their system text, gives the answer away: ${list([...said, ...more])}, expected every answer under each`
        : `What prompts open with, or their system text, tells whether they are refused: ${list([...said, ...more])}, hardly any other is, expected refusals and answers under each`,
      level: labelled ? 'error' : 'warn',
      suggestion: `Strip these openings from the ${many}, or write prompts of every answer under each of them`,
      evidence: shown.slice(0, 3).map(({ items }) => pairEvidence(items[0]!)),
      data: { openings: shown.length, prompts: pairsOf },
    },
  };
}

function remark({ answers, told, strength, level }: Called, called: readonly Called[], panel: Panel, given: Options): Remark {
  const { scheme } = answers;
  const { task } = scheme;
  const { value, answer, share, elsewhere } = strongestCell(strength, answers);
  const those = told.those[value]!;
  const name = answerName(scheme, answer);
  const bound = level === 'info' ? toldMeasures.told.even : given.warn;
  const others = called
    .filter(
      (other) =>
        other.answers === answers && other.told !== told && addsTo(told.column, other.told.column, answers) < toldMeasures.told.even,
    )
    .map((other) => other.told.cue.id);
  const where = inTask(panel, task);
  return {
    key: `${oneTask(panel) ? '' : `${task.key}: `}${scheme.scheme} by ${told.cue.id}`,
    message: `${where}${where ? 'the' : 'The'} answer is ${name} in ${percent(share)} of the prompts ${those} and in ${percent(elsewhere)} of the others: ${told.cue.name} tells ${atLeast(strength.lower, 'the answer')}, expected under ${percent(bound)}, and a rule that reads nothing else is right in ${percent(strength.accuracy)} of ${integer(strength.rows)} (the commonest answer: ${percent(strength.majority)})`,
    level,
    suggestion: `${told.cue.repair}${balance(strength, { value, answer, elsewhere }, those, panel)}`,
    evidence: examples(told, answers, value, answer),
    data: {
      task: task.name,
      answers: scheme.scheme,
      cue: told.cue.id,
      value: those,
      answer: cutText(scheme.classes[answer]!, 80),
      share: rounded(share),
      elsewhere: rounded(elsewhere),
      uncertainty: strength.uncertainty,
      lower: strength.lower,
      accuracy: strength.accuracy,
      majority: strength.majority,
      pairs: strength.rows,
      p: Number(figure(Math.max(strength.p, 1e-12))),
      ...(others.length > 0 && { otherCues: others.join(', ') }),
    },
  };
}

interface Cell {
  readonly value: number;
  readonly answer: number;
  /** Of the rows with the value and of those without it, the share with the answer. */
  readonly share: number;
  readonly elsewhere: number;
}

/** The value and the answer that are together more often than chance by the most standard errors, of values that are not rare. */
function strongestCell({ table, rows }: CueStrength, { sizes }: AnsweredPairs): Cell {
  let best: Cell & { errors: number } = { value: 0, answer: 0, share: 0, elsewhere: 0, errors: -1 };
  table.forEach((row, value) => {
    const n = row.reduce((a, b) => a + b, 0);
    if (n < Math.max(5, 0.02 * rows) || n === rows) return;
    row.forEach((times, answer) => {
      const share = times / n;
      const elsewhere = (sizes[answer]! - times) / (rows - n);
      const base = sizes[answer]! / rows;
      const errors = (share - elsewhere) * Math.sqrt((n * (rows - n)) / (rows * base * (1 - base)));
      if (errors > best.errors) best = { value, answer, share, elsewhere, errors };
    });
  });
  return best;
}

/** How many prompts with the value and another answer would even it out. */
function balance({ table }: CueStrength, cell: Omit<Cell, 'share'>, those: string, panel: Panel): string {
  const row = table[cell.value]!;
  const n = row.reduce((a, b) => a + b, 0);
  const add = Math.ceil(row[cell.answer]! / Math.max(cell.elsewhere, 0.01) - n);
  if (add <= 0 || add > 3 * n) return ', so that the answer must be read from the words';
  const many = panel.whole ? `about ${integer(add)} prompts` : `about ${percent(add / n)} as many prompts`;
  return `; or add ${many} ${those} with other answers`;
}

/** Two with the value and its answer, one with neither. */
function examples({ column, cue }: SurfaceColumn, { items, classOf }: AnsweredPairs, value: number, answer: number) {
  const atEnd = cue.kind === 'end'; // a long prompt is shown where the cue is
  const fits: number[] = [];
  let contrast = -1;
  for (let i = 0; i < items.length && (fits.length < 2 || contrast < 0); i++) {
    if (column.values[i] === value && classOf[i] === answer && fits.length < 2) fits.push(i);
    else if (column.values[i] !== value && classOf[i] !== answer && contrast < 0) contrast = i;
  }
  return [...fits, ...(contrast < 0 ? [] : [contrast])].map((i) => pairEvidence(items[i]!, atEnd ? items[i]!.pair.prompt.length : 0));
}

function picture(called: readonly Called[], panel: Panel) {
  const several = !oneTask(panel);
  return {
    kind: 'table',
    title: 'What cues of the surface tell of the answer',
    columns: [...(several ? ['task'] : []), 'answers', 'cue', 'U', 'at least', 'right', 'commonest answer'],
    rows: called
      .slice(0, ROWS)
      .map(({ answers, told, strength }) => [
        ...(several ? [cutText(answers.scheme.task.name, 40)] : []),
        answers.scheme.scheme,
        told.cue.id,
        strength.uncertainty,
        strength.lower,
        strength.accuracy,
        strength.majority,
      ]),
  } as const;
}
