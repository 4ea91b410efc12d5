import type { Evidence, Fields, Stat } from '../types.ts';
import { byPlace } from './sample.ts';

/** The k greatest numbers and where they stand; ties go to the first place. Exact, in any order of merging. */
export class Top implements Stat {
  readonly size: number;
  kept: { readonly value: number; readonly evidence: Evidence }[] = [];

  constructor(size = 3) {
    this.size = size;
  }

  /** Whether a number as great as this could be kept: ask before making evidence. */
  wants(value: number): boolean {
    return this.kept.length < this.size || value >= this.kept[this.kept.length - 1]!.value;
  }

  add(value: number, evidence: Evidence): void {
    this.insert({ value, evidence });
  }

  merge(other: Fields<Top>): void {
    for (const item of other.kept) this.insert(item);
  }

  /** The greatest number; `null` of nothing. */
  greatest(): number | null {
    return this.kept[0]?.value ?? null;
  }

  /** Greatest first. */
  evidence(): Evidence[] {
    return this.kept.map((item) => item.evidence);
  }

  private insert(item: Top['kept'][number]): void {
    const at = this.kept.findIndex((kept) => (kept.value - item.value || byPlace(item.evidence, kept.evidence)) < 0);
    if (at < 0 && this.kept.length >= this.size) return;
    this.kept.splice(at < 0 ? this.kept.length : at, 0, item);
    if (this.kept.length > this.size) this.kept.pop();
  }
}
