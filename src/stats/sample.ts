import type { Evidence, Fields, Place, Stat } from '../types.ts';

/**
 * The k pieces of evidence with the smallest content hashes, ties by place: a
 * fair sample that comes out the same whatever order lines arrive in, and merges exactly.
 *
 * Ask `wants(hash)` first and make the excerpt only then: almost all are turned down.
 */
export class Sample implements Stat {
  readonly size: number;
  kept: { readonly hash: number; readonly evidence: Evidence }[] = [];

  constructor(size = 3) {
    this.size = size;
  }

  /** Whether evidence with this content hash could be kept. */
  wants(hash: number): boolean {
    return this.kept.length < this.size || hash <= this.kept[this.kept.length - 1]!.hash;
  }

  add(hash: number, evidence: Evidence): void {
    this.insert({ hash, evidence });
  }

  merge(other: Fields<Sample>): void {
    for (const item of other.kept) this.insert(item);
  }

  /** By place. */
  evidence(): Evidence[] {
    return this.kept.map((item) => item.evidence).sort(byPlace);
  }

  private insert(item: Sample['kept'][number]): void {
    const at = this.kept.findIndex((kept) => (item.hash - kept.hash || byPlace(item.evidence, kept.evidence)) < 0);
    if (at < 0 && this.kept.length === this.size) return;
    this.kept.splice(at < 0 ? this.kept.length : at, 0, item);
    if (this.kept.length > this.size) this.kept.pop();
  }
}

/** File by code unit, then line. */
export function byPlace(a: Place, b: Place): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}
