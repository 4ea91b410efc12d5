import type { Fields, Stat } from '../types.ts';

const WIDTH = 1.02; // of a bucket, so that its middle is within 1 % of all that is in it
const GROWTH = Math.log(WIDTH);
const EXACT = 50;
/** Keys of logarithmic buckets start here: beyond the exact ones, whatever the sign of the logarithm (that of the least number is −37,596 buckets). */
const OFFSET = 100_000;

/**
 * Quantiles of numbers ≥ 0, from integer counts in logarithmic buckets
 * (DDSketch, https://arxiv.org/abs/1908.10693). Whole numbers below 50 have a
 * bucket of their own and are exact; of others the relative error is at most 1 %
 * (2 % below 50, where whole numbers and fractions mix). At most 70,000 buckets,
 * in practice a few hundred. Merging is exact in any order, which t-digest's is not.
 */
export class Histogram implements Stat {
  /** Bucket key → count. */
  buckets = new Map<number, number>();
  total = 0;

  /** Throws a RangeError for what is no number ≥ 0: a NaN would silently spoil every quantile. */
  add(value: number, times = 1): void {
    const bucket = bucketOf(value);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + times);
    this.total += times;
  }

  merge(other: Fields<Histogram>): void {
    for (const [bucket, count] of other.buckets) this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + count);
    this.total += other.total;
  }

  /** The least value that a share `p` (0–1) of all values is at or below; `null` of nothing. */
  quantile(p: number): number | null {
    const rank = p * this.total - 1e-9 * this.total; // .05 * 60 is a hair above 3
    let seen = 0;
    for (const { value, count } of this.values()) {
      seen += count;
      if (seen >= rank) return value;
    }
    return null;
  }

  /** The value that stands for each bucket, and its count: in order of value. */
  values(): { readonly value: number; readonly count: number }[] {
    return [...this.buckets].map(([bucket, count]) => ({ value: valueOf(bucket), count })).sort((a, b) => a.value - b.value);
  }
}

function bucketOf(value: number): number {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(`Unexpected ${value}, expected a number of at least 0`);
  if (value < EXACT && Number.isInteger(value)) return value + 0; // -0 is 0
  return OFFSET + Math.ceil(Math.log(value) / GROWTH);
}

/** The middle of a bucket (WIDTH^(i−1), WIDTH^i]: the value whose relative distance to both ends is the same. */
function valueOf(bucket: number): number {
  return bucket < EXACT ? bucket : (2 * Math.exp((bucket - OFFSET) * GROWTH)) / (WIDTH + 1);
}
