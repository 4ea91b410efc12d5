import { missingTokenizer, unknownTokenizer } from '../errors.ts';

/**
 * How many tokens a text has: by estimate, or exactly where a tokenizer was asked for and loaded.
 *
 * The yardstick is o200k_base, the encoding of GPT-4o and later. Other models cut text otherwise: for them even an
 * exact count is only near.
 */
export type CountTokens = (text: string) => number;

/** The exact tokenizers, by the name that `--tokenizer` takes. */
export const TOKENIZERS: readonly string[] = ['gpt-tokenizer', 'gpt-tokenizer/o200k_base', 'gpt-tokenizer/cl100k_base'];

const loaded = new Map<string, CountTokens>();

/** Loads a tokenizer by name, once. Throws a UserError where it is unknown or its package is not installed. */
export async function loadTokenizer(name: string): Promise<void> {
  if (loaded.has(name)) return;
  if (!TOKENIZERS.includes(name)) throw unknownTokenizer(name, TOKENIZERS);
  let library: { readonly countTokens: (text: string, options: { readonly disallowedSpecial: Set<string> }) => number };
  try {
    library = name.endsWith('cl100k_base')
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  } catch (cause) {
    throw missingTokenizer(name, cause);
  }
  // "<|endoftext|>" in the data is text.
  const options = { disallowedSpecial: new Set<string>() };
  loaded.set(name, (text) => inSlices(text, (slice) => library.countTokens(slice, options)));
}

/** The counter of a name: '' is the estimate. Throws where a tokenizer was not loaded before. */
export function tokenCounter(name: string): CountTokens {
  if (name === '') return estimateTokens;
  const count = loaded.get(name);
  if (!count) throw new Error(`Unexpected tokenizer ${JSON.stringify(name)}, expected one that was loaded`);
  return count;
}

const SLICE = 2000;
const LOOK_BACK = 200;

/**
 * Cuts at a blank before 2,000 characters, because byte pair encoding of a run without blanks takes more than linear time;
 * a run without any is cut in the middle, which adds at most a token in 2,000 characters.
 */
function inSlices(text: string, count: CountTokens): number {
  if (text.length <= SLICE) return count(text);
  let sum = 0;
  let start = 0;
  while (start < text.length) {
    let end = Math.min(text.length, start + SLICE);
    if (end < text.length) {
      let at = end;
      // before a blank, which belongs to the word after it
      while (at > end - LOOK_BACK && text.charCodeAt(at) !== 32) at--;
      if (at > end - LOOK_BACK) end = at;
      else if (text.charCodeAt(end) >= 0xdc00 && text.charCodeAt(end) <= 0xdfff) end -= 1;
    }
    sum += count(text.slice(start, end));
    start = end;
  }
  return sum;
}

// ── The estimate ────────────────────────────────────────────────────────────

const SPACE = 0;
const NEWLINE = 1;
const DIGIT = 2;
const PUNCTUATION = 3;
const LOWER = 4; // letters of words, from here …
const UPPER = 5;
const ACCENTED = 6; // … to here
const CYRILLIC = 7;
const HAN = 8;
const KANA = 9;
const HANGUL = 10;
const INDIC = 11;
const SURROGATE = 12;
const OTHER = 13;

function kindOf(c: number): number {
  if (c < 128) {
    if (c >= 97 && c <= 122) return LOWER;
    if (c >= 65 && c <= 90) return UPPER;
    if (c >= 48 && c <= 57) return DIGIT;
    if (c === 32 || c === 9) return SPACE;
    return c === 10 || c === 13 ? NEWLINE : PUNCTUATION;
  }
  if (c < 0x250) return c < 0xc0 || c === 0xd7 || c === 0xf7 ? PUNCTUATION : ACCENTED;
  if (c < 0x400) return OTHER;
  if (c < 0x530) return CYRILLIC;
  if (c < 0x900) return OTHER;
  if (c < 0x1000) return INDIC;
  if (c < 0x1e00) return OTHER;
  if (c < 0x1f00) return ACCENTED;
  if (c < 0x2000) return OTHER;
  if (c < 0x3040) return PUNCTUATION;
  if (c < 0x3100) return KANA;
  if (c < 0x3400) return OTHER;
  if (c < 0xa000) return HAN;
  if (c < 0xac00) return OTHER;
  if (c < 0xd7b0) return HANGUL;
  if (c < 0xd800) return OTHER;
  if (c < 0xe000) return SURROGATE;
  return c >= 0xff00 && c < 0xffe0 ? PUNCTUATION : OTHER;
}

/** What each UTF-16 code unit is; made on first use. */
let KIND: Uint8Array | undefined;

/*
 * Tokens of each thing that a text is made of, fitted by least squares of the relative error against o200k_base on some
 * 600 kB of prose, chat, maths, JSON, SQL, TypeScript, Python and C, and of technical text in eleven other languages.
 * On the texts of test/features/tokens.test.ts, which were not fitted, it is within 10 %, mostly within 6 %.
 */
/** Of a word by its length: 1–3, 4–6, 7–9, 10–12, 13 letters. */
const WORD = [0.98, 1.03, 1.02, 1.79, 2.4] as const;
const PER_LETTER_BEYOND_13 = 0.48;
const PER_CAPITAL = 0.07;
/** A word that no blank precedes. */
const JOINED = 0.28;
const PER_ACCENT = 1.1;
const CYRILLIC_WORD = 0.5;
const PER_LETTER = { [CYRILLIC]: 0.23, [HAN]: 0.82, [KANA]: 0.75, [HANGUL]: 0.73, [INDIC]: 0.38, [SURROGATE]: 1.3, [OTHER]: 0.49 } as const;
/** Up to three digits. */
const DIGITS = 1.44;
/** A run of marks, and each mark after its first. */
const MARKS = 0.63;
const PER_MARK = 0.42;
/** More than one blank, or one before a number. */
const GAP = 0.67;
/** Longer runs of blanks or line breaks are several tokens. */
const BLANKS = 80;
/** Line breaks that no mark precedes. */
const BREAK = 0.33;

/** About how many tokens a text has in o200k_base: a whole number. One pass, no allocation. */
export function estimateTokens(text: string): number {
  KIND ??= Uint8Array.from({ length: 65_536 }, (_, c) => kindOf(c));
  const kinds = KIND;
  const { length } = text;
  let sum = 0;
  let before = SPACE;
  let i = 0;
  while (i < length) {
    const start = i;
    const kind = kinds[text.charCodeAt(i)] as number;
    if (kind >= LOWER && kind <= ACCENTED) {
      let lower = false;
      let accents = 0;
      for (; i < length; i++) {
        const next = kinds[text.charCodeAt(i)] as number;
        if (next < LOWER || next > ACCENTED || (next === UPPER && lower)) break; // camelCase is two words
        if (next !== UPPER) lower = true;
        if (next === ACCENTED) accents += 1;
      }
      const letters = i - start;
      sum += WORD[letters > 12 ? 4 : Math.floor((letters - 1) / 3)] as number;
      if (letters > 13) sum += (letters - 13) * PER_LETTER_BEYOND_13;
      if (kind === UPPER) sum += PER_CAPITAL * (lower ? 1 : Math.max(1, letters / 3));
      if (before !== SPACE && start > 0) sum += JOINED;
      sum += accents * PER_ACCENT;
    } else if (kind > ACCENTED) {
      while (i < length && kinds[text.charCodeAt(i)] === kind) i++;
      sum += (i - start) * PER_LETTER[kind as keyof typeof PER_LETTER];
      if (kind === CYRILLIC) sum += CYRILLIC_WORD;
    } else {
      while (i < length && kinds[text.charCodeAt(i)] === kind) i++;
      const run = i - start;
      if (kind === DIGIT) sum += Math.ceil(run / 3) * DIGITS;
      else if (kind === PUNCTUATION) sum += MARKS + (run - 1) * PER_MARK;
      else if (kind === NEWLINE) sum += before === PUNCTUATION ? 0 : Math.ceil(run / BLANKS) * BREAK;
      else if (run > 1 || (i < length && kinds[text.charCodeAt(i)] === DIGIT)) sum += Math.ceil(run / BLANKS) * GAP;
    }
    before = kind;
  }
  return Math.max(length > 0 ? 1 : 0, Math.round(sum));
}
