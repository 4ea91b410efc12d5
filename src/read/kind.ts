import { scanJson } from '../formats/json-problem.ts';
import type { Table } from '../types.ts';

export type Delimiter = Table['delimiter'];

/** Tables, which are read as such. */
export type TableKind = 'comma-table' | 'tab-table' | 'semicolon-table';

/** What a file is that is no JSONL. */
export type Kind =
  | TableKind
  | 'empty'
  | 'git-lfs'
  | 'array'
  | 'object'
  | 'python'
  | 'markup'
  | 'utf-16'
  | 'gzip'
  | 'zip'
  | 'zstd'
  | 'bzip2'
  | 'xz'
  | 'tar'
  | 'parquet'
  | 'arrow';

/** How many bytes `kindOf` looks at. */
export const HEAD_BYTES = 1 << 16;

const MAGIC: readonly (readonly [Kind, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 8]],
  ['zip', [0x50, 0x4b, 3, 4]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['arrow', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['arrow', [0xff, 0xff, 0xff, 0xff]], // a stream, as the `datasets` library saves them
  ['utf-16', [0xff, 0xfe]],
  ['utf-16', [0xfe, 0xff]],
  ['utf-16', [0x7b, 0, 0x22, 0]], // {" without a mark, in either byte order
  ['utf-16', [0, 0x7b, 0, 0x22]],
];

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/**
 * What the first bytes of a file show it to be; `undefined` where it may be
 * JSONL. Only what is plain is claimed: a file of good rows whose first line is
 * broken is JSONL with a broken line, whatever that line looks like.
 *
 * @param head the first `HEAD_BYTES` of the file, or all of it
 * @param whole whether it is all of it
 */
export function kindOf(head: Uint8Array, whole: boolean): Kind | undefined {
  for (const [kind, magic] of MAGIC) if (magic.every((byte, i) => head[i] === byte)) return kind;
  const text = new TextDecoder().decode(head, { stream: !whole });
  if (text.slice(257, 262) === 'ustar') return 'tar';
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return 'git-lfs';
  const start = text.search(/\S/);
  if (start < 0) return whole ? 'empty' : undefined;
  if (/^<(?:!doctype|html|\?xml)[\s>]/i.test(text.slice(start, start + 16))) return 'markup';
  if (isPython(text, start)) return 'python';
  if (text.charAt(start) === '[' && isArray(text, start, whole)) return 'array';
  if (text.charAt(start) === '{' && isSpread(text, start, whole)) return 'object';
  return tableKind(text);
}

/** Its first rows all open as only Python prints them: `{'`. */
function isPython(text: string, start: number): boolean {
  const rows = firstLines(text, 5);
  const first = text.slice(start);
  if (/^\[\s*\{\s*'/.test(first.slice(0, 200))) return rows.length === 1 || !standsAlone(rows[1] ?? '');
  return rows.every((row) => /^\{\s*'/.test(row));
}

/** One JSON array: closed with nothing after it, or going on over lines that are no rows of their own. */
function isArray(text: string, start: number, whole: boolean): boolean {
  const value = text.slice(start);
  const scan = scanJson(value);
  if (scan.state === 'whole' && whole && value.slice(scan.at).trim() === '') return true;
  if (scan.state === 'open' && !value.includes('\n')) return !whole; // a first line of more than 64 KiB, and still inside the array
  return goesOn(value, scan.at, scan.state === 'bad');
}

/** One JSON object (or several) written over many lines. */
function isSpread(text: string, start: number, whole: boolean): boolean {
  const value = text.slice(start);
  const scan = scanJson(value);
  if (!value.slice(0, scan.at).includes('\n')) return false; // the first row stands on one line, or is broken within it
  if (scan.state === 'open' && !whole) return firstLines(value, 2)[1]?.startsWith('{') === false;
  if (scan.state !== 'whole') return goesOn(value, scan.at, scan.state === 'bad');
  const next = firstLines(value.slice(scan.at), 1)[0];
  return next === undefined || !standsAlone(next);
}

/** Whether a value that began on the first line has gone on beyond the second, and no row stands around the place where it ended. */
function goesOn(value: string, end: number, bad: boolean): boolean {
  const lines = firstLines(value.slice(0, end), 3);
  if (lines.length < 3 || standsAlone(firstLines(value, 2)[1] ?? '')) return false;
  return !bad || !firstLines(value.slice(value.lastIndexOf('\n', end) + 1), 4).some(standsAlone);
}

/** No blank before it and no full stop in it, as in a sentence. */
const NAME = /^"?[\p{L}_][\p{L}\p{N}_ -]{0,40}"?$/u;

const TABLES: readonly (readonly [TableKind, Delimiter])[] = [
  ['comma-table', ','],
  ['tab-table', '\t'],
  ['semicolon-table', ';'],
];

/**
 * What stands between the cells of a file that is a table; `undefined` where it is none. A table shows itself by its first lines, or
 * is one by its name (.csv, .tsv, .tab, and these with .gz): then its header decides, since people save semicolons under .csv. Whatever it is
 * called, a file whose first line begins like JSON is no table.
 *
 * @param kind what `kindOf` says of the same bytes
 */
export function delimiterOf(file: string, head: Uint8Array, kind: Kind | undefined): Delimiter | undefined {
  const shown = TABLES.find(([table]) => table === kind);
  if (shown) return shown[1];
  const name = /\.(csv|tsv|tab)(?:\.gz)?$/i.exec(file.slice(-12));
  if (kind !== undefined || !name) return undefined;
  const text = new TextDecoder().decode(head).trimStart();
  if (/^[[{]/.test(text)) return undefined;
  const counts = marksIn(text);
  const byName: readonly Delimiter[] = name[1]?.toLowerCase() === 'csv' ? [',', ';', '\t'] : ['\t', ',', ';'];
  if (byName[0] === '\t' && counts['\t'] > 0) return '\t'; // names with commas in them are no reason to doubt it
  return byName.toSorted((a, b) => counts[b] - counts[a])[0];
}

/** How often each delimiter stands in the first line, quoted cells left out. */
function marksIn(text: string): { readonly [mark in Delimiter]: number } {
  const counts = { ',': 0, '\t': 0, ';': 0 };
  let inside = false;
  for (const mark of text) {
    if (mark === '"') inside = !inside;
    else if (inside) continue;
    else if (mark === '\n') break;
    else if (mark === ',' || mark === '\t' || mark === ';') counts[mark] += 1;
  }
  return counts;
}

/** A head of column names, and rows below it of which none looks like JSON. */
function tableKind(text: string): TableKind | undefined {
  const lines = firstLines(text, 20);
  const [head, ...rows] = lines;
  if (head === undefined || rows.length === 0 || lines.some((line) => /^[[{]/.test(line))) return undefined;
  const found = TABLES.find(([, mark]) => {
    const names = head.split(mark);
    return names.length > 1 && names.every((name) => NAME.test(name)) && rows.some((row) => row.includes(mark));
  });
  return found?.[0];
}

function standsAlone(line: string): boolean {
  if (!line.startsWith('{')) return false;
  const scan = scanJson(line);
  return scan.state === 'whole' && line.slice(scan.at).trim() === '';
}

/** The first lines that are not blank, trimmed. */
function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length && lines.length < count; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? undefined : end).trim();
    if (line !== '') lines.push(line);
    start = end < 0 ? text.length : end + 1;
  }
  return lines;
}
