import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import type * as hyparquet from 'hyparquet'; // its types only: users may not have it
import { UserError } from '../errors.ts';
import { jsonText } from '../formats/json-text.ts';
import { excerptAround } from '../stats/excerpt.ts';
import { hashString } from '../stats/hash.ts';
import type { Batch, Skip } from '../types.ts';
import { count, integer, quote } from '../wording.ts';
import { pagesHold } from './parquet-pages.ts';
import { importPeer } from './peers.ts';
import { inUnits } from './pieces.ts';
import { type FileProblem, refused, unsuitable } from './problems.ts';
import { NOT_UTF8 } from './reasons.ts';
import { walkThrift } from './thrift.ts';

type Hyparquet = typeof hyparquet;
type Metadata = ReturnType<Hyparquet['parquetMetadata']>;
type RowGroup = Metadata['row_groups'][number];
type Decompress = (input: Uint8Array, outputLength: number) => Uint8Array;

export interface ParquetOptions {
  /** Longer rows are skipped: bytes of JSON. */
  readonly maxRow: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes just read from disk: in all as many as the file has. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const BATCH = 1 << 20;
const MAGIC = 0x31524150; // "PAR1"
const ENCRYPTED = 0x45524150; // "PARE"
const MAX_FOOTER = 1 << 26;
const MAX_SCHEMA = 10_000; // fields: looking one up among them is linear
/** Of one row group, unpacked: what has to be held in memory at once. */
const MAX_GROUP = 1 << 30;
/** Of one row group: rows times columns, items of lists counted each. */
const MAX_VALUES = 1 << 26;
/** Repeated rows pack well, but no file that holds anything packs better than this. */
const ROWS_PER_BYTE = 1000;
const ROWS_FREE = 1 << 20;

/**
 * Gives the rows of a Parquet file as lines of JSON, by row groups: memory is bounded by the largest of them. Nested lists and structs become arrays and
 * objects, null stays null, a date becomes ISO text, a 64-bit number beyond 2^53 its digits as text, and bytes become text where they are UTF-8,
 * else "[bytes …]" with their number and hash.
 *
 * @throws UserError where the file is damaged or makes claims that no file can keep, or where a package to read it is missing; after the rows before
 */
export async function* readParquet(file: string, { maxRow, signal, onBytes }: ParquetOptions): AsyncGenerator<Batch | Skip> {
  const handle = await open(file);
  try {
    const opened = await openFooter(file, handle);
    if ('problem' in opened) throw unsuitable([opened]);
    const { metadata, size } = opened;
    let told = 0;
    let row = 1;
    for (const [i, group] of metadata.row_groups.entries()) {
      if (signal?.aborted) return;
      const columns = await readGroup(file, handle, opened, i);
      for (const item of linesOf(file, columns, row, Number(group.num_rows), maxRow)) {
        if (signal?.aborted) return;
        yield item;
      }
      row += Number(group.num_rows);
      const bytes = Math.min(compressedSize(group), size - told);
      told += bytes;
      onBytes?.(bytes);
    }
    if (told < size) onBytes?.(size - told); // the footer
  } finally {
    await handle.close();
  }
}

/** What keeps a Parquet file from being read, as far as its footer shows; `undefined` where nothing does. */
export async function parquetProblem(file: string): Promise<FileProblem | undefined> {
  const handle = await open(file);
  try {
    const opened = await openFooter(file, handle);
    return 'problem' in opened ? opened : undefined;
  } finally {
    await handle.close();
  }
}

interface Opened {
  readonly size: number;
  readonly metadata: Metadata;
  readonly library: Hyparquet;
  readonly compressors: { readonly [codec: string]: Decompress };
}

async function openFooter(file: string, handle: FileHandle): Promise<Opened | FileProblem> {
  const { size } = await handle.stat();
  const damaged = (how: string): FileProblem => ({ file, problem: `a damaged Parquet file: ${how}; fetch it again, or write it again` });
  if (size < 12) return damaged('it ends before its footer');
  const tail = new DataView(await bytesAt(handle, size - 8, size));
  const length = tail.getUint32(0, true);
  if (tail.getUint32(4, true) === ENCRYPTED) return { file, problem: 'an encrypted Parquet file, expected a plain one' };
  if (tail.getUint32(4, true) !== MAGIC) return damaged('it ends before its footer');
  if (length > size - 12) return damaged(`its footer claims to have ${count(length, 'byte')}, of ${integer(size)} in the file`);
  if (length > MAX_FOOTER)
    return { file, problem: `a Parquet file with a footer of ${inUnits(length)}, more than the ${inUnits(MAX_FOOTER)} that are read` };
  const footer = await bytesAt(handle, size - 8 - length, size);
  if (!walkThrift(new Uint8Array(footer))) return damaged('its footer makes no sense');

  const library = (await importPeer('hyparquet')) as Hyparquet | undefined;
  if (!library) {
    const remedy = 'run npm install hyparquet hyparquet-compressors to read it';
    return { file, problem: `a Parquet file: ${remedy}`, alone: (name: string) => `${name} is a Parquet file: ${remedy}` };
  }
  let metadata: Metadata;
  try {
    metadata = library.parquetMetadata(footer, { geoparquet: false });
    const wrong = claimsProblem(metadata, size - 8 - length);
    if (wrong !== undefined) return damaged(wrong);
  } catch {
    return damaged('its footer makes no sense');
  }
  const large = sizeProblem(metadata, size);
  if (large !== undefined) return { file, problem: large };
  const codecs = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map((column) => String(column.meta_data?.codec))));
  const compressors = await compressorsFor(codecs);
  if (typeof compressors === 'string') {
    const remedy = 'run npm install hyparquet-compressors to read it';
    if (compressors === 'LZO' || compressors === 'undefined') {
      return { file, problem: 'a Parquet file compressed in a way that is not read, expected Snappy, gzip, Brotli, zstd, LZ4 or none' };
    }
    return {
      file,
      problem: `a Parquet file compressed with ${compressors}: ${remedy}`,
      alone: (name: string) => `${name} is compressed with ${compressors}: ${remedy}`,
    };
  }
  return { size, metadata, library, compressors };
}

/** What contradicts itself in a footer, so that nothing it says can be relied on. @param end where the data ends */
function claimsProblem({ schema, row_groups: groups, num_rows: rows }: Metadata, end: number): string | undefined {
  if (schema.length > MAX_SCHEMA) return `its footer names ${count(schema.length, 'field')}`;
  const leaves = leavesOf(schema);
  if (!leaves) return 'its schema is no tree';
  if (typeof rows !== 'bigint') return 'its footer makes no sense';
  let sum = 0n;
  for (const [i, { columns, num_rows: inGroup }] of groups.entries()) {
    const group = `row group ${i + 1}`;
    if (typeof inGroup !== 'bigint') return 'its footer makes no sense';
    if (inGroup < 0n) return `${group} claims to have ${inGroup} rows`;
    sum += inGroup;
    let packed = 0n;
    if (columns.length !== leaves.length) return `${group} has ${count(columns.length, 'column')}, of ${leaves.length} in the schema`;
    if (columns.length === 0 && inGroup > 0n) return `${group} claims to have ${inGroup} rows without a column`;
    for (const [j, { meta_data: meta, file_path: elsewhere }] of columns.entries()) {
      if (elsewhere) return 'its columns are in other files';
      if (!meta) return `${group} does not say where its columns are`;
      const leaf = leaves[j] as Leaf;
      if (
        meta.type !== leaf.type ||
        !meta.path_in_schema.every((name, k) => name === leaf.path[k]) ||
        meta.path_in_schema.length !== leaf.path.length
      ) {
        return `the columns of ${group} are not those of the schema`; // a column without a place in it would fail where nobody catches it
      }
      const start = meta.dictionary_page_offset || meta.data_page_offset;
      const size = meta.total_compressed_size;
      if (![start, size, meta.num_values, meta.total_uncompressed_size].every((claim) => typeof claim === 'bigint'))
        return 'its footer makes no sense';
      if (start < 4n || size < 0n || start + size > BigInt(end)) return `${group} claims to reach beyond the end of the file`;
      if (meta.num_values < inGroup) return `${group} has a column of ${meta.num_values} values, fewer than its ${inGroup} rows`;
      packed += size;
    }
    if (packed > BigInt(end)) return `${group} claims to have ${packed} bytes, of ${end} in the file`;
  }
  if (sum !== rows) return `its footer claims to have ${rows} rows, and its row groups ${sum}`;
  if (sum > BigInt(ROWS_FREE + ROWS_PER_BYTE * end)) return `it claims to have ${sum} rows in ${count(end, 'byte')}`;
  return undefined;
}

interface Leaf {
  readonly path: readonly string[];
  readonly type: string;
  readonly boolean: boolean;
  readonly repeats: number;
  readonly optional: number;
}

const DEEPEST = 40;

/** The columns that a schema describes, in order; `undefined` where it is no tree of fields. */
function leavesOf(schema: Metadata['schema']): Leaf[] | undefined {
  const leaves: Leaf[] = [];
  const path: Metadata['schema'] = [];
  if (schema[0]?.repetition_type === 'REPEATED') return undefined;
  const left = [schema[0]?.num_children ?? 0]; // children to come, per level
  for (let i = 1; i < schema.length; i++) {
    while (left.at(-1) === 0) left.pop();
    const level = left.length - 1;
    if (level < 0 || level > DEEPEST) return undefined;
    left[level] = (left[level] ?? 0) - 1;
    const element = schema[i] as Metadata['schema'][number];
    const { type, num_children: children = 0 } = element;
    if (element.repetition_type === undefined || children > 0 === (type !== undefined)) return undefined;
    path.splice(level, path.length, element);
    if (!type) {
      left.push(children);
      continue;
    }
    leaves.push({
      path: path.map(({ name }) => name),
      type,
      boolean: type === 'BOOLEAN',
      repeats: path.filter(({ repetition_type: repeats }) => repeats === 'REPEATED').length,
      optional: path.filter(({ repetition_type: repeats }) => repeats !== 'REQUIRED').length,
    });
  }
  return left.every((count) => count === 0) ? leaves : undefined;
}

/** What is too large to be read at once. */
function sizeProblem({ row_groups: groups }: Metadata, size: number): string | undefined {
  for (const [i, { columns }] of groups.entries()) {
    let unpacked = 0n;
    let values = 0n;
    for (const { meta_data: meta } of columns) {
      unpacked += meta?.total_uncompressed_size ?? 0n;
      values += meta?.num_values ?? 0n;
    }
    const what =
      unpacked > BigInt(MAX_GROUP)
        ? `${inUnits(Number(unpacked))}, more than the ${inUnits(MAX_GROUP)}`
        : values > BigInt(MAX_VALUES)
          ? `${integer(Number(values))} values, more than the ${integer(MAX_VALUES)}`
          : undefined;
    if (what === undefined) continue;
    return `a Parquet file of ${inUnits(size)} whose row group ${i + 1} unpacks to ${what} that are read at once; write it again in smaller row groups`;
  }
  return undefined;
}

const compressedSize = ({ columns }: RowGroup): number =>
  columns.reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_compressed_size ?? 0), 0);

// ── Unpacking ───────────────────────────────────────────────────────────────

const zstd = (zlib as { readonly zstdDecompressSync?: (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array })
  .zstdDecompressSync; // since Node 22.15

/** Node's own, where it has them: they stop at the size that a page claims to have. */
const OWN: { readonly [codec: string]: Decompress } = {
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  ...(zstd && { ZSTD: (input: Uint8Array, length: number) => zstd(input, { maxOutputLength: Math.max(1, length) }) }),
};

/** How to unpack all of these; or the first for which there is no package. Snappy needs none, but is 3 times as fast with it. */
async function compressorsFor(codecs: ReadonlySet<string>): Promise<Opened['compressors'] | string> {
  const others = [...codecs].filter((codec) => codec !== 'UNCOMPRESSED' && !OWN[codec]);
  if (others.length === 0) return OWN;
  const peer = (await importPeer('hyparquet-compressors')) as Pick<Opened, 'compressors'> | undefined;
  const missing = others.find((codec) => codec !== 'SNAPPY' && !peer?.compressors[codec]);
  return missing ?? { ...peer?.compressors, ...OWN };
}

function unpacked(library: Hyparquet, compressors: Opened['compressors'], codec: string, packed: Uint8Array, length: number): Uint8Array {
  if (codec === 'UNCOMPRESSED') return packed;
  const unpack = compressors[codec];
  if (unpack) return unpack(packed, length);
  const bytes = new Uint8Array(length);
  library.snappyUncompress(packed, bytes);
  return bytes;
}

// ── A row group ─────────────────────────────────────────────────────────────

/** One column of a row group, in parts. */
interface Column {
  readonly name: string;
  readonly parts: { readonly start: number; readonly data: ArrayLike<unknown> }[];
}

/** A text in a column of texts that is none. */
class NotText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => {
    if (bytes === undefined) return undefined as unknown as string;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return isUtf8(buffer) ? buffer.toString('utf8') : (new NotText(excerptAround(buffer.toString('utf8', 0, 700))) as unknown as string);
  },
  jsonFromBytes: (bytes: Uint8Array) => {
    const text = PARSERS.stringFromBytes(bytes);
    if (typeof text !== 'string') return text;
    try {
      const value: unknown = JSON.parse(text);
      return jsonText(value) === undefined ? text : value; // too deep to be written again
    } catch {
      return text;
    }
  },
};

async function readGroup(
  file: string,
  handle: FileHandle,
  { metadata, size, library, compressors }: Opened,
  index: number,
): Promise<readonly Column[]> {
  const group = metadata.row_groups[index] as RowGroup;
  const rows = Number(group.num_rows);
  const names = group.columns.map(({ meta_data: meta }) => meta?.path_in_schema[0] ?? '');
  const columns = new Map<string, Column>(names.map((name) => [name, { name, parts: [] }]));
  if (rows === 0) return [...columns.values()];
  const slice = (start: number, end = size): Promise<ArrayBuffer> => bytesAt(handle, start, end);
  const damaged = (how: string) =>
    unsuitable([{ file, problem: `a damaged Parquet file: row group ${index + 1} ${how}; fetch it again, or write it again` }]);
  const leaves = leavesOf(metadata.schema) ?? [];
  for (const [i, { meta_data: meta }] of group.columns.entries()) {
    if (!meta) continue;
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const pages = new Uint8Array(await slice(start, start + Number(meta.total_compressed_size)));
    const unpack: Decompress = (packed, length) => unpacked(library, compressors, meta.codec, packed, length);
    try {
      if (
        !pagesHold(pages, {
          ...(leaves[i] as Leaf),
          values: Number(meta.num_values),
          unpacked: Number(meta.total_uncompressed_size),
          unpack,
        })
      ) {
        throw damaged('makes no sense');
      }
    } catch (error) {
      throw error instanceof UserError ? error : damaged('cannot be unpacked');
    }
  }
  try {
    await library.parquetRead({
      file: { byteLength: size, slice },
      metadata: { ...metadata, num_rows: group.num_rows, row_groups: [group] },
      compressors,
      parsers: PARSERS,
      utf8: false,
      geoparquet: false,
      onChunk: ({ columnName, columnData, rowStart }) =>
        columns.get(columnName)?.parts.push({ start: rowStart, data: columnData as ArrayLike<unknown> }),
    });
  } catch (error) {
    if (refused(file, error)) throw error; // the disk, not the data
    throw damaged('cannot be unpacked');
  }
  for (const { name, parts } of columns.values()) {
    let at = 0;
    for (const { start, data } of parts) {
      if (start !== at) throw damaged(`holds the rows of ${quote(name)} out of order`);
      at += data.length;
    }
    if (at < rows) throw damaged(`has only ${at} of ${count(rows, 'row')} in ${quote(name)}`);
  }
  return [...columns.values()];
}

/** Reads [start, end) into a buffer of its own. */
async function bytesAt(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) throw Object.assign(new Error('The file has become shorter'), { code: 'EIO' });
    at += bytesRead;
  }
  return bytes.buffer;
}

// ── Rows ────────────────────────────────────────────────────────────────────

/** The rows of a group as lines of JSON. A row that is skipped stands as a blank line. */
function* linesOf(file: string, columns: readonly Column[], firstRow: number, rows: number, maxRow: number): Generator<Batch | Skip> {
  const encoder = new TextEncoder();
  const fields = columns.map(({ name, parts }) => ({ key: `${JSON.stringify(name)}:`, parts, part: 0 }));
  let text = '';
  let from = firstRow;
  for (let row = 0; row < rows; row++) {
    let line = '';
    let bad: NotText | undefined;
    for (const field of fields) {
      let part = field.parts[field.part];
      while (part && row >= part.start + part.data.length) part = field.parts[++field.part];
      const written = part ? jsonOf(part.data[row - part.start]) : 'null';
      if (written instanceof NotText) bad ??= written;
      else line += `${line === '' ? '{' : ','}${field.key}${written}`;
    }
    const at = { file, line: firstRow + row };
    if (bad) yield { at, kind: 'bad-utf8', reason: NOT_UTF8, excerpt: bad.text };
    else {
      line = line === '' ? '{}' : `${line}}`;
      const size = line.length * 3 > maxRow ? Buffer.byteLength(line) : 0;
      if (size <= maxRow) text += line;
      else {
        const reason = `a row of ${inUnits(size)}, longer than the ${inUnits(maxRow)} that are read`;
        yield { at, kind: 'too-long', reason, excerpt: excerptAround(line) };
      }
    }
    text += '\n';
    if (text.length < BATCH && row < rows - 1) continue;
    yield { file, firstLine: from, bytes: encoder.encode(text), rows: true };
    text = '';
    from = firstRow + row + 1;
  }
}

function jsonOf(value: unknown): string | NotText {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || value === undefined) return 'null';
  if (value instanceof NotText) return value;
  try {
    return JSON.stringify(value, plain) ?? 'null';
  } catch (error) {
    if (error instanceof NotText) return error;
    throw error;
  }
}

/** What JSON has no word for. Dates are ISO texts by now. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'object') {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    return value === undefined ? null : value;
  }
  if (value instanceof NotText) throw value;
  if (!ArrayBuffer.isView(value)) return value;
  if (!(value instanceof Uint8Array)) return Array.from(value as unknown as ArrayLike<unknown>);
  const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return isUtf8(buffer)
    ? buffer.toString('utf8')
    : `[bytes ${integer(buffer.length)} ${hashString(buffer.toString('latin1')).toString(36)}]`;
}
