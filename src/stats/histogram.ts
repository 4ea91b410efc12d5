import type { Fields, Stat } from '../types.ts';

const GROWTH = Math.log(1.02); // buckets 2 % wide, so that a quantile is within 1 % of the truth

/**
 * Quantiles of numbers ≥ 0, from integer counts in logarithmic buckets
 * (DDSketch, https://arxiv.org/abs/1908.10693). Whole numbers below 50 have a
 * bucket of their own and are exact. Merging is exact in any order, which t-digest's is not.
 */
export class Histogram implements Stat {
  buckets = new Map<number, number>();
  total = 0;

  add(value: number, times = 1): void {
    const bucket = bucketOf(value);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + times);
    this.total += times;
  }

  merge(other: Fields<Histogram>): void {
    for (const [bucket, count] of other.buckets) this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count);
    this.total += other.total;
  }

  /** The value below or at which a share `p` of all values lies; `null` of nothing. Relative error at most 1 %. */
  quantile(p: number): number | null {
    let seen = 0;
    for (const bucket of [...this.buckets.keys()].sort((a, b) => a - b)) {
      seen += this.buckets.get(bucket)!;
      if (seen >= p * this.total) return valueOf(bucket);
    }
    return null;
  }
}

function bucketOf(value: number): number {
  if (value < 50 && Number.isInteger(value)) return value;
  return 1000 + Math.ceil(Math.log(value + 1) / GROWTH); // above the exact ones, in order
}

function valueOf(bucket: number): number {
  return bucket < 50 ? bucket : Math.exp((bucket - 1000 - 0.5) * GROWTH) - 1;
}
