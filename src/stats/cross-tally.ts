import type { Fields, Stat } from '../types.ts';
import { hashString } from './hash.ts';

/**
 * Counts pairs of keys: how often each column was seen in each row. Adding costs two look-ups and makes no string, so that it can be
 * done for every example.
 *
 * Bounded as a Tally is: beyond `capacity` rows it keeps those with the smallest hashes, each with its exact counts, so that merging
 * stays exact. Columns must come from a small closed set.
 */
export class CrossTally implements Stat {
  readonly capacity: number;
  rows = new Map<string, Map<string, number>>();
  /** Rows whose hash is at or above this are not kept. */
  limit: number = Number.MAX_SAFE_INTEGER;
  /** The row that was added to last, because most often it is the next one too. Private, so that no clone takes it along. */
  #row: string | undefined;
  #columns = new Map<string, number>();

  constructor(capacity = 4096) {
    this.capacity = capacity;
  }

  add(row: string, column: string, times = 1): void {
    let columns = row === this.#row ? this.#columns : this.rows.get(row);
    if (!columns) {
      if (this.limit !== Number.MAX_SAFE_INTEGER && hashString(row) >= this.limit) return;
      columns = new Map();
      this.rows.set(row, columns);
      columns.set(column, times);
      this.fit();
      return;
    }
    this.#row = row;
    this.#columns = columns;
    columns.set(column, (columns.get(column) ?? 0) + times);
  }

  merge(other: Fields<CrossTally>): void {
    if (other.limit < this.limit) this.keepBelow(other.limit);
    for (const [row, columns] of other.rows) for (const [column, times] of columns) this.add(row, column, times);
  }

  /** Whether rows were evicted. */
  overflowed(): boolean {
    return this.limit !== Number.MAX_SAFE_INTEGER;
  }

  private fit(): void {
    if (this.rows.size <= this.capacity) return;
    const hashes = Float64Array.from(this.rows.keys(), hashString).sort();
    this.keepBelow(hashes[this.capacity] as number);
  }

  private keepBelow(limit: number): void {
    this.limit = limit;
    this.#row = undefined;
    for (const row of this.rows.keys()) if (hashString(row) >= limit) this.rows.delete(row);
  }
}
