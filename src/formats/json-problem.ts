import { quote } from '../wording.ts';

/** What keeps a line from being JSON. */
interface JsonProblem {
  /** 1-based, in UTF-16 code units, at most one past the end of the line. */
  readonly column: number;
  /** A noun phrase that can stand after a colon: no colon, no "expected", no final period in it. Text of the line only by `quote`. */
  readonly reason: string;
  /** What mends it: see `Skip.advice`. */
  readonly advice?: string;
}

/** How far one JSON value reaches: `at` is where it ends, where the text breaks off inside it, or where it goes wrong. */
interface JsonScan {
  readonly state: 'whole' | 'open' | 'bad';
  readonly at: number;
  /** Absent where `state` is whole. */
  readonly why?: Why;
}

/** The reason of a problem; with what mends it, where that is known. */
type Why = string | readonly [reason: string, advice: string];

// What may come next.
const VALUE = 0; // after a colon, or at the start
const FIRST_ITEM = 1;
const NEXT_ITEM = 2;
const FIRST_KEY = 3;
const NEXT_KEY = 4;
const COLON = 5;
const MORE = 6; // a comma or the end, after a value

const QUOTE = 34;
const APOSTROPHE = 39;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON_MARK = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Where a line that `JSON.parse` refused goes wrong, and why, in words of our
 * own: V8's differ between versions of Node, and mostly name no cause. One pass,
 * no recursion. Only the first problem is told; the rest often follows from it.
 */
export function jsonProblem(text: string): JsonProblem {
  const scan = scanJson(text);
  if (scan.state !== 'whole') return problemAt(scan.at, scan.why ?? '');
  const at = skipBlanks(text, scan.at);
  return problemAt(at, at < text.length ? whyMore(text, at) : 'something that this parser of JSON does not accept');
}

function problemAt(at: number, why: Why): JsonProblem {
  return typeof why === 'string' ? { column: at + 1, reason: why } : { column: at + 1, reason: why[0], advice: why[1] };
}

/** Reads one JSON value from the start of a text; what comes after it is not looked at. */
export function scanJson(text: string): JsonScan {
  let inObject = new Uint8Array(64); // per level, whether it is an object: grows, because hostile lines nest millions deep
  let depth = 0;
  let expect = VALUE;
  let at = 0;
  for (;;) {
    at = skipBlanks(text, at);
    if (at >= text.length) return { state: 'open', at: text.length, why: whyOpen(text, depth, depth > 0 && inObject[depth - 1] === 1) };
    const c = text.charCodeAt(at);
    const object = depth > 0 && inObject[depth - 1] === 1;

    if (expect === COLON) {
      if (c !== COLON_MARK) return bad(at, whyNoColon(text, at));
      expect = VALUE;
      at += 1;
      continue;
    }
    if (expect === MORE && c === COMMA) {
      expect = object ? NEXT_KEY : NEXT_ITEM;
      at += 1;
      continue;
    }
    const closes = object ? c === CLOSE_OBJECT : c === CLOSE_ARRAY;
    if (closes && (expect === MORE || expect === FIRST_KEY || expect === FIRST_ITEM)) {
      depth -= 1;
      expect = MORE;
      at += 1;
      if (depth === 0) return { state: 'whole', at };
      continue;
    }
    if (expect === MORE) return bad(at, whyNoComma(text, at, object));
    if ((expect === FIRST_KEY || expect === NEXT_KEY) && c !== QUOTE) return bad(at, whyNoKey(text, at, expect));

    if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
      if (depth === inObject.length) {
        const grown = new Uint8Array(depth * 2);
        grown.set(inObject);
        inObject = grown;
      }
      inObject[depth] = c === OPEN_OBJECT ? 1 : 0;
      depth += 1;
      expect = c === OPEN_OBJECT ? FIRST_KEY : FIRST_ITEM;
      at += 1;
      continue;
    }

    let end: number; // of a string, number or word; below zero: the place of a problem, as -1 - place
    if (c === QUOTE) end = endOfString(text, at);
    else if (c === MINUS || isDigit(c)) end = endOfNumber(text, at);
    else end = endOfWord(text, at);
    if (end < 0) {
      const place = -1 - end;
      if (place >= text.length) return { state: 'open', at: text.length, why: whyCut(text, c) };
      if (c === QUOTE) return bad(place, whyNoString(text, place));
      return bad(place, place > at ? whyNoNumber(text, place) : whyNoValue(text, place, expect));
    }
    at = end;
    if (expect === FIRST_KEY || expect === NEXT_KEY) expect = COLON;
    else if (depth === 0) return { state: 'whole', at };
    else expect = MORE;
  }
}

const bad = (at: number, why: Why): JsonScan => ({ state: 'bad', at, why });

const isDigit = (c: number): boolean => c >= ZERO && c <= 57;
const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36;
const isHex = (c: number): boolean => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);

function skipBlanks(text: string, at: number): number {
  let c = text.charCodeAt(at);
  while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at);
  return at;
}

/** The index after the closing quote, or -1 - the place of the problem. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) return at + 1;
    if (c < 32) return -1 - at;
    if (c !== BACKSLASH) continue;
    at += 1;
    if (at >= text.length) break;
    const escaped = text.charCodeAt(at);
    if (escaped === 117) {
      for (let digit = 0; digit < 4; digit++) {
        at += 1;
        if (at >= text.length) return -1 - text.length;
        if (!isHex(text.charCodeAt(at))) return -1 - at;
      }
    } else if (!'"\\/bfnrt'.includes(text.charAt(at))) return -1 - at;
  }
  return -1 - text.length;
}

/** The index after the number, or -1 - the place of the problem. */
function endOfNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (!isDigit(text.charCodeAt(at))) return -1 - at;
  if (text.charCodeAt(at) === ZERO) {
    at += 1;
    if (isDigit(text.charCodeAt(at)) || (text.charCodeAt(at) | 32) === 120) return -1 - at;
  } else while (isDigit(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) === POINT) {
    at += 1;
    if (!isDigit(text.charCodeAt(at))) return -1 - at;
    while (isDigit(text.charCodeAt(at))) at += 1;
  }
  if ((text.charCodeAt(at) | 32) === 101) {
    at += 1;
    const sign = text.charCodeAt(at);
    if (sign === 43 || sign === MINUS) at += 1;
    if (!isDigit(text.charCodeAt(at))) return -1 - at;
    while (isDigit(text.charCodeAt(at))) at += 1;
  }
  return at;
}

/** The index after true, false or null, or -1 - the place of the problem: the end of the text where it breaks off inside one of them. */
function endOfWord(text: string, start: number): number {
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return start + word.length;
    const left = text.length - start;
    if (left < word.length && word.startsWith(text.slice(start))) return -1 - text.length;
  }
  return -1 - start;
}

// ── Causes, in words ────────────────────────────────────────────────────────

const ONE_LINE = '(a row must stand on one line)';
const PYTHON = '(Python? json.dumps writes JSON)';

// What mends them: each can stand before "these 12 lines".
const UNINDENT = 'Write each row on a line of its own, without indenting, which mends';
const JSON_DUMPS = 'Write the file anew with json.dumps, one row per line, which mends';
const BARE_ROWS = 'Write one object per line and nothing between them, which mends';
const BREAK = 'Put a line break between the rows on';
const NULL = 'Write null, or leave the field out, on';
const ESCAPE = 'Escape control characters, as every JSON library does, to mend';
const NO_COMMA = 'Take the extra comma out of';
const DOUBLE = 'Write each backslash twice, as every JSON library does, to mend';

/** The text ended between two tokens. */
function whyOpen(text: string, depth: number, object: boolean): Why {
  if (depth === 0) return 'an empty line';
  const kind = object ? 'object' : 'array';
  if (skipBlanks(text, skipBlanks(text, 0) + 1) >= text.length) return [`an opening ${object ? '{' : '['} alone ${ONE_LINE}`, UNINDENT];
  return [`a line that ends before its ${kind} is closed (it was cut off, or goes on in the next line)`, UNINDENT];
}

/** The text ended inside a string, number or word that begins with `c`. */
function whyCut(text: string, c: number): Why {
  if (c === QUOTE) {
    if (text.length === 1 || !text.includes('"', 1)) return 'a string that is never closed';
    return 'a line that ends inside a string (it was cut off, or a line break in a text was not written as \\n)';
  }
  return `a line that ends inside a ${c === MINUS || isDigit(c) ? 'number' : 'word'} (it was cut off)`;
}

/** Causes that may stand anywhere outside of strings. */
function whyAnywhere(text: string, at: number): Why | undefined {
  const c = text.charCodeAt(at);
  if (c === APOSTROPHE) return [`a single quote where a double quote belongs ${PYTHON}`, JSON_DUMPS];
  if (c === 96) return 'a backtick where a double quote belongs';
  if (c === 0x201c || c === 0x201d || c === 0x2018 || c === 0x2019 || c === 0x201e)
    return ['a curly quote where a straight double quote belongs', 'Write straight double quotes on'];
  if (c === 0) return 'a NUL character (the file is damaged, or is not text)';
  if (c === 0xfeff) return 'a byte order mark inside the file (files were joined without removing it)';
  if (c === 0xa0 || c === 0x2028 || c === 0x2029 || c === 0x3000 || (c >= 0x2000 && c <= 0x200b)) {
    return `a blank that JSON does not know (${codePoint(c)}) where a plain space belongs`;
  }
  if (c === 0xfffd) return 'a replacement character (U+FFFD) outside of a string (the text was decoded wrongly before it was written)';
  if (c < 32 || c === 127) return `a control character (${codePoint(c)}) outside of a string`;
  if (c === 35 || (c === 47 && (text.charCodeAt(at + 1) === 47 || text.charCodeAt(at + 1) === 42)))
    return 'a comment, which JSON does not have';
  if (c === BACKSLASH) return 'a backslash outside of a string (was the row escaped twice?)';
  if (c === POINT && text.startsWith('...', at)) return 'three dots in place of a part of the row';
  return undefined;
}

function whyNoString(text: string, at: number): Why {
  const c = text.charCodeAt(at);
  if (c < 32) {
    if (c === 9) return ['a raw tab inside a string (JSON writes \\t)', ESCAPE];
    if (c === 10) return ['a raw line break inside a string (JSON writes \\n)', ESCAPE];
    if (c === 13) return ['a raw carriage return inside a string (JSON writes \\r)', ESCAPE];
    if (c === 0) return 'a NUL character inside a string (the file is damaged, or is not text)';
    return [`a raw control character (${codePoint(c)}) inside a string (JSON writes \\u00${c.toString(16).padStart(2, '0')})`, ESCAPE];
  }
  // A bad escape: `at` is the character after the backslash, or the one that is no hexadecimal digit.
  if (text.charCodeAt(at - 1) !== BACKSLASH) return 'a \\u without four hexadecimal digits';
  if (c === APOSTROPHE) return 'a backslash before a single quote, which needs none';
  const shown = c > 32 && c < 127 ? `the escape \\${text.charAt(at)}, which` : 'an escape that';
  return [`${shown} JSON does not have (a backslash itself is written \\\\)`, DOUBLE];
}

function whyNoColon(text: string, at: number): Why {
  const c = text.charCodeAt(at);
  if (c === COMMA || c === CLOSE_OBJECT) return 'a field name without a colon and a value';
  if (c === 61) return 'an equals sign where a colon belongs';
  return whyAnywhere(text, at) ?? 'no colon after a field name';
}

function whyNoKey(text: string, at: number, expect: number): Why {
  const c = text.charCodeAt(at);
  if (c === CLOSE_OBJECT) return ['a comma before the closing }', NO_COMMA];
  if (c === CLOSE_ARRAY) return 'a ] where the object needs a }';
  if (c === COMMA) return [expect === FIRST_KEY ? 'a comma before the first field' : 'two commas in a row', NO_COMMA];
  if (c === COLON_MARK) return 'a colon without a field name before it';
  const common = whyAnywhere(text, at);
  if (common !== undefined) return common;
  if (isLetter(c)) return `a field name without double quotes, ${quote(wordAt(text, at))}`;
  if (isDigit(c) || c === MINUS) return 'a field name without double quotes, a number';
  if (c === OPEN_OBJECT || c === OPEN_ARRAY) return `an ${c === OPEN_OBJECT ? 'object' : 'array'} without a field name before it`;
  return `${character(text, at)} where a field name belongs`;
}

function whyNoComma(text: string, at: number, object: boolean): Why {
  const c = text.charCodeAt(at);
  const next = object ? 'field' : 'item';
  if (c === CLOSE_ARRAY) return 'a ] where the object needs a }';
  if (c === CLOSE_OBJECT) return 'a } where the array needs a ]';
  if (c === COLON_MARK) return object ? 'a second colon in one field' : 'a colon inside an array';
  const before = text.charCodeAt(at - 1);
  // Directly after a closing quote, text goes on: that quote was meant to be part of the string.
  if (before === QUOTE && c !== QUOTE && c !== OPEN_OBJECT && c !== OPEN_ARRAY && c > 32) {
    return 'text after a closing quote (a double quote inside a string is written \\")';
  }
  const common = whyAnywhere(text, at);
  if (common !== undefined) return common;
  if (c === QUOTE || c === OPEN_OBJECT || c === OPEN_ARRAY) return `no comma before the next ${next}`;
  if (isDigit(before) && (isLetter(c) || c === POINT)) return 'other characters right after a number';
  if (isDigit(c) || c === MINUS || endOfWord(text, at) > 0) return `no comma before the next ${next}`;
  if (isLetter(c)) return `a text without double quotes, ${quote(wordAt(text, at))}, or a missing comma before it`;
  return `${character(text, at)} where a comma or the end of the ${object ? 'object' : 'array'} belongs`;
}

/** `at` is the first character that the number cannot have. */
function whyNoNumber(text: string, at: number): Why {
  const before = text.charCodeAt(at - 1);
  if (before === MINUS && text.startsWith('Infinity', at)) return ['-Infinity, which JSON does not have (a number, or null)', NULL];
  if (before === ZERO && isDigit(text.charCodeAt(at))) return 'a number with a leading zero';
  if (before === ZERO) return 'a hexadecimal number, which JSON does not have';
  if (before === POINT) return 'a number that ends with its decimal point';
  if ((before | 32) === 101 || ((text.charCodeAt(at - 2) | 32) === 101 && !isDigit(before)))
    return 'a number with an exponent of no digits';
  return 'a minus sign without a number';
}

const WORDS: ReadonlyMap<string, Why> = new Map<string, Why>([
  ['None', [`None, which is null in JSON ${PYTHON}`, JSON_DUMPS]],
  ['True', [`True, which is true in JSON ${PYTHON}`, JSON_DUMPS]],
  ['False', [`False, which is false in JSON ${PYTHON}`, JSON_DUMPS]],
  ['NaN', ['NaN, which JSON does not have (null, or no field)', NULL]],
  ['nan', ['nan, which JSON does not have (null, or no field)', NULL]],
  ['Infinity', ['Infinity, which JSON does not have (a number, or null)', NULL]],
  ['inf', ['inf, which JSON does not have (a number, or null)', NULL]],
  ['undefined', ['undefined, which JSON does not have (null, or no field)', NULL]],
  ['NULL', 'NULL, which is null in JSON'],
  ['TRUE', 'TRUE, which is true in JSON'],
  ['FALSE', 'FALSE, which is false in JSON'],
  ['nil', 'nil, which is null in JSON'],
]);

function whyNoValue(text: string, at: number, expect: number): Why {
  const c = text.charCodeAt(at);
  const nested = at > skipBlanks(text, 0); // not the very first thing of the line
  if (!nested && isConflictMark(text, at)) return ['a mark of an unresolved merge conflict', 'Resolve the merge conflict on'];
  if (c === CLOSE_ARRAY && expect === NEXT_ITEM) return ['a comma before the closing ]', NO_COMMA];
  if ((c === CLOSE_OBJECT || c === CLOSE_ARRAY) && !nested) return [`a closing ${text.charAt(at)} alone ${ONE_LINE}`, UNINDENT];
  if (c === COMMA && !nested) return ['a comma at the start of the line (rows have no commas between them)', BARE_ROWS];
  if ((c === CLOSE_OBJECT || c === CLOSE_ARRAY || c === COMMA) && expect === VALUE) return 'a field without a value after its colon';
  if (c === COMMA && expect === NEXT_ITEM) return ['two commas in a row', NO_COMMA];
  if (c === COMMA && expect === FIRST_ITEM) return ['a comma before the first item', NO_COMMA];
  if (c === CLOSE_OBJECT && (expect === FIRST_ITEM || expect === NEXT_ITEM)) return 'a } where the array needs a ]';
  if (c === POINT && isDigit(text.charCodeAt(at + 1))) return 'a number that begins with its decimal point';
  if (c === 43) return 'a number with a plus sign';
  const common = whyAnywhere(text, at);
  if (common !== undefined) return common;
  if (c === COLON_MARK) return 'a second colon where a value belongs';
  if (isLetter(c)) {
    const word = wordAt(text, at);
    const known = WORDS.get(word);
    if (known !== undefined) return known;
    const after = text.charCodeAt(at + word.length);
    if (word.length < 3 && (after === QUOTE || after === APOSTROPHE))
      return [`a string with a prefix, ${quote(word)} ${PYTHON}`, JSON_DUMPS];
    return nested ? `a text without double quotes, ${quote(word)}` : 'plain text instead of a JSON object';
  }
  if (!nested && c === 60) return 'markup instead of a JSON object';
  return `${character(text, at)} where ${nested ? 'a value' : 'a JSON object'} belongs`;
}

/** After a whole value. */
function whyMore(text: string, at: number): Why {
  const c = text.charCodeAt(at);
  const start = text.charCodeAt(skipBlanks(text, 0));
  const first = start === OPEN_OBJECT ? 'object' : start === OPEN_ARRAY ? 'array' : start === QUOTE ? 'string' : 'value';
  if (c === OPEN_OBJECT || c === OPEN_ARRAY) {
    const second = c === OPEN_OBJECT ? 'object' : 'array';
    if (second === first) return [`a second ${second} on the same line (a line break is missing before it)`, BREAK];
    return `an ${second} after the end of the ${first}`;
  }
  if (c === COMMA) return [`a comma after the ${first} (rows have no commas between them)`, BARE_ROWS];
  if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) return `a closing ${text.charAt(at)} too many`;
  if (c === COLON_MARK && first === 'string') return [`a field without the braces of its object ${ONE_LINE}`, UNINDENT];
  return whyAnywhere(text, at) ?? `more text after the end of the ${first}`;
}

function isConflictMark(text: string, at: number): boolean {
  return text.startsWith('<<<<<<< ', at) || text.startsWith('>>>>>>> ', at) || text.startsWith('=======', at);
}

/** The letters and digits from `at`, as many as `quote` may show. */
function wordAt(text: string, at: number): string {
  let end = at;
  while (end - at < 60 && (isLetter(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)))) end += 1;
  return text.slice(at, end);
}

/** A character, safe to print: by its code where it is not plain ASCII. */
function character(text: string, at: number): string {
  const c = text.codePointAt(at) ?? 0;
  return c > 32 && c < 127 ? `a ${text.charAt(at)}` : `the character ${codePoint(c)}`;
}

function codePoint(c: number): string {
  return `U+${c.toString(16).toUpperCase().padStart(4, '0')}`;
}
