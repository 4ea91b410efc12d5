import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats, unknownShape } from '../../src/formats/index.ts';
import { read } from '../../src/read/read.ts';
import { type ParseOptions, parseBatch, parseObject } from '../../src/scan/parse.ts';
import type { Example, Format, Skip } from '../../src/types.ts';

/** Two small formats, so that these tests do not depend on the real ones. */
const pair: Format = {
  id: 'pair',
  name: 'pairs',
  keys: ['prompt', 'completion'],
  detects: (raw) => Object.hasOwn(raw, 'prompt'),
  read: ({ prompt, completion }) =>
    typeof prompt === 'string' && typeof completion === 'string'
      ? {
          messages: [
            { role: 'user', text: prompt },
            { role: 'assistant', text: completion },
          ],
        }
      : { problem: 'a completion that is no text' },
};
const full: Format = {
  id: 'full',
  name: 'everything',
  keys: ['all'],
  detects: (raw) => Object.hasOwn(raw, 'all'),
  read: ({ all }) => ({
    messages: [],
    ...(all !== 'parts' && { rejected: [{ role: 'assistant', text: 'no' }] }),
    ...(all !== 'rejected' && { parts: { premise: 'p' } }),
  }),
};
const options: ParseOptions = {
  formats: [pair, full],
  split: 'train',
  unknown: (raw) => ({ reason: 'fields of no known format', keys: Object.keys(raw) }),
};

function parse(text: string | Uint8Array, firstLine = 1, given: ParseOptions = options) {
  const examples: Example[] = [];
  const skips: Skip[] = [];
  const bytes = new Uint8Array(typeof text === 'string' ? Buffer.from(text) : text);
  parseBatch({ file: 'x.jsonl', firstLine, bytes }, given, {
    example: (example) => examples.push(example),
    skip: (skip) => skips.push(skip),
  });
  return { examples, skips };
}

const at = (line: number) => ({ file: 'x.jsonl', line });

describe('parseBatch', () => {
  it('makes examples and skips, each with its place', () => {
    const text = [
      '{"prompt": "p", "completion": "c", "id": 7}',
      '',
      '{"prompt": "p"',
      '{"prompt": "p", "completion": 3}',
      '{"colour": "red"}',
      '["p", "c"]',
      '{"all": "both"}',
    ].join('\n');
    const { examples, skips } = parse(text, 41);
    expect(examples).toEqual([
      {
        at: at(41),
        split: 'train',
        format: 'pair',
        messages: [
          { role: 'user', text: 'p' },
          { role: 'assistant', text: 'c' },
        ],
        raw: { prompt: 'p', completion: 'c', id: 7 },
      },
      {
        at: at(47),
        split: 'train',
        format: 'full',
        messages: [],
        rejected: [{ role: 'assistant', text: 'no' }],
        parts: { premise: 'p' },
        raw: { all: 'both' },
      },
    ]);
    expect(skips).toEqual([
      {
        at: at(43),
        kind: 'not-json',
        column: 15,
        reason: 'a line that ends before its object is closed (it was cut off, or goes on in the next line)',
        excerpt: '{"prompt": "p"',
        advice: 'Write each row on a line of its own, without indenting, which mends',
      },
      { at: at(44), kind: 'bad-shape', reason: 'a completion that is no text', excerpt: '{"prompt": "p", "completion": 3}' },
      { at: at(45), kind: 'unknown-shape', reason: 'fields of no known format', excerpt: '{"colour": "red"}', keys: ['colour'] },
      { at: at(46), kind: 'not-object', reason: 'an array instead of an object', excerpt: '["p", "c"]' },
    ]);
  });

  it('gives an example no field that its format did not', () => {
    const { examples } = parse('{"all": "parts"}\n{"all": "rejected"}\n{"prompt": "p", "completion": "c"}');
    expect(examples.map((example) => Object.keys(example).join())).toEqual([
      'at,split,format,messages,parts,raw',
      'at,split,format,messages,rejected,raw',
      'at,split,format,messages,raw',
    ]);
  });

  it('asks formats in order: the first to detect a row reads it, rightly or wrongly', () => {
    const row = '{"all": "parts", "prompt": 1}';
    expect(parse(row).skips.map(({ kind }) => kind)).toEqual(['bad-shape']);
    expect(parse(row, 1, { ...options, formats: [full, pair] }).examples.map(({ format }) => format)).toEqual(['full']);
    expect(parse(row, 1, { ...options, formats: [] }).skips.map(({ kind }) => kind)).toEqual(['unknown-shape']);
  });

  it('stamps the split', () => {
    expect(parse('{"prompt": "p", "completion": "c"}', 1, { ...options, split: 'reference' }).examples[0]?.split).toBe('reference');
  });

  it.each([
    ['[]', 'an array instead of an object'],
    ['[{"a": 1}]', 'an array instead of an object'],
    ['[{"role": "user", "content": "Hi"}]', 'an array of messages without the object around it'],
    ['[{"from": "human", "value": "Hi"}]', 'an array of messages without the object around it'],
    ['"text"', 'a string instead of an object'],
    ['-1.5e3', 'a number instead of an object'],
    ['false', 'a boolean instead of an object'],
    ['null', 'null instead of an object'],
  ])('says what %s is', (row, reason) => {
    expect(parse(row).skips).toEqual([{ at: at(1), kind: 'not-object', reason, excerpt: row }]);
  });

  it('shows what stands around the problem of a long line', () => {
    const { skips } = parse(`{"prompt": "${'a'.repeat(5000)}", "completion": None, "more": "${'b'.repeat(5000)}"}`);
    expect(skips[0]?.column).toBe(5030);
    expect(skips[0]?.excerpt).toMatch(/^…a+", "completion": None, "more": "b+…$/);
    expect(skips[0]?.excerpt?.length).toBeLessThanOrEqual(160);
  });

  it('takes keys that mean something to JavaScript as data', () => {
    const { examples, skips } = parse(
      '{"__proto__": {"completion": "x", "prompt": "y"}}\n{"prompt": "p", "completion": "c", "__proto__": 1, "constructor": 2}',
    );
    expect(skips).toMatchObject([{ kind: 'unknown-shape', keys: ['__proto__'] }]);
    expect(Object.keys(examples[0]?.raw ?? {})).toEqual(['prompt', 'completion', '__proto__', 'constructor']);
    expect(Object.getPrototypeOf(examples[0]?.raw)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it.each([100_000, 1_000_000])('takes rows nested %i deep', (depth) => {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const { examples, skips } = parse(
      [
        `{"prompt": "p", "completion": "c", "deep": ${deep}}`,
        deep,
        `{"deep": ${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`,
        `{"deep": ${'['.repeat(depth)}`,
      ].join('\n'),
    );
    expect(examples.map((example) => example.at.line)).toEqual([1]);
    expect(skips.map(({ at: place, kind }) => [place.line, kind])).toEqual([
      [2, 'not-object'],
      [3, 'unknown-shape'],
      [4, 'not-json'],
    ]);
    expect(skips[2]?.column).toBe(10 + depth);
  });

  it('tells of every line once: as an example, a skip or nothing, for any bytes', () => {
    const line = fc.oneof(
      fc
        .constantFrom('', '  ', '\r', '{"prompt": "p", "completion": "c"}', '{"prompt": "é"', '{}', '[]', 'null', '{"all": 1}')
        .map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10))),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (rows) => {
        const { examples, skips } = parse(Buffer.concat(rows.flatMap((row) => [row, Buffer.from('\n')])), 2);
        const all = [...examples, ...skips].map((one) => one.at.line).toSorted((a, b) => a - b);
        const expected = rows.flatMap((row, i) => (row.every((byte) => byte === 32 || byte === 9 || byte === 13) ? [] : [i + 2]));
        expect(all).toEqual(expected);
        for (const { excerpt = '', column = 1 } of skips) {
          expect(excerpt.length).toBeLessThanOrEqual(160);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});

const parseRow = (raw: unknown) => {
  const seen: (Example | Skip)[] = [];
  parseObject(raw, at(9), options, { example: (example) => seen.push(example), skip: (skip) => seen.push(skip) });
  return seen;
};

describe('parseObject', () => {
  it('makes of a row what parseBatch makes of its line, but for the excerpt', () => {
    for (const row of [{ prompt: 'p', completion: 'c' }, { prompt: 1 }, { colour: 'red' }, ['a'], 'a', 1, null]) {
      const { examples, skips } = parse(JSON.stringify(row), 9);
      const [line] = [...examples, ...skips];
      const [object] = parseRow(row);
      expect({ ...object, ...(line && 'excerpt' in line && { excerpt: line.excerpt }) }).toEqual(line);
      expect(Object.keys(object ?? {})).not.toContain('excerpt');
    }
  });

  it('takes whatever JavaScript has', () => {
    expect(parseRow(undefined)).toMatchObject([{ kind: 'not-object', reason: 'undefined instead of an object' }]);
    expect(parseRow(() => 1)).toMatchObject([{ kind: 'not-object', reason: 'a function instead of an object' }]);
    expect(parseRow(Object.assign(Object.create(null), { prompt: 'p', completion: 'c' }))).toMatchObject([{ format: 'pair' }]);
  });
});

/** Each line of the file: its format where it is an example, else what is said of it. */
async function told(name: string): Promise<string[]> {
  const seen: string[] = [];
  for await (const item of read([`fixtures/broken/${name}`])) {
    if (!('bytes' in item)) throw new Error('no line here is too long');
    parseBatch(
      item,
      { formats, split: 'train', unknown: unknownShape },
      {
        example: (example) => seen.push(`${example.at.line} ${example.format}`),
        skip: ({ at: place, kind, column, reason }) =>
          seen.push(`${place.line}${column === undefined ? '' : `:${column}`} ${kind}${kind === 'unknown-shape' ? '' : `: ${reason}`}`),
      },
    );
  }
  return seen;
}

const CUT = 'a line that ends before its object is closed (it was cut off, or goes on in the next line)';
const NOT_UTF8 = 'bytes that are not UTF-8 (was the file saved in another encoding?)';
const PYTHON = '(Python? json.dumps writes JSON)';
const rest = (...numbers: number[]) => numbers.map((line) => `${line} prompt-completion`);

describe('broken files, read with the real formats', () => {
  it.each<readonly [string, readonly string[]]>([
    [
      'bad-json.jsonl',
      [
        '1 prompt-completion',
        `2:2 not-json: a single quote where a double quote belongs ${PYTHON}`,
        `3:42 not-json: True, which is true in JSON ${PYTHON}`,
        '4:53 not-json: NaN, which JSON does not have (null, or no field)',
        '5:51 not-json: a comma before the closing }',
        '6:27 not-json: no comma before the next field',
        '7:11 not-json: no colon after a field name',
        '8:46 not-json: a line that ends inside a string (it was cut off, or a line break in a text was not written as \\n)',
        `9:50 not-json: ${CUT}`,
        '10 prompt-completion',
        '11:18 not-json: the escape \\x, which JSON does not have (a backslash itself is written \\\\)',
        '12:16 not-json: a raw tab inside a string (JSON writes \\t)',
        '13:23 not-json: text after a closing quote (a double quote inside a string is written \\")',
        '14:46 not-json: a second object on the same line (a line break is missing before it)',
        '15:51 not-json: a comment, which JSON does not have',
        '16:2 not-json: a field name without double quotes, "prompt"',
        '17:42 not-json: a number with a leading zero',
        '18:45 not-json: a field without a value after its colon',
        '19:46 not-json: a } where the array needs a ]',
        '20:1 not-json: plain text instead of a JSON object',
        '21:1 not-json: a mark of an unresolved merge conflict',
        '22:2 not-json: a curly quote where a straight double quote belongs',
        '23:11 not-json: a blank that JSON does not know (U+00A0) where a plain space belongs',
        '24:32 not-json: a \\u without four hexadecimal digits',
        '25:52 not-json: a comma after the object (rows have no commas between them)',
        '26 prompt-completion',
      ],
    ],
    ['crlf.jsonl', ['1 prompt-completion', '2 prompt-completion', `3:20 not-json: ${CUT}`, '4 prompt-completion']],
    ['bom.jsonl', rest(1, 2, 3)],
    [
      'bom-inside.jsonl',
      [
        '1 prompt-completion',
        '2 prompt-completion',
        '3:1 not-json: a byte order mark inside the file (files were joined without removing it)',
      ],
    ],
    [
      'nul.jsonl',
      [
        '1 prompt-completion',
        '2 prompt-completion',
        '3:1 not-json: a NUL character (the file is damaged, or is not text)',
        '4 prompt-completion',
        '5:14 not-json: a NUL character inside a string (the file is damaged, or is not text)',
      ],
    ],
    ['blank-lines.jsonl', rest(3, 6, 10)],
    ['no-final-newline.jsonl', rest(1, 2, 3)],
    [
      'bad-utf8.jsonl',
      [
        '1 prompt-completion',
        `2:16 bad-utf8: ${NOT_UTF8}`,
        `3:16 bad-utf8: ${NOT_UTF8}`,
        '4 prompt-completion',
        `5:16 bad-utf8: ${NOT_UTF8}`,
        `6:22 bad-utf8: ${NOT_UTF8}`,
        '7 prompt-completion',
      ],
    ],
    [
      'not-objects.jsonl',
      [
        '1 not-object: an array instead of an object',
        '2 not-object: a string instead of an object',
        '3 not-object: a number instead of an object',
        '4 not-object: null instead of an object',
        '5 not-object: a boolean instead of an object',
        '6 not-object: an array of messages without the object around it',
        '7 prompt-completion',
      ],
    ],
    ['unknown-shape.jsonl', ['1 unknown-shape', '2 unknown-shape', '3 prompt-completion']],
    ['strange-keys.jsonl', ['1 prompt-completion', '2 unknown-shape', '3 prompt-completion', '4 prompt-completion']],
    ['rows.jsonl.gz', ['1 prompt-completion', `2:20 not-json: ${CUT}`, '3 prompt-completion', '4 prompt-completion']],
    ['first-line-brace.jsonl', ['1:2 not-json: an opening { alone (a row must stand on one line)', ...rest(2, 3, 4, 5, 6, 7)]],
    ['first-line-names.jsonl', ['1:1 not-json: plain text instead of a JSON object', ...rest(2, 3, 4, 5, 6, 7)]],
    ['first-line-open.jsonl', [`1:26 not-json: ${CUT}`, ...rest(2, 3, 4, 5, 6, 7)]],
    [
      'first-line-array.jsonl',
      [
        '1:55 not-json: a line that ends before its array is closed (it was cut off, or goes on in the next line)',
        ...rest(2, 3, 4, 5, 6, 7),
      ],
    ],
    ['first-line-single-quotes.jsonl', [`1:2 not-json: a single quote where a double quote belongs ${PYTHON}`, ...rest(2, 3, 4, 5, 6, 7)]],
    [
      'first-row-spread.jsonl',
      [
        `1:26 not-json: ${CUT}`,
        '2:14 not-json: a field without the braces of its object (a row must stand on one line)',
        ...rest(3, 4, 5, 6, 7, 8),
      ],
    ],
  ])('%s', async (name, lines) => {
    expect(await told(name)).toEqual(lines);
  });

  it('keeps its fixtures byte for byte', () => {
    expect(readFileSync('fixtures/broken/crlf.jsonl', 'latin1').split('\r\n').length).toBe(5);
    expect(readFileSync('fixtures/broken/bom.jsonl').subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(readFileSync('fixtures/broken/empty.jsonl').length).toBe(0);
  });
});
