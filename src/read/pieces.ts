/** Bytes in pieces, as chunks of a file give them. */

/** In a buffer of its own: pooled ones cannot be transferred. */
export function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A copy of the first bytes: as many as an excerpt may need. */
export function headOf(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(700);
  let size = 0;
  for (const piece of pieces) {
    if (size === bytes.length) break;
    const part = piece.subarray(0, bytes.length - size);
    bytes.set(part, size);
    size += part.length;
  }
  return bytes.subarray(0, size);
}

/** "700 bytes", "1.5 MiB". */
export function inUnits(bytes: number): string {
  if (bytes < 1 << 10) return `${bytes} bytes`;
  const [unit, name] = bytes < 1 << 20 ? [1 << 10, 'KiB'] : bytes < 1 << 30 ? [1 << 20, 'MiB'] : [1 << 30, 'GiB'];
  return `${Math.round((bytes / unit) * 10) / 10} ${name}`;
}
