import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { lines } from '../../src/read/lines.ts';
import { type ReadOptions, read, totalBytes } from '../../src/read/read.ts';
import type { Batch, Skip } from '../../src/types.ts';
import { integer } from '../../src/wording.ts';
import { random } from '../generate.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const write = (name: string, data: string | Uint8Array): string => {
  writeFileSync(at(name), data);
  return at(name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-read-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const broken = (name: string) => `fixtures/broken/${name}`;
const stdin = (...chunks: (string | Uint8Array)[]): ReadOptions => ({ stdin: Readable.from(chunks.map((chunk) => Buffer.from(chunk))) });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'no error');

/** Everything a run gives, and the error it ends with. */
async function run(files: readonly string[], options?: ReadOptions) {
  const batches: Batch[] = [];
  const skips: Skip[] = [];
  const seen: (readonly [string, number, string | undefined])[] = [];
  let error: unknown;
  try {
    for await (const item of read(files, options)) {
      if ('bytes' in item) {
        batches.push(item);
        lines(item, (text, line) => seen.push([item.file, line, text]));
      } else {
        skips.push(item);
        seen.push([item.at.file, item.at.line, item.kind]);
      }
    }
  } catch (caught) {
    error = caught;
  }
  return { batches, skips, seen, error, texts: seen.map(([, , text]) => text) };
}

const ROW = '{"prompt": "Name a river.", "completion": "The Severn."}';

describe('read', () => {
  it('cuts a large file into batches of whole lines with absolute numbers', async () => {
    const r = random(3);
    const rows = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ i, text: 'x'.repeat(Math.floor(r() ** 4 * 2000)) }));
    const file = write('large.jsonl', rows.join('\n'));
    const { batches, texts, skips, error } = await run([file]);
    expect([error, skips]).toEqual([undefined, []]);
    expect(texts).toEqual(rows);
    expect(batches.length).toBeGreaterThan(3);
    let line = 1;
    for (const batch of batches) {
      expect(batch.firstLine).toBe(line);
      expect(batch.bytes.length).toBeLessThan(2 << 20);
      line += Buffer.from(batch.bytes).toString('latin1').split('\n').length - 1;
      if (batch !== batches.at(-1)) expect(batch.bytes.at(-1)).toBe(10);
    }
  });

  it('gives each batch a buffer of its own, which can be transferred', async () => {
    const { batches } = await run([at('large.jsonl'), broken('crlf.jsonl')]);
    for (const { bytes } of batches) {
      expect(bytes.buffer.byteLength).toBe(bytes.length);
      const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
      expect(moved.length).toBeGreaterThan(0);
      expect(bytes.length).toBe(0);
    }
  });

  it('starts every file at line 1', async () => {
    const { seen } = await run([broken('no-final-newline.jsonl'), broken('blank-lines.jsonl'), broken('crlf.jsonl')]);
    expect(seen.map(([file, line]) => `${file.slice(16)}:${line}`)).toEqual([
      'no-final-newline.jsonl:1',
      'no-final-newline.jsonl:2',
      'no-final-newline.jsonl:3',
      'blank-lines.jsonl:3',
      'blank-lines.jsonl:6',
      'blank-lines.jsonl:10',
      'crlf.jsonl:1',
      'crlf.jsonl:2',
      'crlf.jsonl:3',
      'crlf.jsonl:4',
    ]);
  });

  it('reads standard input, whatever pieces it comes in', async () => {
    const text = `${ROW}\r\n\n${ROW}`;
    const { seen, error } = await run(['-'], stdin(...text.split('')));
    expect(error).toBeUndefined();
    expect(seen).toEqual([
      ['-', 1, ROW],
      ['-', 3, ROW],
    ]);
    const packed = gzipSync(text);
    expect((await run(['-'], stdin(...Array.from(packed, (byte) => Uint8Array.of(byte))))).seen).toEqual(seen);
  });

  it('reads gzip under any name, in several members, and lines that begin in one and end in the next', async () => {
    for (const name of ['gzip-unnamed.jsonl', 'gzip-members.jsonl.gz']) {
      const { texts, error } = await run([broken(name)]);
      expect(error).toBeUndefined();
      expect(texts).toEqual(readFileSync(broken('no-final-newline.jsonl'), 'utf8').split('\n'));
    }
    const data = readFileSync(at('large.jsonl'));
    expect((await run([write('large.gz', gzipSync(data))])).texts).toEqual((await run([at('large.jsonl')])).texts);
  });

  it('counts the bytes on disk', async () => {
    for (const file of [at('large.jsonl'), at('large.gz'), broken('crlf.jsonl')]) {
      let bytes = 0;
      await run([file], { onBytes: (more) => (bytes += more) });
      expect(bytes).toBe(await totalBytes([file]));
    }
  });

  it('reads on while the caller works', async () => {
    let bytes = 0;
    const batches = read([at('large.jsonl')], { onBytes: (more) => (bytes += more) });
    const first = await batches.next();
    const before = bytes;
    expect(first.done).toBe(false);
    await vi.waitFor(() => expect(bytes).toBeGreaterThan(before), 5000);
    await batches.return(undefined);
  });

  it('ends without complaint where the caller stops early', async () => {
    const endless = new PassThrough();
    endless.write(`${ROW}\n`.repeat(40_000));
    for await (const item of read(['-'], { stdin: endless })) {
      expect('bytes' in item).toBe(true);
      break;
    }
    expect(endless.destroyed).toBe(true);
  });
});

/** Lines as a naive split has them. */
function naive(data: Uint8Array, maxLine: number): [number, string][] {
  const all = Buffer.from(data).toString('latin1').split('\n');
  return all.flatMap((line, i): [number, string][] => {
    if (line.length > maxLine) return [[i + 1, 'too-long']];
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    return /^[ \t\r]*$/.test(text) ? [] : [[i + 1, text]];
  });
}

describe('any bytes, cut anywhere', () => {
  it('gives the lines of a naive split', async () => {
    const start = Buffer.from('{"a": 1}\n'); // so that nothing that follows makes the file look like something else
    const chunk = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\n\n', '\r', 'x', 'a line\n', 'two\nlines\n').map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }).map((raw) => Buffer.from(raw.map((byte) => byte & 0x7f))),
      fc.integer({ min: 1, max: 30 }).map((length) => Buffer.alloc(length, 'y')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 30 }),
        fc.constantFrom(8, 9, 13, 40, 1 << 26),
        fc.boolean(),
        async (chunks, maxLine, packed) => {
          const data = Buffer.concat([start, ...chunks]);
          const pieces = packed ? [gzipSync(data)] : [start, ...chunks];
          const { seen, error } = await run(['-'], { ...stdin(...pieces), maxLine });
          expect(error).toBeUndefined();
          expect(seen.map(([, line, text]) => [line, text])).toEqual(naive(data, maxLine));
        },
      ),
      { numRuns: 1500, seed: 1 },
    );
  });

  it('does so beyond the first batch and around every chunk', async () => {
    const r = random(11);
    for (let round = 0; round < 6; round++) {
      const chunks: Buffer[] = [Buffer.from('{"a": 1}\n')];
      for (let size = 0; size < 3 << 20; size += chunks.at(-1)?.length ?? 0) {
        const length = Math.floor(r() ** 3 * 200_000) + 1;
        const data = Buffer.alloc(length, 'z');
        for (let i = 0; i < 8 * r(); i++) data[Math.floor(r() * length)] = 10;
        if (r() < 0.3) data[length - 1] = 10;
        if (r() < 0.3) data[0] = 10;
        chunks.push(data);
      }
      for (const maxLine of [50_000, 1 << 26]) {
        const { seen, error } = await run(['-'], { ...stdin(...chunks), maxLine });
        expect(error).toBeUndefined();
        const expected = naive(Buffer.concat(chunks), maxLine);
        expect(seen.length).toBe(expected.length);
        expect(seen.every(([, line, text], i) => line === expected[i]?.[0] && text === expected[i]?.[1])).toBe(true);
      }
    }
  });
});

describe('lines that are too long', () => {
  const MAX = 1 << 20;

  it('are skipped where they stand, and the lines after them keep their numbers', async () => {
    const huge = `{"text": "${'é'.repeat(3 << 20)}"}`;
    const file = write('huge.jsonl', [ROW, huge, ROW, '', huge, huge].join('\n'));
    const { seen, skips, error } = await run([file], { maxLine: MAX });
    expect(error).toBeUndefined();
    expect(seen.map(([, line, text]) => [line, text])).toEqual([
      [1, ROW],
      [2, 'too-long'],
      [3, ROW],
      [5, 'too-long'],
      [6, 'too-long'],
    ]);
    expect(skips[0]).toEqual({
      at: { file, line: 2 },
      kind: 'too-long',
      reason: 'a line of 6 MiB, longer than the 1 MiB that are read',
      excerpt: `{"text": "${'é'.repeat(149)}…`,
    });
  });

  it('may have exactly the length allowed', async () => {
    const line = 'x'.repeat(MAX);
    const { seen } = await run([write('exact.jsonl', `${ROW}\n${line}\n${line}y\n${line}`)], { maxLine: MAX });
    expect(seen.map(([, number, text]) => [number, text?.length])).toEqual([
      [1, ROW.length],
      [2, MAX],
      [3, 'too-long'.length],
      [4, MAX],
    ]);
  });

  it('may be a whole file of NUL bytes without a line break', async () => {
    const file = write('sparse.jsonl', '');
    truncateSync(file, 16 << 20);
    const { skips, batches, error } = await run([file], { maxLine: MAX });
    expect([batches, error]).toEqual([[], undefined]);
    expect(skips).toEqual([
      {
        at: { file, line: 1 },
        kind: 'too-long',
        reason: 'a line of 16 MiB, longer than the 1 MiB that are read',
        excerpt: `${'\0'.repeat(159)}…`,
      },
    ]);
  });

  it('are joined once, not with every chunk: also a line of 48 MiB', async () => {
    const pieces = Array.from({ length: 48 << 4 }, () => Buffer.alloc(1 << 16, 'x')); // 64 KiB each, as pipes give them
    const { seen } = await run(['-'], stdin(...pieces));
    expect(seen.map(([, line, text]) => [line, text?.length])).toEqual([[1, 48 << 20]]);
  });
});

describe('files that end too early, or never began', () => {
  it('gives all lines before the damage of a gzip file, then says so', async () => {
    const file = broken('gzip-cut.jsonl.gz');
    const { texts, error } = await run([file]);
    expect(error).toBeInstanceOf(UserError);
    const readable = gunzipSync(readFileSync(file), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    expect(readable.length).toBeGreaterThan(10_000);
    expect(messageOf(error)).toBe(
      `Cannot read ${file}: a gzip file that ends too early: only the first ${integer(readable.length)} bytes of its text could be read; fetch it again, or compress it again`,
    );
    expect(texts).toEqual(readable.split('\n').slice(0, -1)); // the last one is cut
    for (const text of texts) JSON.parse(text ?? ''); // whole rows only
  });

  it('gives a prefix of the lines wherever a gzip file is cut, and never takes it for whole', async () => {
    const text = Array.from({ length: 300 }, (_, i) => JSON.stringify({ i, text: 'abc'.repeat((i * 7) % 40) })).join('\n');
    const rows = text.split('\n');
    const whole = gzipSync(text);
    for (let end = 20; end < whole.length; end += 41) {
      const { texts, error } = await run(['-'], stdin(whole.subarray(0, end)));
      expect(messageOf(error)).toMatch(/^Cannot read standard input: a gzip file that ends too early: /);
      expect(texts).toEqual(rows.slice(0, texts.length));
    }
    expect((await run(['-'], stdin(whole))).texts).toEqual(rows);
  });

  it('says that a gzip file is damaged', async () => {
    const rows = `${ROW}\n`.repeat(100_000);
    const packed = gzipSync(rows);
    packed[packed.length - 5] = (packed[packed.length - 5] ?? 0) ^ 0xff; // the length at the end
    const { error, texts } = await run([write('damaged.gz', packed)]);
    expect(messageOf(error)).toMatch(/^Cannot read \S+: a damaged gzip file: only the first [\d,]+ bytes of its text could be read/);
    expect(texts.length).toBeGreaterThan(50_000);
    expect(new Set(texts)).toEqual(new Set([ROW]));
  });

  it.each([
    ['empty.jsonl', 'nothing in it'],
    ['array.json', 'one JSON array'],
    ['gzip-array.json.gz', 'one JSON array'],
    ['python.jsonl', 'Python dicts'],
    ['utf-16.jsonl', 'text in UTF-16'],
  ])('says what %s is before it gives out a line, from standard input too', async (name, problem) => {
    for (const [file, options] of [
      [broken(name), {}],
      ['-', stdin(readFileSync(broken(name)))],
    ] as const) {
      const { seen, error } = await run([file], options);
      expect(seen).toEqual([]);
      expect(error).toBeInstanceOf(UserError);
      expect(messageOf(error)).toContain(`Cannot read ${file === '-' ? 'standard input' : file}: ${problem}`);
    }
  });

  it('says so of a directory, of a missing file, and of a stream that breaks', async () => {
    expect((await run([folder])).error).toEqual(
      new UserError(`Cannot read ${folder}: a directory, expected a file; name the files in it, for example '${folder}/*.jsonl'`),
    );
    expect((await run([at('none')])).error).toEqual(new UserError(`Cannot read ${at('none')}: there is no such file`));
    expect((await run(['a\0b'])).error).toEqual(
      new UserError('Cannot read "a\\u0000b": the name holds a NUL character, which no file has'),
    );
    async function* breaking() {
      yield Buffer.from(`${ROW}\n${ROW}\n{"cut": `);
      throw Object.assign(new Error('broken'), { code: 'EIO' });
    }
    const { texts, error } = await run(['-'], { stdin: Readable.from(breaking()) });
    expect(error).toEqual(new UserError('Cannot read standard input: the disk reports an error'));
    expect(texts).toEqual([ROW, ROW]);
  });

  it('does not blame the file for what is no error of the system', async () => {
    const ours = new TypeError('a bug of ours');
    const stream = new Readable({ read: () => stream.destroy(ours) });
    expect((await run(['-'], { stdin: stream })).error).toBe(ours);
  });

  it('agrees with zlib on the fixtures', () => {
    expect(gunzipSync(readFileSync(broken('gzip-members.jsonl.gz'))).toString()).toBe(
      readFileSync(broken('no-final-newline.jsonl'), 'utf8'),
    );
  });
});

describe('an aborted run', () => {
  it('ends at once, without an error, while it waits for more', async () => {
    const slow = new PassThrough();
    slow.write(`${ROW}\n`.repeat(40_000)); // more than one batch
    const controller = new AbortController();
    const seen: number[] = [];
    const done = (async () => {
      for await (const item of read(['-', at('large.jsonl')], { stdin: slow, signal: controller.signal }))
        if ('bytes' in item) seen.push(item.firstLine);
    })();
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await done;
    expect(seen[0]).toBe(1);
    expect(slow.destroyed).toBe(true);
  });

  it('does not give out the last line once aborted, even where all has been read', async () => {
    const controller = new AbortController();
    let batches = 0;
    for await (const _ of read(['-'], { ...stdin(`${ROW}\n`.repeat(30_000) + ROW), signal: controller.signal })) {
      batches += 1;
      await new Promise((resolve) => setTimeout(resolve, 20)); // the stream ends meanwhile
      controller.abort();
    }
    expect(batches).toBe(1);
  });

  it('gives out nothing more once aborted, and no half line', async () => {
    const controller = new AbortController();
    let batches = 0;
    for await (const item of read([at('large.jsonl'), at('large.jsonl')], { signal: controller.signal })) {
      expect('bytes' in item && item.bytes.at(-1)).toBe(10);
      batches += 1;
      controller.abort();
    }
    expect(batches).toBe(1);
    expect((await run([at('large.jsonl')], { signal: AbortSignal.abort() })).seen).toEqual([]);
  });
});
