import type { Fields, Stat } from '../types.ts';
import { hashString } from './hash.ts';

/**
 * Counts how often each key was seen, in bounded memory.
 *
 * Beyond `capacity` distinct keys it keeps those with the smallest hashes, each
 * with its exact count: a key of the final set is never evicted on the way, so
 * merging stays exact. From then on it answers shares estimated over its keys,
 * and `top` throws, because the commonest key may be gone.
 *
 * Memory: capacity × (key + 60 bytes). Merging preserves everything.
 */
export class Tally implements Stat {
  readonly capacity: number;
  counts = new Map<string, number>();
  /** All that was added, evicted keys included. */
  total = 0;
  /** Keys whose hash is at or above this are not kept. */
  limit = Number.MAX_SAFE_INTEGER;

  constructor(capacity = 4096) {
    this.capacity = capacity;
  }

  add(key: string, times = 1): void {
    this.total += times;
    this.count(key, times);
  }

  merge(other: Fields<Tally>): void {
    this.total += other.total;
    if (other.limit < this.limit) this.lower(other.limit);
    for (const [key, times] of other.counts) this.count(key, times);
  }

  /** Whether keys were evicted. */
  overflowed(): boolean {
    return this.limit !== Number.MAX_SAFE_INTEGER;
  }

  /** The n most frequent keys, commonest first; ties go to the key that sorts first. Throws when keys were evicted. */
  top(n: number): [key: string, count: number][] {
    if (this.overflowed()) throw new Error('Tally.top: keys were evicted, so the commonest may be gone');
    return [...this.counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n);
  }

  private count(key: string, times: number): void {
    const before = this.counts.get(key);
    if (before === undefined && this.overflowed() && hashString(key) >= this.limit) return;
    this.counts.set(key, (before ?? 0) + times);
    if (before === undefined && this.counts.size > this.capacity) {
      const hashes = Float64Array.from(this.counts.keys(), hashString).sort();
      this.lower(hashes[this.capacity]!);
    }
  }

  private lower(limit: number): void {
    this.limit = limit;
    for (const key of this.counts.keys()) if (hashString(key) >= limit) this.counts.delete(key);
  }
}
