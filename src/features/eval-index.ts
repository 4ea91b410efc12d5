import { combine } from '../stats/hash.ts';
import { type HeldOut, type HeldOutPrompt, type PromptKeys, promptsOf } from '../stats/held-out.ts';
import type { Conversation, Fields } from '../types.ts';
import { feature } from './feature.ts';
import { pairs } from './pairs.ts';
import { marksOf, type Sketch, sketches } from './sketch.ts';
import { type WordHashes, wordHashes } from './word-hashes.ts';

// ── By which hashes a prompt is known ───────────────────────────────────────

/** A prompt that held-out and training data are compared by. */
export interface KeyedPrompt {
  readonly keys: PromptKeys;
  readonly text: string;
}

/**
 * The prompts of an example with what they are known by: of each pair that has one, and one at the end that nobody replies to (prompts
 * alone; a reply that is to be unlearnt). An example without any prompt (a text row) is a prompt itself, reply and all; a greeting before
 * the first prompt is none.
 */
export const keyedPrompts = feature((example: Conversation): readonly KeyedPrompt[] => {
  const found: KeyedPrompt[] = [];
  const texts = sketches(example);
  const { messages } = example;
  const asked = messages.some(({ role }) => role === 'user' || role === 'tool');
  const all = pairs(example);
  let next = 0;
  let exact = 1;
  let normal = 2;
  let exactBare = 3;
  let normalBare = 4;
  let system = 0;
  let open = ''; // what was asked since the last reply
  for (let turn = 0; turn < messages.length; turn++) {
    const { role, text } = messages[turn]!;
    const { exact: own, blanks } = texts[turn]!;
    const loose = normalOf(texts[turn]!, text);
    const salt = ROLES.indexOf(role) + 1;
    const pair = all[next];
    if (turn === pair?.turn) {
      next += 1;
      if (pair.hasPrompt) {
        if (/\S/.test(pair.prompt))
          found.push({ keys: { exact, normal, exactBare, normalBare, system, reply: blanks }, text: pair.prompt });
      } else if (!asked && next === 1 && /\S/.test(pair.reply)) {
        const keys = { exact: combine(5, own), normal: combine(6, loose), exactBare: combine(5, own), normalBare: combine(6, loose) };
        found.push({ keys: { ...keys, system: 0, reply: 0 }, text: pair.reply });
      }
    }
    if (role === 'assistant') open = '';
    else if (role !== 'system') open = open === '' ? text : `${open}\n${text}`;
    exact = combine(exact + salt, own);
    normal = combine(normal + salt, loose);
    if (role === 'system') {
      system = combine(system, loose);
    } else {
      exactBare = combine(exactBare + salt, own);
      normalBare = combine(normalBare + salt, loose);
    }
  }
  if (/\S/.test(open)) found.push({ keys: { exact, normal, exactBare, normalBare, system, reply: 0 }, text: open });
  return found;
});

const ROLES = ['system', 'user', 'assistant', 'tool'];

/** Marks of prose: leaving them out makes no other text. In `a[1]` it does, */
const PROSE = marksOf('!"\'(),.:;?-');
/** and so it does between digits and before them: 1.5, 3-4, 10:30, −2. */
const AT_DIGITS = /\d[^\p{L}\p{N}\s]+\d|[-−–×÷±≤≥≠√]\s?\d/u;

/** Of the words alone where the marks are those of prose, else of all but case, blanks and final marks. */
function normalOf({ words, folded, marks, digits, wordCount }: Sketch, text: string): number {
  const matter = wordCount === 0 || (marks & ~PROSE) !== 0 || (digits > 0 && AT_DIGITS.test(text));
  return matter ? folded : words;
}

// ── The index ───────────────────────────────────────────────────────────────

/** Words in a run, in a long run, and runs that a prompt of twenty words has. */
export const RUN = 8;
export const LONG_RUN = 13;
export const RUNS_OF_TWENTY_WORDS = 13;

/** What more than so many prompts hold, by share and by number, is what they are wrapped in. */
const COMMON_SHARE = 0.02;
const COMMON_LEAST = 3;
const COMMON_MOST = 100;

/** A run's hash is two polynomials of its words, mod 2^32, by unlike odd bases: they roll, and together have 64 bits. */
const MULTIPLY_A = 0x01000193;
const MULTIPLY_B = 0x9e3779b1;
const LAST_A = power(MULTIPLY_A, RUN);
const LAST_B = power(MULTIPLY_B, RUN);

function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product = Math.imul(product, base);
  return product;
}

/** What a text has in common with the prompts; valid until the next text is looked at. */
export interface Found {
  /** Of the text: see `WordHashes`. */
  skeleton: number;
  /** The prompts that share a run of words with it, and how many different runs each shares (by prompt). */
  prompts: number[];
  shared: Uint32Array;
  /** The shared runs, by number, each once. */
  runs: number[];
  /** Where in the prompts (by word, see `first`) a shared run of thirteen words begins. */
  long: number[];
  /** The first shared word, as an index into `comparable(text)`; −1 where there is none. */
  at: number;
}

/** How often a run is compared in one text. */
const OVER_AND_OVER = 4;

/**
 * Held-out prompts, to look training texts up in: all their runs of eight words by hash, their keys and their skeletons.
 * Runs that many prompts hold are a wrapper and tell nothing.
 */
export class EvalIndex {
  readonly prompts: readonly HeldOutPrompt[];
  /** True where the system texts are few, so that they cannot be what is asked: prompts are then compared without them. */
  readonly bare: boolean;
  /** The words of all prompts, one after the other, and where each prompt begins (one more at the end). */
  private readonly words: Int32Array;
  readonly first: Uint32Array;
  /** The number of the run that begins at each word; −1 where none does. */
  readonly runAt: Int32Array;
  /** In how many different prompts each run stands. */
  private readonly holders: Uint32Array;
  readonly common: number;
  /** By word, whether it stands in a run that many prompts hold. */
  private readonly wrapped: Uint8Array;
  /** The words at which each run begins: those of run r from `from[r]` to `from[r + 1]`. */
  private readonly from: Uint32Array;
  private readonly places: Uint32Array;
  /** By place, and by run: when it was last met, and how often in this text. */
  private readonly longSeen: Uint32Array;
  private readonly runTimes: Uint8Array;
  private readonly promptAt: Uint32Array;
  /** An open-addressed table of run numbers + 1, and the two hashes of each run. */
  private readonly slots: Uint32Array;
  private readonly shift: number;
  private readonly runA: Int32Array;
  private readonly runB: Int32Array;
  /** Bits of the hashes that there are: nearly all runs of other texts are turned down here, in the cache. */
  private readonly filter: Uint32Array;
  private readonly filterShift: number;
  private readonly byKey = new Map<number, number[]>();
  private readonly bySkeleton = new Map<number, number[]>();
  private readonly found: Found;
  private readonly promptSeen: Uint32Array;
  private readonly runSeen: Uint32Array;
  /** Counts the texts that were looked at: what was noted under another number is of another text. */
  private look = 0;
  /** Of the text that was looked at last: its words, and which of them stand in a wrapper. */
  private text: WordHashes | undefined;
  private inWrapper = new Uint8Array(4096);
  /** Of the same text its different runs of three words and of five, and those of the prompts; found out when asked for. */
  private readonly theirs: { 3: Set<number> | undefined; 5: Set<number> | undefined } = { 3: undefined, 5: undefined };
  private readonly shinglesOf: Int32Array[] = [];

  constructor(data: Fields<HeldOut>) {
    // those that differ in the system text alone stand side by side
    const prompts = promptsOf(data).toSorted((a, b) => a.normalBare - b.normalBare || a.exact - b.exact);
    this.prompts = prompts;
    this.common = Math.min(COMMON_MOST, Math.max(COMMON_LEAST, Math.ceil(prompts.length * COMMON_SHARE)));
    this.bare = new Set(prompts.map(({ system }) => system)).size <= this.common;

    let words = new Int32Array(1 << 12);
    const first = new Uint32Array(prompts.length + 1);
    const skeletons = new Float64Array(prompts.length);
    let size = 0;
    for (let row = 0; row < prompts.length; row++) {
      const read = wordHashes(prompts[row]!.text);
      const { count } = read;
      if (size + count > words.length) words = grown(words, (size + count) * 2);
      words.set(read.hash.subarray(0, count), size);
      first[row] = size;
      skeletons[row] = read.skeleton;
      size += count;
    }
    first[prompts.length] = size;
    this.words = words.slice(0, size);
    this.first = first;

    const bits = Math.max(6, Math.ceil(Math.log2(size * 2 + 2)));
    this.slots = new Uint32Array(2 ** bits);
    this.shift = 32 - bits;
    const filterBits = Math.min(27, bits + 3);
    this.filter = new Uint32Array(2 ** (filterBits - 5));
    this.filterShift = 32 - filterBits;
    this.runA = new Int32Array(size);
    this.runB = new Int32Array(size);
    this.runAt = new Int32Array(size).fill(-1);
    this.promptAt = new Uint32Array(size);
    this.holders = new Uint32Array(size);
    const lastHolder = new Float64Array(size);
    let runs = 0;
    for (let row = 0; row < prompts.length; row++) {
      const holder = prompts[row]!.normalBare;
      const end = first[row + 1]!;
      let hashA = 0;
      let hashB = 0;
      for (let i = first[row]!; i < end; i++) {
        this.promptAt[i] = row;
        hashA = (Math.imul(hashA, MULTIPLY_A) + words[i]!) | 0;
        hashB = (Math.imul(hashB, MULTIPLY_B) + words[i]!) | 0;
        const start = i - RUN + 1;
        if (start < first[row]!) continue;
        if (start > first[row]!) {
          hashA = (hashA - Math.imul(words[start - 1]!, LAST_A)) | 0;
          hashB = (hashB - Math.imul(words[start - 1]!, LAST_B)) | 0;
        }
        const run = this.number(hashA, hashB, runs);
        if (run === runs) runs++;
        this.runAt[start] = run;
        if (lastHolder[run] !== holder) {
          lastHolder[run] = holder;
          this.holders[run]! += 1;
        }
      }
    }

    this.wrapped = new Uint8Array(size);
    this.from = new Uint32Array(runs + 1);
    for (let i = 0; i < size; i++) {
      const run = this.runAt[i]!;
      if (run < 0) continue;
      if (this.isCommon(run)) this.wrapped.fill(1, i, i + RUN);
      else this.from[run + 1]! += 1;
    }
    for (let run = 0; run < runs; run++) this.from[run + 1]! += this.from[run]!;
    this.places = new Uint32Array(this.from[runs]!);
    const next = this.from.slice();
    for (let i = 0; i < size; i++) {
      const run = this.runAt[i]!;
      if (run >= 0 && !this.isCommon(run)) this.places[next[run]!++] = i;
    }

    prompts.forEach((prompt, row) => {
      listed(this.byKey, this.bare ? prompt.normalBare : prompt.normal, row);
      if (skeletons[row] !== 0) listed(this.bySkeleton, skeletons[row]!, row);
    });
    this.promptSeen = new Uint32Array(prompts.length);
    this.longSeen = new Uint32Array(this.places.length === 0 ? 0 : this.words.length);
    this.runTimes = new Uint8Array(runs);
    this.runSeen = new Uint32Array(runs);
    this.found = { skeleton: 0, prompts: [], shared: new Uint32Array(prompts.length), runs: [], long: [], at: -1 };
  }

  /** Whether so many prompts hold this run that it is a wrapper. */
  isCommon(run: number): boolean {
    return this.holders[run]! > this.common;
  }

  /** The prompts that are the same but for case, blanks and marks. */
  same({ normal, normalBare }: PromptKeys): readonly number[] {
    return this.byKey.get(this.bare ? normalBare : normal) ?? NONE;
  }

  /** Whether a prompt is the same to the letter. */
  isExact(row: number, { exact, exactBare }: PromptKeys): boolean {
    const prompt = this.prompts[row]!;
    return this.bare ? prompt.exactBare === exactBare : prompt.exact === exact;
  }

  /** The prompts of this skeleton, where it is not that of many. */
  ofSkeleton(skeleton: number): readonly number[] {
    const rows = skeleton === 0 ? undefined : this.bySkeleton.get(skeleton);
    return rows && rows.length <= this.common ? rows : NONE;
  }

  /** Looks up all runs of eight words of a text. */
  find(text: string): Found {
    const { found, filter, filterShift, slots, shift, runA, runB } = this;
    this.text = wordHashes(text);
    const { count, hash, start, skeleton } = this.text;
    if (count > this.inWrapper.length) this.inWrapper = new Uint8Array(count * 2);
    this.inWrapper.fill(0, 0, count);
    this.theirs[3] = undefined;
    this.theirs[5] = undefined;
    found.skeleton = skeleton;
    found.prompts.length = 0;
    found.runs.length = 0;
    found.long.length = 0;
    found.at = -1;
    this.look += 1;
    const mask = slots.length - 1;
    let hashA = 0;
    let hashB = 0;
    for (let i = 0; i < count; i++) {
      const word = hash[i]!;
      hashA = (Math.imul(hashA, MULTIPLY_A) + word) | 0;
      hashB = (Math.imul(hashB, MULTIPLY_B) + word) | 0;
      if (i < RUN - 1) continue;
      if (i >= RUN) {
        const last = hash[i - RUN]!;
        hashA = (hashA - Math.imul(last, LAST_A)) | 0;
        hashB = (hashB - Math.imul(last, LAST_B)) | 0;
      }
      const mixed = mix(hashA, hashB);
      const bit = mixed >>> filterShift;
      if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
      let slot = mixed >>> shift;
      let run = -1;
      for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
        if (runA[entry - 1] === hashA && runB[entry - 1] === hashB) {
          run = entry - 1;
          break;
        }
        slot = (slot + 1) & mask;
      }
      if (run < 0) continue;
      const at = i - RUN + 1;
      if (this.isCommon(run)) {
        this.inWrapper.fill(1, at, at + RUN);
        continue;
      }
      this.share(run, at, hash, count);
      if (found.at < 0) found.at = start[at]!;
    }
    return found;
  }

  /** Notes that the run at this word of the text is one of the prompts'. */
  private share(run: number, at: number, text: Int32Array, count: number): void {
    const { found, from, places, promptAt, promptSeen, runSeen, first, words } = this;
    const again = runSeen[run] === this.look;
    if (again) {
      // a text that says a thing over and over would otherwise be compared at each of its places with each of the prompt's
      if (this.runTimes[run]! >= OVER_AND_OVER) return;
      this.runTimes[run]! += 1;
    } else {
      runSeen[run] = this.look;
      this.runTimes[run] = 1;
      found.runs.push(run);
    }
    for (let k = from[run]!; k < from[run + 1]!; k++) {
      const place = places[k]!;
      const row = promptAt[place]!;
      if (!again) {
        if (promptSeen[row] !== this.look) {
          promptSeen[row] = this.look;
          found.shared[row] = 0;
          found.prompts.push(row);
        }
        found.shared[row]! += 1;
      }
      if (at + LONG_RUN > count || place + LONG_RUN > first[row + 1]!) continue;
      let same = RUN;
      while (same < LONG_RUN && text[at + same] === words[place + same]) same++;
      // once for a text: one that says a thing over and over has no more of it
      if (same === LONG_RUN && this.longSeen[place] !== this.look) {
        this.longSeen[place] = this.look;
        found.long.push(place);
      }
    }
  }

  /**
   * How near the text that was looked at last is to this prompt, wrappers aside: the Jaccard similarity of their word 5-grams, 0 where it
   * is below .8; of prompts below 30 words that of 3-grams, padded with two marks on either side, 0 below .7; of prompts below 5 words 0.
   */
  nearness(row: number): number {
    const { words, wrapped, inWrapper, first, shinglesOf, theirs } = this;
    const from = first[row]!;
    const to = first[row + 1]!;
    const own = to - from - sum(wrapped, from, to);
    if (own < 5) return 0;
    const size = own < 30 ? 3 : 5;
    const least = size === 3 ? 0.7 : 0.8;
    shinglesOf[row] ??= Int32Array.from(shingles(words, from, to, wrapped, from, size));
    theirs[size] ??= shingles(this.text!.hash, 0, this.text!.count, inWrapper, 0, size);
    const mine = shinglesOf[row];
    const other = theirs[size];
    if (Math.min(mine.length, other.size) < least * Math.max(mine.length, other.size)) return 0;
    let common = 0;
    for (let i = 0; i < mine.length; i++) if (other.has(mine[i]!)) common++;
    const similarity = common / (mine.length + other.size - common);
    return similarity >= least ? similarity : 0;
  }

  /** Where the word at `place` begins in `comparable(prompt.text)` of its prompt. */
  startOf(place: number): number {
    const row = this.promptAt[place]!;
    return wordHashes(this.prompts[row]!.text).start[place - this.first[row]!]!;
  }

  /** The number of the run with these hashes; the next one if it is new. */
  private number(hashA: number, hashB: number, next: number): number {
    const { slots, shift, runA, runB, filter, filterShift } = this;
    const mixed = mix(hashA, hashB);
    let slot = mixed >>> shift;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (runA[entry - 1] === hashA && runB[entry - 1] === hashB) return entry - 1;
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = next + 1;
    runA[next] = hashA;
    runB[next] = hashB;
    const bit = mixed >>> filterShift;
    filter[bit >>> 5]! |= 1 << (bit & 31);
    return next;
  }
}

const NONE: readonly number[] = [];

/** Spreads what a polynomial leaves in its low bits: the table goes by the high ones. */
function mix(a: number, b: number): number {
  const h = Math.imul(a ^ (b >>> 16), 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15) ^ b, 0x9e3779b1) >>> 0;
}

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const empty = new Int32Array(length);
  empty.set(old);
  return empty;
}

function listed(map: Map<number, number[]>, key: number, row: number): void {
  const rows = map.get(key);
  if (rows) rows.push(row);
  else map.set(key, [row]);
}

function sum(bytes: Uint8Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += bytes[i]!;
  return total;
}

/** The different runs of `size` words as 32-bit hashes, words that are wrapped left out; runs of three are padded with two marks on either side. */
function shingles(words: Int32Array, from: number, to: number, wrapped: Uint8Array, offset: number, size: number): Set<number> {
  const kept: number[] = size === 3 ? [1, 2] : [];
  for (let i = from; i < to; i++) if (wrapped[offset + i - from] === 0) kept.push(words[i]!);
  if (size === 3) kept.push(3, 4);
  const found = new Set<number>();
  for (let i = 0; i + size <= kept.length; i++) {
    let h = size;
    for (let k = i; k < i + size; k++) h = Math.imul(h ^ kept[k]!, 0x85ebca6b) ^ (h >>> 13);
    found.add(h);
  }
  return found;
}

const indexes = new WeakMap<object, EvalIndex>();

/** The index of what a side file left: made once for it, as it depends on nothing else. */
export function evalIndex(data: Fields<HeldOut>): EvalIndex {
  let index = indexes.get(data);
  if (!index) {
    index = new EvalIndex(data);
    indexes.set(data, index);
  }
  return index;
}
