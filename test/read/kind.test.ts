import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, kindOf } from '../../src/read/kind.ts';

const of = (text: string, whole = true) => kindOf(Buffer.from(text).subarray(0, HEAD_BYTES), whole);
const rows = Array.from({ length: 5 }, (_, i) => JSON.stringify({ prompt: `Question ${i}?`, completion: `Answer ${i}.` }));
const ROWS = `${rows.join('\n')}\n`;
const long = (row: string) => row.repeat(Math.ceil((HEAD_BYTES + 100) / row.length));

describe('kindOf', () => {
  it.each([
    ['rows', ROWS],
    ['rows after blank lines and a byte order mark', `\ufeff\n\n  ${ROWS}`],
    ['rows that are arrays', '["a", "b"]\n["c", "d"]\n'],
    ['one row', rows[0]!],
    ['one row that is a string', '"x"'],
    ['plain text', 'Once upon a time, there was a file.\nIt was not JSONL, or anything.\n'],
    ['rows with a comma after each', `${rows.join(',\n')},\n`],
    ['a row broken by a raw line break', `{"prompt": "a\nb", "completion": "c"}\n${ROWS}`],
    ['a row spread over three lines, then good ones', `{"prompt": 1,\n"x": 2,\n"completion": 3}\n${ROWS}`],
    ['an array spread over four lines, broken, then good rows', `[{"a": 1},\n{"b": 2},\n{"c": 3},\n${ROWS}`],
    ['a nested object that swallows the next row', `{"messages": [\n${ROWS}`],
    ['a value left out at the end of the line', `{"prompt":\n${ROWS}`],
    ['an array that ends too early on the first line', '[{"a": 1}, {"b": 2}'],
    ['column names, then rows', `prompt,completion\n${ROWS}`],
    ['a single-quoted row, then good ones', `{'a': 1}\n${ROWS}`],
    ['a list of single-quoted rows on the first line, then good rows', `[{'a': 1}]\n${ROWS}`],
    ['text with commas', 'Hello, world! This is not a table.\nBut, well, it has commas.\n'],
  ])('takes %s as JSONL', (_, text) => {
    expect(of(text)).toBeUndefined();
    expect(of(text + ROWS.repeat(2000), false)).toBeUndefined();
  });

  it.each([
    ['array', `[${rows.join(',')}]`],
    ['array', '[]'],
    ['array', `[\n${rows.join(',\n')}\n]`],
    [
      'array',
      JSON.stringify(
        rows.map((row) => JSON.parse(row)),
        null,
        '\t',
      ),
    ],
    ['array', `[\n${rows.join(',\n')},\n]`], // a comma before the closing bracket
    ['array', `[\n${rows.join(',\n')},\n{"prompt": NaN},\n{"prompt": NaN},\n{"prompt": NaN},\n{"prompt": NaN}\n]`],
    ['object', '{\n  "train": [\n    {"a": 1},\n    {"a": 2}\n  ]\n}\n'],
    ['object', '{\n  "a": 1,\n  "b": NaN\n}\n{\n  "a": 1,\n  "b": NaN\n}\n'],
    ['object', '{\n  "a": 1\n}\n{\n  "a": 2\n}\n'],
    ['python', "{'a': 1, 'b': None}\n{'a': 2}\n"],
    ['python', "{'a': \"it's\"}\n"],
    ['python', "[{'a': 1},\n {'a': 2}]"],
    ['comma-table', 'prompt,completion\n"Say {""a"": 1}",ok\n'],
    ['comma-table', '"prompt","the reply"\n"multi\nline","b"\n'],
    ['semicolon-table', 'Frage;Antwort\nWie?;So.\n'],
    ['tab-table', 'text\tlabel\nfine, thanks\tgood\n'],
    ['markup', '<!DOCTYPE html><html></html>'],
    ['markup', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ['git-lfs', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'],
    ['empty', ''],
    ['empty', ' \r\n\t\n'],
    ['empty', '\ufeff'],
  ])('knows %s: %j', (kind, text) => expect(of(text)).toBe(kind));

  it('knows large ones by their first 64 KiB', () => {
    expect(of(`[${long(`${rows[0]},`)}`, false)).toBe('array');
    expect(of(`[\n${long(`${rows[0]},\n`)}`, false)).toBe('array');
    expect(of(`{\n${long('  "a": "b",\n')}`, false)).toBe('object');
    expect(of('['.repeat(HEAD_BYTES), false)).toBe('array');
    expect(of(`{\n"a": "${long('x')}`, false)).toBe('object');
    expect(of(`{"a":\n{"b": "${long('x')}`, false)).toBeUndefined(); // a broken first row and a long second one
    expect(of(`{"a": "${long('x')}`, false)).toBeUndefined(); // a long first row
    expect(of(long('\0'), false)).toBeUndefined();
    expect(of(long(' '), false)).toBeUndefined(); // who knows what follows
  });

  it.each([
    ['gzip', '1f8b0800'],
    ['zip', '504b0304'],
    ['zstd', '28b52ffd'],
    ['bzip2', '425a6839'],
    ['xz', 'fd377a585a00'],
    ['parquet', '50415231'],
    ['arrow', '4152524f5731'],
    ['arrow', 'ffffffff10'],
    ['utf-16', 'fffe7b002200'],
    ['utf-16', 'feff007b0022'],
    ['utf-16', '7b002200610022'],
    ['utf-16', '007b00220061'],
    ['tar', `${Buffer.from('rows.jsonl').toString('hex').padEnd(514, '0')}7573746172`],
  ])('knows %s by its first bytes', (kind, hex) => expect(kindOf(Buffer.from(hex, 'hex'), true)).toBe(kind));

  it('never condemns a file of good rows for its first line', () => {
    const start = fc.constantFrom(
      '',
      '[',
      '{',
      '{"',
      "{'",
      '[{',
      "[{'",
      '[[',
      '"',
      '{"a": [',
      '{"a": {"b": 1',
      'prompt,completion',
      '[1,',
      '{}',
      ',',
      '\t',
      '  [',
      '{"a":',
    );
    const end = fc.constantFrom('', ',', '[', '{', '}', ']', ':', '"', '},', '],');
    fc.assert(
      fc.property(start, fc.string({ unit: 'binary' }), end, fc.boolean(), (before, middle, after, crlf) => {
        const first = (before + middle + after).replaceAll('\n', ' ');
        fc.pre(!/^\s*<(?:html|!doc|\?xml)/i.test(first));
        const text = `${first}\n${ROWS}`;
        expect(of(crlf ? text.replaceAll('\n', '\r\n') : text)).toBeUndefined();
        expect(of(text + ROWS.repeat(1000), false)).toBeUndefined();
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
