/** Text in columns: how wide it is on a terminal, and how it is broken and cut. For text that `visible` has been through. */

const NO_WIDTH = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4dc0-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/**
 * How many columns one code point takes: East Asian wide ones and emoji two, combining marks none.
 * Ranges of UAX #11 (https://www.unicode.org/reports/tr11/), rounded up: a sequence that some
 * terminals draw as one emoji counts as its parts, so that no line is ever wider than counted.
 */
function columnsOf(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x300 || code === 0xfe0f) return 1; // U+FE0F asks for the emoji form of a letter-wide sign, which takes a column more
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The width of a text in columns. */
export function columns(text: string): number {
  let sum = 0;
  for (const char of text) sum += columnsOf(char);
  return sum;
}

/** Cuts to at most `width` columns, with an ellipsis where something was cut. */
export function cutColumns(text: string, width: number): string {
  let used = 0;
  let fits = 0; // the end of what fits beside an ellipsis
  let at = 0;
  for (const char of text) {
    used += columnsOf(char);
    if (used > width) return width < 1 ? '' : `${text.slice(0, fits).trimEnd()}…`;
    at += char.length;
    if (used <= width - 1) fits = at;
  }
  return text;
}

/** Fills up with blanks to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Breaks between words into lines of at most `width` columns; within a word only where it alone is wider than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const wide = columns(word);
    if (line !== '' && used + 1 + wide > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    if (line !== '') {
      line += ` ${word}`;
      used += 1 + wide;
    } else if (wide <= width) {
      line = word;
      used = wide;
    } else {
      const pieces = chop(word, width);
      line = pieces.pop()!;
      used = columns(line);
      lines.push(...pieces);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** Cuts into pieces of at most `width` columns; marks stay with their letter. */
function chop(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const char of word) {
    const wide = columnsOf(char);
    if (used + wide > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += char;
    used += wide;
  }
  pieces.push(piece);
  return pieces;
}

/** Wrapped lines behind a first prefix; the others are indented as far. */
export function hang(prefix: string, text: string, width: number): string[] {
  const indent = columns(prefix);
  return wrap(text, width - indent).map((line, i) => `${i === 0 ? prefix : ' '.repeat(indent)}${line}`);
}
