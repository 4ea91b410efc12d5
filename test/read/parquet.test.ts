import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { type ParquetWriteOptions, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { peek, totalBytes } from '../../src/read/files.ts';
import { pagesHold } from '../../src/read/parquet-pages.ts';
import { importPeer, type Peer } from '../../src/read/peers.ts';
import { type ReadOptions, read } from '../../src/read/read.ts';
import { walkThrift } from '../../src/read/thrift.ts';
import type { Skip } from '../../src/types.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-parquet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, data: Uint8Array): string => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};
type Columns = Omit<ParquetWriteOptions, 'writer'>;
const bytesOf = (options: Columns): Buffer => Buffer.from(parquetWriteBuffer(options));

/** The rows by their number, what is skipped, and the error at the end. */
async function run(file: string, options?: ReadOptions) {
  const rows: [number, unknown][] = [];
  const skips: Skip[] = [];
  let batches = 0;
  let error: unknown;
  try {
    for await (const item of read([file], options)) {
      if (!('bytes' in item)) {
        skips.push(item);
        continue;
      }
      batches += 1;
      expect(item.rows).toBe(true);
      expect(item.bytes.buffer.byteLength).toBe(item.bytes.length);
      for (const [i, line] of Buffer.from(item.bytes).toString().split('\n').entries())
        if (line) rows.push([item.firstLine + i, JSON.parse(line)]);
    }
  } catch (caught) {
    error = caught;
  }
  return { rows, skips, batches, error };
}
const messageOf = (error: unknown): string => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`);
const DAMAGED = 'a damaged Parquet file: ';

const questions = Array.from({ length: 500 }, (_, i) => (i % 7 === 0 ? null : `Question ${i % 5}?`));
const answers = Array.from({ length: 500 }, (_, i) => `Answer ${i}.`);
const pairs: Columns = {
  columnData: [
    { name: 'prompt', data: questions, type: 'STRING' },
    { name: 'completion', data: answers, type: 'STRING' },
    { name: 'even', data: answers.map((_, i) => i % 2 === 0), type: 'BOOLEAN' },
    { name: 'tags', data: answers.map((_, i) => [i, i + 1]) },
  ],
  rowGroupSize: 120,
};
const pairsRows = answers.map((completion, i) => [i + 1, { prompt: questions[i], completion, even: i % 2 === 0, tags: [i, i + 1] }]);

describe('Parquet', () => {
  it('gives the rows it was written from, nested ones too, with numbers from 1 on', async () => {
    const expected = readFileSync('fixtures/tables/chat.jsonl', 'utf8').trim().split('\n');
    const { rows, skips, error } = await run('fixtures/tables/chat.parquet');
    expect([error, skips]).toEqual([undefined, []]);
    expect(rows.map(([line]) => line)).toEqual([1, 2, 3, 4]);
    expect(rows.slice(0, 3).map(([, row]) => row)).toEqual(expected.slice(0, 3).map((line) => JSON.parse(line)));
    expect(rows[3]?.[1]).toMatchObject({ id: '9007199254740993' });
  });

  it('reads row group by row group, whatever their codec', async () => {
    const codecs = {
      SNAPPY: undefined,
      UNCOMPRESSED: undefined,
      GZIP: (input: Uint8Array) => gzipSync(input),
      BROTLI: (input: Uint8Array) => brotliCompressSync(input),
      LZ4_RAW: undefined,
    };
    for (const [codec, compress] of Object.entries(codecs)) {
      if (codec === 'LZ4_RAW') continue;
      const file = write(
        `${codec}.parquet`,
        bytesOf({ ...pairs, codec: codec as 'GZIP', ...(compress && { compressors: { [codec]: compress } }) }),
      );
      await expect(peek([file])).resolves.toBeUndefined();
      const { rows, batches, error } = await run(file);
      expect(error).toBeUndefined();
      expect(rows).toEqual(pairsRows);
      expect(batches).toBe(5);
    }
  });

  it('reads zstd with what Node has, or with the package for it', async () => {
    // A frame of one raw block (RFC 8878): what every decoder must read.
    const store = (input: Uint8Array): Uint8Array => {
      const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
      head.writeUInt32LE(input.length, 5);
      head.writeUIntLE((input.length << 3) | 1, 9, 3);
      return Buffer.concat([head, input]);
    };
    const { rows, error } = await run(write('zstd.parquet', bytesOf({ ...pairs, codec: 'ZSTD', compressors: { ZSTD: store } })));
    expect(error).toBeUndefined();
    expect(rows).toEqual(pairsRows);
  });

  it('makes plain JSON of what JSON has no word for', async () => {
    const file = write(
      'values.parquet',
      bytesOf({
        columnData: [
          { name: 'big', data: [5n, -(2n ** 53n), 2n ** 53n - 1n], type: 'INT64' },
          { name: 'when', data: [new Date(0), null, new Date(Date.UTC(2026, 1, 3, 4, 5))], type: 'TIMESTAMP' },
          { name: 'bytes', data: [Buffer.from('é'), Uint8Array.of(255, 0, 1), null], type: 'BYTE_ARRAY' },
          { name: 'float', data: [0.5, Number.NaN, -0], type: 'DOUBLE' },
          { name: 'json', data: [{ a: [1] }, 'text', null], type: 'JSON' },
          { name: '__proto__', data: ['x', 'y', 'z'], type: 'STRING' },
          { name: 'a "b"\n', data: ['\n', '\u2028', '\ud83d\ude80'], type: 'STRING' },
        ],
      }),
    );
    const { rows } = await run(file);
    expect(rows.map(([, row]) => Object.entries(row as object))).toEqual([
      [
        ['big', 5],
        ['when', '1970-01-01T00:00:00.000Z'],
        ['bytes', 'é'],
        ['float', 0.5],
        ['json', { a: [1] }],
        ['__proto__', 'x'],
        ['a "b"\n', '\n'],
      ],
      [
        ['big', '-9007199254740992'],
        ['when', null],
        ['bytes', expect.stringMatching(/^\[bytes 3 [0-9a-z]+\]$/)],
        ['float', null],
        ['json', 'text'],
        ['__proto__', 'y'],
        ['a "b"\n', '\u2028'],
      ],
      [
        ['big', 2 ** 53 - 1],
        ['when', '2026-02-03T04:05:00.000Z'],
        ['bytes', null],
        ['float', 0],
        ['json', null],
        ['__proto__', 'z'],
        ['a "b"\n', '\ud83d\ude80'],
      ],
    ]);
  });

  it('skips a row whose text is no UTF-8, and one that is too long', async () => {
    const data = bytesOf({
      columnData: [{ name: 'text', data: ['one', 'caf\u00e9!', 'x'.repeat(500), 'four'], type: 'STRING' }],
      codec: 'UNCOMPRESSED',
    });
    data[data.indexOf('caf\u00e9!') + 3] = 0xff;
    const { rows, skips, error } = await run(write('text.parquet', data), { maxLine: 100 });
    expect(error).toBeUndefined();
    expect(rows).toEqual([
      [1, { text: 'one' }],
      [4, { text: 'four' }],
    ]);
    expect(skips).toMatchObject([
      { at: { line: 2 }, kind: 'bad-utf8', excerpt: 'caf\ufffd\ufffd!' },
      { at: { line: 3 }, kind: 'too-long', reason: 'a row of 511 bytes, longer than the 100 bytes that are read' },
    ]);
  });

  it('keeps JSON that is nested without end as text', async () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    const { rows } = await run(
      write('deep.parquet', bytesOf({ columnData: [{ name: 'json', data: [nested(400), nested(600)] as never, type: 'JSON' }] })),
    );
    expect(rows).toEqual([
      [1, { json: nested(400) }],
      [2, { json: JSON.stringify(nested(600)) }],
    ]);
  });

  it('counts the bytes on disk, once', async () => {
    for (const file of ['fixtures/tables/chat.parquet', write('pairs.parquet', bytesOf(pairs))]) {
      let bytes = 0;
      await run(file, { onBytes: (more) => (bytes += more) });
      expect(bytes).toBe(await totalBytes([file]));
    }
  });

  it('gives nothing more once aborted', async () => {
    const controller = new AbortController();
    let batches = 0;
    for await (const _ of read([write('pairs.parquet', bytesOf(pairs))], { signal: controller.signal })) {
      batches += 1;
      controller.abort();
    }
    expect(batches).toBe(1);
  });

  it('cannot come through a pipe, or packed', async () => {
    const bytes = readFileSync('fixtures/tables/chat.parquet');
    const { Readable } = await import('node:stream');
    expect(messageOf((await run('-', { stdin: Readable.from([bytes]) })).error)).toBe(
      'Cannot read standard input: a Parquet file, which cannot be read from a pipe; name the file',
    );
    const packed = write('chat.parquet.gz', gzipSync(bytes));
    expect(messageOf((await run(packed)).error)).toBe(
      `Cannot read ${packed}: a Parquet file packed with gzip, expected it bare; unpack it first with: gunzip ${packed}`,
    );
  });
});

describe('a Parquet file that lies', () => {
  const of = async (name: string, bytes: Uint8Array): Promise<string> => {
    const file = write(name, bytes);
    const { error } = await run(file);
    return messageOf(error).replace(`Cannot read ${file}: `, '');
  };
  const whole = bytesOf({ ...pairs, codec: 'UNCOMPRESSED' });

  it('is refused for a footer that is cut off or makes no sense', async () => {
    const MEND = '; fetch it again, or write it again';
    expect(await of('cut.parquet', whole.subarray(0, whole.length - 100))).toBe(`${DAMAGED}it ends before its footer${MEND}`);
    expect(await of('stub.parquet', Buffer.from('PAR1PAR1'))).toBe(`${DAMAGED}it ends before its footer${MEND}`);
    const large = Buffer.from(whole);
    large.writeUInt32LE(0x7fffffff, large.length - 8);
    expect(await of('large.parquet', large)).toBe(
      `${DAMAGED}its footer claims to have 2,147,483,647 bytes, of ${whole.length.toLocaleString('en-US')} in the file${MEND}`,
    );
    const noise = Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(1000, 0xff), Buffer.from([0xe8, 3, 0, 0]), Buffer.from('PAR1')]);
    expect(await of('noise.parquet', noise)).toBe(`${DAMAGED}its footer makes no sense${MEND}`);
    expect(await of('encrypted.parquet', Buffer.concat([whole.subarray(0, whole.length - 4), Buffer.from('PARE')]))).toBe(
      'an encrypted Parquet file, expected a plain one',
    );
    const { error } = await peek(['fixtures/broken/cut.parquet']).then(
      () => ({ error: undefined }),
      (caught: unknown) => ({ error: caught }),
    );
    expect(messageOf(error)).toBe(`Cannot read fixtures/broken/cut.parquet: ${DAMAGED}it ends before its footer${MEND}`);
  });

  it('is refused for a page with more values than it has', async () => {
    const page = [0x15, 0, 0x15, 24, 0x15, 24, 0x2c, 0x15]; // type 0, 12 bytes, 12 packed; data page header: count
    const rest = [0x15, 0, 0x15, 6, 0x15, 6, 0, 0]; // plain, levels by runs
    const levels = (run: readonly number[]) =>
      Buffer.concat([Buffer.from([run.length, 0, 0, 0]), Buffer.from(run), Buffer.alloc(8 - run.length)]);
    const column = { values: 4, unpacked: 1000, boolean: false, repeats: 0, optional: 1, unpack: (bytes: Uint8Array) => bytes };
    const of = (count: number, run: readonly number[]) =>
      pagesHold(Buffer.concat([Buffer.from([...page, count * 2, ...rest]), levels(run)]), column);
    expect(of(4, [8, 1])).toBe(true); // four times "there"
    expect(of(5, [10, 1])).toBe(false); // more than the column has
    expect(of(4, [0xfe, 0xff, 0xff, 0xff, 0x0f, 1])).toBe(false); // a run of 2^31 - 1
    expect(of(4, [0xff, 0xff, 0xff, 0xff, 0x0f, 1])).toBe(false);
    expect(of(4, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])).toBe(false); // a number without an end
    expect(pagesHold(Buffer.from([...page, 8, ...rest]), column)).toBe(false); // bytes that are not there
  });

  it('walks nothing that does not end', () => {
    expect(walkThrift(Buffer.from([0x15, 6, 0x1c, 0x15, 8, 0x11, 0, 0]))).toEqual({
      end: 8,
      numbers: new Map([
        [1, 3],
        [2001, 4],
        [2002, 1],
      ]),
    });
    for (const bytes of [
      [],
      [0x15],
      [0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x18, 9, 1],
      [0x19, 0xf5, 0xff, 0xff, 0x7f, 0],
      [0x1b],
      [0x17, 1, 2],
    ]) {
      expect(walkThrift(Buffer.from(bytes))).toBeUndefined();
    }
    expect(walkThrift(Buffer.alloc(1 << 20, 0x1c))).toBeUndefined(); // a struct in a struct in a struct
    expect(walkThrift(Buffer.concat([Buffer.alloc(1 << 20, 0x16), Buffer.from([0])]))?.numbers.size).toBe(100);
  });

  it('ends with a clear error, or with rows, however its bytes are changed', async () => {
    const sources = [readFileSync('fixtures/tables/chat.parquet'), whole, bytesOf({ ...pairs, rowGroupSize: 500 })];
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(255, 128, 127, 0));
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bytes: fc.array(byte, { minLength: 1, maxLength: 5 }),
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sources), fc.array(change, { minLength: 1, maxLength: 3 }), async (source, changes) => {
        const bytes = Buffer.from(source);
        for (const { at, bytes: by } of changes)
          bytes.set(by.slice(0, bytes.length - 4), 4 + Math.floor(at * (bytes.length - 4 - by.length)));
        const { error } = await run(write('changed.parquet', bytes));
        if (error === undefined) return;
        refused += 1;
        expect(error).toBeInstanceOf(UserError);
        expect(messageOf(error)).toMatch(/^Cannot read .*: (?:a damaged|an encrypted|a) Parquet file/);
      }),
      { numRuns: 600, seed: 5 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});

describe('packages', () => {
  it('that are missing are undefined', async () => {
    expect(await importPeer('no-such-package' as Peer)).toBeUndefined();
    expect(await importPeer('hyparquet')).toHaveProperty('parquetRead');
  });

  it('are sought in the working directory too', async () => {
    const project = join(folder, 'project');
    mkdirSync(join(project, 'node_modules/only-here'), { recursive: true });
    writeFileSync(join(project, 'node_modules/only-here/package.json'), '{"name":"only-here","type":"module","exports":"./index.js"}');
    writeFileSync(join(project, 'node_modules/only-here/index.js'), 'export const here = true;');
    mkdirSync(join(project, 'node_modules/broken-one'), { recursive: true });
    writeFileSync(join(project, 'node_modules/broken-one/package.json'), '{"name":"broken-one","type":"module","exports":"./index.js"}');
    writeFileSync(join(project, 'node_modules/broken-one/index.js'), "import 'needs-this';");
    const before = process.cwd;
    process.cwd = () => project; // a thread of the test runner cannot change directory
    try {
      expect(await importPeer('only-here' as Peer)).toMatchObject({ here: true });
      await expect(importPeer('broken-one' as Peer)).rejects.toThrow('needs-this');
    } finally {
      process.cwd = before;
    }
  });
});
