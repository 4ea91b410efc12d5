import type { Fields, Stat } from '../types.ts';
import { combine, hashString } from './hash.ts';

/** Name, value, and whether the value is something that was said. */
interface Field {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly said: boolean;
}

/**
 * What stood beside the examples of the panel: of the `size` distinct contents with the smallest content hashes (20,000) the fields of
 * their rows. Where equal contents stand beside unlike fields, those with the smallest hash are kept: a matter of what they are, never
 * of which came first. Merging is exact, as that of `PanelSample`. Memory: at most about 2 KB a row, mostly 100 bytes.
 *
 * Ask `wants(hash)` first: almost all are turned down.
 */
export class FieldSample implements Stat {
  readonly size: number;
  kept = new Map<number, readonly Field[]>();
  /** The hash of the first content left out. */
  limit: number = Number.MAX_SAFE_INTEGER;

  constructor(size = 20_000) {
    this.size = size;
  }

  wants(hash: number): boolean {
    return hash < this.limit;
  }

  add(hash: number, fields: readonly Field[]): void {
    const known = this.kept.get(hash);
    if (known && !comesFirst(fields, known)) return;
    this.kept.set(hash, fields);
    if (this.kept.size > this.size * 1.25) this.fit();
  }

  merge(other: Fields<FieldSample>): void {
    if (other.limit < this.limit) this.keepBelow(other.limit);
    for (const [hash, item] of other.kept) if (hash < this.limit) this.add(hash, item);
  }

  /** The fields of this content; nothing where it is unknown. */
  of(hash: number): readonly Field[] | undefined {
    return this.kept.get(hash);
  }

  /** The hashes that are kept, ascending. */
  hashes(): readonly number[] {
    this.fit();
    return [...Float64Array.from(this.kept.keys()).sort()];
  }

  private fit(): void {
    if (this.kept.size <= this.size) return;
    this.keepBelow(Float64Array.from(this.kept.keys()).sort()[this.size]!);
  }

  private keepBelow(limit: number): void {
    this.limit = limit;
    for (const hash of this.kept.keys()) if (hash >= limit) this.kept.delete(hash);
  }
}

/** Any fields rather than none; of unlike ones those with the smaller hash. */
function comesFirst(a: readonly Field[], b: readonly Field[]): boolean {
  if (a.length === 0 || b.length === 0) return a.length > 0 && b.length === 0;
  return hashOf(a) < hashOf(b);
}

function hashOf(fields: readonly Field[]): number {
  let hash = 1;
  for (const { name, value } of fields) hash = combine(combine(hash, hashString(name)), hashString(`${typeof value} ${value}`));
  return hash;
}
