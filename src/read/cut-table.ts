import type { Batch, Skip, Table } from '../types.ts';
import { headOf, inUnits, joined } from './pieces.ts';
import { type FileProblem, unsuitable } from './problems.ts';
import { CELLS_ADVICE } from './reasons.ts';
import { cellsIn, NEWLINE, newlinesIn, QUOTE, RecordScan } from './record-scan.ts';
import { cellsProblem, excerptOf, headerOf, placeOf } from './records.ts';

const BATCH = 1 << 20;
/** A header is sent along with every batch. */
const MAX_HEADER = 1 << 20;
/** Shorter records on one line have their cells counted where they are parsed. */
const COUNTED = 1 << 16;

const UNCLOSED = 'a quote that opens a cell and is never closed';
const UNDOUBLED = 'a quote inside a quoted cell that is not doubled';
const ADVICE: ReadonlyMap<string, string> = new Map([
  [UNCLOSED, 'Close the quote that opens a cell in'],
  [UNDOUBLED, 'Write every quote that is part of the text twice ("") in'],
]);

/** Whether lines may be the rest of a broken record: hardly, where its first line has as many quotes as close each other; else it likely goes on. */
const NONE = 0;
const SOME = 1;
const MUCH = 2;
type Doubt = typeof NONE | typeof SOME | typeof MUCH;

/**
 * Cuts a table into batches of whole records, about 1 MiB each, and skips for what is no record. The header is read on the way and goes
 * with each batch.
 *
 * One wrong quote makes everything below it look quoted, up to the next quote, which may be far. So where a record that begins on some line is
 * none, that line alone is given up, and reading goes on with the next one. Until a record is found that is beyond doubt, lines with stray quotes or
 * too many cells may be the rest of the broken one: they are left out without a word of their own. In the batch, a blank line stands for each line left out.
 *
 * @param maxRecord longer records are skipped; this bounds the memory too. In bytes
 * @param mayReread how many bytes may be read again after wrong quotes, beside 8 times the file; beyond that whole records are given up, so that no file
 * takes more than linear time
 * @throws UserError where the header is none
 */
export async function* cutTable(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  delimiter: Table['delimiter'],
  maxRecord: number,
  signal: AbortSignal | undefined,
  mayReread = 1 << 28,
): AsyncGenerator<Batch | Skip> {
  const cutter = new TableCutter(file, delimiter, maxRecord, mayReread);
  let waiting: Uint8Array[] = []; // until they weigh as much as what is held, so that a huge record is joined a few times, not with every chunk
  let size = 0;
  try {
    for await (const chunk of chunks) {
      if (signal?.aborted) return;
      waiting.push(chunk);
      size += chunk.length;
      if (size < cutter.held.length) continue;
      yield* cutter.take(waiting, false);
      waiting = [];
      size = 0;
    }
  } catch (error) {
    if (!signal?.aborted) {
      yield* cutter.take(waiting, false); // the records before the damage count
      yield* cutter.rest();
    }
    throw error;
  }
  if (signal?.aborted) return;
  yield* cutter.take(waiting, true);
  yield* cutter.rest();
}

/** The columns of a table whose first bytes these are, or what is wrong with its header; `undefined` where it is not all there. */
export function headerIn(head: Uint8Array, delimiter: Table['delimiter'], whole: boolean): ReturnType<typeof headerOf> | undefined {
  const scan = new RecordScan(delimiter);
  for (let start = beforeText(head); ; start = scan.next) {
    if (start >= head.length) return undefined;
    scan.begin(start);
    const result = scan.scan(head, whole);
    if (result === 'more') return head.length - start > MAX_HEADER ? { problem: LONG_HEADER } : undefined;
    if (result !== 'whole')
      return { problem: `a table whose header cannot be read: it has ${result === 'unclosed' ? UNCLOSED : UNDOUBLED}` };
    if (scan.end - start > MAX_HEADER) return { problem: LONG_HEADER };
    if (!isBlank(head, start, scan.end)) return headerOf(head.subarray(start, scan.end), delimiter);
  }
}

const LONG_HEADER = `a table whose header row is longer than ${inUnits(MAX_HEADER)}, expected the names of its columns on the first line`;

class TableCutter {
  held: Uint8Array = new Uint8Array(0); // from the beginning of the first record that is not done with
  private readonly file: string;
  private readonly delimiter: Table['delimiter'];
  private readonly maxRecord: number;
  private readonly scan: RecordScan;
  private table: Table | undefined;
  private line = 1; // of the record that `scan` is at
  private whole: Uint8Array[] = []; // what goes into the next batch, in pieces
  private wholeBytes = 0;
  private firstLine = 1; // of `whole`
  private from = 0; // what of `held` is not in `whole` yet
  private doubt: Doubt = NONE;
  private offset = 0; // of `held` in the file
  private reread = 0;
  private readonly mayReread: number;
  private long: { readonly line: number; readonly head: Uint8Array; bytes: number } | undefined; // a record that is dropped up to its line break

  constructor(file: string, delimiter: Table['delimiter'], maxRecord: number, mayReread: number) {
    this.file = file;
    this.delimiter = delimiter;
    this.maxRecord = maxRecord;
    this.mayReread = mayReread;
    this.scan = new RecordScan(delimiter);
  }

  *take(chunks: readonly Uint8Array[], last: boolean): Generator<Batch | Skip> {
    const size = chunks.reduce((sum, { length }) => sum + length, 0);
    this.held =
      this.held.length === 0 && chunks.length === 1 && chunks[0] ? chunks[0] : joined([this.held, ...chunks], this.held.length + size);
    if (!this.table && !this.readHeader(last)) return;
    const { scan } = this;
    while (scan.start < this.held.length) {
      if (this.long) {
        if (!this.endLong(last)) break;
        yield this.tooLong();
        continue;
      }
      const result = scan.scan(this.held, last);
      const known = this.held.length - scan.start;
      if (result === 'more' && known <= this.maxRecord) break;
      if (result === 'undoubled' && !last && known <= this.maxRecord && this.held.indexOf(NEWLINE, scan.start) < 0) break; // the end of the line is to come
      const skip = result === 'whole' && scan.next - scan.start <= this.maxRecord ? this.judge() : this.giveUp(result);
      if (skip) yield skip;
      if (this.wholeBytes + scan.start - this.from >= BATCH) yield* this.rest();
    }
    if (this.long && last) yield this.tooLong();
    this.keep(scan.start);
    this.held = this.held.subarray(scan.start);
    this.offset += scan.start;
    this.from = 0;
    scan.rebase();
  }

  /** What has been read and not given out. */
  *rest(): Generator<Batch> {
    this.keep(this.scan.start);
    if (this.wholeBytes > 0 && this.table) {
      yield { file: this.file, firstLine: this.firstLine, bytes: joined(this.whole, this.wholeBytes), table: this.table };
    }
    this.whole = [];
    this.wholeBytes = 0;
    this.firstLine = this.line;
  }

  /** Whether the header is read. */
  private readHeader(last: boolean): boolean {
    const header = headerIn(this.held, this.delimiter, last);
    if (!header) return false;
    if ('problem' in header) throw unsuitable([{ file: this.file, problem: header.problem } satisfies FileProblem]);
    this.table = { delimiter: this.delimiter, columns: header.columns };
    const { scan } = this;
    for (let start = beforeText(this.held); ; start = scan.next) {
      scan.begin(start);
      scan.scan(this.held, last);
      this.line += newlinesIn(this.held, start, scan.next);
      if (!isBlank(this.held, start, scan.end)) break;
    }
    this.from = scan.next;
    this.firstLine = this.line;
    scan.begin(scan.next);
    return true;
  }

  /** Takes a whole record in, or says why it is none. */
  private judge(): Skip | undefined {
    const { scan, held } = this;
    const { start, end, next } = scan;
    const lines = scan.quoted ? newlinesIn(held, start, next) : 1;
    if ((this.doubt !== NONE || lines > 1 || end - start > COUNTED) && !isBlank(held, start, end)) {
      const reason = cellsProblem(cellsIn(held.subarray(start, end), scan.delimiter), this.table?.columns.length ?? 0);
      if (reason !== undefined || (this.doubt !== NONE && scan.loose)) {
        const told = this.doubt === NONE || (this.doubt === SOME && !scan.loose);
        const skip = told ? this.skip(reason ?? '') : undefined;
        this.goOn(next, lines > 1 ? MUCH : this.doubt);
        return skip;
      }
      this.doubt = NONE;
    }
    this.line += lines;
    scan.begin(next);
    return undefined;
  }

  /** Gives up the record that is none, or has not ended in time. */
  private giveUp(result: string): Skip | undefined {
    const { scan, held } = this;
    const { start } = scan;
    const newline = held.indexOf(NEWLINE, start);
    const firstLine = newline < 0 ? held.length : newline;
    if ((newline < 0 ? firstLine : newline + 1) - start > this.maxRecord) {
      this.keep(start);
      this.long = { line: this.line, head: headOf([held.subarray(start)]), bytes: 0 };
      return undefined;
    }
    const end = result === 'whole' ? scan.next : result === 'undoubled' ? scan.fault + 1 : held.length;
    const reached = Math.min(end, start + this.maxRecord); // whatever pieces the bytes came in
    if (result === 'undoubled' && scan.fault < firstLine) {
      const skip = this.skip(UNDOUBLED, scan.fault);
      this.goOn(reached, quotesIn(held.subarray(start, firstLine)) % 2 === 1 ? MUCH : SOME);
      return skip;
    }
    const first = new RecordScan(this.delimiter); // the quote that is open at the end of the first line, however far the scan has come
    first.begin(start);
    first.scan(held.subarray(0, firstLine), true);
    const skip = this.doubt !== NONE && this.endsCell(start) ? undefined : this.skip(UNCLOSED, first.opening);
    this.goOn(reached, MUCH);
    return skip;
  }

  /** Whether a line begins with a quote and then the end of a cell: read by itself it opens one, but it closes one of a broken record. */
  private endsCell(start: number): boolean {
    const follows = this.held[start + 1];
    return this.held[start] === QUOTE && (follows === this.scan.delimiter || follows === NEWLINE || follows === 13);
  }

  /** Goes on with the line after the one that the broken record begins on; after all of it, where too much has been read again already. */
  private goOn(reached: number, doubt: Doubt): void {
    const { held, scan } = this;
    const newline = held.indexOf(NEWLINE, scan.start);
    this.doubt = doubt;
    const again = newline < 0 ? 0 : Math.max(0, reached - newline - 1);
    if (this.reread + again <= this.mayReread + 8 * (this.offset + scan.start)) {
      this.reread += again;
      this.leaveOut(newline);
    } else {
      this.leaveOut(Math.max(newline, held.lastIndexOf(NEWLINE, reached - 1)));
    }
  }

  /** Leaves out all from the beginning of the record to a line break; where there is none, to the end of the file. */
  private leaveOut(newline: number): void {
    const { scan, held } = this;
    this.keep(scan.start);
    const next = newline < 0 ? held.length : newline + 1;
    const lines = newlinesIn(held, scan.start, next);
    this.blank(lines);
    this.line += lines;
    this.from = next;
    scan.begin(next);
  }

  /** Drops what is held of a record that is too long; whether it has ended. */
  private endLong(last: boolean): boolean {
    const { scan, held } = this;
    const newline = held.indexOf(NEWLINE, scan.start);
    const end = newline < 0 ? held.length : newline;
    if (this.long) this.long.bytes += end - scan.start;
    const next = newline < 0 ? end : newline + 1;
    this.from = next;
    if (newline >= 0) {
      this.blank(1);
      this.line += 1;
    }
    scan.begin(next);
    return newline >= 0 || last;
  }

  private tooLong(): Skip {
    const { line, bytes, head } = this.long as NonNullable<typeof this.long>;
    this.long = undefined;
    const reason = `a line of ${inUnits(bytes)}, longer than the ${inUnits(this.maxRecord)} that are read`;
    return { at: { file: this.file, line }, kind: 'too-long', reason, excerpt: excerptOf(head, 0, head.length) };
  }

  /** @param fault where in `held`, on the first line of the record */
  private skip(reason: string, fault?: number): Skip {
    const { scan, held, line } = this;
    const at = { file: this.file, line };
    const newline = held.indexOf(NEWLINE, scan.start);
    const end = newline < 0 ? held.length : newline;
    const advice = ADVICE.get(reason) ?? CELLS_ADVICE;
    if (fault === undefined) return { at, kind: 'not-record', reason, advice, excerpt: excerptOf(held, scan.start, end) };
    const { column } = placeOf(held, scan.start, line, fault);
    return { at, kind: 'not-record', column, reason, advice, excerpt: excerptOf(held, scan.start, end, column) };
  }

  private keep(to: number): void {
    if (to > this.from) {
      this.whole.push(this.held.subarray(this.from, to));
      this.wholeBytes += to - this.from;
    }
    this.from = Math.max(this.from, to);
  }

  private blank(lines: number): void {
    if (lines === 0) return;
    this.whole.push(new Uint8Array(lines).fill(NEWLINE));
    this.wholeBytes += lines;
  }
}

function quotesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) count += 1;
  return count;
}

/** Where the text begins: after a byte order mark. */
function beforeText(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  }
  return true;
}
