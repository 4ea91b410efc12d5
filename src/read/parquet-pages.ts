import { varintAt, walkThrift } from './thrift.ts';

/*
 * The library that decodes Parquet trusts the counts in its pages: a run of "two thousand million nulls" in five bytes keeps
 * it busy for minutes. So each page is looked through before: that its headers, levels, dictionary indexes and deltas end where they must.
 * The values themselves are not looked at.
 */

/** One column of a row group, as its footer describes it. */
export interface ColumnClaims {
  readonly values: number;
  /** Bytes. */
  readonly unpacked: number;
  readonly boolean: boolean;
  /** How many fields on its path repeat, and how many may be absent. */
  readonly repeats: number;
  readonly optional: number;
  unpack(packed: Uint8Array, size: number): Uint8Array;
}

// The numbers that pages give to encodings.
const PLAIN_DICTIONARY = 2;
const RLE = 3;
const DELTA_BINARY_PACKED = 5;
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;

const PAGE_HEADER_SLACK = 1 << 16; // some writers leave the headers out of their sum
/** What a writer may fill its last run up to. */
const RUN_SLACK = 1024;

/** Whether the pages of a column are what its footer says of them, and can be decoded in linear time. Throws what unpacking throws. */
export function pagesHold(bytes: Uint8Array, column: ColumnClaims): boolean {
  let values = 0;
  let size = 0;
  for (let at = 0; at < bytes.length - 1; ) {
    const header = walkThrift(bytes, at);
    if (!header) return false;
    const { numbers, end } = header;
    const packed = numbers.get(3) ?? -1;
    const unpacked = numbers.get(2) ?? -1;
    if (packed < 0 || unpacked < 0 || packed > bytes.length - end) return false;
    size += unpacked + end - at;
    at = end + packed;
    if (size > column.unpacked + PAGE_HEADER_SLACK) return false;
    const page = bytes.subarray(end, at);
    const type = numbers.get(1);
    if (type === 2) {
      if (!between(numbers.get(7001), 0, unpacked * 8)) return false; // a dictionary: each value takes a bit at least
    } else if (type === 0) {
      const count = numbers.get(5001) ?? -1;
      if (!between(count, 0, column.values - values)) return false;
      values += count;
      if (!firstVersion(column.unpack(page, unpacked), count, numbers.get(5002) ?? -1, column)) return false;
    } else if (type === 3) {
      const count = numbers.get(8001) ?? -1;
      if (!between(count, 0, column.values - values) || !between(numbers.get(8002), 0, count) || !between(numbers.get(8003), 0, count))
        return false;
      values += count;
      const levels = [numbers.get(8006) ?? -1, numbers.get(8005) ?? -1] as const;
      if (!between(levels[0], 0, page.length) || !between(levels[1], 0, page.length - levels[0])) return false;
      if (!secondVersion(page, levels, unpacked, count, numbers, column)) return false;
    } else return false;
  }
  return true;
}

function between(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

/** A page whose levels are packed together with its values. */
function firstVersion(page: Uint8Array, count: number, encoding: number, { repeats, optional, boolean }: ColumnClaims): boolean {
  let at = 0;
  for (const most of [repeats, optional]) {
    if (most === 0) continue;
    const end = at + 4 + sizeAt(page, at);
    if (!(end <= page.length) || !runsEnd(page, at + 4, end, widthOf(most), count)) return false;
    at = end;
  }
  return valuesEnd(page, at, count, encoding, boolean);
}

/** A page whose levels stand before its packed values. */
function secondVersion(
  page: Uint8Array,
  [repetition, definition]: readonly [number, number],
  unpacked: number,
  count: number,
  numbers: ReadonlyMap<number, number>,
  { repeats, optional, boolean, unpack }: ColumnClaims,
): boolean {
  const start = repetition + definition;
  if (repeats > 0 && !runsEnd(page, 0, repetition, widthOf(repeats), count)) return false;
  if (optional > 0 && !runsEnd(page, repetition, start, widthOf(optional), count)) return false;
  if (unpacked < start) return false;
  const packed = page.subarray(start);
  const values = numbers.get(8007) === 0 ? packed : unpack(packed, unpacked - start);
  return valuesEnd(values, 0, count - (numbers.get(8002) ?? 0), numbers.get(8004) ?? -1, boolean);
}

/** Whether values end, as far as they are counted by runs or deltas. */
function valuesEnd(page: Uint8Array, at: number, count: number, encoding: number, boolean: boolean): boolean {
  if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY || encoding === RLE) {
    if (boolean) return runsEnd(page, at + 4, page.length, 1, count);
    return at === page.length || runsEnd(page, at + 1, page.length, page[at] ?? 0, count);
  }
  if (encoding < DELTA_BINARY_PACKED || encoding > DELTA_BYTE_ARRAY) return true;
  const end = deltasEnd(page, at, count);
  return end >= 0 && (encoding !== DELTA_BYTE_ARRAY || deltasEnd(page, end, count) >= 0);
}

const widthOf = (most: number): number => 32 - Math.clz32(most);

function sizeAt(bytes: Uint8Array, at: number): number {
  return at + 4 > bytes.length ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

/** Whether no run is longer than the values that are to come. Runs that stop short are left to the decoder, which stops there too. */
function runsEnd(bytes: Uint8Array, start: number, end: number, width: number, count: number): boolean {
  if (width > 32) return false;
  let at = start;
  for (let seen = 0; seen < count && at < end; ) {
    const header = varintAt(bytes, at, 5);
    if (!header) return false;
    at = header.end;
    const packed = header.value % 2 === 1;
    const run = packed ? Math.floor(header.value / 2) * 8 : header.value / 2;
    if (run > 2 * (count - seen) + RUN_SLACK) return false;
    at += packed ? (run / 8) * width : (width + 7) >> 3;
    seen += run;
  }
  return true;
}

/** Where deltas end; -1 where they do not. */
function deltasEnd(bytes: Uint8Array, start: number, count: number): number {
  if (count === 0) return start;
  const block = varintAt(bytes, start, 5);
  const parts = block && varintAt(bytes, block.end, 5);
  const total = parts && varintAt(bytes, parts.end, 5);
  const first = total && varintAt(bytes, total.end, 10);
  if (!first || parts.value < 1 || parts.value > 1024 || block.value > 1 << 20 || block.value % parts.value !== 0 || block.value === 0)
    return -1;
  const each = block.value / parts.value;
  let at = first.end;
  for (let seen = 1; seen < count; ) {
    const least = varintAt(bytes, at, 10);
    if (!least) return -1;
    at = least.end + parts.value;
    for (let i = 0; i < parts.value && seen < count; i++) {
      const width = bytes[least.end + i] ?? 255;
      if (width > 64) return -1;
      at += Math.ceil((each * width) / 8);
      seen += each;
    }
    if (at > bytes.length) return -1;
  }
  return at;
}
