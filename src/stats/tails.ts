/** Chances in the tails of the usual distributions, and intervals of shares. All 0–1; nothing throws. */

/** ln Γ(x) for x > 0, relative error about 1e-15. C. Lanczos 1964, coefficients (g = 7, n = 9) as in https://en.wikipedia.org/wiki/Lanczos_approximation */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const STEPS = 10_000;
const CLOSE = 1e-15;

/**
 * P(X ≥ x) of χ² with `freedom` degrees of freedom: the upper regularised gamma function Q(freedom/2, x/2), by series or continued
 * fraction (Abramowitz & Stegun 6.5.29 and 6.5.31). Relative error about 1e-12 while the value is above 1e-300 and there are fewer than a million degrees of freedom. 0 of infinite x.
 */
export function chiSquareTail(x: number, freedom: number): number {
  if (!(x > 0) || freedom <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const a = freedom / 2;
  const z = x / 2;
  const front = Math.exp(a * Math.log(z) - z - lnGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < STEPS && term > sum * CLOSE; n++) {
      term *= z / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - sum * front);
  }
  // Lentz's way of reading a continued fraction
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < STEPS; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b || 1e-300);
    c = b + step / c || 1e-300;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < CLOSE) break;
  }
  return Math.min(1, fraction * front);
}

/** P(Z ≥ z) of the standard normal distribution. */
export function normalTail(z: number): number {
  const half = chiSquareTail(z * z, 1) / 2;
  return z >= 0 ? half : 1 - half;
}

/** The z that a standard normal variable exceeds with the chance `tail`, 1e-12 ≤ tail ≤ .5; by bisection, to 1e-9. */
export function normalQuantile(tail: number): number {
  let low = 0;
  let high = 10;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(X ≥ k) of n draws with chance p each: the regularised incomplete beta function I_p(k, n − k + 1), by continued fraction
 * (Abramowitz & Stegun 26.5.8).
 */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  return incompleteBeta(p, k, n - k + 1);
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || 1e-300);
  let fraction = d;
  for (let m = 1; m < STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || 1e-300);
    c = 1 + even / c || 1e-300;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || 1e-300);
    c = 1 + odd / c || 1e-300;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return Math.min(1, front * fraction);
}

/** The two-sided sign test: the chance that of n fair coins as many or more than `max(k, n − k)` show one side. */
export function signTest(k: number, n: number): number {
  return Math.min(1, 2 * binomialTail(Math.max(k, n - k), n, 0.5));
}

/** Wilson's interval of a share k of n, at z standard errors (1.96: 95 %); [0, 1] of nothing. E. B. Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953 */
export function wilson(k: number, n: number, z = 1.959963984540054): readonly [low: number, high: number] {
  if (n <= 0) return [0, 1];
  const p = k / n;
  const square = z * z;
  const middle = p + square / (2 * n);
  const reach = z * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  const whole = 1 + square / n;
  // none and all stand at the ends exactly: the arithmetic may miss them by its last bit
  return [k <= 0 ? 0 : (middle - reach) / whole, k >= n ? 1 : (middle + reach) / whole];
}
