import type { Pair } from '../types.ts';
import { overlap, Vocabulary } from './fragments.ts';
import { type Form, isSyntax, textForm } from './text-form.ts';
import { words } from './words.ts';

/** What a model does with a prompt, by how much of the reply comes out of it. */
export type TaskType = 'copy' | 'extract' | 'choose' | 'classify' | 'edit' | 'reformat' | 'compress' | 'expand' | 'generate';

/** Of the pairs of a task: medians, and shares where it says so. Overlaps are those of Grusky et al., see `overlap`. */
export interface Measures {
  readonly coverage: number;
  readonly density: number;
  readonly compression: number;
  readonly recall: number;
  readonly novelBigrams: number;
  /** Share of pairs whose reply stands in the prompt as one run. */
  readonly verbatim: number;
  /** Share of pairs whose reply is the prompt, or a line of it and all its words. */
  readonly equal: number;
  /** In words. */
  readonly replyLength: number;
  /** Share of replies that are among the 20 commonest. */
  readonly top20: number;
  /** Share of pairs whose reply parses to a format that the prompt does not have. */
  readonly otherForm: number;
  /** Of those: the share of the words of their values that the prompt has. */
  readonly valueRecall: number;
}

/** Of a longer text the first so many words count. */
const WORDS = 2000;
/** So many pairs are read whatever the budget of words. */
const ALWAYS = 30;

/** How much of a task is read at most: pairs, and words of both their texts. */
export interface Budget {
  readonly pairs: number;
  readonly words: number;
}

interface Read {
  readonly pair: Pair;
  readonly prompt: readonly string[];
  readonly reply: readonly string[];
}

/**
 * Measures the pairs with the smallest hashes, as many as the budget has room for, without the frame: the words that nearly all
 * prompts of the task begin and end with are its instruction and none of its input.
 *
 * @param all in hash order
 * @param top20 share of replies that are among the 20 commonest
 */
export function measure(all: readonly { readonly pair: Pair }[], budget: Budget, top20: number): Measures {
  const read: Read[] = [];
  let total = 0;
  for (const { pair } of all) {
    if (!pair.hasPrompt || pair.reply === '') continue;
    if (read.length >= budget.pairs || (total > budget.words && read.length >= ALWAYS)) break;
    const one = { pair, prompt: words(pair.prompt, WORDS), reply: words(pair.reply, WORDS) };
    total += one.prompt.length + one.reply.length;
    read.push(one);
  }
  const frame = frameOf(read);

  const vocabulary = new Vocabulary();
  const columns = { coverage: [], density: [], compression: [], recall: [], novelBigrams: [], replyLength: [] } as Record<string, number[]>;
  let verbatim = 0;
  let equal = 0;
  let otherForm = 0;
  const valueRecall: number[] = [];
  for (const { pair, prompt, reply } of read) {
    const input = prompt.slice(frame.start, Math.max(frame.start, prompt.length - frame.end));
    columns.replyLength!.push(reply.length);
    const found = overlap(vocabulary.of(input), vocabulary.of(reply));
    if (found) {
      for (const name of ['coverage', 'density', 'compression', 'recall', 'novelBigrams'] as const) columns[name]!.push(found[name]);
      if (found.verbatim) verbatim++;
      if (found.verbatim && input.length === reply.length && pair.prompt.includes(pair.reply.trim())) equal++;
    } else if (pair.prompt.trim() === pair.reply.trim()) {
      equal++; // no words at all, as "1 + 1" without digits
    }
    const form = textForm(pair.reply).form;
    if (!isSyntax(form) || textForm(pair.prompt).form === form) continue;
    otherForm++;
    const share = valuesFound(pair.reply, form, new Set(prompt));
    if (share !== undefined) valueRecall.push(share);
  }
  const n = Math.max(1, read.length);
  return {
    coverage: median(columns.coverage!),
    density: median(columns.density!),
    compression: median(columns.compression!),
    recall: median(columns.recall!),
    novelBigrams: median(columns.novelBigrams!),
    replyLength: median(columns.replyLength!),
    verbatim: verbatim / n,
    equal: equal / n,
    top20,
    otherForm: otherForm / n,
    valueRecall: median(valueRecall),
  };
}

/** The ordered decision list: the first that holds. */
export function typeOf(m: Measures, labelLike: boolean): TaskType {
  if (labelLike || (m.top20 >= 0.95 && m.replyLength <= 5)) return m.verbatim >= 0.9 ? 'choose' : 'classify';
  if (m.verbatim >= 0.8 && m.compression >= 8 && m.replyLength <= 15) return 'extract';
  if (m.equal >= 0.5) return 'copy';
  if (m.otherForm >= 0.5 && m.valueRecall >= 0.6) return 'reformat';
  if (m.compression >= 0.8 && m.compression <= 1.25 && m.recall >= 0.6 && m.coverage >= 0.75) return 'edit';
  if (m.compression >= 2.5 && m.coverage >= 0.6 && m.replyLength >= 8) return 'compress';
  if (m.compression <= 0.5 && m.recall >= 0.4) return 'expand';
  return 'generate';
}

function median(values: number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

// ── The frame ───────────────────────────────────────────────────────────────

const NEARLY_ALL = 0.95;
const FRAME = 300;
const FEW = 20;

/**
 * How many words, at the start and at the end, nearly all prompts share, but for those that nearly all replies begin or end with
 * as well: these are input. None where the prompts are few, or are nothing else.
 */
function frameOf(read: readonly Read[]): { start: number; end: number } {
  if (read.length < FEW) return { start: 0, end: 0 };
  const start = frameAt(
    read.map(({ prompt }) => prompt),
    read.map(({ reply }) => reply),
  );
  const end = frameAt(
    read.map(({ prompt }) => prompt.slice(Math.max(start, prompt.length - FRAME)).toReversed()),
    read.map(({ reply }) => reply.slice(-FRAME).toReversed()),
  );
  let longer = 0;
  for (const { prompt } of read) if (prompt.length > start + end) longer++;
  return longer * 2 >= read.length ? { start, end } : { start: 0, end: 0 };
}

function frameAt(prompts: readonly (readonly string[])[], replies: readonly (readonly string[])[]): number {
  const shared = sharedStart(prompts);
  const replied = sharedStart(replies);
  let input = Math.min(shared.length, replied.length);
  while (input > 0 && !shared.slice(shared.length - input).every((word, i) => word === replied[i])) input--;
  return shared.length - input;
}

/** The words that nearly all lists begin with. */
function sharedStart(lists: readonly (readonly string[])[]): string[] {
  const found: string[] = [];
  let live = lists;
  while (found.length < FRAME) {
    const at = found.length;
    const times = new Map<string, number>();
    let best = '';
    for (const list of live) {
      const word = list[at];
      if (word === undefined) continue;
      const n = (times.get(word) ?? 0) + 1;
      times.set(word, n);
      if (n >= NEARLY_ALL * lists.length) best = word; // at most one can be
    }
    if (best === '') break;
    live = live.filter((list) => list[at] === best);
    found.push(best);
  }
  return found;
}

// ── Values ──────────────────────────────────────────────────────────────────

/**
 * The share of the words of a reply's values that its prompt has: of JSON the strings and numbers, of markup what is between
 * the tags, of SQL and code the literals. Keys, tags and keywords belong to the format, not to what was put into it. `undefined`: no values.
 */
function valuesFound(reply: string, form: Form, prompt: ReadonlySet<string>): number | undefined {
  const values = words(valuesOf(reply, form), WORDS);
  if (values.length === 0) return undefined;
  let found = 0;
  for (const word of values) if (prompt.has(word)) found++;
  return found / values.length;
}

/** What was put into a reply in JSON, markup, SQL or code: its values, a line each, without keys, tags and keywords. */
export function valuesOf(reply: string, form: Form): string {
  if (form === 'xml' || form === 'html') return reply.replace(/<[^<>]*>/g, '\n');
  if (form !== 'json') return literalsOf(reply);
  return jsonValues(reply);
}

/** By scanner, because a reply that was cut for the panel does not parse: whatever is in a string that no colon follows, and what is in none. */
function jsonValues(text: string): string {
  const values: string[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('"', at);
    if (open < 0) break;
    values.push(text.slice(at, open));
    let close = open + 1;
    while (close < text.length && text[close] !== '"') close += text[close] === '\\' ? 2 : 1;
    let after = close + 1;
    while (after < text.length && text.charCodeAt(after) <= 32) after++;
    if (text[after] !== ':') values.push(text.slice(open + 1, close).replace(/\\[nrt]/g, ' '));
    at = after;
  }
  values.push(text.slice(at));
  return values.join('\n');
}

function literalsOf(code: string): string {
  return [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|\b\d[\d.]*/g)].map(([all, single, double]) => single ?? double ?? all).join('\n');
}
