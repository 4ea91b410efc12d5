import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge.ts';
import { jackknife, totalScore } from '../../src/report/score.ts';

const families = (given: Partial<Record<'clustering' | 'leakage' | 'mapping' | 'spread' | 'adversarial', number>>) => ({
  clustering: null,
  leakage: null,
  mapping: null,
  spread: null,
  adversarial: null,
  form: null,
  ...given,
});

describe('the total', () => {
  it('is null of nothing', () => expect(totalScore(families({}))).toBeNull());
  it('is the family where there is one', () => expect(totalScore(families({ spread: 0.3 }))).toBe(0.3));
  it('is the weighted geometric mean', () => {
    // 1 − exp((.35·ln .5 + .14·ln .9) / .49), worked by hand
    expect(totalScore(families({ clustering: 0.5, spread: 0.1 }))).toBeCloseTo(0.4086, 4);
  });
  it('does not let one lost side be averaged away', () => {
    expect(totalScore(families({ leakage: 1, clustering: 0, mapping: 0, spread: 0, adversarial: 0 }))).toBeCloseTo(1 - 0.05 ** 0.2, 3);
    expect(totalScore(families({ mapping: 0.8, clustering: 0, leakage: 0, spread: 0, adversarial: 0 }))).toBe(0.4);
    expect(totalScore(families({ spread: 0.8, clustering: 0, leakage: 0, mapping: 0, adversarial: 0 }))).toBeLessThan(0.4);
  });
});

describe('judge', () => {
  const rising = { even: 0.005, worst: 0.2, scale: 'linear', warn: 'warn', error: 'error' } as const;
  const falling = { even: 3, worst: 1, scale: 'log', warn: 'warn', error: 'error' } as const;
  it.each([
    [rising, 0, 0, undefined],
    [rising, 0.005, 0, undefined],
    [rising, 0.0075, 0.25, undefined],
    [rising, 0.01, 0.5, 'warn'],
    [rising, 0.055, 0.65, 'warn'],
    [rising, 0.1, 0.8, 'error'],
    [rising, 0.15, 0.9, 'error'],
    [rising, 0.9, 1, 'error'],
    [falling, 3.5, 0, undefined],
    [falling, Math.sqrt(3 * 1.5), 0.25, undefined],
    [falling, 1.5, 0.5, 'warn'],
    [falling, 1.1, 0.8, 'error'],
    [falling, 1, 1, 'error'],
  ] as const)('%j at %f scores %f', (measure, value, score, level) => {
    const options = measure === rising ? { warn: 0.01, error: 0.1 } : { warn: 1.5, error: 1.1 };
    expect(judge(measure, value, options)).toEqual({ score: expect.closeTo(score, 3), level });
  });
  it('never errs, and stays under the error line, without an error bound', () => {
    const measure = { even: 2, worst: 10, scale: 'linear', warn: 'warn' } as const;
    expect(judge(measure, 4, { warn: 4 })).toEqual({ score: 0.5, level: 'warn' });
    expect(judge(measure, 99, { warn: 4 })).toEqual({ score: 0.79, level: 'warn' });
  });
  it('keeps its lines whatever the options', () => {
    expect(judge(rising, 0.3, { warn: 0.3, error: 0.5 })).toEqual({ score: 0.5, level: 'warn' });
    expect(judge(rising, 0.5, { warn: 0.3, error: 0.5 }).level).toBe('error');
    expect(judge(rising, 0.001, { warn: 0.001, error: 0.002 })).toEqual({ score: 0.5, level: 'warn' });
  });
});

describe('jackknife', () => {
  it('is the textbook interval of a mean', () => {
    // For the mean of n values in n groups, the jackknife's SE is s/√n. Values 1…20 over 20: mean .525, s = .29580, SE = .066144.
    const values = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
    const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
    const replicates = values.map((_, i) => mean(values.filter((__, j) => j !== i)));
    const [low, high] = jackknife(mean(values), replicates);
    expect(high - 0.525).toBeCloseTo(1.96 * 0.066144, 4);
    expect(0.525 - low).toBeCloseTo(1.96 * 0.066144, 4);
  });
});
