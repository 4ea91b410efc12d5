/** What can be seen of a prompt without reading it: its case, marks, length, layout. If these tell the answer, a model need not read. */

/** A text as a cue sees it. All are counts, but for what says otherwise. */
export interface Surface {
  readonly words: number;
  readonly lines: number;
  /** Words of two letters and more that begin with a capital, but for the first; of those that are letters. */
  readonly capitals: number;
  readonly allCaps: number;
  readonly digits: number;
  readonly commas: number;
  readonly colons: number;
  readonly questions: number;
  readonly exclamations: number;
  readonly brackets: number;
  readonly dashes: number;
  readonly quotes: number;
  readonly doubleBlanks: number;
  readonly first: Shape;
  /** The last character that is no blank: itself where it is a mark of ordinary prose, else its kind. */
  readonly end: string;
  readonly blanksAtEnds: 'none' | 'before' | 'after' | 'both';
  readonly typography: 'plain' | 'typographic' | 'both' | 'none';
  readonly script: string;
  /** Kinds of markup, sorted and joined by "+"; "none". */
  readonly markup: string;
  readonly address: 'none' | 'link' | 'at' | 'hash';
  readonly emoji: boolean;
  /** A mark or letter three times and more in a row. */
  readonly drawnOut: boolean;
}

/** How a word is written. */
export type Shape = 'none' | 'lower case' | 'a capital' | 'capitals' | 'a digit' | 'a mark' | 'another script';

const CHARACTERS = 9216;

/** Reads the surface of a text in one pass over its first 9,216 characters, and a few searches. */
export function surfaceOf(whole: string): Surface {
  const text = whole.length > CHARACTERS ? whole.slice(0, CHARACTERS) : whole;
  const trimmed = text.trim();
  let words = 0;
  let lines = 1;
  let capitals = 0;
  let allCaps = 0;
  let digits = 0;
  let commas = 0;
  let colons = 0;
  let questions = 0;
  let exclamations = 0;
  let brackets = 0;
  let dashes = 0;
  let quotes = 0;
  let doubleBlanks = 0;
  let plain = false;
  let typographic = false;
  let drawnOut = false;
  let inWord = false;
  let inDigits = false;
  let upper = 0; // of the word so far: capitals, letters
  let letters = 0;
  let startsUpper = false;
  let run = 0;
  let before = 0;
  const endWord = (): void => {
    if (!inWord) return;
    inWord = false;
    if (letters < 2) return;
    if (startsUpper && words > 1) capitals += 1;
    if (upper === letters) allCaps += 1;
  };
  for (let i = 0; i < trimmed.length; i++) {
    const c = trimmed.charCodeAt(i);
    run = c === before ? run + 1 : 1;
    const isUpper = c >= 65 && c <= 90;
    const isLower = c >= 97 && c <= 122;
    const isDigit = c >= 48 && c <= 57;
    const isWide = c >= 0xaa && WORD.test(trimmed[i]!);
    if (run === 3 && c > 32 && !isDigit && c !== 45 && c !== 61 && c !== 42 && c !== 95 && c !== 46 && c !== 96) drawnOut = true;
    before = c;
    if (isUpper || isLower || isDigit || isWide) {
      if (!inWord) {
        inWord = true;
        words += 1;
        upper = 0;
        letters = 0;
        startsUpper = false;
      }
      const wideUpper = isWide && UPPER.test(trimmed[i]!);
      if (letters === 0 && (isUpper || wideUpper)) startsUpper = true;
      if (isUpper || wideUpper) upper += 1;
      if (!isDigit) letters += 1;
      if (isDigit && !inDigits) digits += 1;
      inDigits = isDigit;
      continue;
    }
    const joins = (c === 39 || c === 0x2019) && inWord;
    if (!joins) endWord();
    inDigits = inDigits && (c === 46 || c === 44); // 1,000.5 is one number
    switch (c) {
      case 10:
        lines += 1;
        break;
      case 32:
        if (run === 2) doubleBlanks += 1;
        break;
      case 44:
      case 0xff0c: // ，
      case 0x3001: // 、
      case 0x060c: // ،
        commas += 1;
        break;
      case 58:
      case 59:
      case 0xff1a: // ：
      case 0xff1b: // ；
        colons += 1;
        break;
      case 63:
      case 0xff1f: // ？
      case 0x061f: // ؟
        questions += 1;
        break;
      case 33:
      case 0xff01: // ！
        exclamations += 1;
        break;
      case 40:
      case 91:
        brackets += 1;
        break;
      case 45:
        // of "two-factor" the hyphen is part of the word
        if (!(LETTER.test(trimmed[i - 1] ?? '') && LETTER.test(trimmed[i + 1] ?? ''))) dashes += 1;
        break;
      case 0x2013:
      case 0x2014:
        dashes += 1;
        break;
      case 34:
        quotes += 1;
        plain = true;
        break;
      case 39:
        plain = true;
        break;
      case 0x201c:
      case 0x201d:
        quotes += 1;
        typographic = true;
        break;
      case 0x2018:
      case 0x2019:
        typographic = true;
        break;
    }
  }
  endWord();
  const isBefore = text !== '' && /^\s/.test(text);
  const isAfter = text !== '' && text.length === whole.length && /\s$/.test(text.slice(-1));
  return {
    words,
    lines,
    capitals,
    allCaps,
    digits,
    commas,
    colons,
    questions,
    exclamations,
    brackets,
    dashes,
    quotes,
    doubleBlanks,
    first: shapeOf(trimmed),
    end: endOf(trimmed),
    blanksAtEnds: isBefore ? (isAfter ? 'both' : 'before') : isAfter ? 'after' : 'none',
    typography: plain ? (typographic ? 'both' : 'plain') : typographic ? 'typographic' : 'none',
    script: scriptOf(trimmed),
    markup: markupOf(trimmed),
    address: /https?:|www\./.test(trimmed) ? 'link' : /\S@\w|@\w/.test(trimmed) ? 'at' : /#\p{L}/u.test(trimmed) ? 'hash' : 'none',
    emoji: /\p{Extended_Pictographic}/u.test(trimmed),
    drawnOut,
  };
}

const WORD = /[\p{L}\p{N}\p{M}]/u;
const UPPER = /\p{Lu}/u;
const LETTER = /[\p{L}\p{N}]/u;

function shapeOf(text: string): Shape {
  const word = text.slice(0, 40).split(/\s/, 1)[0] ?? '';
  if (word === '') return 'none';
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return 'a digit';
  if (!/^\p{L}/u.test(word)) return 'a mark';
  if (/^\p{Ll}/u.test(word)) return 'lower case';
  if (!/^\p{Lu}/u.test(word)) return 'another script';
  return !/\p{Ll}/u.test(word) && /\p{L}.?\p{L}/u.test(word) ? 'capitals' : 'a capital';
}

/** Marks that stand for themselves, in any script. */
const MARKS = '.?!,:;…-"\')]}。？！，、：；」』）।؟،؛';

function endOf(text: string): string {
  if (text === '') return 'nothing';
  const last = text.at(-1)!;
  if (MARKS.includes(last)) return last;
  if (last === '”' || last === '’') return last === '”' ? '"' : "'";
  if (/[\p{L}\p{M}\p{N}]/u.test(last)) return 'a letter or digit';
  return 'another mark';
}

const SCRIPTS: readonly (readonly [name: string, letter: RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Chinese or Japanese', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Korean', /\p{Script=Hangul}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Thai', /\p{Script=Thai}/u],
];

/** The script of the first letter that has one of these. */
function scriptOf(text: string): string {
  const letter = /\p{L}/u.exec(text.slice(0, 400))?.[0];
  if (letter === undefined) return 'no letters';
  return SCRIPTS.find(([, is]) => is.test(letter))?.[0] ?? 'another script';
}

const MARKUP: readonly (readonly [name: string, is: RegExp])[] = [
  ['bold', /\*\*\S/],
  ['bullets', /^[ \t]{0,8}[-*•] /m],
  ['code', /`\S/],
  ['headings', /^#{1,6} /m],
  ['numbering', /^[ \t]{0,8}\d{1,3}[.)] /m],
  ['tags', /<\/?[a-zA-Z][^<>]{0,80}>/],
];

function markupOf(text: string): string {
  const found = MARKUP.filter(([, is]) => is.test(text)).map(([name]) => name);
  return found.length === 0 ? 'none' : found.join('+');
}
