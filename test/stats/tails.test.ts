import { expect, it } from 'vitest';
import { binomialTail, chiSquareTail, lnGamma, normalQuantile, normalTail, signTest, wilson } from '../../src/stats/tails.ts';

/** Every value is from scipy 1.17 (chi2.sf, norm.sf, norm.isf, binom.sf, binomtest, gammaln). */
const close = (value: number, expected: number): void => expect(Math.abs(value / expected - 1)).toBeLessThan(1e-9);

it.each([
  [0.5, 1, 0.47950012218695337],
  [3.84, 1, 0.05004352124870519],
  [10, 3, 0.01856613546304325],
  [100, 5, 5.285148360943219e-20],
  [30, 40, 0.8752187849674751],
  [700, 2, 9.929590396265143e-153],
  [1e-3, 7, 0.9999999999997597],
])('chi-square %d, %d degrees', (x, freedom, expected) => close(chiSquareTail(x, freedom), expected));

it.each([
  [0, 0.5],
  [1, 0.15865525393145707],
  [1.96, 0.024997895148220435],
  [-1, 0.8413447460685429],
  [5, 2.866515718791933e-7],
  [12, 1.776482112077653e-33],
])('normal %d', (z, expected) => close(normalTail(z), expected));

it.each([
  [0.01, 2.3263478740408408],
  [1e-6, 4.753424308822899],
])('the normal quantile of %d', (tail, expected) => close(normalQuantile(tail), expected));

it.each([
  [8, 10, 0.5, 0.0546875],
  [60, 100, 0.5, 0.028443966820490444],
  [520, 1000, 0.5, 0.10872414660207075],
  [3, 20, 0.3, 0.9645168677015313],
  [1, 50, 0.001, 0.048794371802968646],
  [990, 1000, 0.9, 1.450898832178329e-32],
])('binomial: %d and more of %d at %d', (k, n, p, expected) => close(binomialTail(k, n, p), expected));

it('binomial at its ends', () => {
  expect([binomialTail(0, 5, 0.2), binomialTail(6, 5, 0.2), binomialTail(2, 5, 0), binomialTail(2, 5, 1)]).toEqual([1, 0, 0, 1]);
});

it.each([
  [8, 10, 0.109375],
  [60, 100, 0.05688793364098089],
  [5, 10, 1],
  [400, 1000, 2.728464156065947e-10],
])('sign test %d of %d', (k, n, expected) => close(signTest(k, n), expected));

it.each([
  [5, 10, 0.236593090512564, 0.7634069094874361],
  [95, 100, 0.8882495307680809, 0.978456320845632],
])('Wilson %d of %d', (k, n, low, high) => {
  close(wilson(k, n)[0], low);
  close(wilson(k, n)[1], high);
});
it('Wilson of none, and of nothing', () => {
  expect(wilson(0, 100)[0]).toBe(0);
  close(wilson(0, 100)[1], 0.03699349820698568);
  expect(wilson(0, 0)).toEqual([0, 1]);
});

it.each([
  [0.3, 1.0957979948180756],
  [10.5, 13.940625219403763],
  [1000, 5905.220423209181],
])('ln Γ(%d)', (x, expected) => close(lnGamma(x), expected));
