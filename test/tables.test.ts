import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { lint, type Report } from '../dist/src/index.js'; // the build: a worker needs a file on disk
import { pick, random, sentence } from './generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'lopsided-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, data: string | Uint8Array): string => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};

const r = random(8);
const rows = Array.from({ length: 1000 }, (_, i) => {
  const prompt = `${pick(r, ['Say "this": ', 'Two lines:\n', 'a, b; c\td: ', ''])}${sentence(r)} ${i % 40 === 0 ? 40 : i}`;
  const completion =
    i % 500 === 0 ? '' : pick(r, ['Sure, here it is: ', 'Yes; ', ''] as const) + (i % 100 === 7 ? 'TODO: {name}' : sentence(r, 12));
  return { prompt, completion };
});
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n');
const table = (delimiter: string, newline: string) =>
  [['prompt', 'completion'], ...rows.map(({ prompt, completion }) => [prompt, completion])]
    .map(
      (cells) =>
        cells.map((cell) => (/["\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter) +
        newline,
    )
    .join('');
const parquet = parquetWriteBuffer({
  columnData: [
    { name: 'prompt', data: rows.map(({ prompt }) => prompt), type: 'STRING' },
    { name: 'completion', data: rows.map(({ completion }) => completion), type: 'STRING' },
  ],
  rowGroupSize: 300,
});

/** A report without places: an example stands on another line in another format. */
const placeless = (report: Report): unknown =>
  JSON.parse(
    JSON.stringify(report, (key, value: unknown) =>
      key === 'file' || key === 'line' || key === 'column' || key === 'fingerprint' ? undefined : value,
    ).replace(/on line \d+/g, 'on line'),
  );

describe('the same rows in another format', async () => {
  const plain = await lint(write('rows.jsonl', jsonl), { workers: 0 });

  it('are rows with findings', () => expect(plain.findings.length).toBeGreaterThan(2));

  it.each<[string, string | Uint8Array]>([
    ['rows.csv', table(',', '\n')],
    ['rows.csv.gz', gzipSync(table(',', '\n'))],
    ['crlf.csv', `\ufeff${table(',', '\r\n')}`],
    ['excel.csv', table(';', '\r\n')],
    ['rows.tsv', table('\t', '\n')],
    ['rows.parquet', new Uint8Array(parquet)],
  ])('%s give the same report but for places, and the same bytes for any number of workers', async (name, data) => {
    const file = write(name, data);
    const here = await lint(file, { workers: 0 });
    expect(placeless(here)).toEqual(placeless(plain));
    for (const workers of /^rows.(?:csv|parquet)$/.test(name) ? [1, 2, 7] : [2])
      expect(JSON.stringify(await lint(file, { workers }))).toBe(JSON.stringify(here));
  });
});

describe('broken tables', () => {
  it('are told of line by line, the same for any number of workers', async () => {
    const report = await lint('fixtures/broken/table-quotes.csv', { workers: 0 });
    expect(report.examples.train).toBe(5);
    expect(report.skipped.first.map(({ at, kind, reason, column }) => [at.line, column, kind, reason])).toEqual([
      [3, 16, 'not-record', 'a quote that opens a cell and is never closed'],
      [6, 10, 'not-record', 'a quote inside a quoted cell that is not doubled'],
      [7, undefined, 'not-record', 'more cells than the header has columns (2)'],
      [8, undefined, 'not-record', 'fewer cells than the header has columns (2)'],
      [9, 17, 'bad-utf8', 'bytes that are not UTF-8 (was the file saved in another encoding?)'],
      [10, 13, 'not-record', 'a NUL character, which no text holds'],
    ]);
    expect(
      report.findings.filter(({ ruleId }) => ruleId === 'readable-lines').map(({ message, suggestion }) => `${message}. ${suggestion}`),
    ).toMatchInlineSnapshot(`
      [
        "1 line holds bytes that are not UTF-8 (was the file saved in another encoding?), expected UTF-8. Convert the file to UTF-8 (iconv -f latin1 -t utf-8, if it is Latin-1), which mends this line",
        "1 line is no record of its table: a NUL character, which no text holds, expected a cell for each column and quotes in pairs. Mend or drop this line",
        "1 line is no record of its table: a quote inside a quoted cell that is not doubled, expected a cell for each column and quotes in pairs. Write every quote that is part of the text twice ("") in this line",
        "1 line is no record of its table: a quote that opens a cell and is never closed, expected a cell for each column and quotes in pairs. Close the quote that opens a cell in this line",
        "1 line is no record of its table: fewer cells than the header has columns (2), expected a cell for each column and quotes in pairs. Write one cell for each column, with quotes around those that hold the delimiter, in this line",
        "1 line is no record of its table: more cells than the header has columns (2), expected a cell for each column and quotes in pairs. Write one cell for each column, with quotes around those that hold the delimiter, in this line",
      ]
    `);
    expect(JSON.stringify(await lint('fixtures/broken/table-quotes.csv', { workers: 2 }))).toBe(JSON.stringify(report));
  });
});

describe('without the packages for Parquet', () => {
  // As on the machine of a user who has not installed them.
  const hide = (...names: readonly string[]): string => {
    const hooks = write(
      'hooks.mjs',
      `export const resolve = async (name, context, next) => {
        if (${JSON.stringify(names)}.includes(name)) throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      };`,
    );
    return write('hide.mjs', `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks))});`);
  };
  const check = (file: string, ...hidden: readonly string[]) => {
    cpSync(file, join(folder, 'train.parquet'));
    const run = spawnSync(process.execPath, ['--import', hide(...hidden), resolve('dist/src/cli/main.js'), 'check', 'train.parquet'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [run.status, run.stderr.trim()];
  };

  it('says in one line what to install', () => {
    expect(check('fixtures/tables/chat.parquet', 'hyparquet', 'hyparquet-compressors')).toEqual([
      2,
      'lopsided: train.parquet is a Parquet file: run npm install hyparquet hyparquet-compressors to read it',
    ]);
  });

  it('asks for the second one only where the codec needs it', () => {
    expect(check('fixtures/tables/chat.parquet', 'hyparquet-compressors')[0]).not.toBe(2);
    const lz4 = write(
      'lz4.parquet',
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [{ name: 'text', data: ['a'], type: 'STRING' }],
          codec: 'LZ4_RAW',
          compressors: { LZ4_RAW: (input) => Buffer.concat([Buffer.from([input.length << 4]), input]) },
        }),
      ),
    );
    expect(check(lz4, 'hyparquet-compressors')).toEqual([
      2,
      'lopsided: train.parquet is compressed with LZ4_RAW: run npm install hyparquet-compressors to read it',
    ]);
    expect(check(lz4)[0]).not.toBe(2);
  });
});
