import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/stats/histogram.ts';

const of = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

/** The definition: the least value with at least a share p of all values at or below it. */
function quantile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.find((_, i) => (i + 1) * 100 >= percent * sorted.length)!;
}

const percents = [0, 5, 25, 50, 75, 95, 100];
const whole = fc.oneof(fc.nat(49), fc.nat(300), fc.nat(2 ** 31 - 1));
const fraction = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true }).filter((x) => !Number.isInteger(x));

/** Laws of merging are in laws.test.ts, for every Stat. */
describe('Histogram', () => {
  it('is exact for whole numbers below 50', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(49), { minLength: 1, maxLength: 200, size: 'max' }), (values) => {
        for (const percent of percents) expect(of(values).quantile(percent / 100)).toBe(quantile(values, percent));
      }),
    );
  });

  it('is within 1% for whole numbers', () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 200, size: 'max' }), (values) => {
        for (const percent of percents) expectNear(of(values).quantile(percent / 100)!, quantile(values, percent), 0.01);
      }),
    );
  });

  it('is within 1% for fractions, from the least to the greatest', () => {
    fc.assert(
      fc.property(fc.array(fraction, { minLength: 1, maxLength: 50, size: 'max' }), (values) => {
        for (const percent of percents) expectNear(of(values).quantile(percent / 100)!, quantile(values, percent), 0.01);
      }),
    );
  });

  it('is within 2% where both mix', () => {
    const mixed = fc.oneof(fc.nat(60), fc.double({ min: 0, max: 60, noNaN: true }));
    fc.assert(
      fc.property(fc.array(mixed, { minLength: 1, maxLength: 200, size: 'max' }), (values) => {
        for (const percent of percents) expectNear(of(values).quantile(percent / 100)!, quantile(values, percent), 0.0201);
      }),
    );
  });

  it('hits the rank exactly, whatever the rounding of p times the total', () => {
    for (const [size, p, expected] of [
      [60, 0.05, 3],
      [20, 0.95, 19],
      [40, 0.55, 22],
      [30, 0.1, 3],
    ] as const) {
      expect(of(Array.from({ length: size }, (_, i) => Math.min(i + 1, 49))).quantile(p)).toBe(expected);
    }
  });

  it('counts several at a time, and lists its buckets in order of value', () => {
    const histogram = new Histogram();
    histogram.add(3, 2);
    histogram.add(0.5);
    histogram.add(0, 4);
    histogram.add(-0);
    expect(histogram.total).toBe(8);
    expect(histogram.values().map(({ value, count }) => [Number(value.toFixed(2)), count])).toEqual([
      [0, 5],
      [0.5, 1],
      [3, 2],
    ]);
  });

  it('knows nothing of nothing, and refuses what is no length', () => {
    expect(new Histogram().quantile(0.5)).toBeNull();
    for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY]) expect(() => new Histogram().add(wrong)).toThrow(RangeError);
  });
});

function expectNear(value: number, truth: number, share: number): void {
  expect(Math.abs(value - truth)).toBeLessThanOrEqual(truth * share + Number.MIN_VALUE * 2);
}
