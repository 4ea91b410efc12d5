import {
  type AnsweredPairs,
  answeredPairs,
  answerName,
  type Column,
  type CueStrength,
  contentHash,
  count,
  cueStrength,
  cutText,
  defineRule,
  type Evidence,
  type ExtraField,
  excerptAround,
  extraFields,
  FieldSample,
  falseDiscoveryRates,
  figure,
  heldBack,
  inTask,
  integer,
  judge,
  type OptionsOf,
  oneTask,
  type Panel,
  type PanelPair,
  percent,
  quantileBins,
  quote,
  type Remark,
  rounded,
  type Severity,
  type Verdict,
  whyNoAnswers,
} from '../../src/kit.ts';

const options = {
  warn: {
    description:
      'The share of the uncertainty about the answer that a field beside the conversation takes away at which it is a warning, where its value stands in the prompts.',
    type: 'number',
    default: 0.05,
    minimum: 0,
    maximum: 1,
  },
} as const;
type Options = OptionsOf<typeof options>;

const measures = { told: { even: 0.02, worst: 0.5, scale: 'linear', warn: 'warn' } } as const;

/** Of all fields that are called, at most this share by chance. */
const FALSE_DISCOVERIES = 0.001;
/** A field that is no part of the prompt is worth a hint from here on. */
const HINT = 0.05;
/** More right answers than always giving the commonest one, as a share of all; for a warning, as a share of what that one gets wrong. */
const GAIN = 0.02;
const GAIN_OF_ERRORS = 0.05;
/** From here on a field is the answer by another name. */
const ITSELF = 0.97;
/** A field with more different values is a number, or tells of one example only. */
const VALUES = 50;
/** Of the rows as many have unlike numbers: an identifier, a time, an order. */
const UNLIKE = 0.95;
/** A field that so many rows lack is nothing but strays. */
const RARE = 0.05;
/** The format reads a field whose values are that often what was said. */
const SAID = 0.9;
/** A value stands in the prompt of its own example, and not just in any. */
const OWN = 0.9;
const FOREIGN = 0.5;
const PROMPT = 9000;
/** Findings of one task and kind of answer. */
const FINDINGS = 4;
const GROUPS = 20;
const EVIDENCE = 3;

export default defineRule({
  meta: {
    id: 'metadata-cue',
    family: 'leakage',
    severity: 'warn',
    docs: {
      summary: 'Measures how far fields beside the conversation, such as a source, an id or a date, tell the answer.',
      why: 'Where one source brought the refusals and another one the answers, whatever marks the source marks the answer: put it into the prompt, or let it show in the wording, and the model reads that. A file sorted by label has the same fault in its order: split at a line, its parts hold unlike answers.',
      score:
        'Only fields whose value stands in the prompts are scored. Of the uncertainty about the answer, the share that one such field takes away (U, corrected for chance; the lower end of its 95% interval): 0 up to 2%, .5 at the warn bound, and never more than .79. All other fields are told from 5% on and not scored. Only what is significant among all fields tried, and with which a rule gets more answers right than by always giving the commonest. Fields with 2 to 50 values, and numbers and times in eighths; fields that the format reads are none.',
      source:
        'Kaufman et al. 2012, Leakage in Data Mining, https://doi.org/10.1145/2382577.2382579; Theil’s uncertainty coefficient, https://en.wikipedia.org/wiki/Uncertainty_coefficient',
    },
    options,
    measures,
  },

  create: () => ({ fields: new FieldSample() }),

  observe(state, example) {
    const hash = contentHash(example);
    if (state.fields.wants(hash)) state.fields.add(hash, extraFields(example));
  },

  finish: ({ fields }, given, panel) => conclude(fields, given, panel),
});

// ── Fields to columns ───────────────────────────────────────────────────────

interface FieldColumn {
  readonly name: string;
  /** Per row. */
  readonly raw: readonly (ExtraField['value'] | undefined)[];
  readonly column: Column;
  /** Per value of the column what it is called: '"forum"', "3 to 17", "none". */
  readonly called: readonly string[];
  readonly kind: 'values' | 'numbers' | 'order';
  /** Whether its value stands in the prompts. */
  readonly rendered: boolean;
}

interface Tested extends FieldColumn {
  readonly answers: AnsweredPairs;
  readonly strength: CueStrength;
}

/** Row by row the fields of the examples; only the first answer of each example. */
/** In milliseconds: beyond it there is no date. */
const LATEST = 8.64e15;

function columnsOf(fields: FieldSample, { items }: AnsweredPairs): FieldColumn[] {
  const values = new Map<string, (ExtraField['value'] | undefined)[]>();
  const said = new Map<string, number>();
  let before = -1;
  items.forEach(({ example: { hash } }, i) => {
    if (hash === before) return;
    before = hash;
    for (const field of fields.of(hash) ?? []) {
      let column = values.get(field.name);
      if (!column) {
        column = new Array<undefined>(items.length).fill(undefined);
        values.set(field.name, column);
      }
      column[i] = field.value;
      if (field.said) said.set(field.name, (said.get(field.name) ?? 0) + 1);
    }
  });
  // of what lies beyond the sample of fields, nothing is known
  const first = items.map(({ example: { hash } }, i) => fields.of(hash) !== undefined && (i === 0 || items[i - 1]!.example.hash !== hash));
  const rows = first.filter(Boolean).length;
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, column]) => {
      const present = column.filter((value) => value !== undefined).length;
      if (present < RARE * rows || (said.get(name) ?? 0) >= SAID * present) return [];
      const absent = rows - present >= RARE * rows;
      const made = byValue(column, first, absent) ?? byNumber(column, present, name);
      return made ? [{ name, raw: column, ...made, rendered: isRendered(column, items) }] : [];
    });
}

type Made = Omit<FieldColumn, 'name' | 'raw' | 'rendered'>;

function byValue(column: readonly (ExtraField['value'] | undefined)[], first: readonly boolean[], absent: boolean): Made | undefined {
  const ids = new Map<string, number>();
  for (const value of column) {
    if (value === undefined) continue;
    const text = String(value);
    if (!ids.has(text)) ids.set(text, ids.size);
    if (ids.size > VALUES) return undefined;
  }
  const none = absent ? ids.size : -1;
  if (ids.size + (absent ? 1 : 0) < 2) return undefined;
  return {
    column: {
      values: Int16Array.from(column, (value, i) => (value !== undefined ? ids.get(String(value))! : first[i] ? none : -1)),
      size: ids.size + (absent ? 1 : 0),
    },
    called: [...[...ids.keys()].map((value) => quote(value)), ...(absent ? ['none'] : [])],
    kind: 'values',
  };
}

function byNumber(column: readonly (ExtraField['value'] | undefined)[], present: number, name: string): Made | undefined {
  const numbers = Float64Array.from(column, (value) => (value === undefined ? Number.NaN : numberOf(value)));
  const known = numbers.filter((x) => !Number.isNaN(x));
  if (known.length < UNLIKE * present) return undefined;
  const { column: binned, edges } = quantileBins(numbers);
  if (binned.size < 2) return undefined;
  const isTime = column.some((value) => typeof value === 'string' && TIME.test(value));
  const written = (x: number): string => (isTime && Math.abs(x) <= LATEST ? new Date(x).toISOString().slice(0, 10) : figure(x, 12));
  const unlike = new Set(known).size >= UNLIKE * known.length;
  const order = unlike && (isOrdinal(name) || isRange(known));
  return {
    column: binned,
    called: edges.map(([least, most]) => `${written(least)} to ${written(most)}`),
    kind: order ? 'order' : 'numbers',
  };
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?/;

/** A number; of a time its milliseconds; of "train-000123" the number at its end. NaN: none. */
function numberOf(value: ExtraField['value']): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  const time = TIME.exec(value);
  if (time) {
    const [year, month, day, hour = 0, minute = 0, second = 0] = time.slice(1).map((part) => Number(part ?? 0));
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  }
  const numbered = /^[^\d]{0,40}(\d{1,15})$/.exec(value);
  return numbered ? Number(numbered[1]) : Number.NaN;
}

const isOrdinal = (name: string): boolean => /(?:^|[._\s-])(?:id|idx|index|no|nr|num|number|row|line|seq|uid|key)$|Id$|ID$/i.test(name);

/** Whole numbers that lie as close as those of a list: a sample of them has gaps. */
function isRange(numbers: Float64Array): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const x of numbers) {
    if (!Number.isInteger(x)) return false;
    least = Math.min(least, x);
    most = Math.max(most, x);
  }
  return most - least < 4 * numbers.length;
}

/** Whether nearly every prompt, or its system text, holds the value of its own example, and far fewer hold that of the next one. */
function isRendered(column: readonly (ExtraField['value'] | undefined)[], items: readonly PanelPair[]): boolean {
  let present = 0;
  let own = 0;
  let others = 0;
  let foreign = 0;
  let last: string | undefined;
  for (let i = 0; i < items.length; i++) {
    if (column[i] === undefined) continue;
    const value = String(column[i]);
    const { prompt, system } = items[i]!.pair;
    const text = `${system}\n${prompt.slice(0, PROMPT)}`;
    present++;
    if (holds(text, value)) own++;
    if (last !== undefined && last !== value) {
      others++;
      if (holds(text, last)) foreign++;
    }
    last = value;
    if (present >= 40 && own < present / 2) return false;
  }
  return own >= OWN * present && foreign < FOREIGN * others;
}

/** As a word or words of its own. */
function holds(text: string, value: string): boolean {
  for (let at = text.indexOf(value), n = 0; at >= 0 && n < 20; at = text.indexOf(value, at + 1), n++) {
    if (!isWordAt(text, at - 1) && !isWordAt(text, at + value.length)) return true;
  }
  return false;
}

const isWordAt = (text: string, at: number): boolean => at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at]!);

// ── Verdict ─────────────────────────────────────────────────────────────────

interface Called extends Tested {
  readonly score: number;
  readonly level: Severity;
}

const none = (notJudged: string): Verdict => ({ score: null, notJudged, findings: [] });
const WEIGHT: Readonly<{ [level in Severity]: number }> = { info: 0, warn: 1, error: 2 };

function conclude(fields: FieldSample, given: Options, panel: Panel): Verdict {
  const all = answeredPairs(panel);
  if (all.length === 0) return none(whyNoAnswers(panel));
  const tests = all.flatMap((answers) =>
    columnsOf(fields, answers).map((column): Tested => ({ ...column, answers, strength: cueStrength(column.column, answers) })),
  );
  if (tests.length === 0) return none('no fields of plain values beside the conversation');
  const rates = falseDiscoveryRates(tests.map(({ strength }) => strength.p));
  const called = tests
    .filter((_, i) => rates[i]! <= FALSE_DISCOVERIES)
    .map((test): Called => ({ ...test, ...judged(test, test.strength.lower, given) }))
    .filter(({ score, rendered, strength: { lower, accuracy, majority } }) =>
      rendered ? score > 0 : lower >= HINT && accuracy - majority >= GAIN,
    )
    .toSorted(
      (a, b) => WEIGHT[b.level] - WEIGHT[a.level] || b.score - a.score || b.strength.lower - a.strength.lower || (a.name < b.name ? -1 : 1),
    );
  const findings = firstOf(called).map((one) => remark(one, given, panel));
  if (!tests.some(({ rendered }) => rendered)) return { ...none('no field beside the conversation stands in the prompts'), findings };
  return {
    score: called.reduce((worst, { score }) => Math.max(worst, score), 0),
    findings,
    ...(!panel.whole && {
      replicates: Array.from({ length: GROUPS }, (_, group) =>
        called.reduce((worst, one) => Math.max(worst, judged(one, without(one.strength, group), given).score), 0),
      ),
    }),
  };
}

function judged({ rendered, strength: { accuracy, majority } }: Tested, told: number, given: Options): { score: number; level: Severity } {
  const gain = accuracy - majority;
  if (!rendered || gain < GAIN) return { score: 0, level: 'info' };
  const { score, level } = judge(measures.told, told, given);
  if (gain < GAIN_OF_ERRORS * (1 - majority)) return { score: heldBack(score, 'info'), level: 'info' };
  return { score, level: level ?? 'info' };
}

/** The lower end, as far below the replicate as it lies below the whole. */
const without = ({ uncertainty, lower, replicates }: CueStrength, group: number): number =>
  Math.max(0, replicates[group]! - (uncertainty - lower));

function firstOf(called: readonly Called[]): Called[] {
  const told = new Map<AnsweredPairs, number>();
  return called.filter(({ answers }) => {
    const before = told.get(answers) ?? 0;
    told.set(answers, before + 1);
    return before < FINDINGS;
  });
}

function remark(one: Called, given: Options, panel: Panel): Remark {
  const { name, answers, strength, level, rendered, kind, called } = one;
  const { scheme } = answers;
  const { task } = scheme;
  const cell = strongestCell(strength);
  const where = inTask(panel, task);
  const what = `the ${kind === 'order' ? 'order of the ' : ''}field ${quote(name)}`;
  const standing = rendered ? 'whose value stands in the prompt' : 'which is no part of the prompt';
  const examples = count(strength.rows, panel.whole ? 'example' : 'sampled example');
  const it = scheme.scheme === 'reply' ? 'label' : 'answer';
  const told = strength.uncertainty >= ITSELF ? `tells the ${it} outright` : `tells at least ${percent(strength.lower)} of the ${it}`;
  const bound = level === 'info' ? '' : `, expected under ${percent(given.warn)}`;
  return {
    key: `${oneTask(panel) ? '' : `${task.key}: `}${scheme.scheme} by ${name}`,
    message: `${where}${where ? what : `${what[0]!.toUpperCase()}${what.slice(1)}`}, ${standing}, ${told}${bound}: a rule that reads nothing else is right in ${percent(strength.accuracy)} of ${examples} (the commonest answer: ${percent(strength.majority)})`,
    level,
    suggestion: orderOf(one, cell, panel),
    evidence: evidenceOf(one, cell),
    data: {
      ...(!oneTask(panel) && { task: task.name }),
      answers: scheme.scheme,
      field: cutText(name, 80),
      kind,
      inPrompt: rendered ? 1 : 0,
      uncertainty: strength.uncertainty,
      lower: strength.lower,
      accuracy: strength.accuracy,
      majority: strength.majority,
      examples: strength.rows,
      value: called[cell.value]!,
      goesWith: cutText(scheme.classes[cell.answer]!, 80),
      share: rounded(cell.share),
      elsewhere: rounded(cell.elsewhere),
      p: Number(figure(Math.max(strength.p, 1e-12))),
    },
  };
}

function orderOf({ name, rendered, kind, called, answers, strength }: Called, { elsewhere, value, answer }: Cell, panel: Panel): string {
  const field = quote(name);
  const rows = panel.whole ? `the ${count(strength.rows, 'example')}` : 'the examples';
  if (kind === 'order') return `Shuffle ${rows} before you split them or train on them: the file looks sorted by answer`;
  const keep = rendered ? `Take ${field} out of the prompts of ${rows}` : `Keep ${field} out of the prompts`;
  if (strength.uncertainty >= ITSELF) return `${keep}: it holds the answer itself, or stands for where each answer comes from`;
  const row = strength.table[value]!;
  const n = row.reduce((a, b) => a + b, 0);
  const add = Math.ceil(row[answer]! / Math.max(elsewhere, 0.01) - n);
  if (add <= 0 || add > n) return `${keep}, or balance the answers within each of its values`;
  const many = panel.whole ? `about ${integer(add)} examples` : `about ${percent(add / n)} as many examples`;
  return `${keep}, or add ${many} with ${called[value]!} whose answer is not ${answerName(answers.scheme, answer)}`;
}

interface Cell {
  readonly value: number;
  readonly answer: number;
  /** Of the rows with the value and of those without it, the share with the answer. */
  readonly share: number;
  readonly elsewhere: number;
}

/** The value and the answer that are together more often than chance by the most standard errors, of values that are not rare. */
function strongestCell({ table, rows }: CueStrength): Cell {
  const sizes = table[0]!.map((_, y) => table.reduce((sum, row) => sum + row[y]!, 0));
  let best: Cell = { value: 0, answer: 0, share: 0, elsewhere: 0 };
  let most = -1;
  table.forEach((row, value) => {
    const n = row.reduce((a, b) => a + b, 0);
    if (n < Math.min(5, rows) || n === rows) return;
    row.forEach((times, answer) => {
      const share = times / n;
      const elsewhere = (sizes[answer]! - times) / (rows - n);
      const base = sizes[answer]! / rows;
      const errors = (share - elsewhere) * Math.sqrt((n * (rows - n)) / (rows * base * (1 - base)));
      if (errors <= most) return;
      most = errors;
      best = { value, answer, share, elsewhere };
    });
  });
  return best;
}

/** Two with the value and its answer, one with neither: "source: forum | prompt → reply". */
function evidenceOf({ column, raw, name, answers: { items, classOf } }: Called, { value, answer }: Cell): Evidence[] {
  const fits: number[] = [];
  let contrast = -1;
  for (let i = 0; i < items.length && (fits.length < EVIDENCE - 1 || contrast < 0); i++) {
    if (column.values[i]! < 0) continue;
    if (column.values[i] === value && classOf[i] === answer && fits.length < EVIDENCE - 1) fits.push(i);
    else if (column.values[i] !== value && classOf[i] !== answer && contrast < 0) contrast = i;
  }
  return [...fits, ...(contrast < 0 ? [] : [contrast])].map((i) => {
    const { pair, example } = items[i]!;
    const head = `${excerptAround(name, 0, 24)}: ${raw[i] === undefined ? 'none' : excerptAround(String(raw[i]), 0, 30)}`;
    return { ...example.at, excerpt: `${head} | ${excerptAround(pair.prompt, 0, 40)} → ${excerptAround(pair.reply.trim(), 0, 30)}` };
  });
}
