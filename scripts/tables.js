/**
 * Writes the tables in fixtures/tables from the .jsonl files beside them, and the damaged Parquet file in fixtures/broken:
 * node scripts/tables.js. The same rows in every format, so that the tests can ask for the same examples.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

const folder = 'fixtures/tables';
const rowsOf = (name) =>
  readFileSync(`${folder}/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** RFC 4180: quotes where they are needed. */
const cell = (value, delimiter) => {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
};
const table = (rows, delimiter, newline) => {
  const names = Object.keys(rows[0]);
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => cells.map((value) => cell(value, delimiter)).join(delimiter) + newline)
    .join('');
};

const pairs = rowsOf('pairs');
writeFileSync(`${folder}/pairs.csv`, table(pairs, ',', '\n'));
writeFileSync(`${folder}/pairs.csv.gz`, gzipSync(table(pairs, ',', '\n')));
writeFileSync(`${folder}/pairs.tsv`, table(pairs, '\t', '\n'));
writeFileSync(`${folder}/excel.csv`, `\ufeff${table(pairs, ';', '\r\n')}`); // as Excel writes it where the comma is the decimal mark

const chat = rowsOf('chat');
writeFileSync(
  `${folder}/chat.csv`,
  table(
    chat.map(({ messages, source }) => ({ messages, source })),
    ',',
    '\n',
  ),
);

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
const bytes = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'messages', data: chat.map(({ messages }) => messages) },
      { name: 'source', data: chat.map(({ source }) => source) },
      { name: 'id', data: [1n, 2n, 3n, 9007199254740993n] },
    ],
    schema: [
      { name: 'root', num_children: 3 },
      { name: 'messages', num_children: 1, converted_type: 'LIST', repetition_type: 'OPTIONAL' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'role', ...text },
      { name: 'content', ...text },
      { name: 'source', ...text },
      { name: 'id', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    rowGroupSize: 3,
  }),
);
writeFileSync(`${folder}/chat.parquet`, bytes);
writeFileSync('fixtures/broken/cut.parquet', bytes.subarray(0, bytes.length - 200));
