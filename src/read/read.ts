import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { excerptAround } from '../stats/excerpt.ts';
import type { Batch, Skip } from '../types.ts';
import { gunzip } from './gunzip.ts';
import { type Delimiter, delimiterOf, HEAD_BYTES, isGzip, type Kind, kindOf, type TableKind } from './kind.ts';
import { headOf, inUnits, joined } from './pieces.ts';
import { codeOf, damagedGzip, refused, STDIN, unsuitable, wrongKind } from './problems.ts';

export { totalBytes } from './files.ts';

export interface ReadOptions {
  /** Longer lines, records of a table and rows are skipped, unread. In bytes. Default: 64 MiB. */
  readonly maxLine?: number;
  /** Aborted: reading ends at once, without an error. */
  readonly signal?: AbortSignal;
  /** Called with the number of bytes just read from disk, of compressed files the compressed ones. */
  readonly onBytes?: (bytes: number) => void;
  /** What "-" reads. Default: process.stdin. */
  readonly stdin?: Readable;
}

const CHUNK = 1 << 20; // a file in pieces of 64 KiB takes 7 times as long
const BATCH = 1 << 20;
const MAX_LINE = 1 << 26;
const NEWLINE = 10;

/**
 * Cuts files into batches of whole lines, about 1 MiB each, whose line numbers
 * are those of an editor (only \n ends a line), and skips for lines that are too
 * long. Each batch has a buffer of its own, which can be transferred to a worker.
 * The next chunk is read while the caller works. Of tables (CSV, TSV) the batches hold whole records, of Parquet
 * files the rows, written as JSON. Knows nothing of what is in a row.
 *
 * @param files paths, and "-" for standard input; gzip and Parquet are told by their first bytes, tables by these or by the name
 * @throws UserError where a file cannot be read, is no data at all, or is damaged: after the lines before the damage
 */
export async function* read(files: readonly string[], options: ReadOptions = {}): AsyncGenerator<Batch | Skip> {
  const { maxLine = MAX_LINE, signal } = options;
  for (const file of files) {
    if (signal?.aborted) return;
    const stream = streamOf(file, options);
    const stop = (): void => void stream.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      yield* itemsOf(file, stream, maxLine, options);
    } catch (error) {
      if (signal?.aborted) return;
      throw problemOf(file, error);
    } finally {
      signal?.removeEventListener('abort', stop);
      stream.destroy();
    }
  }
}

function streamOf(file: string, { stdin }: ReadOptions): Readable {
  if (file === STDIN) return stdin ?? process.stdin;
  try {
    return createReadStream(file, { highWaterMark: CHUNK });
  } catch (error) {
    throw problemOf(file, error);
  }
}

function problemOf(file: string, error: unknown): unknown {
  const problem = refused(file, error);
  return problem ? unsuitable([problem]) : error;
}

/** Reads a file as what its first bytes show it to be. The readers of tables and of Parquet are loaded where there is something for them to read. */
async function* itemsOf(file: string, stream: Readable, maxLine: number, { signal, onBytes }: ReadOptions): AsyncGenerator<Batch | Skip> {
  let told = 0;
  const tell = (bytes: number): void => {
    told += bytes;
    onBytes?.(bytes);
  };
  const { kind, delimiter, text } = await opened(file, stream, tell);
  if (kind === 'parquet') {
    stream.destroy(); // read from its end instead
    const { readParquet } = await import('./parquet.ts');
    let counted = 0;
    const onRead = (bytes: number): void => {
      counted += bytes;
      if (counted > told) tell(counted - told);
    };
    yield* readParquet(file, { maxRow: maxLine, signal, onBytes: onRead });
  } else if (delimiter) {
    const { cutTable } = await import('./cut-table.ts');
    yield* cutTable(file, ahead(text()), delimiter, maxLine, signal);
  } else {
    yield* cut(file, ahead(text()), maxLine, signal);
  }
}

interface Opened {
  readonly kind?: 'parquet' | undefined;
  /** Of a table. */
  readonly delimiter?: Delimiter | undefined;
  /** The unpacked bytes. */
  text(): AsyncGenerator<Uint8Array>;
}

/** Looks at the first bytes of a file. @throws UserError where it is nothing that is read */
async function opened(file: string, stream: Readable, onBytes: (bytes: number) => void): Promise<Opened> {
  const packed = await begun(bytesOf(stream, onBytes), 2);
  const gzipped = isGzip(packed.head);
  const text = await begun(gzipped ? unpacked(file, packed.all()) : packed.all(), HEAD_BYTES + 1);
  const head = text.head.subarray(0, HEAD_BYTES);
  const kind = kindOf(head, text.head.length <= HEAD_BYTES);
  if (kind === 'parquet' && !gzipped && file !== STDIN) return { kind, text: text.all };
  const delimiter = delimiterOf(file, head, kind);
  if (kind && !delimiter) throw unsuitable([wrongKind(file, kind as Exclude<Kind, TableKind>, gzipped)]);
  return { delimiter, text: text.all };
}

async function* bytesOf(stream: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* unpacked(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const part of gunzip(chunks)) {
      bytes += part.length;
      yield part;
    }
  } catch (error) {
    const code = codeOf(error);
    throw code?.startsWith('Z_') ? unsuitable([damagedGzip(file, code, bytes)]) : error;
  }
}

/** Reads on until `size` bytes are there, or all; `all` gives them again, and the rest, or the error that reading on ran into. */
async function begun(chunks: AsyncGenerator<Uint8Array>, size: number): Promise<{ head: Uint8Array; all(): AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    for (let bytes = 0; bytes < size; ) {
      const next = await chunks.next();
      if (next.done) break;
      first.push(next.value);
      bytes += next.value.length;
    }
  } catch (error) {
    if (first.length === 0) throw error;
    failure = { error };
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    if (failure) throw failure.error;
    yield* chunks;
  }
  return { head: first.length === 1 && first[0] ? first[0] : Buffer.concat(first), all };
}

/** The same items, the next of which is always under way while the caller works on one. */
async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = items.next(); ; ) {
      const item = await next;
      if (item.done) return;
      next = items.next();
      next.catch(() => {}); // told when it is awaited; until then it is nobody's
      yield item.value;
    }
  } finally {
    items.return(undefined).catch(() => {}); // not awaited: it would wait for a chunk that may never come
  }
}

async function* cut(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  maxLine: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch | Skip> {
  let whole: Uint8Array[] = []; // whole lines, in pieces
  let wholeBytes = 0;
  let firstLine = 1; // of `whole`
  let tail: Uint8Array[] = []; // the line that no newline has ended yet, in pieces: joined once, so that a huge line costs what it weighs
  let tailBytes = 0; // counted on where the line is too long and its bytes are dropped
  let line = 1; // the number of that line
  let longHead: Uint8Array | undefined; // the first bytes of that line, where it is too long

  const keep = (piece: Uint8Array): void => {
    if (piece.length === 0) return;
    whole.push(piece);
    wholeBytes += piece.length;
  };
  const batch = (): Batch => {
    const bytes = joined(whole, wholeBytes);
    whole = [];
    wholeBytes = 0;
    return { file, firstLine, bytes };
  };

  try {
    for await (const chunk of chunks) {
      if (signal?.aborted) return;
      let from = 0; // what of the chunk is not in `whole` yet
      let start = 0; // of the line
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        const length = tailBytes + end - start;
        if (length > maxLine) {
          keep(chunk.subarray(from, start));
          if (wholeBytes > 0) yield batch();
          yield tooLong(file, line, length, maxLine, longHead ?? headOf([...tail, chunk.subarray(start, end)]));
          longHead = undefined;
          from = end + 1;
          firstLine = line + 1;
        } else for (const piece of tail) keep(piece);
        if (tail.length > 0) tail = [];
        tailBytes = 0;
        start = end + 1;
        line += 1;
      }
      keep(chunk.subarray(from, start));
      tailBytes += chunk.length - start;
      if (tailBytes > maxLine) {
        longHead ??= headOf([...tail, chunk.subarray(start)]);
        tail = [];
      } else if (start < chunk.length) tail.push(chunk.subarray(start));
      if (wholeBytes >= BATCH || (longHead && wholeBytes > 0)) {
        yield batch();
        firstLine = line;
      }
    }
  } catch (error) {
    if (wholeBytes > 0 && !signal?.aborted) yield batch(); // the lines before the damage count
    throw error;
  }
  if (signal?.aborted) return;
  if (!longHead) for (const piece of tail) keep(piece);
  if (wholeBytes > 0) yield batch();
  if (longHead) yield tooLong(file, line, tailBytes, maxLine, longHead);
}

function tooLong(file: string, line: number, bytes: number, maxLine: number, head: Uint8Array): Skip {
  const reason = `a line of ${inUnits(bytes)}, longer than the ${inUnits(maxLine)} that are read`;
  return { at: { file, line }, kind: 'too-long', reason, excerpt: excerptAround(new TextDecoder().decode(head, { stream: true })) };
}
