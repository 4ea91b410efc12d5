import { describe, expect, it } from 'vitest';
import { type FeatureRows, probe } from '../../src/stats/probe.ts';
import { random } from '../generate.ts';

/** Rows of feature ids. */
function rowsOf(rows: readonly (readonly number[])[]): FeatureRows {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => {
    starts[i + 1] = starts[i]! + row.length;
  });
  return { starts, ids: Uint32Array.from(rows.flat()), features: Math.max(0, ...rows.flat()) + 1 };
}

/** Each class has a feature of its own, which a row has with its class's chance, or else another; beside `noise` features at random. */
function data(n: number, classes: number, right: number, noise: number, seed: number) {
  const r = random(seed);
  const classOf = Int16Array.from({ length: n }, () => Math.floor(r() * classes));
  const rows = Array.from(classOf, (answer) => {
    const seen = r() < right ? answer : Math.floor(r() * classes);
    const others = Array.from({ length: noise }, (_, f) => (r() < 0.5 ? classes + f : -1)).filter((f) => f >= 0);
    return [seen, ...others];
  });
  return { rows: rowsOf(rows), classOf, groups: Uint8Array.from(classOf, (_, i) => i % 20) };
}

const bitsOf = (shares: readonly number[]): number => -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0);

describe('probe', () => {
  // a feature that is right in 1 − e, and each other class's in e/(k − 1): the share told is 1 − H(1 − e, …)/log k
  it.each([
    [2, 0.8],
    [2, 0.5],
    [3, 0.9],
    [5, 0.6],
  ])('%d classes, right in %d: the share that theory gives', (classes, right) => {
    const { rows, classOf, groups } = data(3000, classes, right, 0, 1);
    const hit = right + (1 - right) / classes;
    const told = 1 - bitsOf([hit, ...Array<number>(classes - 1).fill((1 - right) / classes)]) / Math.log2(classes);
    const found = probe(rows, classOf, classes, groups);
    expect(Math.abs(found.share - told)).toBeLessThan(0.03);
    expect(Math.abs(found.accuracy - hit)).toBeLessThan(0.025);
    expect(Math.abs(found.balanced - hit)).toBeLessThan(0.025);
    expect(found.lower).toBeLessThan(found.share);
    expect(found.bits).toBeCloseTo(found.share * Math.log2(classes), 1);
  });

  it('noise costs nothing: the scores are drawn to the base rates', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { rows, classOf, groups } = data(150, 2, 0, 200, seed);
      expect(probe(rows, classOf, 2, groups).lower).toBe(0);
    }
  });

  it('a strong feature is found among 300 that say nothing, in 200 rows', () => {
    const { rows, classOf, groups } = data(200, 2, 0.95, 30, 5);
    expect(probe(rows, classOf, 2, groups).lower).toBeGreaterThan(0.4);
  });

  // scikit-learn 1.9.1 on the same 600 rows and folds, LogisticRegression with C = .1, .3, 1: 1 − bits with / bits without = .1597, .1673, .1661
  it('is as good as the model of a library', () => {
    const r = random(77);
    const classOf = Int16Array.from({ length: 600 }, () => Math.floor(r() * 2));
    const rows = Array.from(classOf, (answer) =>
      Array.from({ length: 12 }, (_, f) => (r() < (f < 3 ? 0.35 + 0.3 * answer : 0.5) ? f : -1)).filter((f) => f >= 0),
    );
    const { share } = probe(
      rowsOf(rows),
      classOf,
      2,
      Uint8Array.from(classOf, (_, i) => i % 20),
    );
    expect(share).toBeGreaterThan(0.1673 - 0.015);
    expect(share).toBeLessThan(0.1673 + 0.015);
  });

  it('rows without features get the base rate; the same input gives the same result', () => {
    const { rows, classOf, groups } = data(200, 2, 0.9, 3, 6);
    const none = probe({ starts: new Uint32Array(201), ids: new Uint32Array(0), features: 0 }, classOf, 2, groups);
    expect(none).toMatchObject({ share: 0, bits: 0 });
    expect(probe(rows, classOf, 2, groups)).toEqual(probe(rows, classOf, 2, groups));
  });
});
