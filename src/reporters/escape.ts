/**
 * Text from a data set is never printed raw: an escape sequence could repaint the terminal, a bidi
 * control could make a line read backwards, a newline could forge a line of the report.
 */

/**
 * What a reader cannot see or a terminal would obey: controls (C0, DEL, C1), format characters (bidi,
 * zero-width, tags), lone surrogates, private and unassigned code points, line and paragraph
 * separators, and everything that Unicode says is drawn as nothing.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A backslash stays one: in the excerpts of a linter, text that looks like an escape is nearly always one that stands in the data. */
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** More marks on one letter than any writing system needs run over the lines above and below ("Zalgo"). */
const FLOOD = /([\p{M}\u200c\u200d]{4})[\p{M}\u200c\u200d]+/gu;
/** A mark with no letter to stand on would sit on our own quotation mark. */
const BARE_MARK = /^\p{M}/u;

/**
 * The text in one line, every character of it visible: newlines, tabs, controls and the like as `\n`,
 * `\t`, `\u001b`, `\u{e0041}`; floods of combining marks cut. What it returns can be printed anywhere
 * but in a language with its own escapes (HTML, Markdown, CSV …). It changes nothing when applied again.
 */
export function visible(text: string): string {
  const shown = text.replace(FLOOD, '$1…').replace(UNSEEN, escapeOf);
  return BARE_MARK.test(shown) ? `\u25cc${shown}` : shown;
}

function escapeOf(char: string, offset: number, whole: string): string {
  // The joiners and the variation selector that build an emoji or an Arabic or Indic word are part of what is seen.
  if (JOINERS.has(char) && joins(char, whole, offset)) return char;
  const code = char.codePointAt(0)!;
  return NAMED[char] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`);
}

const ZWNJ = '\u200c';
const ZWJ = '\u200d';
const EMOJI_STYLE = '\ufe0f';
const JOINERS: ReadonlySet<string> = new Set([ZWNJ, ZWJ, EMOJI_STYLE]);
const JOINED_SCRIPT =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}]$/u;
const PICTOGRAPH = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;

function joins(char: string, text: string, at: number): boolean {
  const before = charBefore(text, at);
  if (char === EMOJI_STYLE) return PICTOGRAPH.test(before);
  const after = charAt(text, at + 1);
  if (char === ZWJ && PICTOGRAPH.test(after))
    return PICTOGRAPH.test(before) || (before === EMOJI_STYLE && PICTOGRAPH.test(charBefore(text, at - 1)));
  return JOINED_SCRIPT.test(before) && JOINED_SCRIPT.test(after);
}

const charAt = (text: string, at: number): string => (at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '');

function charBefore(text: string, at: number): string {
  if (at < 1) return '';
  const low = text.charCodeAt(at - 1);
  const high = at > 1 ? text.charCodeAt(at - 2) : 0;
  return low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff ? text.slice(at - 2, at) : text.slice(at - 1, at);
}
