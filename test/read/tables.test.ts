import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { cutTable } from '../../src/read/cut-table.ts';
import { type Delimiter, delimiterOf, kindOf } from '../../src/read/kind.ts';
import { type ReadOptions, read } from '../../src/read/read.ts';
import { records } from '../../src/read/records.ts';
import type { Batch, Skip } from '../../src/types.ts';

type Seen = readonly [line: number, cells: readonly string[] | string];

/** The records of what a reader gives out, and the reasons of what is none, each with its line; and the error it ends with. */
async function collect(items: AsyncIterable<Batch | Skip>) {
  const seen: Seen[] = [];
  const problems: { line: number; column?: number | undefined; kind: string; reason: string; excerpt?: string | undefined }[] = [];
  const batches: Batch[] = [];
  let columns: readonly string[] = [];
  let error: unknown;
  try {
    for await (const item of items) {
      if (!('bytes' in item)) {
        const { at, column, kind, reason, excerpt } = item;
        problems.push({ line: at.line, column, kind, reason, excerpt });
        seen.push([at.line, reason]);
        continue;
      }
      batches.push(item);
      const { table } = item;
      if (!table) throw new Error('Unexpected batch without a table');
      columns = table.columns;
      records(item, table, ({ line, cells, problem, excerpt }) => {
        if (cells) seen.push([line, cells]);
        if (!problem) return;
        problems.push({ ...problem, excerpt: excerpt() });
        seen.push([problem.line, problem.reason]);
      });
    }
  } catch (caught) {
    error = caught;
  }
  seen.sort(([a], [b]) => a - b);
  problems.sort((a, b) => a.line - b.line);
  return { seen, rows: seen.map(([, cells]) => cells), problems, batches, columns, error };
}

const stdin = (chunks: readonly (string | Uint8Array)[]): ReadOptions => ({
  stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});
const piped = (...chunks: (string | Uint8Array)[]) => collect(read(['-'], stdin(chunks)));
const inPieces = (text: string | Uint8Array, size: number): Uint8Array[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
};
/** Without the look at the first bytes: whatever they are, it is a table. */
const cut = (chunks: readonly Uint8Array[], delimiter: Delimiter = ',', maxRecord = 1 << 26, mayReread?: number) => {
  async function* all() {
    yield* chunks;
  }
  return collect(cutTable('x.csv', all(), delimiter, maxRecord, undefined, mayReread));
};
const messageOf = (error: unknown): string => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`);

const OPEN = 'a quote that opens a cell and is never closed';
const INNER = 'a quote inside a quoted cell that is not doubled';
const fewer = (columns: number) => `fewer cells than the header has columns (${columns})`;
const more = (columns: number) => `more cells than the header has columns (${columns})`;

const pairs = readFileSync('fixtures/tables/pairs.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => Object.values(JSON.parse(line) as Record<string, string>));

describe('tables', () => {
  it.each(['pairs.csv', 'pairs.csv.gz', 'pairs.tsv', 'excel.csv'])('reads %s as the rows it was written from', async (name) => {
    const { rows, columns, error } = await collect(read([`fixtures/tables/${name}`]));
    expect(error).toBeUndefined();
    expect(columns).toEqual(['prompt', 'completion']);
    expect(rows).toEqual(pairs);
  });

  it('numbers records by the line they begin on, whatever stands in their cells', async () => {
    const { seen } = await piped('prompt,completion\r\n"a\r\nb\nc",d\r\n\r\n  \r\ne,"f"\n"g\n",h\ni,"j\n"');
    expect(seen).toEqual([
      [2, ['a\r\nb\nc', 'd']],
      [7, ['e', 'f']],
      [8, ['g\n', 'h']],
      [10, ['i', 'j\n']],
    ]);
  });

  it('keeps quotes inside of cells that are not quoted, blanks and empty cells', async () => {
    const { rows, problems } = await piped('prompt,completion\n5" pipe, a "b"\n,\n"",""\n " ",x\n');
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      ['5" pipe', ' a "b"'],
      ['', ''],
      ['', ''],
      [' " "', 'x'],
    ]);
  });

  it('takes names from the header, trimmed, after a byte order mark and blank lines', async () => {
    const { columns, seen } = await cut([Buffer.from('\ufeff\n \n" prompt ", completion ,"a ""b"", c"\n1,2,3')]);
    expect(columns).toEqual(['prompt', 'completion', 'a "b", c']);
    expect(seen).toEqual([[4, ['1', '2', '3']]]);
  });

  it.each([
    ['prompt,prompt\na,b\n', 'a table whose header names "prompt" twice, expected a name of its own for each column'],
    [
      ',prompt,completion\n0,a,b\n',
      'a table whose first column has no name in the header, expected one (pandas writes its index so; write the file with index=False)',
    ],
    ['prompt,,completion\n0,a,b\n', 'a table whose column 2 has no name in the header, expected a name for each column'],
    ['prompt,"completion\na,b\n', 'a table whose header cannot be read: it has a quote that opens a cell and is never closed'],
    ['prompt,"com"pletion\na,b\n', 'a table whose header cannot be read: it has a quote inside a quoted cell that is not doubled'],
    ['prompt,compl\0etion\na,b\n', 'a table whose header holds a NUL character, which no text holds'],
  ])('refuses the header of %j', async (text, problem) => {
    expect(messageOf((await cut([Buffer.from(text)])).error)).toBe(`Cannot read x.csv: ${problem}`);
    expect(messageOf((await cut(inPieces(text, 1))).error)).toBe(`Cannot read x.csv: ${problem}`);
  });

  it('refuses a header in another encoding, and one without an end', async () => {
    expect(messageOf((await cut([Buffer.from('fr\xe4ge,antwort\na,b\n', 'latin1')])).error)).toContain(
      'a table whose header holds bytes that are not UTF-8',
    );
    const endless = Array.from({ length: 24 }, () => Buffer.alloc(1 << 16, 'ab,'));
    expect(messageOf((await cut(endless)).error)).toContain('a table whose header row is longer than 1 MiB');
  });

  it('has no row where there is only a header', async () => {
    expect(await cut([Buffer.from('prompt,completion')])).toMatchObject({ seen: [], error: undefined });
    expect(await cut([Buffer.from('prompt,completion\n\n \n')])).toMatchObject({ seen: [], error: undefined });
  });

  it('gives the records before the damage of a gzip file', async () => {
    const text = `prompt,completion\n${Array.from({ length: 3000 }, (_, i) => `"question ${i}, ""${(i * 7919) % 997}""",answer ${i}\n`).join('')}`;
    const packed = gzipSync(text);
    const { seen, error } = await piped(packed.subarray(0, packed.length / 2));
    expect(messageOf(error)).toContain('a gzip file that ends too early');
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.every(([line, cells], i) => line === i + 2 && cells[1] === `answer ${i}`)).toBe(true);
  });

  it('gives nothing more once aborted', async () => {
    const controller = new AbortController();
    let batches = 0;
    const text = `prompt,completion\n${'a question,"an answer"\n'.repeat(200_000)}`;
    for await (const item of read(['-'], { ...stdin(inPieces(text, 1 << 16)), signal: controller.signal })) {
      expect('bytes' in item).toBe(true);
      batches += 1;
      controller.abort();
    }
    expect(batches).toBe(1);
  });

  it('cuts into batches of about a megabyte, each with a buffer of its own and its first line', async () => {
    const text = `prompt,completion\n${Array.from({ length: 60_000 }, (_, i) => `"line\n${i}",${'x'.repeat(40)}\n`).join('')}`;
    const { batches, seen } = await piped(...inPieces(text, 1 << 18));
    expect(batches.length).toBeGreaterThan(2);
    for (const { bytes } of batches) {
      expect(bytes.length).toBeLessThan(2 << 20);
      expect(bytes.buffer.byteLength).toBe(bytes.length);
    }
    expect(seen.length).toBe(60_000);
    expect(seen.every(([line, cells], i) => line === 2 + 2 * i && cells[0] === `line\n${i}`)).toBe(true);
  });
});

describe('records that are none', () => {
  it.each<[string, string, readonly Seen[]]>([
    [
      'a quote that is never closed',
      'h,k\na,b\nc,"d\ne,f\ng,"x, y"\n',
      [
        [2, ['a', 'b']],
        [3, OPEN],
        [4, ['e', 'f']],
        [5, ['g', 'x, y']],
      ],
    ],
    [
      'a quote that is never closed, and none below it',
      'h,k\na,"b\nc,d\ne,f',
      [
        [2, OPEN],
        [3, ['c', 'd']],
        [4, ['e', 'f']],
      ],
    ],
    [
      'a quote that is never closed on the last line',
      'h,k\na,b\nc,"d',
      [
        [2, ['a', 'b']],
        [3, OPEN],
      ],
    ],
    [
      'quotes that are not doubled',
      'h,k\n"He said "hi" to me",b\nc,d\n"She said "no"",f\ng,h\n',
      [
        [2, INNER],
        [3, ['c', 'd']],
        [4, INNER],
        [5, ['g', 'h']],
      ],
    ],
    [
      'backslashes instead of doubled quotes',
      'h,k\n"say \\"a\\"",b\nc,d\n',
      [
        [2, INNER],
        [3, ['c', 'd']],
      ],
    ],
    [
      'the wrong number of cells',
      'h,k\na\nb,c,d\n"e"\nf,g\n',
      [
        [2, fewer(2)],
        [3, more(2)],
        [4, fewer(2)],
        [5, ['f', 'g']],
      ],
    ],
    [
      'the rest of a broken record, which is told once',
      'h,k\n"a letter: "Dear" all,\nthe river, the bridge, the town\n",b\nc,d\ne\n',
      [
        [2, INNER],
        [5, ['c', 'd']],
        [6, fewer(2)],
      ],
    ],
    [
      'lines that may be the rest of a broken record, or broken themselves',
      'h,k\n"a letter: "Dear all,\nthe river, the bridge, the town\nyours",b\nc,d\ne\n',
      [
        [2, INNER],
        [3, more(2)],
        [5, ['c', 'd']],
        [6, fewer(2)],
      ],
    ],
    [
      'a record of too many cells over several lines',
      'h,k\n"a\nb",c,d\ne,f\n',
      [
        [2, more(2)],
        [4, ['e', 'f']],
      ],
    ],
    [
      'a NUL',
      'h,k\na,b\0\nc,d\n',
      [
        [2, 'a NUL character, which no text holds'],
        [3, ['c', 'd']],
      ],
    ],
  ])('%s', async (_, text, expected) => {
    for (const size of [1, 2, 3, 7, 1000]) {
      const { seen, error } = await cut(inPieces(text, size));
      expect(error).toBeUndefined();
      expect(seen).toEqual(expected);
    }
  });

  it('are told with line, column, cause and what stands there', async () => {
    const { problems } = await cut([
      Buffer.concat([Buffer.from('h,k\nä,"b\nc,d\n"é"e,f\ng\n"x\n'), Buffer.from('caf\xe9",i\n', 'latin1'), Buffer.from('j,"k\nl\0"\n')]),
    ]);
    expect(problems).toEqual([
      { line: 2, column: 3, kind: 'not-record', reason: OPEN, excerpt: 'ä,"b' },
      { line: 4, column: 3, kind: 'not-record', reason: INNER, excerpt: '"é"e,f' },
      { line: 5, kind: 'not-record', reason: fewer(2), excerpt: 'g' },
      {
        line: 7,
        column: 4,
        kind: 'bad-utf8',
        reason: 'bytes that are not UTF-8 (was the file saved in another encoding?)',
        excerpt: '"x\ncaf\ufffd",i',
      },
      { line: 9, column: 2, kind: 'not-record', reason: 'a NUL character, which no text holds', excerpt: 'j,"k\nl\0"' },
    ]);
  });

  it('never swallow the rest of a large file', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `question ${i},answer ${i}\n`);
    const text = `h,k\n"open,x\n${rows.join('')}`;
    for (const max of [1 << 12, 1 << 26]) {
      const { seen, problems } = await cut(inPieces(text, 1 << 15), ',', max);
      expect(problems).toMatchObject([{ line: 2, column: 1, reason: OPEN }]);
      expect(seen.length).toBe(40_001);
      expect(seen.at(-1)).toEqual([40_002, ['question 39999', 'answer 39999']]);
    }
  });

  it('may be too long: a line, a record over many lines', async () => {
    const line = `${'x'.repeat(5000)},y`;
    const text = `h,k\na,b\n${line}\nc,d\n"e\n${'f\n'.repeat(3000)}",g\nh,i\n${line}`;
    const whole = await cut([Buffer.from(text)], ',', 4096);
    expect(whole.problems.filter(({ reason }) => reason !== fewer(2)).map(({ line, kind, reason }) => [line, kind, reason])).toEqual([
      [3, 'too-long', 'a line of 4.9 KiB, longer than the 4 KiB that are read'],
      [5, 'not-record', OPEN],
      [3008, 'too-long', 'a line of 4.9 KiB, longer than the 4 KiB that are read'],
    ]);
    expect(whole.seen.filter(([, cells]) => typeof cells !== 'string')).toEqual([
      [2, ['a', 'b']],
      [4, ['c', 'd']],
      [3007, ['h', 'i']],
    ]);
    for (const size of [1, 50, 4000])
      expect(await cut(inPieces(text, size), ',', 4096)).toMatchObject({ seen: whole.seen, problems: whole.problems });
  });

  it('that are one cell after the other are not kept as such', async () => {
    const { problems } = await cut([Buffer.from(`h,k\n${','.repeat(1 << 20)}\na,b\n`)]);
    expect(problems).toMatchObject([{ line: 2, reason: more(2) }]);
  });

  it('cost linear time: reading again is given up where it would go on for ever', async () => {
    // Each of these lines opens a quote, whether the one above it has or not.
    const text = `h,k\n${'a","b\n'.repeat(20_000)}c,d\n`;
    const { seen } = await cut([Buffer.from(text)], ',', 1 << 26, 0);
    expect(seen.length).toBeLessThan(1000);
    expect(seen[0]).toEqual([2, OPEN]);
  });
});

describe('any rows', () => {
  const special = fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', 'a', 'b"c', 'é', '🚀', '\u2028', '{', '[');
  const text = fc.oneof(
    fc.array(special, { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const delimiter = fc.constantFrom<Delimiter[]>(',', '\t', ';');

  it('written as a table are read as they were', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 1, max: 4 })
          .chain((columns) =>
            fc.array(fc.array(text, { minLength: columns, maxLength: columns }), { maxLength: 12 }).map((rows) => ({ columns, rows })),
          ),
        delimiter,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async ({ columns, rows }, mark, newline, always, final, size) => {
          const clean = rows.map((cells) => cells.map((cell) => cell.replaceAll('\0', '')));
          const written = (cell: string): string =>
            always || /["\r\n]/.test(cell) || cell.includes(mark) || cell.trim() === '' ? `"${cell.replaceAll('"', '""')}"` : cell;
          const header = Array.from({ length: columns }, (_, i) => `c${i}`).join(mark);
          const lines = [header, ...clean.map((cells) => cells.map(written).join(mark))];
          let line = 2;
          const expected = clean.map((cells, i): Seen => {
            const at = line;
            line += (lines[i + 1] as string).split('\n').length;
            return [at, cells];
          });
          const { seen, error } = await cut(inPieces(lines.join(newline) + (final ? newline : ''), size), mark);
          expect(error).toBeUndefined();
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 600, seed: 1 },
    );
  });

  const noise = fc
    .array(fc.constantFrom('"', '"', ',', '\n', '\n', '\r\n', 'a', 'b c', '""', '",', ',"', '\r', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));

  it('and any noise are read as csv-parse reads them, where it finds no fault', async () => {
    let sound = 0;
    await fc.assert(
      fc.asyncProperty(noise, async (body) => {
        fc.pre(!body.endsWith('\r'));
        const text = `h,k\n${body}`;
        const { seen, problems } = await cut([Buffer.from(text)]);
        if (problems.length > 0) return;
        sound += 1;
        // It takes a quote after blanks, or before text, for a fault or a character, by options; where we see no fault it must see what we see.
        const oracle: string[][] = parse(body, { record_delimiter: ['\r\n', '\n'], relax_quotes: true, relax_column_count: true });
        const blank = (cells: readonly string[]) => cells.length === 1 && cells[0]?.trim() === '';
        expect(seen.map(([, cells]) => cells)).toEqual(oracle.filter((cells) => !blank(cells)));
      }),
      { numRuns: 3000, seed: 2 },
    );
    expect(sound).toBeGreaterThan(200);
  });

  it('and any noise give the same whatever pieces they come in and however little is read again', async () => {
    await fc.assert(
      fc.asyncProperty(
        noise,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(6, 20, 1 << 26),
        fc.constantFrom(0, 10, 1 << 28),
        async (body, size, max, mayReread) => {
          const text = `h,k\n${body}\nlast,row`;
          const whole = await cut([Buffer.from(text)], ',', max, mayReread);
          const pieces = await cut(inPieces(text, size), ',', max, mayReread);
          expect(whole.error).toBeUndefined();
          expect(pieces.seen).toEqual(whole.seen);
          const told = ({ problems }: typeof whole) =>
            problems.map(({ excerpt, ...rest }) => (rest.kind === 'too-long' ? rest : { ...rest, excerpt }));
          expect(told(pieces)).toEqual(told(whole));
          for (const [line, cells] of whole.seen) {
            expect(line).toBeGreaterThan(1);
            if (typeof cells !== 'string') expect(cells.length).toBe(2);
          }
        },
      ),
      { numRuns: 3000, seed: 3 },
    );
  });

  it('of any bytes at all never make it throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.constantFrom(34, 44, 10, 13, 0, 255), { maxLength: 20 }),
        async (bytes, marks) => {
          const mixed = bytes.map((byte, i) => (i % 3 === 0 ? (marks[i % (marks.length || 1)] ?? byte) : byte));
          const { error } = await cut([Buffer.from('h,k\n'), mixed]);
          expect(error).toBeUndefined();
        },
      ),
      { numRuns: 1000, seed: 4 },
    );
  });
});

describe('delimiterOf', () => {
  const of = (file: string, text: string) => {
    const head = Buffer.from(text);
    return delimiterOf(file, head, kindOf(head, true));
  };
  it.each<[string, string, Delimiter | undefined]>([
    ['-', 'prompt,completion\na,b\n', ','],
    ['-', 'prompt\tcompletion\na\tb\n', '\t'],
    ['x.csv', 'prompt;completion\na;b\n', ';'],
    ['x.csv', 'the prompt?;"a, b, c"\na;b\n', ';'],
    ['x.CSV.GZ', 'text\nhello\n', ','],
    ['x.tsv', 'What, who, when?\tx\na\tb\n', '\t'],
    ['x.tab', 'text\nhello\n', '\t'],
    ['x.tsv', 'a?,b\n1,2\n', ','],
    ['x.csv', '{"prompt": "a", "completion": "b"}\n', undefined],
    ['x.csv', '["a", "b"]\n', undefined],
    ['x.csv', '<html><body>404</body></html>', undefined],
    ['x.jsonl', 'text\nhello\n', undefined],
    ['csv', 'text\nhello\n', undefined],
  ])('of %s that begins %j is %j', (file, text, expected) => expect(of(file, text)).toBe(expected));
});
