/**
 * UTF-8 that was read in another encoding: "cafÃ©" for "café". Found by round trip, as ftfy does
 * (https://ftfy.readthedocs.io/en/latest/explain.html): a stretch counts only if its characters, written in the wrong
 * encoding, are bytes of valid UTF-8, and if what they then say is likelier than what stands there.
 */
export interface Mojibake {
  /** The encoding that the bytes were read in. */
  readonly encoding: string;
  /** Where the first of it begins. */
  readonly index: number;
  /** The word it stands in, and what the word should have been. */
  readonly stretch: string;
  readonly mended: string;
}

/**
 * The first mojibake in the text; undefined where there is none. Linear; good text costs the searches of `ENTRIES`.
 * @param beyond whether the text has anything beyond Latin-1 and Windows-1252 (`ODD.beyond`); leave it out to have it looked for
 */
export function mojibake(text: string, beyond = true): Mojibake | undefined {
  let best: Mojibake | undefined;
  let most = 0;
  let tried = 0;
  for (const { latin, pair, pages } of ENTRIES) {
    if ((!latin && !beyond) || (tried & pages) === pages || !pair.test(text)) continue;
    for (const [at, page] of PAGES.entries()) {
      if ((pages & (1 << at)) === 0 || (tried & (1 << at)) !== 0) continue;
      const index = firstIn(text, page);
      if (index < 0) continue;
      const found = mendedAt(text, page, index);
      // the encoding that explains most is the one it was; capitals within words speak against it
      const explained = countIn(text, page, index) - (found.mended.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0) / 2;
      if (best !== undefined && explained <= most) continue;
      best = found;
      most = explained;
    }
    tried |= pages;
  }
  return best;
}

const COUNTED = 4000;

/** How many sequences there are in the next 4,000 characters. */
function countIn(text: string, page: Page, from: number): number {
  const byteOf = bytesOf(page);
  const end = Math.min(text.length, from + COUNTED);
  let sequences = 0;
  for (let i = from; i < end; i++) {
    const found = sequenceAt(text, i, byteOf);
    if (!found) continue;
    sequences++;
    i += found.length - 1;
  }
  return sequences;
}

// ── Encodings ───────────────────────────────────────────────────────────────

interface Page {
  readonly name: string;
  /** What it has at the bytes 0x80–0xFF. */
  readonly high: string;
  /** Whether C1 controls stand for their own bytes, though it has letters there. */
  readonly controls?: true;
  /** The byte of each UTF-16 code unit; 0 where it has none. */
  byteOf: Uint8Array;
  readonly grade: (at: Sequence) => Grade;
}

const C1 = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0x80 + i)).join('');
const LATIN_1 = Array.from({ length: 96 }, (_, i) => String.fromCharCode(0xa0 + i)).join('');

/** The commonest first, which goes where two explain as much. Windows-1252 is Latin-1 too; bytes that an encoding does not define pass through as C1 controls, as browsers have it. */
const PAGES: readonly Page[] = [
  {
    name: 'Windows-1252',
    high: `€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ${LATIN_1}`,
    controls: true,
    byteOf: new Uint8Array(0),
    grade: gradeLatin,
  },
  {
    name: 'Windows-1251',
    high: 'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя',
    byteOf: new Uint8Array(0),
    grade: gradeCyrillic,
  },
  {
    name: 'Windows-1250',
    high: '€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ\u0090‘’“”•–—\u0098™š›śťžź\u00a0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
    byteOf: new Uint8Array(0),
    grade: gradeLatin,
  },
  {
    name: 'ISO-8859-2',
    high: `${C1}\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙`,
    byteOf: new Uint8Array(0),
    grade: gradeLatin,
  },
  {
    name: 'Mac Roman',
    high: 'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
    byteOf: new Uint8Array(0),
    grade: gradeMac,
  },
];
/**
 * Two characters that misread text has and good text seldom: a lead byte, and one that goes on with it. A search for a
 * pair of small ranges takes a nanosecond per character, a table of all pairs ten. What follows a letter in any good
 * text (a closing quote, an ellipsis) is left out of the Cyrillic ones: another letter of the word gives it away.
 */
const ENTRIES: readonly { readonly latin: boolean; readonly pair: RegExp; readonly pages: number }[] = [
  { latin: true, pair: /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dd\u2013-\u2122]/, pages: 0b01101 },
  { latin: false, pair: /[\u0102-\u0170][\u0080-\u00bf\u0104-\u017e\u02c7-\u02dd\u2013-\u2122]/, pages: 0b01101 },
  {
    latin: false,
    pair: /[\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00bf\u0401-\u040f\u0452-\u045f\u0490\u2020-\u2122](?<=[\u0410-\u044f].)/s, // the rarer of the two first
    pages: 0b00010,
  },
  { latin: false, pair: /[\u0413-\u0415\u0432][\u0080-\u00bf\u0451-\u045f\u0491\u2013-\u2122]/, pages: 0b00010 },
  {
    latin: true,
    pair: /[\u00ac\u00b7\u00c1\u00c2\u00c8\u00ca\u00cb\u00cd-\u00cf\u00ff\u0152\u0153\u0178\u0192\u2013\u2014\u201a\u201e\u2021\u2030][\u00a1-\u00ff\u03a9\u2020-\u2122\u2202-\u2265]/,
    pages: 0b10000,
  },
  { latin: false, pair: /[\u221a\u2248\u25ca\uf8ff][\u00a1-\u00ff\u03a9\u2020-\u2122\u2202-\u2265]/, pages: 0b10000 },
];

/** The byte of each UTF-16 code unit in an encoding; 0 where it has none. Made on first use: 64 KiB each. */
function bytesOf(page: Page): Uint8Array {
  if (page.byteOf.length > 0) return page.byteOf;
  page.byteOf = new Uint8Array(65_536);
  if (page.controls) for (let byte = 0x80; byte < 0xa0; byte++) page.byteOf[byte] = byte;
  for (let i = 0; i < 128; i++) page.byteOf[page.high.charCodeAt(i)] = 0x80 + i;
  return page.byteOf;
}

// ── Sequences ───────────────────────────────────────────────────────────────

/** One character of UTF-8, as it was misread. */
interface Sequence {
  readonly text: string;
  readonly index: number;
  /** How many characters it takes: 2–4. */
  readonly length: number;
  /** The lead byte. */
  readonly lead: number;
  /** What it stands for. */
  readonly code: number;
}

/** How sure one sequence makes it: enough alone; only as one of two or three in a row of the same script; not at all. */
type Grade = 'sure' | 'of two' | 'of three' | 'no';

/** The sequence that begins at the index, if the bytes there are valid UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
function sequenceAt(text: string, index: number, byteOf: Uint8Array): Sequence | undefined {
  const lead = byteOf[text.charCodeAt(index)] as number;
  if (lead < 0xc2 || lead > 0xf4) return undefined;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (index + length > text.length) return undefined;
  let code = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const byte = byteOf[text.charCodeAt(index + i)] as number;
    if (byte < 0x80 || byte >= 0xc0) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  if ((length === 3 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) || (length === 4 && (code < 0x10000 || code > 0x10ffff)))
    return undefined;
  return { text, index, length, lead, code };
}

/** After so many sequences that may all be good text, it is: grading costs a hundred times the search for them. */
const MOST_GRADED = 10_000;

/** Where the first sequence, or run of them, is that is beyond doubt; −1 where none is. */
function firstIn(text: string, page: Page): number {
  const byteOf = bytesOf(page);
  let run = 0;
  let runScript = '';
  let runAt = 0;
  let runEnd = -1;
  let need = 3;
  let graded = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 128) continue;
    const found = sequenceAt(text, i, byteOf);
    if (!found) continue;
    if (++graded > MOST_GRADED) return -1;
    const grade = page.grade(found);
    if (grade === 'sure') return runEnd === i ? runAt : i;
    if (grade !== 'no') {
      const script = scriptOf(found.code);
      if (runEnd !== i || script !== runScript) {
        run = 0;
        need = 3;
        runAt = i;
        runScript = script;
      }
      run++;
      if (grade === 'of two') need = 2;
      runEnd = i + found.length;
      if (run >= need) return runAt;
    }
    i += found.length - 1;
  }
  return -1;
}

function scriptOf(code: number): string {
  if (code < 0x370) return 'Latin';
  if (code < 0x400) return 'Greek';
  if (code < 0x530) return 'Cyrillic';
  if (code < 0x590) return 'Armenian';
  if (code < 0x600) return 'Hebrew';
  if (code < 0x780) return 'Arabic';
  if (code < 0x900) return 'other';
  if (code < 0x1000) return 'Indic or Thai';
  if (code < 0x1e00) return 'Georgian and others';
  if (code < 0x2000) return 'Latin';
  if (code < 0x2e80) return 'symbols';
  return 'East Asian';
}

const LONGEST_WORD = 30;

/** The word around the index, and the same read rightly; misread twice, it is read twice. */
function mendedAt(text: string, page: Page, index: number): Mojibake {
  let start = index;
  while (start > 0 && index - start < LONGEST_WORD && !isGap(text.charCodeAt(start - 1))) start--;
  if (start > 0 && isLow(text.charCodeAt(start))) start++;
  let end = index;
  while (end < text.length && end - index < LONGEST_WORD) {
    const found = sequenceAt(text, end, page.byteOf);
    if (!found && isGap(text.charCodeAt(end))) break;
    end += found ? found.length : 1;
  }
  if (end < text.length && isLow(text.charCodeAt(end))) end--;
  const stretch = text.slice(start, end);
  let mended = decoded(stretch, page);
  for (let times = 0; times < 3; times++) {
    const again = decoded(mended, page);
    if (again === mended || firstIn(mended, page) < 0) break;
    mended = again;
  }
  return { encoding: page.name, index, stretch, mended };
}

function decoded(text: string, page: Page): string {
  let mended = '';
  for (let i = 0; i < text.length; i++) {
    const found = sequenceAt(text, i, page.byteOf);
    mended += found ? String.fromCodePoint(found.code) : text.charAt(i);
    if (found) i += found.length - 1;
  }
  return mended;
}

const isGap = (c: number): boolean => c <= 32 || c === 0xa0;
const isLow = (c: number): boolean => c >= 0xdc00 && c <= 0xdfff;

// ── What is likelier ────────────────────────────────────────────────────────

/** What may follow a letter in good text: the marks that close a quotation, go on, or are set off by a no-break space. */
const AFTER_LETTERS = new Set(Array.from('\u00a0‘’“”„‚…–—«»‹›', (char) => char.charCodeAt(0)));
/** What may follow a word in capitals, or a unit: a trade mark, a footnote, a power. */
const AFTER_NAMES = new Set(Array.from('®©™°¹²³ªº', (char) => char.charCodeAt(0)));

const isLower = (c: number): boolean => (c >= 97 && c <= 122) || (c > 127 && /\p{Ll}/u.test(String.fromCharCode(c)));
const isUpper = (c: number): boolean => (c >= 65 && c <= 90) || (c > 127 && /\p{Lu}/u.test(String.fromCharCode(c)));
const isLetter = (c: number): boolean => isLower(c) || isUpper(c) || (c > 127 && /[\p{L}\p{M}]/u.test(String.fromCharCode(c)));
const isAsciiLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

/** The code units beside a sequence; NaN at the ends of the text, which is neither letter nor mark. */
const before = ({ text, index }: Sequence): number => text.charCodeAt(index - 1);
const after = ({ text, index, length }: Sequence): number => text.charCodeAt(index + length);
/** The code units of a sequence but the lead. */
const tail = ({ text, index, length }: Sequence): number[] => Array.from({ length: length - 1 }, (_, i) => text.charCodeAt(index + 1 + i));

/** Letters of U+0180–U+024F that living orthographies need: Vietnamese, Romanian, Azerbaijani, Pinyin. */
const RARE_LATIN = /[ơƠưƯșțȘȚəƏǎǐǒǔǖǘǚǜǍƒɛɔŋǧǩǯ]/;
const LATIN_LETTER = /[\p{Script=Latin}×]/u;

/** What two-byte and longer sequences look like where Western or Central European code pages have their letters. */
function gradeLatin(found: Sequence): Grade {
  const { lead, code } = found;
  return lead < 0xe0 ? gradeShort(found, lead, code) : gradeLong(found, lead, code);
}

function gradeShort(found: Sequence, lead: number, code: number): Grade {
  const [mark] = tail(found) as [number];
  const left = before(found);
  const right = after(found);
  if (code < 0xa0) return 'of two'; // a control: half of what was misread twice
  if (lead === 0xc2) {
    // Â£ Â° Â« and the no-break space; a word in capitals may end in Â, and its quotation after it
    if (!AFTER_LETTERS.has(mark) && !AFTER_NAMES.has(mark)) return mark === 0xaf || mark === 0xb8 || isLetter(mark) ? 'no' : 'sure';
    return isUpper(left) || AFTER_LETTERS.has(left) ? 'no' : 'sure';
  }
  const closes = AFTER_LETTERS.has(mark);
  if (lead <= 0xc5) {
    if (lead !== 0xc3 && code < 0x100) return 'no';
    if (code === 0xdf && mark === 0x178) return 'sure'; // ÃŸ, in words in capitals too
    if (code === 0x156) return 'no'; // Å–: the letters or the measures from Å on
    if (code !== 0xf7 && !LATIN_LETTER.test(String.fromCharCode(code))) return 'no';
    if (isLower(left) && isUpper(found.text.charCodeAt(found.index))) return 'sure'; // a capital within a word
    if (closes)
      return isLetter(right) && !isDigitBefore(found) && !isQuote(left)
        ? 'sure'
        : lead === 0xc3 && isGapMark(mark) && !isUpper(left) && !isQuote(left)
          ? 'sure'
          : 'no';
    if (AFTER_NAMES.has(mark))
      return isLetter(right) || (lead === 0xc3 && !isUpper(left)) || (!isUpper(left) && !isMeasure(left)) ? 'sure' : 'no';
    if (isUpper(mark)) return isUpper(left) || (isUpper(right) && lead !== 0xc3) ? 'no' : 'sure';
    if (isLower(mark) && lead !== 0xc3) return isUpper(found.text.charCodeAt(found.index)) && !isUpper(left) ? 'sure' : 'of two';
    if (isLower(mark)) return /[œžšƒªºµ]/.test(String.fromCharCode(mark)) ? 'sure' : 'of two';
    return 'sure';
  }
  if (lead <= 0xcb)
    return RARE_LATIN.test(String.fromCharCode(code)) && (isLower(left) || isLower(right)) && !(closes && !isLetter(right)) ? 'sure' : 'no';
  if (lead <= 0xcd) return isLower(left) && code <= 0x36f && (!closes || isLower(right)) ? 'sure' : 'no'; // an accent set apart
  if (lead <= 0xcf) return code < 0x384 ? 'no' : closes || AFTER_NAMES.has(mark) || isLetter(mark) ? 'of two' : 'sure';
  if (lead <= 0xd3 || lead === 0xd7 || (lead >= 0xd8 && lead <= 0xdb)) return 'of two';
  return lead <= 0xd6 ? 'of three' : 'no';
}

/** Blanks and digits, with which a unit such as Å stands. */
const isMeasure = (c: number): boolean => Number.isNaN(c) || c === 32 || c === 0xa0 || (c >= 48 && c <= 57);
const isGapMark = (c: number): boolean => c === 0xa0;
const isQuote = (c: number): boolean => c === 34 || c === 40 || AFTER_LETTERS.has(c);
const isDigitBefore = ({ text, index }: Sequence): boolean => /\d[ \u00a0]?$/.test(text.slice(Math.max(0, index - 2), index));

function gradeLong(found: Sequence, lead: number, code: number): Grade {
  const marks = tail(found);
  const closing = marks.every((mark) => AFTER_LETTERS.has(mark) || AFTER_NAMES.has(mark));
  const letters = marks.every(isLetter);
  if (lead >= 0xf0)
    return !closing && ((code >= 0x1d400 && code < 0x1d800) || (code >= 0x1f000 && code < 0x1fb00)) ? 'sure' : closing ? 'no' : 'of two';
  if (lead === 0xe2) {
    if (code < 0x2c00) return closing || letters ? 'of two' : 'sure';
    return 'of two';
  }
  if (lead === 0xe1 && code >= 0x1e00 && code < 0x1f00) return !closing || isLetter(after(found)) ? 'sure' : 'of two';
  if (lead === 0xef) {
    if (code === 0xfffd || code === 0xfeff || code === 0xfe0f) return 'sure';
    return code >= 0xff00 && !closing ? 'sure' : 'of two';
  }
  if (lead === 0xee) return 'no';
  return 'of two';
}

/** Windows-1251 has Cyrillic letters for all lead bytes and for some others: only runs of them are beyond doubt. */
function gradeCyrillic(found: Sequence): Grade {
  const { lead, code } = found;
  if (lead === 0xe2 && isCommonSign(code)) return 'sure'; // вЂ™
  if (lead === 0xc2)
    return code === 0xa9 ||
      (code === 0xb0 && /[CF]/.test(String.fromCharCode(after(found)))) ||
      (code === 0xa3 && /\d/.test(found.text.charAt(found.index + 2)))
      ? 'sure'
      : 'no';
  if (lead === 0xf0) return code >= 0x1f000 && code < 0x1fb00 ? 'sure' : 'no';
  if (lead >= 0xc3 && lead <= 0xc5)
    return LATIN_LETTER.test(String.fromCharCode(code)) && (isAsciiLetter(before(found)) || isAsciiLetter(after(found))) ? 'sure' : 'no';
  return lead >= 0xce && lead !== 0xee ? 'of three' : 'no';
}

/** General punctuation, the euro, the trade mark. */
const isCommonSign = (code: number): boolean => (code >= 0x2010 && code < 0x2050) || code === 0x20ac || code === 0x2122;

const SIGNS_OF_MATHEMATICS = new Set(Array.from('≠∞±≤≥∂∑∏π∫Ωµ∆', (char) => char.charCodeAt(0)));

/** Mac Roman has signs of mathematics for the commonest lead bytes: √ and ¬. */
function gradeMac(found: Sequence): Grade {
  const { lead, code } = found;
  const [mark] = tail(found) as [number];
  const left = isAsciiLetter(before(found));
  const right = isAsciiLetter(after(found));
  if (lead === 0xe2) return isCommonSign(code) ? 'sure' : 'of three';
  if (lead === 0xf0) return code >= 0x1f000 && code < 0x1fb00 ? 'sure' : 'no';
  if (lead === 0xc2)
    return /[£©®\u00a0«»¼]/.test(String.fromCharCode(code)) || (code === 0xb0 && /[CF]/.test(String.fromCharCode(after(found))))
      ? 'sure'
      : 'no';
  if (lead <= 0xc5) {
    if (!LATIN_LETTER.test(String.fromCharCode(code))) return 'no';
    if (lead !== 0xc3) return isLetter(mark) && (left || right) ? 'sure' : 'no';
    return SIGNS_OF_MATHEMATICS.has(mark) ? (left && right ? 'sure' : 'no') : left || right ? 'sure' : 'no';
  }
  return lead >= 0xce && lead !== 0xee ? 'of three' : 'no';
}
