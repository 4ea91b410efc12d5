import { combine } from '../stats/hash.ts';
import type { PanelExample } from '../types.ts';
import { align, type Edit, editOf, type WordList, wordList } from './alignment.ts';
import { editedText, type Frame, firstPart, frameOf } from './edited-text.ts';
import {
  ALL_CAPS,
  ANY_END,
  CAPITAL,
  COMMA,
  caseOf,
  DOUBLE_BLANK,
  INVISIBLE,
  LINE_BREAK,
  marksOf,
  ODD,
  QUOTE,
  SENTENCE_END,
} from './marks.ts';
import type { PanelPair, Task } from './tasks.ts';

/** From the pairs of an edit task to decisions: what the reply did at each word of the text, and which cues the text showed there. */

/** What a reply can do: put a mark into the gap before a word (the first four, in the order of `marksOf`'s bits), or change the word. */
export const OPERATIONS = ['sentence-end', 'comma', 'line-break', 'quote', 're-case', 'substitute', 'delete'] as const;
export type OperationId = (typeof OPERATIONS)[number];

/** What can be seen at a word of the text without reading it: its own case, that of the word before, the gap between them, its place. */
export const CUES = [
  'next-capital',
  'next-all-caps',
  'last-capital',
  'last-all-caps',
  'double-blank',
  'line-break',
  'invisible',
  'odd-mark',
  'second-word',
  'third-word',
  'fourth-word',
  'last-word',
  'last-word-but-one',
  'last-word-but-two',
  'every-tenth-word-from-1',
  'every-tenth-word-from-2',
  'every-tenth-word-from-3',
  'every-tenth-word-from-4',
  'every-tenth-word-from-5',
  'every-tenth-word-from-6',
  'every-tenth-word-from-7',
  'every-tenth-word-from-8',
  'every-tenth-word-from-9',
  'every-tenth-word-from-10',
] as const;
export type CueId = (typeof CUES)[number];

/** All decisions of one task. The columns run over the words of its texts but the first of each, which has no gap before it. */
export interface Edits {
  readonly task: Task;
  /** Ids of the folded words, from 0, below `vocabulary`. */
  readonly word: readonly number[];
  readonly vocabulary: number;
  /** Bits by the order of `CUES`. */
  readonly cues: readonly number[];
  /** Bits by the order of `OPERATIONS`: what was done; what could have been, as the text does not show it already. */
  readonly done: readonly number[];
  readonly possible: readonly number[];
  /** Bits by the order of `OPERATIONS`: the reply no longer has the odd mark at which this was done. */
  readonly replaced: readonly number[];
  /** The pair of each word, as an index of `pairs`. */
  readonly pairOf: readonly number[];
  /** Where the word begins in its text. */
  readonly at: readonly number[];
  /** The pairs that could be read as edits, in hash order, with the edited text and a content hash of their own. */
  readonly pairs: readonly { readonly example: PanelExample; readonly text: string; readonly seed: number }[];
}

type Growing<T> = { readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

/** Words of a text. */
const WORDS_READ = 2000;
/** Words looked at for each decision allowed, and comparisons of an alignment's search: hostile data ends here. */
const WORDS_PER_DECISION = 10;
const DIFFERENCES = 30_000_000;
/** Share of the words of prompt and reply that an alignment must keep. */
const ALIGNED = 0.7;

/** What may still be looked at. */
interface Budget {
  words: number;
  differences: number;
}

/**
 * Reads pairs in hash order until `most` decisions are there; pairs of which too little was kept are left out.
 *
 * @param most decisions; the pair that reaches it is read to its end
 */
export function readEdits(task: Task, most: number): Edits {
  const edits: Growing<Omit<Edits, 'vocabulary'>> = {
    task,
    word: [],
    cues: [],
    done: [],
    possible: [],
    replaced: [],
    pairOf: [],
    at: [],
    pairs: [],
  };
  const ids = new Map<string, number>();
  const frame = frameOf(task.pairs);
  const left: Budget = { words: most * WORDS_PER_DECISION, differences: DIFFERENCES };
  for (const one of task.pairs) {
    if (edits.word.length >= most || left.words <= 0 || left.differences <= 0) break;
    const aligned = one.pair.hasPrompt ? alignPair(one, frame, ids, left) : null;
    if (!aligned) continue;
    decide(edits, aligned);
    edits.pairs.push({ example: one.example, text: aligned.text, seed: combine(one.example.hash, one.pair.turn) });
  }
  return { ...edits, vocabulary: ids.size };
}

// ── What became of the words ────────────────────────────────────────────────

interface Aligned {
  readonly text: string;
  readonly reply: string;
  /** The words of the text and of the reply. */
  readonly said: WordList;
  readonly replied: WordList;
  /** The ids of the words of the text. */
  readonly words: Uint32Array;
  readonly changed: Edit;
}

/** `null` where the reply keeps too little of the text, or the search for what it keeps is too long. */
function alignPair(one: PanelPair, frame: Frame, ids: Map<string, number>, left: Budget): Aligned | null {
  const text = editedText(one, frame);
  const reply = firstPart(one.pair.reply);
  const said = wordList(text, WORDS_READ);
  const replied = wordList(reply, WORDS_READ);
  left.words -= said.folded.length + replied.folded.length;
  const before = idsOf(said, ids);
  const after = idsOf(replied, ids);
  const needed = Math.ceil(ALIGNED * after.length);
  if (after.length < 2 || inCommon(before, after) < needed) return null;
  const most = Math.min(before.length + after.length - 2 * needed, Math.floor(Math.sqrt(left.differences)));
  const alignment = align(before, after, most);
  left.differences -= (alignment ? differences(alignment, after.length) : most) ** 2;
  if (!alignment) return null;
  const changed = editOf(alignment, after.length);
  if (changed.keptCount < ALIGNED * Math.max(changed.until - changed.from, replied.cut ? 0 : after.length)) return null;
  return { text, reply, said, replied, words: before, changed };
}

function idsOf({ folded }: WordList, ids: Map<string, number>): Uint32Array {
  const list = new Uint32Array(folded.length);
  for (let i = 0; i < list.length; i++) {
    const word = folded[i]!;
    let id = ids.get(word);
    if (id === undefined) ids.set(word, (id = ids.size));
    list[i] = id;
  }
  return list;
}

/** How many words a bag of words has in common with another. */
function inCommon(a: Uint32Array, b: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    if (left === 0) continue;
    counts.set(word, left - 1);
    common++;
  }
  return common;
}

function differences(alignment: Int32Array, replyLength: number): number {
  let matched = 0;
  for (const j of alignment) if (j >= 0) matched++;
  return alignment.length + replyLength - 2 * matched;
}

// ── What was decided at each word, and what could be seen there ─────────────

const MARKS = SENTENCE_END | COMMA | LINE_BREAK | QUOTE;
const RE_CASE = 1 << OPERATIONS.indexOf('re-case');
const SUBSTITUTE = 1 << OPERATIONS.indexOf('substitute');
const DELETE = 1 << OPERATIONS.indexOf('delete');

function decide(edits: Growing<Omit<Edits, 'vocabulary'>>, { text, reply, said, replied, words, changed }: Aligned): void {
  const { from, until, to, kept } = changed;
  const pair = edits.pairs.length;
  let lastCase = caseOf(text, said.starts[from]!, said.ends[from]!);
  for (let i = from + 1; i < until; i++) {
    const start = said.starts[i]!;
    const gap = marksOf(text, said.ends[i - 1]!, start);
    const ownCase = caseOf(text, start, said.ends[i]!);
    const j = to[i]!;

    let done = 0;
    let possible = DELETE;
    let replaced = 0;
    if (j < 0) done = DELETE;
    else {
      const paired = j > 0 && to[i - 1] === j - 1;
      const replyGap = paired ? marksOf(reply, replied.ends[j - 1]!, replied.starts[j]!) : 0;
      possible |= SUBSTITUTE;
      if (kept[i] === 0) done |= SUBSTITUTE;
      // after a sentence end that the prompt shows, or that the reply has just put there, a capital is no secret
      else if (!((gap | replyGap) & ANY_END)) {
        possible |= RE_CASE;
        if (isRecased(text.slice(start, said.ends[i]), reply.slice(replied.starts[j], replied.ends[j]))) done |= RE_CASE;
      }
      // where the prompt shows a sentence end, neither a new line nor a quotation mark is a secret
      if (paired && !(gap & ANY_END)) {
        possible |= MARKS & ~gap;
        done |= replyGap & MARKS & ~gap;
      }
      if (gap & ODD && !(replyGap & ODD)) replaced = done;
    }

    edits.word.push(words[i]!);
    edits.cues.push(cuesAt(gap, ownCase, lastCase, i - from, until - 1 - i));
    edits.done.push(done);
    edits.possible.push(possible);
    edits.replaced.push(replaced);
    edits.pairOf.push(pair);
    edits.at.push(start);
    lastCase = ownCase;
  }
}

const isRecased = (before: string, after: string): boolean => before !== after && before.toLowerCase() === after.toLowerCase();

const bit = (cue: CueId): number => 1 << CUES.indexOf(cue);
const NEXT_CAPITAL = bit('next-capital');
const NEXT_ALL_CAPS = bit('next-all-caps');
const LAST_CAPITAL = bit('last-capital');
const LAST_ALL_CAPS = bit('last-all-caps');
const AT_DOUBLE_BLANK = bit('double-blank');
const AT_LINE_BREAK = bit('line-break');
const AT_INVISIBLE = bit('invisible');
const AT_ODD_MARK = bit('odd-mark');
/** The first of three cues, of three, and of ten. */
const FROM_START = CUES.indexOf('second-word');
const FROM_END = CUES.indexOf('last-word');
const TENTHS = CUES.indexOf('every-tenth-word-from-1');

/**
 * @param gap bits of `marksOf` before the word; the cases are bits of `caseOf`, of the word and of the one before
 * @param index of the word in the edited text, from 0
 * @param left how many words come after it
 */
function cuesAt(gap: number, ownCase: number, lastCase: number, index: number, left: number): number {
  let cues = 0;
  if (ownCase & CAPITAL) cues |= NEXT_CAPITAL;
  if (ownCase & ALL_CAPS) cues |= NEXT_ALL_CAPS;
  if (lastCase & CAPITAL) cues |= LAST_CAPITAL;
  if (lastCase & ALL_CAPS) cues |= LAST_ALL_CAPS;
  if (gap & DOUBLE_BLANK) cues |= AT_DOUBLE_BLANK;
  if (gap & LINE_BREAK) cues |= AT_LINE_BREAK;
  if (gap & INVISIBLE) cues |= AT_INVISIBLE;
  if (gap & ODD) cues |= AT_ODD_MARK;
  if (index <= 3) cues |= 1 << (FROM_START + index - 1);
  if (left <= 2) cues |= 1 << (FROM_END + left);
  return cues | (1 << (TENTHS + (index % 10)));
}
