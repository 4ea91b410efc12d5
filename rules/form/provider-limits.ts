import {
  type Cause,
  Causes,
  type Confidence,
  type Consequence,
  causesOf,
  checkRow,
  combine,
  count,
  defineRule,
  type Evidence,
  type Fault,
  type FaultKind,
  feature,
  figure,
  Histogram,
  hashString,
  integer,
  type Limit,
  list,
  type Path,
  type Picture,
  type Provider,
  patternOf,
  percent,
  providers,
  quote,
  type Remark,
  type Row,
  rounded,
  type Severity,
  type Side,
  type StateData,
  Tally,
  Top,
  tokenCounter,
  tokensOfRow,
} from '../../src/kit.ts';

/** More causes than this are told in one finding. */
const TOLD_APART = 40;
/** A service that drops or cuts fewer rows than this share changes little: a warning. */
const FEW = 0.01;
/** The estimate of tokens may be off by this much for one row: only what is farther beyond a limit is sure to be beyond it. */
const SURE = 1.25;

const create = () => ({
  rows: 0,
  unreadable: 0,
  bytes: 0,
  marked: 0,
  tokens: 0,
  withImages: 0,
  withVideos: 0,
  lengths: new Histogram(),
  longest: new Top(3),
  last: new Top(1),
  counts: new Tally(),
  faults: new Causes(800, 30),
});
type LimitState = ReturnType<typeof create>;

export default defineRule({
  meta: {
    id: 'provider-limits',
    family: 'form',
    severity: 'error',
    docs: {
      summary: 'Checks what each named training service and trainer would do with the data: take it, reject it, drop rows or cut them.',
      why: 'A service stops at the first fault or turns the whole file down after the upload; trainers drop and cut rows in silence, so that the model never sees what was written for it.',
      score:
        'Not scored. What rejects the file, and what drops or cuts 1% of the rows or more, is an error; less, a default that can be raised, and a figure that sources disagree about are warnings; advice is a hint.',
      source:
        'The guides, specifications and code of the services and trainers, each limit with its page and month in src/providers (checked 2026-11).',
    },
    options: {
      providers: {
        type: 'array',
        items: { type: 'string', enum: providers.map(({ id }) => id) },
        default: [],
        description: 'Services and trainers to check for, as --provider names them.',
      },
      tokenizer: {
        type: 'string',
        default: '',
        enum: ['', 'gpt-tokenizer', 'gpt-tokenizer/o200k_base', 'gpt-tokenizer/cl100k_base'],
        description: 'What counts tokens exactly; empty: they are estimated.',
      },
    },
    exact: true,
    sides: true,
    onRequest: { option: 'providers', otherwise: 'no provider named' },
    countsTokens: true,
  },

  create,

  observeRow(state, row, options) {
    const { chosen, countTokens } = planOf(options);
    state.rows += 1;
    state.bytes += row.bytes;
    if (row.marked) state.marked += 1;
    if (row.source === 'table' || row.source === 'columns') state.counts.add(row.source);
    else if (row.at.file.endsWith('.gz')) state.counts.add('gzip');
    const { file, line } = row.at;
    if (state.last.wants(line)) state.last.add(line, { file, line, excerpt: 'the last row' });
    const tokens = tokensOfRow(row.raw, countTokens);
    state.tokens += tokens;
    state.lengths.add(tokens);
    if (state.longest.wants(tokens)) {
      const excerpt = `${options.tokenizer === '' ? 'about ' : ''}${count(tokens, 'token')}: ${gist(row.raw)}`;
      state.longest.add(tokens, { file, line, excerpt });
    }
    let pictures = 0;
    let films = 0;
    for (const provider of chosen) {
      const { images, videos } = judgeRow(state, row, provider, tokens);
      pictures = Math.max(pictures, images);
      films = Math.max(films, videos);
    }
    if (pictures > 0) state.withImages += 1;
    if (films > 0) state.withVideos += 1;
  },

  observeSkip(state, { kind, at, column = 0, reason, excerpt = reason }) {
    if (kind === 'unknown-shape' || kind === 'bad-shape') return; // seen as rows
    state.unreadable += 1;
    state.faults.add(UNREADABLE, hashString(excerpt), at, column > 0 ? `column ${column}: ${excerpt}` : excerpt, 0, '', column);
  },

  finish(state, options, _panel, side: Side<LimitState>) {
    const { chosen } = planOf(options);
    if (chosen.length === 0) return { score: null, notJudged: 'no provider named', findings: [] };
    if (state.rows + state.unreadable === 0) return { score: null, notJudged: 'no rows', findings: [] };
    const held = side.eval && fromData(side.eval);
    const problems = chosen.flatMap((provider) => [
      ...rowProblems(provider, state, options.tokenizer, ''),
      ...fileProblems(provider, state),
      ...(held ? [...rowProblems(provider, held, options.tokenizer, 'validation '), ...heldProblems(provider, state, held)] : []),
    ]);
    return {
      score: null,
      findings: [...remarksOf(problems), ...tokenRemark(state, options.tokenizer)],
      picture: verdicts(chosen, state, problems),
    };
  },
});

interface Options {
  readonly providers: readonly string[];
  readonly tokenizer: string;
}

/** The options, looked up once. */
const planOf = feature(({ providers: ids, tokenizer }: Options) => ({
  chosen: providers.filter(({ id }) => ids.includes(id)),
  countTokens: ids.length > 0 ? tokenCounter(tokenizer) : () => 0,
}));

// ── One row ─────────────────────────────────────────────────────────────────

const UNREADABLE = 'unreadable';
/** Between what makes up the key of a cause, and its detail: no character of a name or of text that was quoted. */
const TAB = '\t';

function judgeRow(state: LimitState, row: Row, provider: Provider, tokens: number): { images: number; videos: number } {
  const { id, limits } = provider;
  let dropped = false;
  let cut = false;
  const tell = (fault: Fault): void => {
    note(state, row, id, fault);
    if (fault.confidence !== 'confirmed') return;
    if (fault.does === 'drops the row') dropped = true;
    if (fault.does.startsWith('cuts')) cut = true;
  };
  const { shape, images, videos, tools } = checkRow(provider, row.raw, tell);
  if (shape) state.counts.add(`${id}${TAB}shape${TAB}${shape.id}`);
  for (const limit of limits) {
    const { of, max = Infinity, beyond, confidence } = limit;
    if (of === 'tokens' && tokens > max) {
      tell({ kind: 'too-long', path: [String(max)], detail: '', general: '', expected: [], does: beyond, confidence });
      if (tokens > max * SURE) state.counts.add(`${id}${TAB}sure${TAB}${max}`);
    }
    if ((of === 'images' && images > max) || (of === 'tools' && tools > max)) {
      const path = of === 'tools' ? ['tools'] : [];
      tell({
        kind: of,
        path,
        detail: `more ${of} than it takes`,
        general: '',
        expected: [`at most ${integer(max)}`],
        does: beyond,
        confidence,
      });
    }
  }
  if (dropped) state.counts.add(`${id}${TAB}dropped`);
  else if (cut) state.counts.add(`${id}${TAB}cut`);
  return { images, videos };
}

/** A fault is counted under its provider, kind and path; what is said of it goes along as its detail. */
function note(state: LimitState, row: Row, provider: string, fault: Fault): void {
  const { kind, path, detail, general, expected, does, confidence } = fault;
  // A field that is too much is data: what it is called is no other cause.
  const key = [provider, kind, patternOf(kind === 'extra' ? path.slice(0, -1) : path)].join(TAB);
  const hash = digestOf(row.raw);
  const wanted = state.faults.wants(key, hash);
  const said = [detail, general, expected.join('\n'), does, confidence].join(TAB);
  const column = wanted && kind !== 'too-long' ? row.columnOf(path) : 0;
  state.faults.add(key, hash, row.at, wanted ? witnessOf(row, path, column) : '', 0, said, column);
}

function witnessOf({ raw }: Row, path: Path, column: number): string {
  let value: unknown = raw;
  for (const step of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
  const at = path.reduce(
    (text: string, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
  const where = [
    ...(column > 0 && path.length > 0 ? [`column ${column}`] : []),
    ...(at === '' ? [] : [at.length > 60 ? `${at.slice(0, 59)}…` : at]),
  ].join(', ');
  return where === '' ? shown(value) : `${where}: ${shown(value)}`;
}

/** A value in few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value, 80);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${integer(value.length)}`;
  const keys = Object.keys(value);
  const inner = keys.slice(0, 6).map((key) => {
    const item = (value as Record<string, unknown>)[key];
    return `${quote(key, 20)}: ${typeof item === 'string' ? quote(item, 30) : Array.isArray(item) ? '[…]' : typeof item === 'object' && item !== null ? '{…}' : String(item)}`;
  });
  return `{${inner.join(', ')}${keys.length > 6 ? ', …' : ''}}`;
}

/** The first text in a row that is longer than a name. */
function gist(value: unknown, depth = 4): string {
  if (typeof value === 'string') return /\s/.test(value.slice(0, 200)) || value.length > 24 ? quote(value, 80) : '';
  if (typeof value !== 'object' || value === null || depth === 0) return '';
  const inner = Array.isArray(value) ? value.slice(0, DIGESTED) : Object.values(value).slice(0, DIGESTED);
  for (const item of inner) {
    const found = gist(item, depth - 1);
    if (found !== '') return found;
  }
  return depth === 4 ? shown(value) : '';
}

const DIGESTED = 12;
const VISITED = 60;

/** A hash of the beginning of what a row holds, whatever its place: bounded, and enough to choose examples by. */
const digestOf = feature((raw: Row['raw']): number => {
  let hash = 1;
  let left = VISITED;
  const take = (value: unknown, depth: number): void => {
    if (left <= 0) return;
    left -= 1;
    if (typeof value === 'object' && value !== null) {
      if (depth === 0) return;
      const entries = Array.isArray(value) ? value.slice(0, DIGESTED) : Object.values(value).slice(0, DIGESTED);
      for (const inner of entries) take(inner, depth - 1);
      return;
    }
    hash = combine(hash, hashString(typeof value === 'string' ? value.slice(0, 300) : String(value)));
  };
  take(raw, 4);
  return hash;
});

// ── What is wrong, provider by provider ─────────────────────────────────────

/** One cause under one provider. */
interface Problem {
  readonly provider: Provider;
  readonly kind: FaultKind | 'unreadable' | 'limit' | 'mixed' | 'mark' | 'one medium' | 'source';
  /** What it is about, without figures. */
  readonly about: string;
  readonly level: Severity;
  readonly does: Consequence;
  readonly confidence: Confidence;
  readonly advised: boolean;
  /** Examples that it touches; 0: it is about the file. */
  readonly times: number;
  /** What was measured, without "expected". */
  readonly says: string;
  readonly expected: readonly string[];
  readonly order: string;
  readonly evidence: readonly Evidence[];
  readonly data: { readonly [name: string]: string | number };
  /** Rows dropped or cut by a default. */
  readonly byDefault?: string;
}

const plural = (times: number, of: string): string => count(times, `${of}example`);
const have = (times: number): string => (times === 1 ? 'has' : 'have');

function levelOf(does: Consequence, confidence: Confidence, share: number): Severity {
  if (confidence !== 'confirmed' || does === 'unknown' || does === 'ignores the field') return 'warn';
  return share < FEW && (does === 'drops the row' || does.startsWith('cuts')) ? 'warn' : 'error';
}

function rowProblems(provider: Provider, state: LimitState, tokenizer: string, of: string): Problem[] {
  const own = `${provider.id}${TAB}`;
  const problems = state.faults
    .list()
    .filter(({ key }) => key.startsWith(own))
    .map((cause) =>
      cause.key.startsWith(`${own}too-long`) ? tooLong(provider, state, cause, tokenizer, of) : rowProblem(provider, state, cause, of),
    );
  if (state.unreadable === 0) return problems;
  const cause = state.faults.list().find(({ key }) => key === UNREADABLE);
  const lines = count(state.unreadable, of === '' ? 'line' : `line of the ${of}data`, of === '' ? 'lines' : `lines of the ${of}data`);
  return [
    ...problems,
    {
      provider,
      kind: 'unreadable',
      about: of + UNREADABLE,
      level: 'error',
      does: provider.unreadable,
      confidence: 'confirmed',
      advised: false,
      times: state.unreadable,
      says: `${lines} ${state.unreadable === 1 ? 'is' : 'are'} no JSON object`,
      expected: ['one in each line'],
      order: `Repair ${state.unreadable === 1 ? 'this line' : `these ${integer(state.unreadable)} lines`}, or drop ${state.unreadable === 1 ? 'it' : 'them'}`,
      evidence: cause?.witnesses ?? [],
      data: { lines: state.unreadable },
    },
  ];
}

function rowProblem(provider: Provider, state: LimitState, cause: Cause, of: string): Problem {
  const [, kind = '', pattern = ''] = cause.key.split(TAB);
  const [detail = '', general = '', expected = '', does = '', confidence = ''] = (cause.detail ?? cause.example).split(TAB);
  const { times } = cause;
  const share = times / state.rows;
  return {
    provider,
    kind: kind as FaultKind,
    about: `${of}${kind} ${pattern}`.trimEnd(),
    level: levelOf(does as Consequence, confidence as Confidence, share),
    does: does as Consequence,
    confidence: confidence as Confidence,
    advised: false,
    times,
    says: `${plural(times, of)} ${have(times)} ${cause.detail === undefined ? general || detail : detail}`,
    expected: expected.split('\n'),
    order: orderOf(kind as FaultKind, times),
    evidence: cause.witnesses,
    data: { examples: times, share: rounded(share), ...(pattern !== '' && { path: pattern }) },
  };
}

function tooLong(provider: Provider, state: LimitState, { key, times }: Cause, tokenizer: string, of: string): Problem {
  const max = Number(key.split(TAB)[2]);
  const limit = provider.limits.find((each) => each.of === 'tokens' && each.max === max) as Limit;
  const { setting, beyond, confidence, where } = limit;
  const estimated = tokenizer === '';
  const sure = !estimated || (state.counts.counts.get(`${provider.id}${TAB}sure${TAB}${max}`) ?? 0) > 0;
  const longest = state.longest.greatest() ?? 0;
  const share = times / state.rows;
  const bound = setting === undefined ? 'it takes' : `its default ${setting}`;
  const needed = roundUp(longest);
  const outliers = share < FEW || times < 5 || needed > max * 16; // memory for all rows is a high price for a few
  return {
    provider,
    kind: 'too-long',
    about: `${of}too-long`,
    level: setting !== undefined || !sure ? 'warn' : levelOf(beyond, confidence, share),
    does: beyond,
    confidence,
    advised: false,
    times,
    says: `${estimated ? 'about ' : ''}${plural(times, of)} ${have(times)} more tokens than ${bound} (the longest ${estimated ? 'about ' : ''}${integer(longest)}${where === undefined ? '' : `; limit for ${where}`})`,
    expected: [`at most ${integer(max)}`],
    order: `${setting === undefined || outliers ? `Shorten or split ${these(times)}` : ''}${setting === undefined ? '' : outliers ? (needed <= max * 16 ? `, or set ${setting} to ${integer(needed)}` : '') : `Set ${setting} to ${integer(needed)}, or shorten ${these(times)}`}${estimated && !sure ? ', after counting with --tokenizer gpt-tokenizer' : ''}`,
    evidence: state.longest.kept.filter(({ value }) => value > max).map(({ evidence }) => evidence),
    data: { examples: times, share: rounded(share), tokens: longest, limit: max },
    ...(setting !== undefined && { byDefault: setting }),
  };
}

/** The next of 512, 1,024, 2,048 … */
function roundUp(tokens: number): number {
  let size = 512;
  while (size < tokens) size *= 2;
  return size;
}

// ── The file as a whole ─────────────────────────────────────────────────────

function fileProblems(provider: Provider, state: LimitState): Problem[] {
  const problems: Problem[] = [];
  const evidence = state.last.evidence();
  // What is required first: advice on the same figure says nothing new where that is not met.
  for (const limit of provider.limits.toSorted((a, b) => Number(a.advised ?? false) - Number(b.advised ?? false))) {
    if (limit.advised && problems.some(({ about }) => about.endsWith(` ${limit.of}`))) continue;
    if (limit.of === 'examples') problems.push(...overLimit(provider, limit, state.rows, evidence));
    if (limit.of === 'bytes') problems.push(...overLimit(provider, limit, state.bytes, evidence));
    if (limit.of === 'image examples') problems.push(...overLimit(provider, limit, state.withImages, evidence));
  }
  const base = { provider, confidence: 'confirmed', advised: false, times: 0, evidence } as const;
  if (provider.mark !== undefined && state.marked > 0) {
    problems.push({
      ...base,
      evidence: evidence.map(({ file }) => ({ file, line: 1, excerpt: 'U+FEFF before the first row' })),
      kind: 'mark',
      about: 'mark',
      level: 'warn',
      does: 'rejects the file',
      confidence: 'disagreed',
      says: `the data has ${provider.mark}`,
      expected: ['plain UTF-8'],
      order: 'Save the file as UTF-8 without a byte order mark',
      data: { rows: state.marked },
    });
  }
  for (const [source, what] of provider.kind === 'service' ? SOURCES : []) {
    const rows = state.counts.counts.get(source) ?? 0;
    if (rows === 0) continue;
    problems.push({
      ...base,
      kind: 'source',
      about: `source ${source}`,
      level: 'error',
      does: 'rejects the file',
      says: `the data is ${what}`,
      expected: ['JSONL, one object per line'],
      order: `Write ${count(rows, 'row')} as JSONL, and check that file`,
      data: { rows },
    });
  }
  const shapes = provider.shapes.flatMap((shape) => {
    const times = state.counts.counts.get(`${provider.id}${TAB}shape${TAB}${shape.id}`) ?? 0;
    return times > 0 && !shape.wrong ? [{ name: shape.name.split(' (')[0] as string, times }] : [];
  });
  if (provider.mixed && shapes.length > 1) {
    const rare = shapes.toSorted((a, b) => a.times - b.times);
    problems.push({
      ...base,
      kind: 'mixed',
      about: 'mixed',
      level: 'error',
      does: provider.mixed,
      says: `the data has rows of ${integer(shapes.length)} shapes (${list(shapes.map(({ name, times }) => `${integer(times)} ${name}`))})`,
      expected: ['one shape for all rows'],
      order: `Convert or move to another file the ${count(state.rows - (rare.at(-1)?.times ?? 0), 'row')} of the rarer shapes`,
      data: { shapes: shapes.length },
    });
  }
  if (provider.oneMedium && state.withImages > 0 && state.withVideos > 0) {
    problems.push({
      ...base,
      kind: 'one medium',
      about: 'one medium',
      level: 'error',
      does: provider.broken,
      says: `the data has ${count(state.withImages, 'example')} with images and ${integer(state.withVideos)} with videos`,
      expected: ['one of them in a file'],
      order: 'Move the images and the videos to files of their own',
      data: { images: state.withImages, videos: state.withVideos },
    });
  }
  return problems;
}

/** Training services take JSONL alone; trainers read what Hugging Face datasets reads. */
const SOURCES = [
  ['table', 'a CSV or TSV'],
  ['columns', 'a Parquet file'],
  ['gzip', 'compressed (.gz)'],
] as const;

function heldProblems(provider: Provider, state: LimitState, held: LimitState): Problem[] {
  const evidence = held.last.evidence();
  return provider.limits.flatMap((limit) => {
    if (limit.of === 'validation examples') return overLimit(provider, limit, held.rows, evidence);
    if (limit.of === 'validation bytes') return overLimit(provider, limit, held.bytes, evidence);
    if (limit.of === 'validation share' && state.bytes > 0) return overLimit(provider, limit, rounded(held.bytes / state.bytes), evidence);
    return [];
  });
}

function overLimit(provider: Provider, limit: Limit, value: number, evidence: readonly Evidence[]): Problem[] {
  const { of, min, max, beyond, confidence, advised = false, where } = limit;
  const low = min !== undefined && value < min;
  if (!low && !(max !== undefined && value > max)) return [];
  const bound = (low ? min : max) as number;
  const whose = of.startsWith('validation') ? 'the validation data has' : 'the data has';
  return [
    {
      provider,
      kind: 'limit',
      about: `${advised ? 'advised ' : ''}${low ? 'fewest' : 'most'} ${of}`,
      level: advised ? 'info' : levelOf(beyond, confidence, 1),
      does: beyond,
      confidence,
      advised,
      times: 0,
      says: `${whose} ${amount(value, limit)}${where === undefined ? '' : ` (limit for ${where})`}`,
      expected: [
        `${low ? 'at least' : 'at most'} ${limit.unit === 'examples' ? integer(bound) : limit.unit === 'share' ? percent(bound) : amount(bound, limit)}`,
      ],
      order: low
        ? `Write ${count(bound - value, 'example')} more`
        : `Take ${amount(limit.unit === 'share' ? rounded(value - bound) : value - bound, limit)} out, or split the file`,
      evidence,
      data: { value, limit: bound },
    },
  ];
}

function amount(value: number, { unit, of }: Limit): string {
  if (unit === 'bytes') return sizeOf(value);
  if (unit === 'share') return `${percent(value)} of the size of the training data`;
  return count(
    value,
    of === 'image examples' ? 'example with images' : 'example',
    of === 'image examples' ? 'examples with images' : 'examples',
  );
}

function sizeOf(bytes: number): string {
  let value = bytes;
  for (const unit of ['bytes', 'kB', 'MB', 'GB']) {
    if (value < 1024 || unit === 'GB') return unit === 'bytes' ? count(value, 'byte') : `${figure(value, 3)} ${unit}`;
    value /= 1024;
  }
  return '';
}

// ── What is said of it ──────────────────────────────────────────────────────

const these = (times: number): string => (times === 1 ? 'this example' : `these ${count(times, 'example')}`);

const ORDERS: Readonly<Record<FaultKind, readonly [before: string, after: string]>> = {
  shape: ['Convert', ''],
  'unknown-shape': ['Convert', ''],
  missing: ['Add what is missing to', ', or drop them'],
  renamed: ['Rename the field in', ''],
  type: ['Correct the field in', ', or drop them'],
  empty: ['Fill the list in', ', or drop them'],
  extra: ['Take the field out of', ''],
  ignored: ['Move what is ignored to where it is read in', ''],
  role: ['Rename the role in', ''],
  elsewhere: ['Move the system text out of the turns in', ''],
  content: ['Rewrite the content in', ', or drop them'],
  part: ['Rewrite the part in', ', or drop them'],
  weight: ['Set the weight to 0 or 1 in', ''],
  tool: ['Correct the tool in', ', or drop them'],
  call: ['Correct the tool call in', ', or drop them'],
  answer: ['Correct the id of the answer in', ', or drop them'],
  keys: ['Keep one set of fields in', ''],
  rated: ['Keep the good ones without their rating, or make preference pairs, of', ''],
  reserved: ['Write another word in', ', or drop them'],
  address: ['Move the file that is named in', ''],
  'no-assistant': ["Add the assistant's reply to", ', or drop them'],
  'no-user': ["Add the user's turn to", ', or drop them'],
  untrained: ['Give weight 1 to the reply to learn in', ', or drop them'],
  start: ['Begin with another turn in', ', or drop them'],
  end: ['Add the reply, or drop the last turn, in', ''],
  order: ['Join the turns, or add the one between them, in', ', or drop them'],
  'late-system': ['Move the system turn to the front of', ''],
  count: ['Cut or complete the turns of', ', or drop them'],
  scores: ['Correct the scores in', ', or drop them'],
  media: ['Move the media out of', ''],
  images: ['Leave out images in', ', or drop them'],
  tools: ['Leave out tools in', ', or drop them'],
  'too-long': ['Shorten', ', or drop them'],
};

function orderOf(kind: FaultKind, times: number): string {
  const [before, after] = ORDERS[kind];
  return `${before} ${these(times)}${times === 1 ? after.replace('them', 'it') : after}`;
}

/** What providers do with it: for one, for several; where it is in doubt; for one row. */
const VERBS: Readonly<Record<Consequence, readonly [one: string, many: string]>> = {
  'rejects the file': ['rejects the file', 'reject the file'],
  'stops with an error': ['stops with an error', 'stop with an error'],
  'fails while training': ['fails while training', 'fail while training'],
  'drops the row': ['drops rows', 'drop rows'],
  'cuts the row': ['cuts rows', 'cut rows'],
  'cuts the row at the end': ['cuts rows at the end', 'cut rows at the end'],
  'ignores the field': ['ignores the field', 'ignore the field'],
  unknown: ['may not take it', 'may not take it'],
};
const NAMED = 5;

/** Of a role that is wrong it matters whether there is one for the system text: what it is to be renamed to. */
function boundOf({ kind, expected }: Problem): string {
  if (kind === 'limit' || kind === 'too-long') return expected[0] ?? '';
  return kind === 'role' && expected.includes('"system"') ? 'system' : '';
}

/** Equal causes under several providers are one finding: root cause once. */
function remarksOf(problems: readonly Problem[]): Remark[] {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    // Other alternatives are expected by other providers; what is wrong is the same. Of a limit the bound is what is wrong.
    const bound = boundOf(problem);
    const key = [problem.about, problem.level, problem.confidence, problem.says, bound, problem.byDefault ?? ''].join(TAB);
    const group = groups.get(key);
    if (group) group.push(problem);
    else groups.set(key, [problem]);
  }
  const weight = { error: 0, warn: 1, info: 2 };
  const all = [...groups.values()].toSorted((a, b) => weight[a[0]!.level] - weight[b[0]!.level] || b[0]!.times - a[0]!.times);
  const told = all.slice(0, TOLD_APART).map(remarkOf);
  const left = all.slice(TOLD_APART);
  return left.length === 0 ? told : [...told, restRemark(left)];
}

function remarkOf(group: readonly Problem[]): Remark {
  const [first] = group as [Problem, ...Problem[]];
  const { confidence, says, times, kind } = first;
  const doubt =
    first.advised || confidence === 'confirmed' ? '' : confidence === 'disagreed' ? ' (sources disagree)' : ' (not confirmed by documents)';
  const expected = isShape(kind) ? targetsText(group) : expectedOf(group);
  return {
    key: `${first.about} (${first.provider.id})`,
    message: `${leadOf(group)}: ${says}, expected ${expected}${doubt}`,
    level: first.level,
    suggestion:
      isShape(kind) && group.every(({ provider }) => provider.mapping !== undefined)
        ? `Name the fields of ${these(times)} in ${list(group.map(({ provider }) => `${provider.mapping} for ${provider.name}`))}, or convert them to ${list(targetsOf(group).map(({ name }) => name))}`
        : isShape(kind)
          ? `Convert ${these(times)} to ${list(targetsOf(group).map(({ name }) => name))}${targetsOf(group).length > 1 ? ', a file for each' : ''}`
          : first.order,
    evidence: first.evidence,
    data: {
      providers: group.map(({ provider }) => provider.id).join(','),
      effect: group
        .map(({ does }) => does)
        .filter((each, i, every) => every.indexOf(each) === i)
        .join(', '),
      ...first.data,
    },
  };
}

function leadOf(group: readonly Problem[]): string {
  const clauses = new Map<string, string[]>();
  for (const { provider, does, confidence, advised } of group) {
    const verb = advised ? 'advise' : `${confidence === 'confirmed' ? '' : 'may '}${TAB}${does}`;
    const names = clauses.get(verb);
    if (names) names.push(provider.name);
    else clauses.set(verb, [provider.name]);
  }
  return [...clauses]
    .map(([verb, names]) => {
      const who = names.length > NAMED + 1 ? list([...names.slice(0, NAMED), `${integer(names.length - NAMED)} others`]) : list(names);
      if (verb === 'advise') return `${who} ${names.length === 1 ? 'advises' : 'advise'} more`;
      const [may = '', does = ''] = verb.split(TAB);
      const [one, many] = VERBS[does as Consequence];
      return `${who} ${may}${may !== '' || names.length > 1 ? many : one}`;
    })
    .join(', ');
}

const isShape = (kind: Problem['kind']): boolean => kind === 'shape' || kind === 'unknown-shape';

/** The nearest shape that each takes, and who takes it. */
function targetsOf(group: readonly Problem[]): readonly { readonly name: string; readonly takers: readonly string[] }[] {
  const targets = new Map<string, string[]>();
  for (const { provider, expected } of group) {
    const [name = ''] = expected;
    targets.set(name, [...(targets.get(name) ?? []), provider.name]);
  }
  return [...targets].map(([name, takers]) => ({ name, takers }));
}

function targetsText(group: readonly Problem[]): string {
  const targets = targetsOf(group);
  if (targets.length === 1) return targets[0]?.name ?? '';
  return list(targets.map(({ name, takers }) => `${name} for ${list(takers)}`));
}

/** The alternatives that all of a group take; of the first where there is none. */
function shared(group: readonly Problem[]): readonly string[] {
  const common = (group[0]?.expected ?? []).filter((each) => group.every(({ expected }) => expected.includes(each)));
  return common.length > 0 ? common : (group[0]?.expected ?? []);
}

const ALTERNATIVES = 6;

function expectedOf(group: readonly Problem[]): string {
  const found = shared(group);
  const rest = found.length - ALTERNATIVES;
  const some = rest > 0 ? [...found.slice(0, ALTERNATIVES), `${integer(rest)} others`] : found;
  return group[0]?.kind === 'extra' ? `only ${list(some)}` : list(some, 'or');
}

function restRemark(left: readonly (readonly Problem[])[]): Remark {
  const flat = left.flat();
  const ids = providers.map(({ id }) => id).filter((id) => flat.some(({ provider }) => provider.id === id));
  return {
    key: 'other causes',
    message: `${count(left.length, 'more cause')} of other kinds would stop or change the upload, expected none`,
    level: left[0]![0]!.level,
    suggestion: 'Mend what is told above first, then check again',
    evidence: left.slice(0, 3).flatMap(([first]) => first?.evidence.slice(0, 1) ?? []),
    data: { causes: left.length, providers: ids.join(',') },
  };
}

function tokenRemark({ rows, tokens, lengths, longest }: LimitState, tokenizer: string): Remark[] {
  if (rows === 0 || tokens === 0) return [];
  const estimated = tokenizer === '';
  const [half, most] = [0.5, 0.95].map((p) => Math.round(lengths.quantile(p) ?? 0)) as [number, number];
  const greatest = longest.greatest() ?? 0;
  return [
    {
      key: 'tokens',
      message: `${estimated ? 'About ' : ''}${count(tokens, 'token')} in ${count(rows, 'example')}: half have at most ${integer(half)}, 95% at most ${integer(most)}, the longest has ${integer(greatest)}`,
      level: 'info',
      suggestion: `Multiply by the number of epochs for what is billed${estimated ? '; count exactly with --tokenizer gpt-tokenizer' : ''}`,
      evidence: longest.evidence(),
      data: { tokens, half, most, longest: greatest, tokenizer: estimated ? 'estimate' : tokenizer },
    },
  ];
}

// ── One verdict each ────────────────────────────────────────────────────────

const HARD: readonly Consequence[] = ['rejects the file', 'stops with an error', 'fails while training'];

/** A row for each provider, those that take the data too. */
function verdicts(chosen: readonly Provider[], state: LimitState, problems: readonly Problem[]): Picture {
  return {
    kind: 'table',
    title: 'Upload',
    columns: ['provider', 'name', 'verdict', 'errors', 'warnings', 'rows dropped', 'rows cut', 'note'],
    rows: chosen.map((provider) => {
      const { id, name, notice = '' } = provider;
      const own = problems.filter((problem) => problem.provider === provider);
      const errors = own.filter(({ level }) => level === 'error');
      const dropped = state.counts.counts.get(`${id}${TAB}dropped`) ?? 0;
      const cut = state.counts.counts.get(`${id}${TAB}cut`) ?? 0;
      const hard = HARD.find((each) => errors.some(({ does }) => does === each));
      const setting = own.find(({ byDefault }) => byDefault !== undefined)?.byDefault;
      const notes = provider.shapes.flatMap((shape) =>
        shape.note !== undefined && (state.counts.counts.get(`${id}${TAB}shape${TAB}${shape.id}`) ?? 0) > 0 ? [shape.note] : [],
      );
      const note = [
        ...(setting === undefined || hard ? [] : [`unless ${setting} is raised`]),
        ...(hard ? [] : notes),
        ...(notice === '' ? [] : [notice]),
      ].join('; ');
      const warnings = own.filter(({ level }) => level === 'warn').length;
      return [
        id,
        name,
        hard ?? (dropped > 0 ? 'drops rows' : cut > 0 ? 'cuts rows' : (doubtful(own) ?? 'accepts')),
        errors.length,
        warnings,
        dropped,
        cut,
        note,
      ];
    }),
  };
}

/** What it may do, or does to a field; undefined: nothing. */
function doubtful(problems: readonly Problem[]): string | undefined {
  const told = problems.filter(({ level, advised }) => level !== 'info' && !advised);
  const does = [...HARD, 'drops the row', 'cuts the row', 'cuts the row at the end', 'unknown'].find((each) =>
    told.some((problem) => problem.does === each),
  ) as Consequence | undefined;
  if (does !== undefined) return does === 'unknown' ? 'may not take it' : `may ${VERBS[does][1]}`;
  const ignored = told.find((problem) => problem.does === 'ignores the field');
  if (!ignored) return undefined;
  return `${ignored.confidence === 'confirmed' ? 'ignores' : 'may ignore'} a field in ${count(ignored.times, 'row')}`;
}

/** The state that the same rule had of a side file: its fields alone came over. */
function fromData(data: StateData<LimitState>): LimitState {
  const state = create();
  state.faults = causesOf(data.faults);
  state.lengths.merge(data.lengths);
  state.longest.merge(data.longest);
  state.last.merge(data.last);
  state.counts.merge(data.counts);
  const { rows, unreadable, bytes, marked, tokens, withImages, withVideos } = data;
  return Object.assign(state, { rows, unreadable, bytes, marked, tokens, withImages, withVideos });
}
