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
  /** Which ASCII marks the text holds, a bit for each: see `marksOf`. What a detector looks for mostly has a mark that most texts lack. */
  readonly marks: number;
  /** What the text holds that plain text seldom does: the sum of some of `ODD`. */
  readonly odd: number;
  /** Characters in words that begin with a digit. */
  readonly digits: number;
  /** Whether a word begins with three capitals A–Z: TODO, XXXX, an acronym. */
  readonly shouts: boolean;
  /** Characters of the longest word: keys, tokens and hashes are long ones. */
  readonly longestWord: number;
  /**
   * How many of the text's runs of three words came before in it, at least; of texts below 64 characters none are
   * counted. Ordinary prose has one in fifty, a text that goes round in circles nearly all.
   */
  readonly repeats: number;
}

/** Bits of `Sketch.odd`. */
export const ODD = {
  /** C0 and C1 controls other than tab, line feed and carriage return. */
  control: 1,
  /** Zero-width and bidirectional marks, soft hyphens, variation selectors, noncharacters, a byte order mark. */
  invisible: 2,
  /** Surrogates, paired or not: emoji, rare scripts, tag characters, broken halves. */
  surrogate: 4,
  /** U+FFFD, what decoders put for bytes that they cannot read. */
  replacement: 8,
  /** U+00A0–U+00FF, and what Windows-1252 has at 0x80–0x9F: of this, UTF-8 that was read as Latin-1 is made. */
  latin: 16,
  /** Anything else beyond ASCII. */
  beyond: 32,
} as const;

const ASCII_MARKS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** The bits of `Sketch.marks` for these ASCII marks. */
export function marksOf(marks: string): number {
  let bits = 0;
  for (const mark of marks) {
    const at = ASCII_MARKS.indexOf(mark);
    if (at < 0) throw new Error(`Unexpected ${JSON.stringify(mark)}, expected ASCII marks`);
    bits |= 1 << at;
  }
  return bits;
}

const MARK_BIT = new Int32Array(128);
for (const mark of ASCII_MARKS) MARK_BIT[mark.charCodeAt(0)] = marksOf(mark);

/** What each code unit beyond the ASCII marks is of `ODD`. */
function oddOf(c: number): number {
  if (c < 128) return (c < 32 && c !== 9 && c !== 10 && c !== 13) || c === 127 ? ODD.control : 0;
  if (c < 160) return ODD.control | ODD.latin;
  if (c >= 0xd800 && c < 0xe000) return ODD.surrogate;
  if (c === 0xfffd) return ODD.replacement | ODD.beyond;
  const char = String.fromCharCode(c);
  const latin = c < 256 || WINDOWS_1252.includes(char) ? ODD.latin : ODD.beyond;
  return /[\p{Cf}\p{Cn}\p{Co}\u115f\u1160\u3164\uffa0\u2028\u2029]|\p{Variation_Selector}/u.test(char) ? latin | ODD.invisible : latin;
}

/** What Windows-1252 has where Latin-1 has controls, 0x80–0x9F. */
const WINDOWS_1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

const MARK = 0;
const BLANK = 1;
const FINAL = 2; // a mark that ends a sentence
const UNSPACED = 3; // a word character of a script without blanks between words
const DIGIT = 4; // from here on: characters of words
const LETTER = 5;
const CAPITAL = 6; // A–Z

/** What each UTF-16 code unit is; beyond ASCII made on first use: 65,000 tests of Unicode properties, some 20 ms. */
const KIND = new Uint8Array(65_536);
const ODD_BITS = new Uint8Array(65_536);
for (let c = 0; c < 128; c++) {
  KIND[c] = kindOf(c);
  ODD_BITS[c] = oddOf(c);
}
let beyondAscii = false;

/** The runs of three words seen last, by hash; filled anew for each text, so that a count depends on that text alone. */
const RUNS = new Int32Array(512);
const LONG_ENOUGH_TO_REPEAT = 64;
const RUN = 0x9e3779b1;

function kindOf(c: number): number {
  const char = String.fromCharCode(c);
  if (c >= 65 && c <= 90) return CAPITAL;
  if (/[.!?…。！？]/u.test(char)) return FINAL;
  if (c < 32 || c === 127 || /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u.test(char)) return BLANK;
  if (!/[\p{L}\p{N}\p{M}]/u.test(char)) return MARK;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(char))
    return UNSPACED;
  return /\p{N}/u.test(char) ? DIGIT : LETTER;
}

const encoder = new TextEncoder();
const SCRATCH = 1 << 14;
/** A scratch larger than this is given back, so that one huge line does not hold memory for good. */
const SCRATCH_KEPT = 1 << 22;
let bytes = new Uint8Array(SCRATCH);
let view = new DataView(bytes.buffer);
let units = new Uint16Array(SCRATCH);

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

interface Scanned extends Sketch {
  readonly ascii: boolean;
}

function scanText(text: string): Scanned {
  const { length } = text;
  if (length + 4 > bytes.length) {
    bytes = new Uint8Array(length * 2);
    view = new DataView(bytes.buffer);
  }
  const { read, written } = encoder.encodeInto(text, bytes);
  let scanned: Scanned;
  if (read === length && written === length) {
    view.setInt32(length, 0); // the loop reads four at a time
    scanned = scanAscii(bytes, view, length);
  } else {
    if (!beyondAscii) {
      for (let c = 128; c < 65_536; c++) {
        KIND[c] = kindOf(c);
        ODD_BITS[c] = oddOf(c);
      }
      beyondAscii = true;
    }
    if (length > units.length) units = new Uint16Array(length * 2);
    for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
    scanned = scanUnits(units, length);
    if (units.length > SCRATCH_KEPT) units = new Uint16Array(SCRATCH);
  }
  if (bytes.length > SCRATCH_KEPT) {
    bytes = new Uint8Array(SCRATCH);
    view = new DataView(bytes.buffer);
  }
  return scanned;
}

/*
 * The hot loop, in two forms: it sees every character of the data once. `scanAscii` takes the characters of
 * words four at a time; `scanUnits` takes them one by one and gives the same `folded` and `words` for the same
 * ASCII words. What is rare (a capital, a blank other than one space) has a hash of its own, so that the common
 * path pays for one word hash only; the four results are put together at the end.
 *
 * A word's hash goes over its folded characters in groups of four, as little-endian numbers, the last filled up with
 * zeros; an apostrophe is a group of its own; a character beyond ASCII makes three bytes with the high bit set.
 */
const WORD_A = 0x811c9dc5;
const WORD_B = 0x9747b28c;

function scanAscii(text: Uint8Array, four: DataView, length: number): Scanned {
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
  let marks = 0;
  let odd = 0;
  let digits = 0;
  let shouts = false;
  let longestWord = 0;
  let repeats = 0;
  let before = 0; // hashes of the last word and the one before it
  let beforeThat = 0;
  const runs = length >= LONG_ENOUGH_TO_REPEAT;
  if (runs) RUNS.fill(0);
  let i = 0;

  while (i < length) {
    const c = text[i] as number;
    const kind = KIND[c] as number;
    if (kind === BLANK) {
      if (c !== 32 || blank || solid === 0 || i + 1 >= length || KIND[text[i + 1] as number] === BLANK)
        spaces = Math.imul(spaces ^ (c + solid * 131), 0x9e3779b1) ^ (spaces >>> 15);
      odd |= ODD_BITS[c] as number;
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
      marks |= MARK_BIT[c] as number;
      solid++;
      i++;
      continue;
    }

    const start = i;
    let wordA = WORD_A;
    let wordB = WORD_B;
    let apostrophe = false;
    for (;;) {
      const v = four.getInt32(i, true);
      const folded = v | 0x20202020;
      // the high bit of each byte that is a letter or a digit; no byte is above 127, so nothing carries
      const inWord = (((folded + 0x1f1f1f1f) & ~(folded + 0x05050505)) | ((v + 0x50505050) & ~(v + 0x46464646))) & 0x80808080;
      if (inWord === (0x80808080 | 0)) {
        if ((v & 0x20202020) !== 0x20202020) {
          capitals = Math.imul(capitals ^ (solid + i - start) ^ (v & 0x20202020), 0x9e3779b1) ^ (capitals >>> 15);
          if ((v & 0x202020) === 0 && i === start) shouts = true; // digits have this bit
        }
        wordA = Math.imul(wordA ^ folded, 0x01000193) ^ (wordA >>> 15);
        wordB = Math.imul(wordB + folded, 0x9e3779b1) ^ (wordB >>> 13);
        i += 4;
        continue;
      }
      const outside = ~inWord & 0x80808080;
      const bits = 24 - (Math.clz32(outside & -outside) & 24); // 8 × how many are in the word
      if (bits > 0) {
        const mask = (1 << bits) - 1;
        if ((v & 0x20202020 & mask) !== (0x20202020 & mask)) {
          capitals = Math.imul(capitals ^ (solid + i - start) ^ (v & 0x20202020 & mask), 0x9e3779b1) ^ (capitals >>> 15);
          if (bits === 24 && (v & 0x202020) === 0 && i === start) shouts = true;
        }
        wordA = Math.imul(wordA ^ (folded & mask), 0x01000193) ^ (wordA >>> 15);
        wordB = Math.imul(wordB + (folded & mask), 0x9e3779b1) ^ (wordB >>> 13);
        i += bits >> 3;
      }
      if (text[i] !== 39 || apostrophe || i + 1 >= length || (KIND[text[i + 1] as number] as number) < LETTER) break;
      apostrophe = true;
      wordA = Math.imul(wordA ^ 39, 0x01000193) ^ (wordA >>> 15);
      wordB = Math.imul(wordB + 39, 0x9e3779b1) ^ (wordB >>> 13);
      i++;
    }
    const wordLength = i - start;
    solid += wordLength;
    wordCount++;
    if (wordLength > longestWord) longestWord = wordLength;
    if (c < 58) digits += wordLength;
    if (runs) {
      const run = wordA ^ ((before << 11) | (before >>> 21)) ^ ((beforeThat << 22) | (beforeThat >>> 10));
      const slot = run >>> 23;
      if (RUNS[slot] === run) repeats++;
      else RUNS[slot] = run;
      beforeThat = before;
      before = wordA;
    }
    allA = Math.imul(allA ^ wordA, 0x01000193) ^ (allA >>> 13);
    allB = Math.imul(allB + wordB, 0x85ebca6b) ^ (allB >>> 16);
    looseA = Math.imul(looseA ^ wordA, 0x01000193) ^ (looseA >>> 13);
    looseB = Math.imul(looseB + wordB, 0x85ebca6b) ^ (looseB >>> 16);
  }

  const caseA = allA ^ avalanche(capitals);
  const blanks = join32(caseA, allB);
  return {
    exact: join32(caseA ^ avalanche(spaces ^ 0x2c1b3c6d), allB),
    blanks,
    folded: kept ? join32(keptA, keptB) : join32(allA, allB),
    words: wordCount > 0 ? join32(looseA, looseB) : blanks,
    wordCount,
    solid,
    marks,
    odd,
    digits,
    shouts,
    longestWord,
    repeats,
    ascii: true,
  };
}

function scanUnits(text: Uint16Array, length: number): Scanned {
  let allA = 1;
  let allB = 2;
  let keptA = 0;
  let keptB = 0;
  let kept = false;
  let looseA = 3;
  let looseB = 4;
  let capitals = 5;
  let spaces = 6;
  let blank = false;
  let solid = 0;
  let wordCount = 0;
  let marks = 0;
  let odd = 0;
  let digits = 0;
  let shouts = false;
  let longestWord = 0;
  let repeats = 0;
  let before = 0; // hashes of the last word and the one before it
  let beforeThat = 0;
  const runs = length >= LONG_ENOUGH_TO_REPEAT;
  if (runs) RUNS.fill(0);
  let unspaced = 0;
  let i = 0;

  while (i < length) {
    let c = text[i] as number;
    let kind = KIND[c] as number;
    if (kind === BLANK) {
      if (c !== 32 || blank || solid === 0 || i + 1 >= length || KIND[text[i + 1] as number] === BLANK)
        spaces = Math.imul(spaces ^ (c + solid * 131), 0x9e3779b1) ^ (spaces >>> 15);
      odd |= ODD_BITS[c] as number;
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
      if (c < 128) marks |= MARK_BIT[c] as number;
      odd |= ODD_BITS[c] as number;
      if (kind === UNSPACED) {
        if (runs) {
          const single = Math.imul(c, RUN); // a character is a word here
          const run = single ^ ((before << 11) | (before >>> 21)) ^ ((beforeThat << 22) | (beforeThat >>> 10));
          const slot = run >>> 23;
          if (RUNS[slot] === run) repeats++;
          else RUNS[slot] = run;
          beforeThat = before;
          before = single;
        }
        looseA = Math.imul(looseA ^ c, 0x01000193) ^ (looseA >>> 13);
        looseB = Math.imul(looseB + c, 0x85ebca6b) ^ (looseB >>> 16);
        unspaced++;
      }
      solid++;
      i++;
      continue;
    }

    const start = i;
    let wordA = WORD_A;
    let wordB = WORD_B;
    let group = 0;
    let bits = 0; // how many of `group` are filled
    let apostrophe = false;
    for (;;) {
      if (c < 128) {
        if (kind === CAPITAL) {
          capitals = Math.imul(capitals ^ (solid + i - start), 0x9e3779b1) ^ (capitals >>> 15);
          if (i === start + 2 && KIND[text[start] as number] === CAPITAL && KIND[text[start + 1] as number] === CAPITAL) shouts = true;
          c |= 32;
        }
        group |= c << bits;
        bits += 8;
        if (bits === 32) {
          wordA = Math.imul(wordA ^ group, 0x01000193) ^ (wordA >>> 15);
          wordB = Math.imul(wordB + group, 0x9e3779b1) ^ (wordB >>> 13);
          group = 0;
          bits = 0;
        }
      } else {
        odd |= ODD_BITS[c] as number;
        for (let rest = c, left = 3; left > 0; left--, rest >>>= 7) {
          group |= (0x80 | (rest & 0x7f)) << bits;
          bits += 8;
          if (bits < 32) continue;
          wordA = Math.imul(wordA ^ group, 0x01000193) ^ (wordA >>> 15);
          wordB = Math.imul(wordB + group, 0x9e3779b1) ^ (wordB >>> 13);
          group = 0;
          bits = 0;
        }
      }
      if (++i >= length) break;
      c = text[i] as number;
      kind = KIND[c] as number;
      if (kind >= DIGIT) continue;
      if ((c !== 39 && c !== 0x2019) || apostrophe || i + 1 >= length || (KIND[text[i + 1] as number] as number) < LETTER) break;
      apostrophe = true;
      odd |= ODD_BITS[c] as number;
      if (c !== 39) capitals = Math.imul(capitals ^ (solid + i - start) ^ c, 0x9e3779b1) ^ (capitals >>> 15);
      if (bits > 0) {
        wordA = Math.imul(wordA ^ group, 0x01000193) ^ (wordA >>> 15);
        wordB = Math.imul(wordB + group, 0x9e3779b1) ^ (wordB >>> 13);
        group = 0;
        bits = 0;
      }
      wordA = Math.imul(wordA ^ 39, 0x01000193) ^ (wordA >>> 15);
      wordB = Math.imul(wordB + 39, 0x9e3779b1) ^ (wordB >>> 13);
      i++;
      c = text[i] as number;
      kind = KIND[c] as number;
    }
    if (bits > 0) {
      wordA = Math.imul(wordA ^ group, 0x01000193) ^ (wordA >>> 15);
      wordB = Math.imul(wordB + group, 0x9e3779b1) ^ (wordB >>> 13);
    }
    const wordLength = i - start;
    solid += wordLength;
    wordCount++;
    if (wordLength > longestWord) longestWord = wordLength;
    if (KIND[text[start] as number] === DIGIT) digits += wordLength;
    if (runs) {
      const run = wordA ^ ((before << 11) | (before >>> 21)) ^ ((beforeThat << 22) | (beforeThat >>> 10));
      const slot = run >>> 23;
      if (RUNS[slot] === run) repeats++;
      else RUNS[slot] = run;
      beforeThat = before;
      before = wordA;
    }
    allA = Math.imul(allA ^ wordA, 0x01000193) ^ (allA >>> 13);
    allB = Math.imul(allB + wordB, 0x85ebca6b) ^ (allB >>> 16);
    looseA = Math.imul(looseA ^ wordA, 0x01000193) ^ (looseA >>> 13);
    looseB = Math.imul(looseB + wordB, 0x85ebca6b) ^ (looseB >>> 16);
  }
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
    marks,
    odd,
    digits,
    shouts,
    longestWord,
    repeats,
    ascii: false,
  };
}

/** The sketch of each message, then of each rejected message. */
export const sketches = feature((example: Conversation): readonly Sketch[] => {
  const all: Sketch[] = [];
  for (const message of example.messages) all.push(sketch(message.text));
  if (example.rejected) for (const message of example.rejected) all.push(sketch(message.text));
  return all;
});
