import { feature } from '../features/feature.ts';
import { pairs } from '../features/pairs.ts';
import type { Panel, PanelExample } from '../types.ts';
import { contentWords, type InstructionKind, instructionKind } from './instructions.ts';
import { areLabels, foldLabel, isShort } from './labels.ts';
import { measure } from './task-type.ts';
import { type Opening, openingOf, type PanelPair, type Task, type TaskType, tasks, typeOfPairs } from './tasks.ts';
import { type Form, isSyntax, textForm } from './text-form.ts';
import { words } from './words.ts';

/** What the prompts that make one kind of task have in common. */
export type SharedBy =
  /** The wording of their instruction, but for small words. */
  | { readonly by: 'instruction'; readonly text: string }
  /** A field that their prompts open with. */
  | { readonly by: 'field'; readonly text: string }
  /** The system text says what to do with whatever comes. */
  | { readonly by: 'system'; readonly text: string }
  /** Their replies are labels out of one set. */
  | { readonly by: 'labels' }
  /** Their replies are of one form: SQL, code of one language, JSON with the same keys. */
  | { readonly by: 'form'; readonly form: Form }
  /** Their replies end with the same words around a number. */
  | { readonly by: 'ending'; readonly text: string }
  /** Their replies come out of the prompt in one way. */
  | { readonly by: 'type' }
  /** Their conversations call tools, whatever for. */
  | { readonly by: 'calls' }
  /** The kind of their instruction, in whatever words, and the form of their replies. */
  | { readonly by: 'kind'; readonly kind: InstructionKind; readonly form: ReplyForm };

export type ReplyForm = 'text' | 'json' | 'markup' | 'sql' | 'code';

/** Examples that ask for one thing, whatever their wording: unlike `tasks`, which go by wording alone. */
export interface TaskKind {
  readonly key: string;
  readonly shared: SharedBy;
  readonly type: TaskType;
  /** One for each example: its first pair. In hash order. */
  readonly pairs: readonly PanelPair[];
}

export interface TaskKinds {
  /** Largest first. */
  readonly kinds: readonly TaskKind[];
  /** Examples with a prompt that were looked at. */
  readonly examples: number;
  /** Those of them whose task could be told. */
  readonly told: number;
}

/** Examples that are looked at: those with the smallest hashes. A share of a half is within 0.016 then. */
const EXAMPLES = 4000;
/** What nearly all share is what they have in common. */
const NEARLY_ALL = 0.9;
/** An instruction that so many examples, and so large a share, have but for small words is one of its own. */
const RECURS = 20;
const RECURS_SHARE = 0.005;
const MOST = 0.5;
/** In a pool where fewer instructions than this can be read, those that can may be part of the input. */
const READABLE = 0.5;
/** The same where the replies come out of the prompts, so that these are mostly input. */
const READABLE_INPUT = 0.8;
/** So few examples of a kind are misread or strays. */
const STRAYS = 3;
const STRAYS_SHARE = 0.005;

interface Entry {
  readonly item: PanelPair;
  readonly task: Task;
  readonly opening: Opening | undefined;
  readonly kind: InstructionKind | undefined;
}

/**
 * The kinds of task in the training data.
 *
 * What shares an instruction or a field is one task, and two wordings with the same content words are one instruction. Of all others the
 * replies decide first: a pool of labels, of one form (SQL, JSON with the same keys), of one ending around a number ("#### 18"), or that copies, edits
 * or cuts its prompts, is one task however its prompts begin, since what they say is input. Where the replies have nothing in common, the
 * kind of the instruction decides, if it can be read. Where it cannot be, nothing is claimed.
 */
export const taskKinds: (panel: Panel) => TaskKinds = feature((panel: Panel): TaskKinds => {
  const entries = entriesOf(panel);
  const found = new Found();
  const rest = sharedInstructions(entries, found);
  for (const [task, pool] of byTask(rest)) {
    const one = whatUnites(task, pool);
    if (one) for (const { item } of pool) found.add(one.key, one.shared, item);
    else byKind(pool, found);
  }
  return found.result(entries.length);
});

/** Collects pairs by the key of their kind. */
class Found {
  readonly kinds = new Map<string, { readonly shared: SharedBy; readonly pairs: PanelPair[] }>();

  add(key: string, shared: SharedBy, item: PanelPair): void {
    const kind = this.kinds.get(key);
    if (kind) kind.pairs.push(item);
    else this.kinds.set(key, { shared, pairs: [item] });
  }

  result(examples: number): TaskKinds {
    const all = [...this.kinds]
      .map(([key, { shared, pairs: items }]) => ({ key, shared, pairs: items.sort(byHash) }))
      .sort((a, b) => b.pairs.length - a.pairs.length || (a.key < b.key ? -1 : 1));
    const least = Math.max(Math.min(STRAYS, examples / 10), STRAYS_SHARE * examples);
    const kinds = joinAlike(all)
      .filter(({ pairs: items }) => items.length >= least)
      .map((kind) => ({ ...kind, type: typeOfPairs(kind.pairs) }));
    return { kinds, examples, told: kinds.reduce((sum, { pairs: items }) => sum + items.length, 0) };
  }
}

const byHash = (a: PanelPair, b: PanelPair): number => a.example.hash - b.example.hash;

function entriesOf(panel: Panel): Entry[] {
  const pools = new Map<PanelExample, Task>();
  for (const task of tasks(panel)) {
    for (const { example } of task.pairs) pools.set(example, task); // later turns belong to the task of the first
  }
  const entries: Entry[] = [];
  for (const example of panel.train) {
    if (entries.length >= EXAMPLES) break;
    const task = pools.get(example);
    const item = pairs(example)[0];
    if (!task || !item?.hasPrompt || item.reply.trim() === '' || !/\S/.test(item.prompt)) continue;
    const instruction = instructionOf(example);
    entries.push({
      item: { pair: item, example },
      task,
      kind: instructionKind(instruction),
      opening: ownOpening(example, instruction),
    });
  }
  return entries;
}

function byTask(entries: readonly Entry[]): Map<Task, Entry[]> {
  const pools = new Map<Task, Entry[]>();
  for (const entry of entries) {
    const pool = pools.get(entry.task);
    if (pool) pool.push(entry);
    else pools.set(entry.task, [entry]);
  }
  return pools;
}

// ── The wording of the instruction ──────────────────────────────────────────

const LONGEST = 2000;
/** Where a rendered template says that its instruction follows. */
const MARKER = /(?:^|\n)#{0,4}[ \t]{0,4}(?:instructions?|command|request|task)[ \t]{0,4}:[ \t]{0,4}\n?/i;
/** Who speaks, not what is asked. */
const SPEAKER = /^(?:#{1,4} ?)?(?:user|human|customer|q|question|prompt|input)\s{0,4}:\s{0,4}/i;

/** The text that may hold the instruction: its part of the row, else the first turn of the user, behind the label that a template puts before it. */
function instructionOf(example: PanelExample): string {
  const part = example.parts?.instruction?.trim();
  const text = part || example.messages.find(({ role, text: said }) => role === 'user' && /\S/.test(said))?.text.trim() || '';
  const head = text.slice(0, LONGEST);
  const marker = MARKER.exec(head);
  if (!marker) return text.replace(SPEAKER, '');
  const from = text.slice(marker.index + marker[0].length);
  const end = from.indexOf('\n###');
  return (end < 0 ? from : from.slice(0, end)).trim();
}

/** What the example opens with, where that can be what many share: a first line with something after it, never the frame of a template. */
function ownOpening(example: PanelExample, instruction: string): Opening | undefined {
  const opening = openingOf(example);
  if (!opening) return undefined;
  if (opening.kind === 'instruction') return example.parts?.input?.trim() ? opening : undefined;
  if (opening.kind === 'field' && instructionKind(opening.text)) return { kind: 'line', text: opening.text }; // "Translate into French: ..."
  if (opening.kind === 'field') return SPEAKER.test(`${opening.text} `) || opening.text.startsWith('#') ? undefined : opening;
  if (!instruction.startsWith(opening.text)) {
    // behind the frame of a template the instruction begins with a line of its own
    const line = instruction.slice(0, LONGEST).split('\n', 1)[0]!.trim();
    return line === '' || line.length === instruction.length ? undefined : { kind: 'line', text: line };
  }
  return opening.text.length === instruction.length ? undefined : opening;
}

/**
 * Puts what shares its instruction or field, and gives back what does not. Instructions of one kind that recur are tasks of their own only where
 * they make most of that kind: "Rewrite it as a simile" ten times among three hundred other ways to say rewrite is one more way.
 */
function sharedInstructions(entries: readonly Entry[], found: Found): Entry[] {
  const keys = entries.map(({ opening }) => (opening ? keyOf(opening) : ''));
  const times = tally(keys);
  const least = Math.max(RECURS, RECURS_SHARE * entries.length);
  const recurs = keys.map((key) => key !== '' && times.get(key)! >= least);
  const kinds = entries.map(({ kind, item }) => (kind ? kindKey(kind, replyForm(item)) : ''));
  const all = tally(kinds);
  const recurring = tally(kinds.filter((_, i) => recurs[i]));
  return entries.filter(({ item, opening, kind }, i) => {
    if (!opening || !recurs[i]) return true;
    if (opening.kind === 'line' && kind === undefined && times.get(keys[i]!)! < NEARLY_ALL * entries.length) return true; // a greeting, or input that recurs
    if (opening.kind !== 'field' && kind !== undefined && recurring.get(kinds[i]!)! < MOST * all.get(kinds[i]!)!) return true;
    found.add(keys[i]!, { by: opening.kind === 'field' ? 'field' : 'instruction', text: opening.text }, item);
    return false;
  });
}

function tally(keys: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return times;
}

function keyOf({ kind, text }: Opening): string {
  if (kind === 'field') return `field ${text.toLowerCase()}`;
  const said = [...contentWords(words(text, 60))].sort();
  return said.length === 0 ? '' : `instruction ${said.join(' ')}`;
}

// ── What the replies of a pool have in common ───────────────────────────────

interface Kind {
  readonly key: string;
  readonly shared: SharedBy;
}

/** Types in which the reply comes out of the prompt: what a prompt says is input then. */
const FROM_THE_PROMPT: readonly TaskType[] = ['copy', 'edit', 'extract', 'reformat', 'compress', 'choose', 'classify'];

function whatUnites(task: Task, pool: readonly Entry[]): Kind | undefined {
  if (task.labelLike) {
    const labels = [...new Set(pool.map(({ item }) => foldLabel(item.pair.reply.slice(0, 200))))].sort();
    return { key: `labels ${labels.slice(0, 20).join(' ')}`, shared: { by: 'labels' } };
  }
  const opening = allShare(pool, 1, ({ opening: own }) => own?.text);
  if (opening !== undefined && pool.length > 1) return { key: `instruction ${opening}`, shared: { by: 'instruction', text: opening } };
  const form = allShare(pool, NEARLY_ALL, ({ item }) => formKey(item));
  if (form !== undefined) return { key: `form ${form}`, shared: { by: 'form', form: form.split(' ', 1)[0] as Form } };
  const ending = allShare(pool, NEARLY_ALL, ({ item }) => endingOf(item.pair.reply));
  if (ending !== undefined) return { key: `ending ${ending}`, shared: { by: 'ending', text: ending } };

  const read = pool.filter(({ kind }) => kind !== undefined).length;
  const input = FROM_THE_PROMPT.includes(task.type);
  if (read >= (input ? READABLE_INPUT : READABLE) * pool.length) return undefined;
  const system = allShare(pool, NEARLY_ALL, ({ item }) => item.pair.system.trim() || undefined);
  const said = system === undefined ? undefined : instructionKind(system);
  if (system !== undefined && said && said !== 'answer')
    return { key: `system ${system.slice(0, LONGEST)}`, shared: { by: 'system', text: system } };
  if (input) return { key: `type ${task.type}`, shared: { by: 'type' } };
  return undefined;
}

/** What so large a share of the pool has as its value. */
function allShare(pool: readonly Entry[], share: number, valueOf: (entry: Entry) => string | undefined): string | undefined {
  const times = new Map<string, number>();
  let missed = 0;
  for (const entry of pool) {
    const value = valueOf(entry);
    if (value !== undefined) times.set(value, (times.get(value) ?? 0) + 1);
    else if (++missed > (1 - share) * pool.length) return undefined;
  }
  for (const [value, n] of times) if (n >= share * pool.length) return value;
  return undefined;
}

/** The form of a reply, where it may be all that a task is: of JSON with its keys. Fenced or not, a language is the same. */
function formKey({ pair }: PanelPair): string | undefined {
  const { form, language } = textForm(pair.reply);
  if (form === 'json') {
    const keys = jsonKeys(pair.reply);
    return keys === '' ? undefined : `json ${keys}`;
  }
  if (form === 'code') return `code ${language ?? ''}`;
  return isSyntax(form) || form === 'number' || form === 'table' ? form : undefined;
}

/** The keys of the outermost object, or of the first one in a list, sorted. */
function jsonKeys(text: string): string {
  const open = text.indexOf('{');
  const close = text.lastIndexOf('}');
  if (open < 0 || close < open) return '';
  try {
    const value: unknown = JSON.parse(text.slice(open, close + 1));
    return value === null || typeof value !== 'object' ? '' : Object.keys(value).sort().slice(0, 20).join(' ').slice(0, 300);
  } catch {
    return '';
  }
}

/** The last line of a reply of several, with 0 for its numbers, where it is a slot for one: "#### 0". */
function endingOf(reply: string): string | undefined {
  const text = reply.trimEnd();
  const from = text.lastIndexOf('\n') + 1;
  if (from === 0 || text.length - from > 60) return undefined;
  const line = text.slice(from).trim();
  const slot = line.replace(/-?\$?\d[\d.,/:]*/g, '0');
  return slot.includes('0') && !/^\d+[.)]/.test(line) ? slot.toLowerCase() : undefined;
}

// ── Several wordings of one task ────────────────────────────────────────────

type Unsure = Omit<TaskKind, 'type'>;

/** Kinds that are compared, and replies of each, and words of these. */
const COMPARED = 20;
const REPLIES = 200;
const WORDS = 60;
/** Fewer replies than this cannot be told alike. */
const FEW = 12;
/** How alike the halves of one kind must be for it to have a mould: cosine of the word counts. */
const MOULD = 0.6;
/** Kinds of one mould are as alike as the halves of each: cosine of word counts, and of their roots, over that of halves. */
const AS_ALIKE = 0.94;
const AS_ALIKE_ROOTS = 0.85;
/** The same where the instructions are of two kinds, "Determine the tone" and "Classify the tone": all prose is a little alike. */
const MOULD_ACROSS = 0.85;
const AS_ALIKE_ROOTS_ACROSS = 0.9;
/** And how far apart the medians of length (as a ratio) and of coverage may be. */
const LENGTHS = 1.6;
const COVERAGE = 0.2;

/**
 * Data for one task is often written from a handful of templates ("Classify the tone.", "What is the tone?"). Their replies come out of one
 * mould then: each kind joins the largest one that its replies are as alike to as to one another.
 *
 * @param all largest first
 */
function joinAlike(all: readonly Unsure[]): Unsure[] {
  const kept: { kind: Unsure; readonly profile: Profile | undefined }[] = [];
  for (const [i, kind] of all.entries()) {
    const profile = i < COMPARED && kind.pairs.length >= FEW ? profileOf(kind) : undefined;
    const one = profile && kept.find((known) => known.profile && alike(profile, known.profile));
    if (one) one.kind = { ...one.kind, pairs: [...one.kind.pairs, ...kind.pairs].sort(byHash) };
    else kept.push({ kind, profile });
  }
  return kept.map(({ kind }) => kind).sort((a, b) => b.pairs.length - a.pairs.length || (a.key < b.key ? -1 : 1));
}

interface Profile {
  /** The start of each reply, as labels are compared. */
  readonly said: readonly string[];
  /** The words of each reply. */
  readonly replies: readonly (readonly string[])[];
  /** Where the replies are labels. */
  readonly labels: ReadonlySet<string> | undefined;
  readonly form: ReplyForm;
  /** Of the instruction. */
  readonly kind: InstructionKind | undefined;
  readonly length: number;
  readonly coverage: number;
}

function profileOf({ shared, pairs: items }: Unsure): Profile {
  const some = items.slice(0, REPLIES);
  const kind = shared.by === 'kind' ? shared.kind : shared.by === 'instruction' ? instructionKind(shared.text) : undefined;
  const { replyLength, coverage } = measure(some, { pairs: 60, words: 12_000 }, 0);
  const said = some.map(({ pair }) => foldLabel(pair.reply.slice(0, 200)));
  const labels = new Set(said);
  const short = some.filter(({ pair }) => isShort(pair.reply)).length;
  const replies = some.map(({ pair }) => words(pair.reply, WORDS));
  return {
    said,
    labels: areLabels(some.length, short, labels.size) ? labels : undefined,
    replies,
    form: mostly(some),
    kind,
    length: replyLength,
    coverage,
  };
}

function alike(a: Profile, b: Profile): boolean {
  if (a.labels || b.labels) return mostlyOf(a, b.labels) && mostlyOf(b, a.labels);
  if (a.form !== b.form || Math.abs(a.coverage - b.coverage) > COVERAGE) return false;
  if (Math.max(a.length, b.length) > LENGTHS * Math.max(1, Math.min(a.length, b.length))) return false;
  const half = Math.min(a.replies.length, b.replies.length) >> 1; // of equal size, since smaller samples are less alike
  const [a0, a1, b0, b1] = [countsOf(a, 0, half), countsOf(a, 1, half), countsOf(b, 0, half), countsOf(b, 1, half)];
  const sameKind = a.kind === b.kind;
  for (const [roots, least] of [
    [false, AS_ALIKE],
    [true, sameKind ? AS_ALIKE_ROOTS : AS_ALIKE_ROOTS_ACROSS],
  ] as const) {
    const ofItself = Math.sqrt(cosine(a0, a1, roots) * cosine(b0, b1, roots));
    if (!roots && ofItself < (sameKind ? MOULD : MOULD_ACROSS)) return false;
    const between = (cosine(a0, b0, roots) + cosine(a0, b1, roots) + cosine(a1, b0, roots) + cosine(a1, b1, roots)) / 4;
    if (between < least * ofItself) return false;
  }
  return true;
}

/** Whether nearly all replies are labels out of a set. Two tasks whose answers are all yes or no cannot be told apart, and are taken for one. */
function mostlyOf({ said }: Profile, labels: ReadonlySet<string> | undefined): boolean {
  return labels !== undefined && said.filter((reply) => labels.has(reply)).length >= NEARLY_ALL * said.length;
}

/** How often each word comes in every second reply, from the first or the second on. */
function countsOf({ replies }: Profile, from: number, most: number): Map<string, number> {
  const times = new Map<string, number>();
  for (let i = 0; i < most; i++) for (const word of replies[2 * i + from] ?? []) times.set(word, (times.get(word) ?? 0) + 1);
  return times;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, roots: boolean): number {
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (const [word, n] of a) {
    ofA += roots ? n : n * n;
    const m = b.get(word) ?? 0;
    both += roots ? Math.sqrt(n * m) : n * m;
  }
  for (const m of b.values()) ofB += roots ? m : m * m;
  return both === 0 ? 0 : both / Math.sqrt(ofA * ofB);
}

// ── The kind of the instruction ─────────────────────────────────────────────

function byKind(pool: readonly Entry[], found: Found): void {
  const told = pool.filter(({ kind, item }) => kind !== undefined || callsTools(item));
  if (told.length < READABLE * pool.length) return;
  // an instruction that others share word for word is of its kind, too, where it is the only one
  const shared = new Map<string, string[]>();
  for (const [key, { shared: by, pairs: items }] of found.kinds) {
    const kind = by.by === 'instruction' ? instructionKind(by.text) : undefined;
    if (!kind) continue;
    const id = kindKey(kind, mostly(items));
    const known = shared.get(id);
    if (known) known.push(key);
    else shared.set(id, [key]);
  }
  for (const { item, kind } of told) {
    if (callsTools(item)) found.add('calls', { by: 'calls' }, item);
    if (callsTools(item) || !kind) continue;
    const form = replyForm(item);
    const [only, another] = shared.get(kindKey(kind, form)) ?? [];
    if (only !== undefined && another === undefined) found.add(only, found.kinds.get(only)!.shared, item);
    else found.add(kindKey(kind, form), { by: 'kind', kind: inForm(kind, form), form }, item);
  }
}

const kindKey = (kind: InstructionKind, form: ReplyForm): string => `kind ${inForm(kind, form)} ${form}`;

/** "How do I find the largest?" is one more way to say "Write a function" where the reply is code. */
const inForm = (kind: InstructionKind, form: ReplyForm): InstructionKind =>
  kind === 'answer' && (form === 'code' || form === 'sql' || form === 'markup') ? 'write' : kind;

/** The commonest form of the first few replies. */
function mostly(items: readonly PanelPair[]): ReplyForm {
  const times = new Map<ReplyForm, number>();
  for (const item of items.slice(0, 50)) {
    const form = replyForm(item);
    times.set(form, (times.get(form) ?? 0) + 1);
  }
  return [...times].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0];
}

const callsTools = ({ example }: PanelPair): boolean => example.messages.some(({ calls }) => calls !== undefined && calls.length > 0);

function replyForm({ pair }: PanelPair): ReplyForm {
  const { form } = textForm(pair.reply);
  if (form === 'json' || form === 'sql' || form === 'code') return form;
  return form === 'xml' || form === 'html' ? 'markup' : 'text';
}
