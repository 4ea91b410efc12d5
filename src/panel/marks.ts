/** What can be seen of a text without reading it: which marks stand between two words, and the case of a word. */

// Bits of `marksOf`. The first four are what can be put into a gap, in the order of the operations of an edit.
export const SENTENCE_END = 1;
export const COMMA = 2;
export const LINE_BREAK = 4;
export const QUOTE = 8;
/** A sentence mark that may be something else: an initial's, an ellipsis inside a sentence, a dot in an address. */
export const ANY_END = 16;
export const DOUBLE_BLANK = 32;
export const INVISIBLE = 64;
/** None of the usual punctuation. */
export const ODD = 128;

/** Which marks stand in the gap from `start` to `end` between two words. One pass. */
export function marksOf(text: string, start: number, end: number): number {
  let marks = 0;
  let ended = false; // a sentence mark, and no blank after it yet
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 32 || c === 10 || c === 13) {
      if (ended) marks |= SENTENCE_END;
      if (c === 10) marks |= LINE_BREAK;
      else if (c === 32 && i > start && text.charCodeAt(i - 1) === 32) marks |= DOUBLE_BLANK;
      ended = false;
      continue;
    }
    switch (c) {
      case 46: // .
        marks |= ANY_END;
        if (!(i === start && isInitial(text, start))) ended = true;
        break;
      case 33: // !
      case 63: // ?
      case 0x2026: // …
        marks |= ANY_END;
        ended = true;
        break;
      case 0x3002: // 。
      case 0xff01: // ！
      case 0xff1f: // ？
      case 0xff0e: // ．
        marks |= ANY_END | SENTENCE_END;
        break;
      case 44: // ,
      case 58: // :
      case 59: // ;
      case 0x2013: // –
      case 0x2014: // —
      case 0x060c: // ،
      case 0x061b: // ؛
      case 0x3001: // 、
      case 0xff0c: // ，
      case 0xff1a: // ：
      case 0xff1b: // ；
        marks |= COMMA;
        if (c !== 0x2013 && c !== 0x2014) ended = false; // "etc., and" goes on; a dash may begin what comes next
        break;
      case 45: // a hyphen between blanks is a dash
        if (i > start && i + 1 < end && text.charCodeAt(i - 1) === 32 && text.charCodeAt(i + 1) === 32) marks |= COMMA;
        break;
      case 34: // "
      case 0x201c: // “
      case 0x201d: // ”
      case 0x201e: // „
      case 0xab: // «
      case 0xbb: // »
      case 0x300c: // 「
      case 0x300d: // 」
      case 0x300e: // 『
      case 0x300f: // 』
        marks |= QUOTE;
        break;
      default:
        if (isInvisible(c)) {
          if (ended) marks |= SENTENCE_END;
          marks |= INVISIBLE;
          ended = false;
        } else if (!USUAL.has(c) && !isPicture(c)) marks |= ODD;
    }
  }
  // two blanks that begin a line are an indent
  return marks & LINE_BREAK ? marks & ~DOUBLE_BLANK : marks;
}

/** Marks of ordinary prose, beside those that `marksOf` names. */
const USUAL = new Set(Array.from("'()[]/&%$+#@*_•·‘’‚‹›£€°§（）", (char) => char.charCodeAt(0)));

/** A single letter before a full stop: "E. F. Benson". */
function isInitial(text: string, end: number): boolean {
  const before = text.charCodeAt(end - 1);
  const isCapital = before < 128 ? before >= 65 && before <= 90 : /^\p{Lu}$/u.test(text[end - 1]!);
  return isCapital && before !== 73 && (end < 2 || /[\s.(]/.test(text[end - 2]!));
}

/** Emoji and dingbats are said, like words. */
const isPicture = (c: number): boolean => (c >= 0xd800 && c <= 0xdfff) || (c >= 0x2190 && c <= 0x2bff);

const isInvisible = (c: number): boolean =>
  c < 32 ||
  (c >= 0x7f && c <= 0xa0) ||
  c === 0xad ||
  c === 0x1680 ||
  (c >= 0x2000 && c <= 0x200f) ||
  (c >= 0x2028 && c <= 0x202f) ||
  (c >= 0x205f && c <= 0x206f) ||
  c === 0x3000 ||
  (c >= 0xfe00 && c <= 0xfe0f) ||
  c === 0xfeff;

// Bits of `caseOf`.
export const CAPITAL = 1;
export const ALL_CAPS = 2;

/** CAPITAL and ALL_CAPS, as they hold of the word from `start` to `end`; a single capital letter is not all caps. */
export function caseOf(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  if (first < 128 ? first < 65 || first > 90 : !/^\p{Lu}/u.test(text.slice(start, start + 2))) return 0;
  const word = text.slice(start, end);
  const rest = word.slice(first >= 0xd800 && first <= 0xdbff ? 2 : 1);
  return /\p{Lu}/u.test(rest) && !/\p{Ll}/u.test(rest) ? CAPITAL | ALL_CAPS : CAPITAL;
}
