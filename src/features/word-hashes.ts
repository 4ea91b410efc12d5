import { join32 } from '../stats/hash.ts';

/**
 * The words of a text as hashes, and the hash of its skeleton: what two texts are compared by, run of words by run of words.
 *
 * Words are runs of letters and digits, one apostrophe inside allowed, after NFKC and with case folded; in scripts that do not part words
 * with blanks each character is one. One linear pass, no allocation but for texts beyond ASCII.
 */
export interface WordHashes {
  count: number;
  /** A hash of each word, `count` of them. 32 bits do: two runs of eight words are taken for one only if the other seven are the same. */
  hash: Int32Array;
  /** Where each word begins in the text (beyond ASCII: in its NFKC form). */
  start: Int32Array;
  /**
   * A hash below 2^53 of the text with its numbers, its names (words with a capital that no sentence begins with, or that sentences do not usually begin
   * with) and what stands in quotes masked: texts of one template have the same. 0 where nothing was masked or fewer than
   * eight words were not.
   */
  skeleton: number;
}

/** Of a longer text only so many characters are looked at. */
const LONGEST = 1 << 20;
/** What is quoted in one line and has at most so many characters is masked in the skeleton. */
const QUOTED = 200;
/** Between single quotes, which mostly are apostrophes, at most so many. */
const QUOTED_SINGLE = 60;
const UNMASKED = 8;

const OTHER = 1;
const END = 2; // what a sentence ends with
const ALONE = 3; // a character of a script without blanks between words
const DIGIT = 4; // from here on: characters of words
const LETTER = 5;
const CAPITAL = 6;

/** What each UTF-16 code unit is, and what it is in lower case; found out when it is first met. */
const kinds = new Uint8Array(65_536);
const lower = new Uint16Array(65_536);

function kindOf(c: number): number {
  const known = kinds[c] as number;
  if (known > 0) return known;
  const char = String.fromCharCode(c);
  const folded = char.toLowerCase();
  lower[c] = folded.length === 1 ? folded.charCodeAt(0) : c;
  let kind = OTHER;
  if (/[.!?:\n。！？：]/u.test(char)) kind = END;
  else if (!/[\p{L}\p{N}\p{M}]/u.test(char)) kind = OTHER;
  else if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(char)
  )
    kind = ALONE;
  else if (/\p{N}/u.test(char)) kind = DIGIT;
  else kind = /\p{Lu}/u.test(char) ? CAPITAL : LETTER;
  kinds[c] = kind;
  return kind;
}
for (let c = 0; c < 128; c++) kindOf(c);

const WORD = 0x811c9dc5;
const NUMBER = 0x1b873593;
const NAME = 0x2c1b3c6d;
const QUOTE = 0x5bd1e995;

/** Words that sentences begin with and that are no names. */
const OPENERS =
  'a after all an and any are as at because before but by can choose classify compare complete could create describe did do does during each every explain extract find for from generate give given had has have he her here his how i identify if in is it its let list make many my name no not now of on once one only or our please provide rewrite she should since so some suggest summarize tell that the their then there these they this those to translate under use was we were what when where which while who whose why will with would write you your';

let openers: ReadonlySet<number> | undefined;

const made: WordHashes = {
  count: 0,
  hash: new Int32Array(4096),
  start: new Int32Array(4096),
  skeleton: 0,
};

/** The same object each time, valid until the next call. */
export function wordHashes(text: string): WordHashes {
  if (!openers) {
    read(OPENERS);
    openers = new Set(made.hash.slice(0, made.count));
  }
  read(comparable(text));
  return made;
}

/** The text that is read: NFKC, at most a million characters of it. `start` counts in it. */
export function comparable(text: string): string {
  const plain = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  return /[^\0-\x7f]/.test(plain) ? plain.normalize('NFKC').slice(0, LONGEST) : plain;
}

/** The code units of the text in hand: reading a typed array takes half the time of `charCodeAt`. */
let units = new Uint16Array(1 << 14);
let bytes = new Uint8Array(1 << 14);
const encoder = new TextEncoder();

function unitsOf(text: string): Uint16Array {
  const { length } = text;
  if (length > units.length) {
    units = new Uint16Array(length * 2);
    bytes = new Uint8Array(length * 2);
  }
  const { read, written } = encoder.encodeInto(text, bytes);
  if (read === length && written === length) units.set(bytes.subarray(0, length));
  else for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
  return units;
}

function read(plain: string): void {
  const { length } = plain;
  const text = unitsOf(plain);
  let { hash, start } = made;
  let count = 0;
  let skeletonA = 7;
  let skeletonB = 11;
  let unmasked = 0;
  let masked = 0;
  let before = 0; // what the last word was masked as
  let opens = true; // nothing stands between here and the beginning of a sentence
  let quoteEnd = 0;
  let noQuoteBefore = 0;
  let i = 0;

  while (i < length) {
    let c = text[i] as number;
    let kind = (kinds[c] as number) || kindOf(c);
    if (kind <= END) {
      if (kind === END) opens = true;
      else if (i >= quoteEnd && i >= noQuoteBefore && (c === 34 || c === 39 || c === 0x201c)) {
        const end = quoted(text, length, i, c);
        if (end > 0) quoteEnd = end;
        else if (c !== 39) noQuoteBefore = i + QUOTED;
      }
      i++;
      continue;
    }
    if (count === hash.length) {
      hash = wide(hash);
      start = wide(start);
    }
    start[count] = i;
    let word = WORD;
    const first = kind;
    const from = i;
    let apostrophe = false;
    for (;;) {
      c = lower[c] as number;
      word = Math.imul(word ^ c, 0x01000193) ^ (word >>> 15);
      i++;
      if (first === ALONE || i >= length) break;
      c = text[i] as number;
      kind = (kinds[c] as number) || kindOf(c);
      if (kind >= DIGIT) continue;
      if ((c !== 39 && c !== 0x2019) || apostrophe || i + 1 >= length || kindOf(text[i + 1] as number) < LETTER) break;
      apostrophe = true;
      word = Math.imul(word ^ 39, 0x01000193) ^ (word >>> 15);
      i++;
      c = text[i] as number;
    }
    hash[count] = word;
    count++;

    let mask = 0;
    if (from < quoteEnd) mask = QUOTE;
    else if (first === DIGIT) mask = NUMBER;
    else if (first === CAPITAL && !(opens && openers?.has(word))) mask = i - from === 1 && word === I ? 0 : NAME;
    opens = false;
    if (mask === 0) unmasked++;
    else masked++;
    // names and numbers of several words are one mask
    if (mask === 0 || mask !== before) {
      const kept = mask === 0 ? word : mask;
      skeletonA = Math.imul(skeletonA ^ kept, 0x85ebca6b) ^ (skeletonA >>> 13);
      skeletonB = Math.imul(skeletonB + kept, 0xc2b2ae35) ^ (skeletonB >>> 15);
    }
    before = mask;
  }
  made.count = count;
  made.hash = hash;
  made.start = start;
  made.skeleton = masked > 0 && unmasked >= UNMASKED ? join32(skeletonA, skeletonB) : 0;
}

/** "I" is no name. */
const I = Math.imul(WORD ^ 105, 0x01000193) ^ (WORD >>> 15);

/** The index of the closing mark of what is quoted from `i` on; 0 where it is none. A single quote opens after a blank and closes before one. */
function quoted(text: Uint16Array, length: number, i: number, mark: number): number {
  if (mark === 39 && i > 0 && kindOf(text[i - 1] as number) >= ALONE) return 0;
  const close = mark === 0x201c ? 0x201d : mark;
  const most = Math.min(length, i + (mark === 39 ? QUOTED_SINGLE : QUOTED));
  for (let at = i + 1; at < most; at++) {
    const c = text[at] as number;
    if (c === 10) return 0;
    if (c !== close) continue;
    if (mark !== 39 || at + 1 >= length || kindOf(text[at + 1] as number) < ALONE) return at > i + 1 ? at : 0;
  }
  return 0;
}

function wide(old: Int32Array): Int32Array<ArrayBuffer> {
  const empty = new Int32Array(old.length * 2);
  empty.set(old);
  return empty;
}
