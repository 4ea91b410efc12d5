import { feature } from '../features/feature.ts';
import { normalTail, wilson } from '../stats/tails.ts';
import type { Panel } from '../types.ts';
import { count, integer, list, quote } from '../wording.ts';
import { GRAMMAR_FLAGS, readGrammarOf } from './habit-grammar.ts';
import type { Amount, HabitLevel, HabitScope } from './habit-kinds.ts';
import { AMOUNTS, CHOICES, FLAGS, saidClosing, saidOpening } from './habit-list.ts';
import { foldLabel, isShort } from './labels.ts';
import { type ReplyReading, readReply } from './reply-reading.ts';
import { type PanelPair, type Task, type TaskType, tasks } from './tasks.ts';

/** Something that nearly all replies of a task do. */
export interface Habit {
  /** One of `HABITS`. */
  readonly id: string;
  readonly level: HabitLevel;
  /** What a model tuned on it will do: stands after "will always", or after "will never" where `never`. */
  readonly does: string;
  readonly never: boolean;
  /** Of the replies read, those that keep it. */
  readonly share: number;
  readonly kept: number;
  /** How far it is from what ordinary replies do: the divergence of the two shares, in bits. */
  readonly bits: number;
  /** The replies read, and of each whether it keeps the habit (1) or not (0). */
  readonly read: readonly PanelPair[];
  readonly keeps: Uint8Array;
}

export interface TaskHabits {
  readonly task: Task;
  /** Replies read: not blank, of a long task those with the smallest hashes. */
  readonly replies: number;
  /** Whether these are all that the task has on the panel. */
  readonly all: boolean;
  /** Of the replies that are no calls, in hash order. */
  readonly readings: readonly ReplyReading[];
  /** A habit in its commonest form, however few keep it; undefined where it was not looked for, and for those that take grammar. */
  find(id: string): Habit | undefined;
  /** Those that nearly all keep and that are worth telling, the most surprising first, voice and tense among them: needs `needs: ['compromise']`. */
  told(): readonly Habit[];
}

/** Replies that are read of one task, and what all tasks share of replies and of characters: more change no sentence. */
const READ = 2000;
const READ_OF_ALL = 3000;
const READ_AT_LEAST = 200;
const CHARACTERS_OF_ALL = 1_500_000;
/** A habit is kept by nine in ten, and by 85 % or more at the lower end of its 95 % interval. */
const KEPT = 0.9;
const SURE = 0.85;
/** A task with fewer replies than this teaches nothing that could be told. */
const FEWEST = 20;
/** Worth telling: a bit away from what ordinary replies do, as where one in two does it and here all do. */
const WORTH = 1;
/** Median share of the reply's words that its prompt has, from where on each reply is compared with its prompt. */
const FROM_PROMPT_COVERAGE = 0.6;
/** What all replies lack is told of so many, if they are long: of ordinary replies of fifty words and more, a third or so have it. */
const NEVER_REPLIES = 200;
const NEVER_WORDS = 50;
const NEVER_USUAL = 0.35;
const NEVER_SHARE = 0.005;

/** Their replies are made of the prompt: how they are worded is the prompt's doing. */
const FROM_PROMPT: readonly TaskType[] = ['copy', 'extract', 'choose', 'edit'];

/** What the replies of each judged task have in common, in the order of `tasks`. */
export const habits: (panel: Panel) => readonly TaskHabits[] = feature((panel: Panel) => {
  const judged = tasks(panel).filter((task) => task.judged);
  const most = Math.min(READ, Math.max(READ_AT_LEAST, Math.floor(READ_OF_ALL / judged.length)));
  const read = judged.map((task) => readTask(task, most, CHARACTERS_OF_ALL / judged.length)).filter(({ turns }) => turns.length >= FEWEST);
  const english = read.filter(({ scopes }) => scopes.has('english'));
  return read.map((each) => habitsOf(each, english.indexOf(each), english.length));
});

interface ReadTask {
  readonly task: Task;
  readonly readings: readonly ReplyReading[];
  /** Whose replies are not blank: those read, and those that are calls. */
  readonly turns: readonly PanelPair[];
  readonly all: boolean;
  readonly scopes: ReadonlySet<Scope>;
}

function readTask(task: Task, most: number, characters: number): ReadTask {
  const made = task.measures.coverage >= FROM_PROMPT_COVERAGE; // else none is made of its prompt
  let left = characters;
  const readings: ReplyReading[] = [];
  const turns: PanelPair[] = [];
  let all = true;
  for (const item of task.pairs) {
    if (item.pair.reply.trim() === '') continue;
    if (turns.length >= most || (left < 0 && turns.length >= READ_AT_LEAST)) {
      all = false;
      break;
    }
    turns.push(item);
    if (isCall(item)) continue;
    readings.push(readReply(item, made));
    left -= item.pair.reply.length;
  }
  return { task, readings, turns, all, scopes: scopesOf(task, readings) };
}

const isCall = ({ pair, example }: PanelPair): 0 | 1 => (example.messages[pair.turn]?.calls ? 1 : 0);

function habitsOf(read: ReadTask, rank: number, english: number): TaskHabits {
  const { task, readings, turns, all, scopes } = read;
  const found = new Map<string, Habit>();
  const { usual, level, does } = FLAGS.find(({ id }) => id === 'tool-call')!;
  found.set('tool-call', habitOf('tool-call', level, does, usual, Uint8Array.from(turns, isCall), turns));
  if (readings.length >= FEWEST) {
    collect(readings, scopes, found);
    if (scopes.has('labels')) addLabels(task, readings, found);
  }
  const told = (): Habit[] => worthTelling(rank < 0 ? found : new Map([...found, ...grammarHabits(readings, rank, english)]));
  return { task, replies: turns.length, all, readings, find: (id) => found.get(id), told };
}

/** Of two forms of one habit that are as telling, the later: the longer opening. */
const CLOSE = 0.5;

function collect(readings: readonly ReplyReading[], scopes: ReadonlySet<Scope>, found: Map<string, Habit>): void {
  const read = readings.map(({ item }) => item);
  const add: Add = (id, level, does, usual, keeps) => {
    const habit = habitOf(id, level, does, usual, keeps, read);
    const before = found.get(id);
    if (!before || habit.bits >= before.bits - CLOSE) found.set(id, habit);
  };
  const telling =
    scopes.has('english') && readings.length >= NEVER_REPLIES && median(readings.map(({ words }) => words.length)) >= NEVER_WORDS;
  for (const { id, level, scope, usual, does, never, has } of FLAGS) {
    if (!scopes.has(scope) || id === 'tool-call') continue;
    const keeps = Uint8Array.from(readings, (reply) => (has(reply) ? 1 : 0));
    add(id, level, does, usual, keeps);
    if (never === undefined) continue;
    const absent = habitOf(
      `no-${id}`,
      level,
      never,
      1 - NEVER_USUAL,
      keeps.map((bit) => 1 - bit),
      read,
    );
    const told = telling && absent.share >= 1 - NEVER_SHARE;
    found.set(absent.id, { ...absent, never: true, bits: told ? absent.bits : 0 });
  }
  for (const { id, level, scope, usual, does, of } of CHOICES) {
    if (!scopes.has(scope)) continue;
    const values = readings.map(of);
    const value = commonest(values);
    if (value === undefined) add(id, level, '', 1, new Uint8Array(readings.length));
    else add(id, level, does(value), usual(value), maskOf(values, value));
  }
  for (const amount of AMOUNTS) if (scopes.has(amount.scope)) addAmount(amount, readings, add);
  if (!scopes.has('free')) return;
  addAffix('opening', readings, add);
  addAffix('closing', readings, add);
  addLineLabels(readings, add);
}

function grammarHabits(readings: readonly ReplyReading[], rank: number, english: number): [string, Habit][] {
  const parsed = readGrammarOf(readings, rank, english);
  if (parsed.length < FEWEST) return [];
  const read = parsed.map(({ reply }) => reply.item);
  return GRAMMAR_FLAGS.map(({ id, level, usual, does, has }) => {
    const keeps = Uint8Array.from(parsed, ({ sentences }) => (has(sentences) ? 1 : 0));
    return [id, habitOf(id, level, does, usual, keeps, read)];
  });
}

/** What the replies are decides what is looked for in them. */
function scopesOf(task: Task, readings: readonly ReplyReading[]): ReadonlySet<Scope> {
  const scopes = new Set<Scope>(['all']);
  if (task.labelLike) return scopes.add('labels');
  if (!task.proseReplies) return scopes;
  scopes.add('prose');
  if (FROM_PROMPT.includes(task.type)) return scopes;
  scopes.add('free');
  if (isEnglish(readings)) scopes.add('english');
  return scopes;
}

const ENGLISH =
  'the of and to a in is it you that for was on are with as i be this have from or by not but what all were when your can there an which do how if will up about out them then'.split(
    ' ',
  );
const ENGLISH_WORDS = 0.12;

/** Most replies of five words and more have one in eight of their words among the commonest English ones. */
function isEnglish(readings: readonly ReplyReading[]): boolean {
  const common = new Set(ENGLISH);
  let english = 0;
  let long = 0;
  for (const { words } of readings) {
    if (words.length < 5) continue;
    long++;
    let hits = 0;
    for (const word of words) if (common.has(word)) hits++;
    if (hits >= ENGLISH_WORDS * words.length) english++;
  }
  return long > 0 && english * 2 > long;
}

type Scope = HabitScope | 'labels';

// ── One habit ───────────────────────────────────────────────────────────────

type Add = (id: string, level: HabitLevel, does: string, usual: number, mask: Uint8Array) => void;

function habitOf(id: string, level: HabitLevel, does: string, usual: number, keeps: Uint8Array, read: readonly PanelPair[]): Habit {
  let kept = 0;
  for (const bit of keeps) kept += bit;
  const share = kept / keeps.length;
  return { id, level, does, never: false, share, kept, bits: divergence(share, usual), read, keeps };
}

/** Kullback–Leibler divergence of two shares, in bits; 0 where the first is not above the second. */
function divergence(share: number, usual: number): number {
  if (share <= usual) return 0;
  const part = (p: number, q: number) => (p === 0 ? 0 : p * Math.log2(p / Math.max(q, 1e-6)));
  return part(share, usual) + part(1 - share, 1 - usual);
}

/** What is not told beside what says it already. */
const UNDER = new Map<string, readonly string[] | undefined>([
  ...[...FLAGS, ...CHOICES, ...AMOUNTS].map(({ id, under }): [string, readonly string[] | undefined] => [id, under]),
  ['opening', ['speaker', 'line-labels', 'thoughts']],
  ['closing', ['stop-marker']],
]);

/** Nor are these beside an opening or a closing that shows the mark. */
const MARKS = new Map([
  ['exclamation', ['!', '！']],
  ['question', ['?', '？']],
  ['question-end', ['?', '？']],
]);

function worthTelling(found: ReadonlyMap<string, Habit>): Habit[] {
  const kept = (habit: Habit): boolean => habit.share >= KEPT && wilson(habit.kept, habit.read.length)[0] >= SURE;
  const strong = new Set([...found.values()].filter((habit) => kept(habit) && habit.bits >= WORTH).map(({ id }) => id));
  const quoted = ['opening', 'closing'].map((id) => (strong.has(id) ? found.get(id)!.does : '')).join('');
  const isQuoted = (id: string): boolean => MARKS.get(id)?.some((mark) => quoted.includes(mark)) === true;
  const told = [...found.values()].filter((habit) => {
    if (habit.never) return kept(habit) && habit.bits > 0;
    return strong.has(habit.id) && !UNDER.get(habit.id)?.some((id) => strong.has(id)) && !isQuoted(habit.id);
  });
  return told.sort((a, b) => Number(a.never) - Number(b.never) || b.bits - a.bits || (a.id < b.id ? -1 : 1));
}

// ── Values ──────────────────────────────────────────────────────────────────

function commonest(values: readonly (string | undefined)[]): string | undefined {
  const times = new Map<string, number>();
  for (const value of values) if (value !== undefined) times.set(value, (times.get(value) ?? 0) + 1);
  let best: string | undefined;
  let most = 0;
  for (const [value, n] of times) {
    if (n < most || (n === most && best !== undefined && value >= best)) continue;
    best = value;
    most = n;
  }
  return best;
}

function maskOf(values: readonly (string | undefined)[], value: string): Uint8Array {
  return Uint8Array.from(values, (each) => (each === value ? 1 : 0));
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1]!;
}

// ── Amounts ─────────────────────────────────────────────────────────────────

const ROUND = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

/** The nearest round number that is not below (not above) `n`. */
function roundUp(n: number): number {
  for (let unit = 1; ; unit *= 10) for (const step of ROUND) if (step * unit >= n && (unit === 1 || step >= 10)) return step * unit;
}
function roundDown(n: number): number {
  let best = 0;
  for (let unit = 1; unit <= n; unit *= 10) for (const step of ROUND) if (step * unit <= n && step * unit > best) best = step * unit;
  return best;
}

/** So much is cut off at either end: a few very long replies do not hide that all others are short. */
const TAIL = 0.025;
/** A band wider than this says no more than its upper end. */
const WIDE = 6;

function addAmount({ id, level, median: middle, spread, one, many, of }: Amount, readings: readonly ReplyReading[], add: Add): void {
  const values = readings.map(of);
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(TAIL * sorted.length);
  const lowest = sorted[cut]!;
  const highest = sorted[sorted.length - 1 - cut]!;
  const low = highest === lowest ? lowest : roundDown(lowest);
  const high = highest === lowest ? highest : roundUp(highest);
  // the share of a lognormal variable below x, half a step further
  const below = (x: number) => (x < 1 ? 0 : 1 - normalTail(Math.log((x + 0.5) / middle) / spread));
  const noun = (n: number) => (n === 1 ? one : many);
  const tell = (does: string, from: number, to: number, usual: number): void =>
    add(
      id,
      level,
      does,
      usual,
      Uint8Array.from(values, (n) => (n >= from && n <= to ? 1 : 0)),
    );
  if (low === high) tell(`write ${count(low, one, many)}`, low, high, below(high) - below(high - 1));
  else if (low > 1 && high <= WIDE * low)
    tell(`write ${integer(low)} to ${integer(high)} ${many}`, low, high, below(high) - below(low - 1));
  else {
    tell(`write at most ${integer(high)} ${noun(high)}`, 0, high, below(high));
    if (low > 1) tell(`write at least ${integer(low)} ${noun(low)}`, low, Number.POSITIVE_INFINITY, 1 - below(low - 1));
  }
}

// ── Openings and closings ───────────────────────────────────────────────────

const TOKENS = 8;
/** A longer one has to be kept by nearly as many. */
const LONGER = 0.97;
const EDGE = 120;
/** What ordinary replies share by chance: of one word, of two, of more. */
const ARTICLES = new Set(['The', 'A', 'An', 'I', 'It', 'This', 'In', 'To']);
const AFFIX_USUAL_ARTICLE = 0.3;
const AFFIX_USUAL = [0.05, 0.01, 0.003];

/** The longest run of words, up to eight, that nine in ten begin (end) with as written. */
function addAffix(id: 'opening' | 'closing', readings: readonly ReplyReading[], add: Add): void {
  const edges = readings.map(({ text }) => affixesOf(id === 'opening' ? text.slice(0, EDGE) : text.slice(-EDGE), id));
  let before = 0;
  for (let tokens = 1; tokens <= TOKENS; tokens++) {
    const values = edges.map((affixes) => affixes[tokens - 1]);
    const value = commonest(values);
    if (value === undefined) break;
    const mask = maskOf(values, value);
    let kept = 0;
    for (const bit of mask) kept += bit;
    if (tokens > 1 && kept < Math.max(KEPT * readings.length, LONGER * before)) break;
    before = kept;
    const usual = tokens === 1 && ARTICLES.has(value) ? AFFIX_USUAL_ARTICLE : AFFIX_USUAL[Math.min(tokens, AFFIX_USUAL.length) - 1]!;
    add(id, 'structure', id === 'opening' ? saidOpening(value) : saidClosing(value), usual, mask);
    if (kept < KEPT * readings.length) break;
  }
}

/** Its first (last) word, two words, three words … with what stands between them; none where the word added is marks alone. */
function affixesOf(edge: string, id: 'opening' | 'closing'): (string | undefined)[] {
  const affixes: (string | undefined)[] = [];
  const step = id === 'opening' ? 1 : -1;
  let at = id === 'opening' ? 0 : edge.length - 1;
  while (at >= 0 && at < edge.length && affixes.length < TOKENS) {
    const from = at;
    while (at >= 0 && at < edge.length && !isBlank(edge, at)) at += step;
    // "- " at its far end is no word of it
    const last = id === 'opening' ? edge.slice(from, at) : edge.slice(at + 1, from + 1);
    const affix = id === 'opening' ? edge.slice(0, at) : edge.slice(at + 1);
    affixes.push(/[\p{L}\p{N}]/u.test(last) ? affix : undefined);
    while (at >= 0 && at < edge.length && isBlank(edge, at)) at += step;
  }
  return affixes;
}

const isBlank = (text: string, at: number): boolean => text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xa0;

// ── Lines ───────────────────────────────────────────────────────────────────

const LINE_LABEL = /^(?:[-*•] )?\*{0,2}(\p{L}[\p{L}\p{N} _/-]{0,30}?)(?::\*{0,2}|\*{0,2}:)(?=\s|$)/u;
const HEADING = /^#{1,6} \S.{0,60}$/;
/** Different line labels that are counted; more are no form. */
const LINE_LABELS = 5000;

/** The labels ("Thought:") and headings ("## Summary") that nine in ten replies have lines with. */
function addLineLabels(readings: readonly ReplyReading[], add: Add): void {
  const times = new Map<string, number>();
  const own = readings.map(({ lines }) => {
    const labels = new Set<string>();
    if (lines.length < 2) return labels;
    for (const line of lines) {
      const name = LINE_LABEL.exec(line)?.[1];
      if (name !== undefined) labels.add(`${name}:`);
      else if (HEADING.test(line)) labels.add(line);
    }
    for (const label of labels) if (times.has(label) || times.size < LINE_LABELS) times.set(label, (times.get(label) ?? 0) + 1);
    return labels;
  });
  const first = own.flatMap((labels) => [...labels]);
  const shared = [...times]
    .filter(([, n]) => n >= KEPT * readings.length)
    .map(([label]) => label)
    .sort((a, b) => first.indexOf(a) - first.indexOf(b) || (a < b ? -1 : 1));
  if (shared.length === 0) return;
  const said = list([...shared.slice(0, 4).map((label) => quote(label, 30)), ...(shared.length > 4 ? [`${shared.length - 4} more`] : [])]);
  const mask = Uint8Array.from(own, (labels) => (shared.every((label) => labels.has(label)) ? 1 : 0));
  add('line-labels', 'structure', `write ${shared.length === 1 ? 'a line' : 'lines'} with ${said}`, 0.003, mask);
}

// ── Labels ──────────────────────────────────────────────────────────────────

const NAMED = 3;

/** The one habit of a task whose replies are labels: which, how long, how written. */
function addLabels(task: Task, readings: readonly ReplyReading[], found: Map<string, Habit>): void {
  const times = new Map<string, number>();
  for (const { pair } of task.pairs) {
    if (pair.reply.length > 200 || !isShort(pair.reply)) continue;
    const label = foldLabel(pair.reply);
    times.set(label, (times.get(label) ?? 0) + 1);
  }
  const labels = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([label]) => label);
  const mask = Uint8Array.from(readings, ({ text }) => (times.has(foldLabel(text)) ? 1 : 0));
  const longest = Math.max(...labels.map((label) => label.split(/\s+/).length));
  const size = longest === 1 ? 'one word' : `at most ${longest} words`;
  const lower = readings.every(({ text }) => text === text.toLowerCase() && text !== text.toUpperCase()) ? ', in lower case' : '';
  const does =
    labels.length === 1
      ? `reply ${quote(labels[0]!)}`
      : labels.length <= NAMED
        ? `reply with one of ${labels.length} labels (${list(labels.map((label) => quote(label, 25)))})${lower}`
        : `reply with one of ${integer(labels.length)} labels of ${size}${lower}`;
  found.set(
    'labels',
    habitOf(
      'labels',
      'structure',
      does,
      0.03,
      mask,
      readings.map(({ item }) => item),
    ),
  );
}
