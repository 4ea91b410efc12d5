import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { excerptAround } from '../stats/excerpt.ts';
import type { Batch, Table } from '../types.ts';
import { quote } from '../wording.ts';
import { badUtf8 } from './lines.ts';
import { headOf } from './pieces.ts';
import { CELLS_ADVICE, NOT_UTF8 } from './reasons.ts';
import { NEWLINE, newlinesIn, RecordScan } from './record-scan.ts';

/** One record of a table, or why it is none. */
export interface TableRecord {
  readonly line: number;
  /** Absent where there is a problem. */
  readonly cells?: readonly string[];
  readonly problem?: {
    readonly kind: 'not-record' | 'bad-utf8';
    readonly line: number;
    readonly column?: number;
    readonly reason: string;
    readonly advice?: string;
  };
  /** At most 160 characters of the record as it is written, around its problem. */
  readonly excerpt: () => string;
}

const NUL = 'a NUL character, which no text holds';
const LINE_BREAK = Uint8Array.of(NEWLINE);

/** What is wrong with a record of so many cells; `undefined` where nothing is. */
export function cellsProblem(cells: number, columns: number): string | undefined {
  if (cells === columns) return undefined;
  return `${cells < columns ? 'fewer' : 'more'} cells than the header has columns (${columns})`;
}

/**
 * Gives the records of a batch, in order; blank lines are none. Records without quotes, which have nothing to be parsed, are cut at
 * their delimiters: csv-parse, which takes all others in one go, looks at each byte in a dozen ways and does 16 MB/s.
 */
export function records(batch: Batch, { delimiter, columns }: Table, visit: (record: TableRecord) => void): void {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
  const sound = isUtf8(bytes) && bytes.indexOf(0) < 0;
  const found: { start: number; end: number; line: number; text: string | undefined; problem: TableRecord['problem'] | undefined }[] = [];
  const quoted: Uint8Array[] = [];
  const scan = new RecordScan(delimiter);
  let line = batch.firstLine;
  for (let start = 0; start < bytes.length; start = scan.next) {
    scan.begin(start);
    if (scan.scan(bytes, true) !== 'whole')
      throw new Error(`Unexpected record at ${batch.file}:${line}, expected the reader to have left it out`);
    const { end, next } = scan;
    const text = scan.quoted ? undefined : bytes.toString('utf8', start, end);
    if (text === undefined || text.trim() !== '' || (columns.length > 1 && text.includes(delimiter))) {
      const problem = sound ? undefined : byteProblem(bytes, start, end, line);
      found.push({ start, end, line, text, problem });
      if (!problem && text === undefined) quoted.push(bytes.subarray(start, end), LINE_BREAK);
    }
    line += scan.quoted ? newlinesIn(bytes, start, next) : 1;
  }
  const parsed = quoted.length === 0 ? [] : parseQuoted(Buffer.concat(quoted), delimiter);
  if (parsed.length * 2 !== quoted.length) throw new Error(`Unexpected number of records in ${batch.file} below line ${batch.firstLine}`);
  let taken = 0;
  for (const { start, end, line: at, text, problem } of found) {
    const cells = problem ? [] : text === undefined ? (parsed[taken++] as string[]) : text.split(delimiter);
    const reason = problem ? undefined : cellsProblem(cells.length, columns.length);
    const excerpt = (): string => excerptOf(bytes, start, end, problem?.column);
    if (problem) visit({ line: at, problem, excerpt });
    else if (reason !== undefined) visit({ line: at, problem: { kind: 'not-record', line: at, reason, advice: CELLS_ADVICE }, excerpt });
    else visit({ line: at, cells, excerpt });
  }
}

/** The names of the columns, or what is wrong with the header. @param record of a table, whole */
export function headerOf(record: Uint8Array, delimiter: string): { readonly columns: readonly string[] } | { readonly problem: string } {
  if (!isUtf8(record)) return { problem: `a table whose header holds ${NOT_UTF8}` };
  if (record.includes(0)) return { problem: `a table whose header holds ${NUL}` };
  const [cells = []] = parseQuoted(record, delimiter);
  const columns = cells.map((name) => name.trim());
  const empty = columns.indexOf('');
  if (empty === 0 && columns.length > 1) {
    return {
      problem:
        'a table whose first column has no name in the header, expected one (pandas writes its index so; write the file with index=False)',
    };
  }
  if (empty >= 0) return { problem: `a table whose column ${empty + 1} has no name in the header, expected a name for each column` };
  const seen = new Set<string>();
  const twice = columns.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined)
    return { problem: `a table whose header names ${quote(twice)} twice, expected a name of its own for each column` };
  return { columns };
}

/** @param bytes records that RecordScan found to be whole, each with a bare line break after it */
function parseQuoted(bytes: Uint8Array, delimiter: string): string[][] {
  return parse(bytes, { delimiter, record_delimiter: '\n', relax_quotes: true, relax_column_count: true });
}

function byteProblem(bytes: Buffer, start: number, end: number, line: number): TableRecord['problem'] {
  const record = bytes.subarray(start, end);
  const nul = record.indexOf(0);
  if (nul >= 0) return { kind: 'not-record', ...placeOf(bytes, start, line, start + nul), reason: NUL };
  if (isUtf8(record)) return undefined;
  for (let from = start, at = line; ; at++) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 || newline > end ? end : newline;
    if (!isUtf8(bytes.subarray(from, to))) return { kind: 'bad-utf8', line: at, column: badUtf8(bytes, from, to).column, reason: NOT_UTF8 };
    from = to + 1;
  }
}

/** Line and 1-based column, in UTF-16 code units, of a byte in a record that begins at `start` on `line`. */
export function placeOf(bytes: Uint8Array, start: number, line: number, at: number): { line: number; column: number } {
  const from = Math.max(start, bytes.lastIndexOf(NEWLINE, at - 1) + 1);
  return {
    line: line + newlinesIn(bytes, start, at),
    column: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, at)).length + 1,
  };
}

/** @param column of the first line, where the excerpt is to be about that place */
export function excerptOf(bytes: Uint8Array, start: number, end: number, column = 1): string {
  const text = new TextDecoder().decode(column > 160 ? bytes.subarray(start, end) : headOf([bytes.subarray(start, end)]), { stream: true });
  return excerptAround(text, column - 1);
}
