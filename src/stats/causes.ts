import type { Evidence, Fields, Place, Stat } from '../types.ts';
import { excerptAround } from './excerpt.ts';
import { hashString } from './hash.ts';
import { Sample } from './sample.ts';

/** A place where a cause was seen. */
export interface Witness extends Evidence {
  /** What exactly was wrong there. */
  readonly detail: string;
  /** 1-based; 0 where there is none. */
  readonly column: number;
}

/** One kind of fault, how often it was seen, and where. */
export interface Cause {
  readonly key: string;
  readonly times: number;
  /** The detail of every place; undefined where they differ. */
  readonly detail: string | undefined;
  /** The advice of every place; undefined where there is none, or they differ. */
  readonly advice: string | undefined;
  /** One of the details; the same one wherever the places stand. */
  readonly example: string;
  /** By place, at most `size`. */
  readonly witnesses: readonly Witness[];
}

/**
 * Faults by cause: how often each was seen, and a fair sample of places for each.
 *
 * Bounded as a Tally is: beyond `capacity` causes it keeps those whose keys have the smallest hashes, each
 * with its exact count, so that merging stays exact; `total` counts the others too.
 * Memory: capacity × size × an excerpt of 160 characters.
 */
export class Causes implements Stat {
  readonly capacity: number;
  readonly size: number;
  /** All that was added, causes that were evicted included. */
  total = 0;
  kept = new Map<string, { times: number; detail: string | undefined; advice: string | undefined; sample: Sample }>();
  /** Causes whose key's hash is at or above this are not kept. */
  limit: number = Number.MAX_SAFE_INTEGER;

  constructor(capacity = 200, size = 5) {
    this.capacity = capacity;
    this.size = size;
  }

  /**
   * @param hash of the content, so that the sample does not depend on where it stands
   * @param text where the fault shows; cut around `index`, and only if it is kept
   * @param advice what mends it
   */
  add(key: string, hash: number, { file, line }: Place, text: string, index = 0, detail = key, column = 0, advice?: string): void {
    this.total += 1;
    const cause = this.kept.get(key);
    if (!cause) {
      if (this.limit !== Number.MAX_SAFE_INTEGER && hashString(key) >= this.limit) return;
      const sample = new Sample(this.size);
      sample.add(hash, witness(file, line, text, index, detail, column));
      this.kept.set(key, { times: 1, detail, advice, sample });
      this.fit();
      return;
    }
    cause.times += 1;
    if (cause.detail !== detail) cause.detail = undefined;
    if (cause.advice !== advice) cause.advice = undefined;
    if (cause.sample.wants(hash)) cause.sample.add(hash, witness(file, line, text, index, detail, column));
  }

  /** Whether a place of this cause could be kept: ask before working out where exactly the fault stands. */
  wants(key: string, hash: number): boolean {
    return this.kept.get(key)?.sample.wants(hash) ?? true;
  }

  merge(other: Fields<Causes>): void {
    this.total += other.total;
    if (other.limit < this.limit) this.keepBelow(other.limit);
    for (const [key, theirs] of other.kept) {
      if (this.limit !== Number.MAX_SAFE_INTEGER && hashString(key) >= this.limit) continue;
      let mine = this.kept.get(key);
      if (!mine) {
        mine = { times: 0, detail: theirs.detail, advice: theirs.advice, sample: new Sample(this.size) };
        this.kept.set(key, mine);
      }
      mine.times += theirs.times;
      if (mine.detail !== theirs.detail) mine.detail = undefined;
      if (mine.advice !== theirs.advice) mine.advice = undefined;
      mine.sample.merge(theirs.sample);
    }
    this.fit();
  }

  /** How often this cause was seen. */
  times(key: string): number {
    return this.kept.get(key)?.times ?? 0;
  }

  /** All causes that are kept, commonest first; ties by key. */
  list(): Cause[] {
    return [...this.kept]
      .map(([key, { times, detail, advice, sample }]) => {
        const witnesses = sample.evidence() as Witness[];
        const example = witnesses.map((each) => each.detail).toSorted()[0] ?? '';
        return { key, times, detail, advice, example, witnesses };
      })
      .toSorted((a, b) => b.times - a.times || (a.key < b.key ? -1 : 1));
  }

  private fit(): void {
    if (this.kept.size <= this.capacity) return;
    const hashes = [...this.kept.keys()].map(hashString).toSorted((a, b) => a - b);
    this.keepBelow(hashes[this.capacity] as number);
  }

  private keepBelow(limit: number): void {
    this.limit = limit;
    for (const key of this.kept.keys()) if (hashString(key) >= limit) this.kept.delete(key);
  }
}

/** The causes that the same rule saw in a side file; its fields alone came over. */
export function causesOf(data: Fields<Causes>): Causes {
  const causes = new Causes(data.capacity, data.size);
  causes.merge(data);
  return causes;
}

function witness(file: string, line: number, text: string, index: number, detail: string, column: number): Witness {
  return { file, line, excerpt: excerptAround(text, index), detail, column };
}
