import { avalanche, join32 } from '../stats/hash.ts';
import type { Conversation } from '../types.ts';
import { feature } from './feature.ts';

/**
 * What one pass over a text finds out: four hashes, from strict to loose, and counts.
 * Two texts with an equal hash are equal but for:
 */
export interface Sketch {
  /** nothing */
  readonly exact: number;
  /** blanks: how many, which, and at the ends */
  readonly blanks: number;
  /** compatibility forms (NFKC), case, blanks, and sentence marks at the end */
  readonly folded: number;
  /** all that is no word: NFKC, case, blanks, punctuation. Of a text without words: as `blanks`. */
  readonly words: number;
  /**
   * Runs of letters and digits, an apostrophe inside allowed. In scripts that do not part
   * words with blanks (Chinese, Japanese, Thai …) two characters count as a word, about
   * what dictionaries give; `Intl.Segmenter` would cost a hundred times the rest of the pass.
   */
  readonly wordCount: number;
  /** Characters (UTF-16 code units) that are not blank. */
  readonly solid: number;
}

const MARK = 0;
const BLANK = 1;
const FINAL = 2; // a mark that ends a sentence
const UNSPACED = 3; // a word character of a script without blanks between words
const DIGIT = 4; // from here on: characters of words
const LETTER = 5;
const CAPITAL = 6; // A–Z

/** What each UTF-16 code unit is; beyond ASCII made on first use: 65,000 tests of Unicode properties, some 20 ms. */
const KIND = new Uint8Array(65_536);
for (let c = 0; c < 128; c++) KIND[c] = kindOf(c);
let beyondAscii = false;

function kindOf(c: number): number {
  const char = String.fromCharCode(c);
  if (c >= 65 && c <= 90) return CAPITAL;
  if (/[.!?…。！？]/u.test(char)) return FINAL;
  if (c < 32 || /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u.test(char)) return BLANK;
  if (!/[\p{L}\p{N}\p{M}]/u.test(char)) return MARK;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(char))
    return UNSPACED;
  return /\p{N}/u.test(char) ? DIGIT : LETTER;
}

const encoder = new TextEncoder();
let bytes = new Uint8Array(1 << 14);
let units = new Uint16Array(1 << 14);

/** Beyond this length, texts outside ASCII are folded by case of A–Z alone: NFKC can make a text 18 times as long. */
const LONGEST_TO_NORMALIZE = 1 << 20;

/** One linear pass over `text` (two, and a normalisation, where it is not ASCII). */
export function sketch(text: string): Sketch {
  const strict = scanText(text);
  if (strict.ascii || text.length > LONGEST_TO_NORMALIZE) return strict;
  const normal = text.normalize('NFKC').toLowerCase();
  if (normal === text) return strict;
  const loose = scanText(normal);
  return { ...strict, folded: loose.folded, words: loose.wordCount > 0 ? loose.words : strict.blanks, wordCount: loose.wordCount };
}

/*
 * Code units in one typed array instead of charCodeAt, which makes the loop below 1.8 times as fast: bytes by the
 * encoder (0.4 ns a character), widened, so that the loop always meets an array of one kind; with two kinds it is slow again.
 */
function scanText(text: string): Sketch & { readonly ascii: boolean } {
  const { length } = text;
  if (length > units.length) {
    bytes = new Uint8Array(length * 2);
    units = new Uint16Array(length * 2);
  }
  const { read, written } = encoder.encodeInto(text, bytes);
  const ascii = read === length && written === length;
  if (ascii) {
    units.set(bytes.subarray(0, length));
  } else {
    if (!beyondAscii) {
      for (let c = 128; c < 65_536; c++) KIND[c] = kindOf(c);
      beyondAscii = true;
    }
    for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
  }
  const found = scan(units, length, ascii);
  if (units.length > SCRATCH_KEPT) {
    bytes = new Uint8Array(SCRATCH);
    units = new Uint16Array(SCRATCH);
  }
  return found;
}

const SCRATCH = 1 << 14;
/** A scratch larger than this is given back, so that one huge line does not hold memory for good. */
const SCRATCH_KEPT = 1 << 22;

/*
 * The hot loop: it sees every character of the data once. What is rare (a capital, a blank other than
 * one space) has a hash of its own, so that the common path pays for one word hash only; the four
 * results are put together at the end.
 */
function scan(text: Uint16Array, length: number, ascii: boolean): Sketch & { readonly ascii: boolean } {
  let allA = 1; // words and marks, blanks collapsed
  let allB = 2;
  let keptA = 0; // the same before a run of sentence marks, which may turn out to be the end
  let keptB = 0;
  let kept = false;
  let looseA = 3; // words alone
  let looseB = 4;
  let capitals = 5;
  let spaces = 6;
  let blank = false; // the last character was blank
  let solid = 0;
  let wordCount = 0;
  let unspaced = 0;
  let i = 0;

  while (i < length) {
    let c = text[i] as number;
    let kind = KIND[c] as number;
    if (kind === BLANK) {
      if (blank || c !== 32 || solid === 0) spaces = Math.imul(spaces ^ (c + solid * 131), 0x9e3779b1) ^ (spaces >>> 15);
      blank = true;
      i++;
      continue;
    }
    if (kind !== FINAL) {
      kept = false;
    } else if (!kept && solid > 0) {
      kept = true;
      keptA = allA;
      keptB = allB;
    }
    if (blank && solid > 0) {
      allA = Math.imul(allA ^ 32, 0x01000193);
      allB = Math.imul(allB + 32, 0x85ebca6b);
    }
    blank = false;
    if (kind < DIGIT) {
      allA = Math.imul(allA ^ c, 0x01000193) ^ (allA >>> 13);
      allB = Math.imul(allB + c, 0x85ebca6b) ^ (allB >>> 16);
      if (kind === UNSPACED) {
        looseA = Math.imul(looseA ^ c, 0x01000193) ^ (looseA >>> 13);
        looseB = Math.imul(looseB + c, 0x85ebca6b) ^ (looseB >>> 16);
        unspaced++;
      }
      solid++;
      i++;
      continue;
    }

    const start = i;
    let wordA = 0x811c9dc5; // the word, case folded
    let wordB = 0x9747b28c;
    let apostrophe = false;
    for (;;) {
      if (kind === CAPITAL) {
        capitals = Math.imul(capitals ^ (solid + i - start), 0x9e3779b1) ^ (capitals >>> 15);
        c |= 32;
      }
      wordA = Math.imul(wordA ^ c, 0x01000193);
      wordB = Math.imul(wordB + c, 0x9e3779b1) ^ (wordB >>> 15);
      if (++i >= length) break;
      c = text[i] as number;
      kind = KIND[c] as number;
      if (kind >= DIGIT) continue;
      if ((c !== 39 && c !== 0x2019) || apostrophe || i + 1 >= length || (KIND[text[i + 1] as number] as number) < LETTER) break;
      apostrophe = true;
      if (c !== 39) {
        capitals = Math.imul(capitals ^ (solid + i - start) ^ c, 0x9e3779b1) ^ (capitals >>> 15);
        c = 39;
      }
    }
    solid += i - start;
    wordCount++;
    allA = Math.imul(allA ^ wordA, 0x01000193) ^ (allA >>> 13);
    allB = Math.imul(allB + wordB, 0x85ebca6b) ^ (allB >>> 16);
    looseA = Math.imul(looseA ^ wordA, 0x01000193) ^ (looseA >>> 13);
    looseB = Math.imul(looseB + wordB, 0x85ebca6b) ^ (looseB >>> 16);
  }
  if (blank) spaces = Math.imul(spaces ^ (solid * 131), 0x9e3779b1) ^ (spaces >>> 15);
  wordCount += Math.ceil(unspaced / 2);

  const caseA = allA ^ avalanche(capitals);
  const blanks = join32(caseA, allB);
  return {
    exact: join32(caseA ^ avalanche(spaces ^ 0x2c1b3c6d), allB),
    blanks,
    folded: kept ? join32(keptA, keptB) : join32(allA, allB),
    words: wordCount > 0 ? join32(looseA, looseB) : blanks,
    wordCount,
    solid,
    ascii,
  };
}

/** The sketch of each message, then of each rejected message. */
export const sketches = feature((example: Conversation): readonly Sketch[] => {
  const all: Sketch[] = [];
  for (const message of example.messages) all.push(sketch(message.text));
  if (example.rejected) for (const message of example.rejected) all.push(sketch(message.text));
  return all;
});
