import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonProblem, scanJson } from '../../src/formats/json-problem.ts';

/** Text, column, reason. */
const CASES: readonly (readonly [string, number, string])[] = [
  // Python and JavaScript
  [`{'a': 1}`, 2, 'a single quote where a double quote belongs (Python? json.dumps writes JSON)'],
  [`{"a": None}`, 7, 'None, which is null in JSON (Python? json.dumps writes JSON)'],
  [`{"a": True}`, 7, 'True, which is true in JSON (Python? json.dumps writes JSON)'],
  [`{"a": False}`, 7, 'False, which is false in JSON (Python? json.dumps writes JSON)'],
  [`{"a": b"x"}`, 7, 'a string with a prefix, "b" (Python? json.dumps writes JSON)'],
  ['{"a":NaN}', 6, 'NaN, which JSON does not have (null, or no field)'],
  ['{"a":Infinity}', 6, 'Infinity, which JSON does not have (a number, or null)'],
  ['{"a":-Infinity}', 7, '-Infinity, which JSON does not have (a number, or null)'],
  ['{"a":undefined}', 6, 'undefined, which JSON does not have (null, or no field)'],
  ['{"a":1} // x', 9, 'a comment, which JSON does not have'],
  ['{"a":1, # x', 9, 'a comment, which JSON does not have'],
  ['{/* x */"a":1}', 2, 'a comment, which JSON does not have'],
  ['{a:1}', 2, 'a field name without double quotes, "a"'],
  ['{1:2}', 2, 'a field name without double quotes, a number'],
  ['{`a`:1}', 2, 'a backtick where a double quote belongs'],
  // commas, colons, brackets
  ['{"a":1,}', 8, 'a comma before the closing }'],
  ['[1,]', 4, 'a comma before the closing ]'],
  ['{"a":1 "b":2}', 8, 'no comma before the next field'],
  ['[1 2]', 4, 'no comma before the next item'],
  ['[1 true]', 4, 'no comma before the next item'],
  ['[1 hello]', 4, 'a text without double quotes, "hello", or a missing comma before it'],
  ['[1,,2]', 4, 'two commas in a row'],
  ['{"a":1,,}', 8, 'two commas in a row'],
  ['[,1]', 2, 'a comma before the first item'],
  ['{,}', 2, 'a comma before the first field'],
  ['{"a" 1}', 6, 'no colon after a field name'],
  ['{"a"=1}', 5, 'an equals sign where a colon belongs'],
  ['{"a"}', 5, 'a field name without a colon and a value'],
  ['{"a":}', 6, 'a field without a value after its colon'],
  ['{"a"::1}', 6, 'a second colon where a value belongs'],
  ['{"a":1:2}', 7, 'a second colon in one field'],
  ['{:1}', 2, 'a colon without a field name before it'],
  ['["a":1]', 5, 'a colon inside an array'],
  ['{"a":1]', 7, 'a ] where the object needs a }'],
  ['[1}', 3, 'a } where the array needs a ]'],
  ['[}', 2, 'a } where the array needs a ]'],
  ['{]', 2, 'a ] where the object needs a }'],
  ['{{"a":1}}', 2, 'an object without a field name before it'],
  ['{[1]}', 2, 'an array without a field name before it'],
  ['[1 ; 2]', 4, 'a ; where a comma or the end of the array belongs'],
  ['{;}', 2, 'a ; where a field name belongs'],
  // strings
  ['{"a":"x', 8, 'a line that ends inside a string (it was cut off, or a line break in a text was not written as \\n)'],
  ['"abc', 5, 'a string that is never closed'],
  ['{"a": "he said "hi" to"}', 17, 'text after a closing quote (a double quote inside a string is written \\")'],
  ['{"a":"x\ty"}', 8, 'a raw tab inside a string (JSON writes \\t)'],
  ['{"a":"x\ny"}', 8, 'a raw line break inside a string (JSON writes \\n)'],
  ['{"a":"x\ry"}', 8, 'a raw carriage return inside a string (JSON writes \\r)'],
  ['{"a":"x\0y"}', 8, 'a NUL character inside a string (the file is damaged, or is not text)'],
  ['{"a":"x\u001by"}', 8, 'a raw control character (U+001B) inside a string (JSON writes \\u001b)'],
  ['{"a":"x\u001fy"}', 8, 'a raw control character (U+001F) inside a string (JSON writes \\u001f)'],
  ['{"a":"\\x41"}', 8, 'the escape \\x, which JSON does not have (a backslash itself is written \\\\)'],
  ['{"a":"\\é"}', 8, 'an escape that JSON does not have (a backslash itself is written \\\\)'],
  [`{"a":"it\\'s"}`, 10, 'a backslash before a single quote, which needs none'],
  ['{"a":"\\u12g4"}', 11, 'a \\u without four hexadecimal digits'],
  ['{"a":"\\u12"}', 11, 'a \\u without four hexadecimal digits'],
  ['{\\"a\\": 1}', 2, 'a backslash outside of a string (was the row escaped twice?)'],
  ['{“a”:1}', 2, 'a curly quote where a straight double quote belongs'],
  // numbers
  ['{"a":01}', 7, 'a number with a leading zero'],
  ['{"a":+1}', 6, 'a number with a plus sign'],
  ['{"a":.5}', 6, 'a number that begins with its decimal point'],
  ['{"a":1.}', 8, 'a number that ends with its decimal point'],
  ['[2,1.]', 6, 'a number that ends with its decimal point'],
  ['{"a":1e}', 8, 'a number with an exponent of no digits'],
  ['[1e+]', 5, 'a number with an exponent of no digits'],
  ['{"a":-}', 7, 'a minus sign without a number'],
  ['{"a":0x1F}', 7, 'a hexadecimal number, which JSON does not have'],
  ['{"a":5px}', 7, 'other characters right after a number'],
  ['[1.2.3]', 5, 'other characters right after a number'],
  // where lines end, and what comes after
  ['{"a":"x"', 9, 'a line that ends before its object is closed (it was cut off, or goes on in the next line)'],
  ['{"a":["x",', 11, 'a line that ends before its array is closed (it was cut off, or goes on in the next line)'],
  ['{"a":tru', 9, 'a line that ends inside a word (it was cut off)'],
  ['{"a":-', 7, 'a line that ends inside a number (it was cut off)'],
  ['{', 2, 'an opening { alone (a row must stand on one line)'],
  ['  [ ', 5, 'an opening [ alone (a row must stand on one line)'],
  ['}', 1, 'a closing } alone (a row must stand on one line)'],
  ['],', 1, 'a closing ] alone (a row must stand on one line)'],
  ['"a": 1,', 4, 'a field without the braces of its object (a row must stand on one line)'],
  ['{"a":1}{"a":2}', 8, 'a second object on the same line (a line break is missing before it)'],
  ['{"a":1} {"a":2}', 9, 'a second object on the same line (a line break is missing before it)'],
  ['[1] {"a":2}', 5, 'an object after the end of the array'],
  ['{"a":1},', 8, 'a comma after the object (rows have no commas between them)'],
  [',{"a":1}', 1, 'a comma at the start of the line (rows have no commas between them)'],
  ['{"a":1}]', 8, 'a closing ] too many'],
  ['{"a":1} and more', 9, 'more text after the end of the object'],
  ['1: {"a":1}', 2, 'more text after the end of the value'],
  // no JSON at all, and strange characters
  ['Hello world', 1, 'plain text instead of a JSON object'],
  ['<a>', 1, 'markup instead of a JSON object'],
  ['<<<<<<< HEAD', 1, 'a mark of an unresolved merge conflict'],
  ['=======', 1, 'a mark of an unresolved merge conflict'],
  ['{"a": ...}', 7, 'three dots in place of a part of the row'],
  ['{"a":hello}', 6, 'a text without double quotes, "hello"'],
  ['\ufeff{"a":1}', 1, 'a byte order mark inside the file (files were joined without removing it)'],
  ['{\u00a0"a":1}', 2, 'a blank that JSON does not know (U+00A0) where a plain space belongs'],
  ['{\u000b"a":1}', 2, 'a control character (U+000B) outside of a string'],
  ['{"a":\ufffd}', 6, 'a replacement character (U+FFFD) outside of a string (the text was decoded wrongly before it was written)'],
  ['\0\0', 1, 'a NUL character (the file is damaged, or is not text)'],
  ['{"a":🙂}', 6, 'the character U+1F642 where a value belongs'],
  ['*', 1, 'a * where a JSON object belongs'],
  ['', 1, 'an empty line'],
];

describe('jsonProblem', () => {
  it.each(CASES)('%j', (text, column, reason) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonProblem(text)).toMatchObject({ column, reason });
  });

  it('quotes no more than a few characters of the line', () => {
    const { reason } = jsonProblem(`{${'a'.repeat(1000)}:1}`);
    expect(reason).toBe(`a field name without double quotes, "${'a'.repeat(39)}…"`);
  });

  it('takes nesting of any depth', () => {
    const deep = 1_000_000;
    expect(jsonProblem('['.repeat(deep))).toMatchObject({
      column: deep + 1,
      reason: 'a line that ends before its array is closed (it was cut off, or goes on in the next line)',
    });
    expect(jsonProblem('{"a":'.repeat(deep)).column).toBe(5 * deep + 1);
    expect(jsonProblem(`${'['.repeat(deep)}${']'.repeat(deep)}]`)).toEqual({ column: 2 * deep + 1, reason: 'a closing ] too many' });
    expect(jsonProblem(`${'[{"":'.repeat(deep)}}`).column).toBe(5 * deep + 1);
    const mixed = `${'[{"":'.repeat(deep)}1${'}]'.repeat(deep)}`;
    expect(scanJson(mixed)).toEqual({ state: 'whole', at: mixed.length });
  });

  it('takes long lines in one pass', () => {
    const long = 'x'.repeat(16 << 20);
    expect(jsonProblem(`{"a":"${long}`).column).toBe(long.length + 7);
    expect(jsonProblem(`{"a":${'1'.repeat(1 << 20)}.}`).column).toBe((1 << 20) + 7);
    expect(jsonProblem(`${' '.repeat(1 << 20)}x`).column).toBe((1 << 20) + 1);
    expect(jsonProblem(long).column).toBe(1);
  });
});

/** JSON that somebody's script, editor or disk has spoilt: one to three small changes. */
const spoilt = fc
  .record({
    value: fc.jsonValue({ maxDepth: 4 }),
    blanks: fc.constantFrom(undefined, 1, '\t'),
    changes: fc.array(
      fc.record({
        what: fc.constantFrom('drop', 'insert', 'replace', 'cut', 'double'),
        where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        char: fc.oneof(
          fc.constantFrom(...'{}[]:,"\'\\ \t\n/#-+.0123456789eEtfnulNaI\u0000\u00a0“é\ufeff'.split('')),
          fc.string({ minLength: 1, maxLength: 2 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ value, blanks, changes }) => {
    let text = JSON.stringify(value, null, blanks);
    for (const { what, where, char } of changes) {
      const at = Math.floor(where * text.length);
      if (what === 'drop') text = text.slice(0, at) + text.slice(at + 1);
      else if (what === 'insert') text = text.slice(0, at) + char + text.slice(at);
      else if (what === 'replace') text = text.slice(0, at) + char + text.slice(at + 1);
      else if (what === 'cut') text = text.slice(0, at);
      else text = text + text;
    }
    return text;
  });

describe('jsonProblem against V8', () => {
  it('finds a problem exactly where JSON.parse does', () => {
    fc.assert(
      fc.property(spoilt, (text) => {
        let message: string | undefined;
        try {
          JSON.parse(text);
        } catch (error) {
          message = String(error);
        }
        const scan = scanJson(text);
        const whole = scan.state === 'whole' && /^[ \t\r\n]*$/.test(text.slice(scan.at));
        expect(whole).toBe(message === undefined);
        if (message === undefined) return;
        const { column, reason, advice } = jsonProblem(text);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(text.length + 1);
        expect(reason).toMatch(/^[ -~…]+$/); // nothing of the line that a terminal could choke on
        expect(reason).not.toMatch(/, expected|\.$|: /);
        expect(advice ?? 'Mend').toMatch(/^[A-Z][a-z]+(?: .*[a-z])?$/);
        // V8 tells a place for about half of the problems. Of a misspelt word it is the first wrong letter, ours the start of the word.
        const told = Number(/at position (\d+)/.exec(message)?.[1] ?? column - 1);
        if (!/^(?:t|f|n)[a-z]*$/.test(text.slice(column - 1, told))) expect(told).toBe(column - 1);
      }),
      { numRuns: 4000, seed: 1 },
    );
  });
});
