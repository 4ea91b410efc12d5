import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { expandInputs, peek, totalBytes } from '../../src/read/files.ts';

const ROW = '{"prompt": "Name a river.", "completion": "The Severn."}\n';
let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-files-'));
  chmodSync(folder, 0o755);
  mkdirSync(at('shards/deep'), { recursive: true });
  for (const name of [
    'b.jsonl',
    'a.jsonl',
    'Z.jsonl',
    'é.jsonl',
    'notes.txt',
    '[a].jsonl',
    'shards/2.jsonl',
    'shards/10.jsonl',
    'shards/deep/1.jsonl',
  ]) {
    writeFileSync(at(name), ROW);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error instanceof UserError ? error.message : '';
};

/** What patterns expand to in the folder. */
const names = async (...patterns: string[]) => (await expandInputs(patterns, folder)).map((file) => file.replace(`${folder}/`, ''));

describe('expandInputs', () => {
  it('keeps "-" and paths as they are, in their order', async () => {
    expect(await expandInputs(['no-such.jsonl', '-', './x/../a.jsonl'])).toEqual(['no-such.jsonl', '-', './x/../a.jsonl']);
    expect(await names('b.jsonl', '-', 'a.jsonl')).toEqual(['b.jsonl', '-', 'a.jsonl']);
  });

  it('sorts what a glob finds by code unit', async () => {
    expect(await names('*.jsonl')).toEqual(['Z.jsonl', '[a].jsonl', 'a.jsonl', 'b.jsonl', 'é.jsonl']);
    expect(await names('**/*.jsonl')).toEqual([
      'Z.jsonl',
      '[a].jsonl',
      'a.jsonl',
      'b.jsonl',
      'shards/10.jsonl',
      'shards/2.jsonl',
      'shards/deep/1.jsonl',
      'é.jsonl',
    ]);
    expect(await names('shards/{2,10}.jsonl')).toEqual(['shards/10.jsonl', 'shards/2.jsonl']);
  });

  it('names each file once, where it is named first', async () => {
    expect(await names('b.jsonl', '*.jsonl', './b.jsonl', '-', at('a.jsonl'), '-')).toEqual([
      'b.jsonl',
      'Z.jsonl',
      '[a].jsonl',
      'a.jsonl',
      'é.jsonl',
      '-',
    ]);
  });

  it('takes absolute globs, and finds the same', async () => {
    expect(await expandInputs([at('shards/*.jsonl')])).toEqual([at('shards/10.jsonl'), at('shards/2.jsonl')]);
  });

  it('prefers a file of that very name to a glob', async () => {
    expect(await names('[a].jsonl')).toEqual(['[a].jsonl']);
    expect(await names('[b].jsonl')).toEqual(['b.jsonl']);
  });

  it('says which globs match nothing, all at once', async () => {
    expect(await messageOf(expandInputs(['*.csv'], folder))).toBe('No file matches this pattern: "*.csv"');
    expect(await messageOf(expandInputs(['*.csv', 'a.jsonl', 'x/*'], folder))).toBe('No file matches these patterns: "*.csv", "x/*"');
  });
});

describe('totalBytes', () => {
  it('adds up what lies on disk', async () => {
    writeFileSync(at('packed.gz'), gzipSync(ROW.repeat(1000)));
    const packed = gzipSync(ROW.repeat(1000)).length;
    expect(packed).toBeLessThan(ROW.length * 100);
    expect(await totalBytes([at('a.jsonl'), at('packed.gz')])).toBe(ROW.length + packed);
    expect(await totalBytes([])).toBe(0);
  });

  it('does not know where a stream or a missing file is among them', async () => {
    expect(await totalBytes([at('a.jsonl'), '-'])).toBeUndefined();
    expect(await totalBytes([at('missing.jsonl')])).toBeUndefined();
    expect(await totalBytes([folder])).toBeUndefined();
  });
});

const CONVERT = 'expected JSONL (one JSON object per line)';

const broken = (name: string) => `fixtures/broken/${name}`;

describe('peek', () => {
  it.each([
    'bad-json.jsonl',
    'bad-utf8.jsonl',
    'blank-lines.jsonl',
    'bom.jsonl',
    'bom-inside.jsonl',
    'crlf.jsonl',
    'gzip-unnamed.jsonl',
    'gzip-members.jsonl.gz',
    'gzip-cut.jsonl.gz',
    'no-final-newline.jsonl',
    'not-objects.jsonl',
    'nul.jsonl',
    'rows.jsonl.gz',
    'strange-keys.jsonl',
    'unknown-shape.jsonl',
    'table.csv',
    'table.tsv',
    'table-quotes.csv',
    'first-line-array.jsonl',
    'first-line-brace.jsonl',
    'first-line-names.jsonl',
    'first-line-open.jsonl',
    'first-line-single-quotes.jsonl',
    'first-row-spread.jsonl',
  ])('lets %s pass: its lines are judged one by one', async (name) => {
    await expect(peek([broken(name)])).resolves.toBeUndefined();
  });

  it.each([
    ['empty.jsonl', `nothing in it, ${CONVERT}`],
    ['blank.jsonl', `nothing in it, ${CONVERT}`],
    ['bom-alone.jsonl', `nothing in it, ${CONVERT}`],
    ['gzip-empty.jsonl.gz', `nothing in it, ${CONVERT}`],
    ['lfs-pointer.jsonl', 'a Git LFS pointer, not the data itself; fetch it with: git lfs pull'],
    ['array.json', `one JSON array, ${CONVERT}; convert it with: jq -c '.[]' @ > fixtures/broken/array.jsonl`],
    ['array-pretty.json', `one JSON array, ${CONVERT}; convert it with: jq -c '.[]' @ > fixtures/broken/array-pretty.jsonl`],
    ['array-rows.json', `one JSON array, ${CONVERT}; convert it with: jq -c '.[]' @ > fixtures/broken/array-rows.jsonl`],
    ['array-cut.json', `one JSON array, ${CONVERT}; convert it with: jq -c '.[]' @ > fixtures/broken/array-cut.jsonl`],
    ['gzip-array.json.gz', `one JSON array, ${CONVERT}; convert it with: gzip -dc @ | jq -c '.[]' > fixtures/broken/gzip-array.jsonl`],
    ['object.json', `JSON spread over many lines, ${CONVERT}; convert it with: jq -c . @ > fixtures/broken/object.jsonl`],
    ['objects.json', `JSON spread over many lines, ${CONVERT}; convert it with: jq -c . @ > fixtures/broken/objects.jsonl`],
    ['python.jsonl', `Python dicts, ${CONVERT}; write each row with json.dumps(row) instead of str(row)`],
    ['python-list.txt', `Python dicts, ${CONVERT}; write each row with json.dumps(row) instead of str(row)`],
    [
      'table.parquet',
      'a damaged Parquet file: its footer claims to have 656,811,300 bytes, of 48 in the file; fetch it again, or write it again',
    ],
    ['table-header.csv', 'a table whose header names "prompt" twice, expected a name of its own for each column'],
    [
      'table-index.csv',
      'a table whose first column has no name in the header, expected one (pandas writes its index so; write the file with index=False)',
    ],
    [
      'page.jsonl',
      `a web page or XML, ${CONVERT}; the download may have fetched a page about the file, or an error message, instead of the file`,
    ],
    ['utf-16.jsonl', 'text in UTF-16, expected UTF-8; convert it with: iconv -f UTF-16 -t UTF-8 @ > fixtures/broken/utf-16.rows.jsonl'],
    ['rows.zip', `a zip archive (or a spreadsheet), ${CONVERT}; unpack it first with: unzip @`],
    ['rows.jsonl.zst', 'compressed with zstd, expected gzip or plain text; unpack it first with: zstd -d @'],
    ['gzip-twice.jsonl.gz', 'compressed twice with gzip, expected once; unpack it once'],
    ['gzip-damaged.jsonl.gz', 'a damaged gzip file: nothing in it could be read; fetch it again, or compress it again'],
  ])('says what %s is', async (name, problem) => {
    const file = broken(name);
    expect(await messageOf(peek([file]))).toBe(`Cannot read ${file}: ${problem.replace('@', file)}`);
  });

  it('says so of a directory, a missing file, a path through a file', async () => {
    const shards = at('shards');
    expect(await messageOf(peek([shards]))).toBe(
      `Cannot read ${shards}: a directory, expected a file; name the files in it, for example '${shards}/*.jsonl'`,
    );
    expect(await messageOf(peek([at('none.jsonl')]))).toBe(`Cannot read ${at('none.jsonl')}: there is no such file`);
    expect(await messageOf(peek([at('a.jsonl/x')]))).toBe(
      `Cannot read ${at('a.jsonl/x')}: there is no such file, because a part of its path is no directory`,
    );
    symlinkSync(at('loop'), at('loop'));
    expect(await messageOf(peek([at('loop')]))).toBe(`Cannot read ${at('loop')}: a symbolic link that leads to itself`);
    expect(await messageOf(peek(['a\0b']))).toBe('Cannot read "a\\u0000b": the name holds a NUL character, which no file has');
  });

  it('says so of a gzip file that ends before its text begins', async () => {
    writeFileSync(at('stub.gz'), gzipSync(ROW).subarray(0, 11));
    expect(await messageOf(peek([at('stub.gz')]))).toBe(
      `Cannot read ${at('stub.gz')}: a gzip file that ends too early: nothing in it could be read; fetch it again, or compress it again`,
    );
  });

  it('tells the problems of all files in one error', async () => {
    const files = ['-', broken('bom.jsonl'), broken('empty.jsonl'), at('none.jsonl'), broken('array.json')];
    expect(await messageOf(peek(files))).toBe(
      [
        'Cannot read 3 of 5 files:',
        `  ${broken('empty.jsonl')}: nothing in it, ${CONVERT}`,
        `  ${at('none.jsonl')}: there is no such file`,
        `  ${broken('array.json')}: one JSON array, ${CONVERT}; convert it with: jq -c '.[]' ${broken('array.json')} > fixtures/broken/array.jsonl`,
      ].join('\n'),
    );
  });

  it('quotes names that a shell or a terminal would stumble over', async () => {
    writeFileSync(at("it's here.json"), '[{"a": 1}]');
    expect(await messageOf(peek([at("it's here.json")]))).toContain(
      `jq -c '.[]' '${folder}/it'\\''s here.json' > '${folder}/it'\\''s here.jsonl'`,
    );
    const evil = at('\u001b[31mred.jsonl');
    expect(await messageOf(peek([evil]))).toBe(`Cannot read ${JSON.stringify(evil)}: there is no such file`);
  });

  it('says so of a file without permission', async (context) => {
    const file = at('secret.jsonl');
    writeFileSync(file, ROW);
    chmodSync(file, 0);
    const root = process.geteuid?.() === 0;
    if (root && !process.seteuid) context.skip('runs as root in a thread, where nothing is without permission');
    if (process.platform === 'win32') context.skip('Windows has no such permissions');
    if (root) process.seteuid?.(65534);
    try {
      expect(await messageOf(peek([file]))).toBe(`Cannot read ${file}: no permission to read it`);
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  it('leaves pipes alone, which can be read only once', async (context) => {
    const pipe = at('pipe');
    try {
      execFileSync('sh', ['-c', 'mkfifo "$0"', pipe], { stdio: 'ignore' });
    } catch {
      context.skip('this system has no mkfifo');
    }
    await expect(peek([pipe, '-'])).resolves.toBeUndefined();
  });

  it('looks at the first bytes only, whatever a gzip file unpacks to', async () => {
    writeFileSync(at('bomb.gz'), gzipSync(Buffer.alloc(40 << 20)));
    await expect(peek([at('bomb.gz')])).resolves.toBeUndefined();
  });
});
