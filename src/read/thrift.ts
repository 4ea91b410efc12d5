/** Reads nothing but where things end: Parquet's headers are data like any other, and the library that reads them trusts what they say. */

const DEEPEST = 40;
/** Fields with greater numbers are of no interest, and there may be millions of them. */
const MOST = 100;

/** Whole numbers (true and false as 1 and 0) in a struct: those of its own fields by their number, those of the structs in its fields by 1,000 × field + number. */
export type ThriftNumbers = ReadonlyMap<number, number>;

/** A varint of at most `most` bytes, exact to 53 bits; `undefined` where there is none. */
export function varintAt(bytes: Uint8Array, at: number, most: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < most; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

/**
 * Walks one struct in Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), as far as
 * Parquet uses it. Every number is at most 10 bytes long, every text and list fits into the bytes that are left, and nesting ends: so what
 * reads it after this takes linear time and memory.
 *
 * @returns where it ends, and its numbers; `undefined` where it breaks a rule
 */
export function walkThrift(bytes: Uint8Array, from = 0): { readonly end: number; readonly numbers: ThriftNumbers } | undefined {
  const numbers = new Map<number, number>();
  // Per level: a struct (`left` is -1) with the number of its last field, or a list with what is left of it and the type of its items.
  const levels: { left: number; type: number; field: number }[] = [{ left: -1, type: 0, field: 0 }];
  let at = from;

  const varint = (most: number): number => {
    const read = varintAt(bytes, at, most);
    at = read?.end ?? at;
    return read?.value ?? -1;
  };
  /** Steps over a value; false where it breaks a rule. */
  const value = (type: number, field: number): boolean => {
    switch (type) {
      case 3:
        at += 1;
        return true;
      case 4:
      case 5:
      case 6: {
        const zigzag = varint(type === 6 ? 10 : 5);
        if (zigzag < 0) return false;
        const outer = levels[levels.length - 2];
        const key = levels.length === 1 ? field : levels.length === 2 && outer?.left === -1 ? outer.field * 1000 + field : -1;
        if (key >= 0 && field <= MOST && key < 1000 * MOST) numbers.set(key, zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
        return true;
      }
      case 7:
        at += 8;
        return true;
      case 8: {
        const length = varint(5);
        at += length;
        return length >= 0;
      }
      case 9: {
        const head = bytes[at++] ?? 0;
        const items = head >> 4 === 15 ? varint(5) : head >> 4;
        if (items < 0 || items > bytes.length - at) return false;
        if (items > 0) levels.push({ left: items, type: head & 15, field: 0 });
        return true;
      }
      case 12:
        levels.push({ left: -1, type: 0, field: 0 });
        return true;
      default:
        return false;
    }
  };

  while (levels.length > 0) {
    const level = levels[levels.length - 1] as (typeof levels)[number];
    if (levels.length > DEEPEST || at > bytes.length) return undefined;
    if (level.left === 0) {
      levels.pop();
    } else if (level.left > 0) {
      level.left -= 1;
      if (level.type === 1 || level.type === 2) at += 1;
      else if (!value(level.type, 0)) return undefined;
    } else {
      const head = bytes[at++];
      if (head === undefined) return undefined;
      const type = head & 15;
      if (type === 0) {
        levels.pop();
        continue;
      }
      if (head >> 4 === 0) {
        const id = varint(5);
        if (id < 0) return undefined;
        level.field = id % 2 === 0 ? id / 2 : -(id + 1) / 2;
      } else level.field += head >> 4;
      if (type > 2) {
        if (!value(type, level.field)) return undefined;
      } else if (levels.length === 2 && level.field <= MOST && (levels[0]?.field ?? 0) < MOST)
        numbers.set((levels[0]?.field ?? 0) * 1000 + level.field, 2 - type);
    }
  }
  return at <= bytes.length ? { end: at, numbers } : undefined;
}
