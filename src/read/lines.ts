import { excerptAround } from '../stats/excerpt.ts';
import type { Batch } from '../types.ts';

/**
 * Called with each line that is not blank, without its line break.
 *
 * @param text `undefined` where the line is no UTF-8
 * @param line its number in the file
 * @param column where it is no UTF-8: the place of the first bad byte, 1-based, in UTF-16 code units
 * @param bytes the size of the line with its line break
 * @param marked whether a byte order mark stood before it
 * @param excerpt where it is no UTF-8: at most 160 characters around that place, with U+FFFD for bad bytes
 */
export type VisitLine = (text: string | undefined, line: number, bytes: number, marked: boolean, column?: number, excerpt?: string) => void;

type Decode = (start: number, end: number) => string | undefined;

const NEWLINE = 10;
const RETURN = 13;

// Asked for instead of imported, so that browsers, which have TextDecoder alone, can load this file.
const node = globalThis.process?.getBuiltinModule?.('node:buffer');
/** V8 decodes text with little ASCII in it at 160 MB/s before Node 24; through UTF-16 it is 3 times as fast. Since Node 24 it is slower so. */
const slowUtf8 = node !== undefined && Number.parseInt(process.versions.node, 10) < 24;

/** Cuts a batch into lines and decodes each by itself: one letter outside of Latin-1 would make a string of the whole batch twice as wide and slow. */
export function lines(batch: Batch, visit: VisitLine): void {
  const bytes = node ? node.Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength) : batch.bytes;
  const decode = decoderOf(bytes);
  const size = bytes.length;
  let line = batch.firstLine;
  let marked = line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf; // a byte order mark
  let start = marked ? 3 : 0;
  for (; start < size; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const next = newline < 0 ? size : newline + 1;
    let end = newline < 0 ? size : newline;
    if (end > start && bytes[end - 1] === RETURN) end -= 1;
    if (!isBlank(bytes, start, end)) {
      const text = decode(start, end);
      if (text === undefined) {
        const { column, excerpt } = badUtf8(bytes, start, end);
        visit(undefined, line, end - start, false, column, excerpt);
      } else visit(text, line, next - start + (marked ? 3 : 0), marked);
    }
    marked = false;
    start = next;
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 9 && byte !== RETURN) return false;
  }
  return true;
}

/** The fastest way to decode this batch. */
function decoderOf(bytes: Uint8Array): Decode {
  if (!node || !node.Buffer.isBuffer(bytes)) {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return (start, end) => {
      try {
        return decoder.decode(bytes.subarray(start, end));
      } catch {
        return undefined;
      }
    };
  }
  const { isAscii, isUtf8, transcode } = node;
  if (isAscii(bytes)) return (start, end) => bytes.toString('latin1', start, end);
  if (!isUtf8(bytes)) return (start, end) => (isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : undefined);
  if (slowUtf8 && isDense(bytes)) return (start, end) => transcode(bytes.subarray(start, end), 'utf8', 'utf16le').toString('utf16le');
  return (start, end) => bytes.toString('utf8', start, end);
}

/** Whether more than a third of the bytes, by a sample, are outside of ASCII: from about there on the way through UTF-16 is the faster one. */
function isDense(bytes: Uint8Array): boolean {
  let high = 0;
  for (let at = 0; at < bytes.length; at += 61) high += (bytes[at] ?? 0) >> 7;
  return high * 61 * 3 > bytes.length;
}

/** Where UTF-8 goes wrong between `start` and `end`: the 1-based column from there, and at most 160 characters around it. */
export function badUtf8(bytes: Uint8Array, start: number, end: number): { column: number; excerpt: string } {
  const bad = firstBadByte(bytes, start, end);
  let from = Math.max(start, bad.at - 400);
  while (from > start && ((bytes[from] ?? 0) & 0xc0) === 0x80) from -= 1;
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const before = decoder.decode(bytes.subarray(from, bad.at));
  const text = before + decoder.decode(bytes.subarray(bad.at, Math.min(end, bad.at + 400)));
  return { column: bad.column, excerpt: excerptAround(text, before.length) };
}

/** Where UTF-8 goes wrong: the index of the first byte of the sequence that is none, and its 1-based column in UTF-16 code units. */
function firstBadByte(bytes: Uint8Array, start: number, end: number): { at: number; column: number } {
  let column = 1;
  for (let at = start; at < end; ) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at += 1;
      column += 1;
      continue;
    }
    // The second byte has narrower bounds where the sequence would else be overlong, a surrogate, or beyond U+10FFFF.
    let more = 0;
    let low = 0x80;
    let high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) more = 1;
    else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      if (first === 0xe0) low = 0xa0;
      if (first === 0xed) high = 0x9f;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      if (first === 0xf0) low = 0x90;
      if (first === 0xf4) high = 0x8f;
    } else return { at, column };
    for (let i = 1; i <= more; i++) {
      const byte = at + i < end ? (bytes[at + i] ?? 0) : 0;
      if (byte < low || byte > high) return { at, column };
      low = 0x80;
      high = 0xbf;
    }
    at += more + 1;
    column += more === 3 ? 2 : 1;
  }
  return { at: end, column };
}
