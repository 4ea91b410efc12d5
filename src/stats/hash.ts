/**
 * Hashes are whole numbers below 2^53, so that they sort, add to a Map and stand
 * in a Float64Array as they are. Two unlike texts share one with a chance of
 * 1.1e-16: among the two million contents that are kept at most, 2.4e-4 in all.
 */

const HIGH = 0x200000; // 2^21

/** MurmurHash3's finaliser (public domain, A. Appleby): every input bit flips each output bit with a chance of about one half. */
export function avalanche(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Joins two 32-bit states to one hash below 2^53. */
export function join32(a: number, b: number): number {
  return avalanche(a) * HIGH + (avalanche(b ^ Math.imul(a, 0x9e3779b1)) >>> 11);
}

/** Folds the hash `next` into the hash `so_far`; order matters. */
export function combine(soFar: number, next: number): number {
  const high = Math.imul(Math.floor(soFar / HIGH) ^ 0x2545f491, 0x9e3779b1) ^ Math.floor(next / HIGH);
  const low = Math.imul((soFar % HIGH) ^ (next % HIGH) ^ 0x5bd1e995, 0x85ebca6b) + Math.imul(high, 0x27d4eb2f);
  return join32(Math.imul(high, 0x01000193) ^ (low >>> 15), low | 0);
}

/** The hash of a short string, by UTF-16 code unit. */
export function hashString(text: string): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(((b << 5) | (b >>> 27)) ^ c, 0x9e3779b1);
  }
  return join32(a, b);
}
