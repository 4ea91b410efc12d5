/** Deeper than this nobody writes arguments by hand, and `JSON.stringify`, which recurses, is far from the end of its stack in any thread. */
const DEEPEST = 500;

/**
 * The JSON of a value from the data; `undefined` where it is nested deeper than 500 levels or cannot be written as JSON at all.
 * The depth is counted without recursion, so that the answer does not hang on how much stack a thread has left.
 */
export function jsonText(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isDeep(value)) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // longer than a string can be; or, in rows that were handed over as objects, a bigint
  }
}

function isDeep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    const next: object[] = [];
    for (const parent of level) {
      for (const child of Array.isArray(parent) ? parent : Object.values(parent)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}
