import { combine } from './hash.ts';

/** Counts of what goes with what: `table[x][y]`, a row per value of X, a column per value of Y. */
export type Contingency = readonly (readonly number[])[];

/** Entropy of counts in bits: −Σ p·log₂ p. Of nothing: 0. C. E. Shannon 1948, https://doi.org/10.1002/j.1538-7305.1948.tb01338.x */
export function entropy(counts: ArrayLike<number>): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i]!;
    sum += xlog2x(counts[i]!);
  }
  return total === 0 ? 0 : Math.max(0, (xlog2x(total) - sum) / total);
}

/** Mutual information in bits, plug-in: H(X) + H(Y) − H(X, Y). Biased upwards by about (rows − 1)(columns − 1) / (2n·ln 2) (G. A. Miller 1955). */
export function mutualInformation(table: Contingency): number {
  const rows = table.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = (table[0] ?? []).map((_, y) => table.reduce((sum, row) => sum + row[y]!, 0));
  return Math.max(0, entropy(rows) + entropy(columns) - entropy(table.flat()));
}

/**
 * Theil's uncertainty coefficient U(Y|X) = I(X; Y) / H(Y): the share of what there is to know about Y (the columns) that X tells,
 * 0–1; `null` where Y is constant. https://en.wikipedia.org/wiki/Uncertainty_coefficient
 */
export function uncertaintyCoefficient(table: Contingency): number | null {
  const columns = (table[0] ?? []).map((_, y) => table.reduce((sum, row) => sum + row[y]!, 0));
  const all = entropy(columns);
  return all === 0 ? null : mutualInformation(table) / all;
}

/** The likelihood-ratio statistic G² = 2·n·ln 2·I(X; Y); about χ² with (rows − 1)(columns − 1) degrees of freedom where X and Y are independent. */
export function gSquared(table: Contingency): number {
  const n = table.flat().reduce((a, b) => a + b, 0);
  return 2 * n * Math.LN2 * mutualInformation(table);
}

const xlog2x = (x: number): number => (x <= 1 ? 0 : x * Math.log2(x));

// ── One cue against one yes/no outcome, given what one may rightly know ─────

/** The decisions on one outcome, those of each run (an example) side by side and in order. */
export interface Decisions {
  /** 1 = yes. */
  readonly outcome: Uint8Array;
  /** What one may rightly know at each decision, as ids from 0: the next word. */
  readonly given: Uint32Array;
  /** One more than there are ids. */
  readonly givenSize: number;
  /** Where each run begins, and at the end the number of decisions. */
  readonly runs: Uint32Array;
  /** A content hash for each run: rotations are drawn from it. */
  readonly seeds: Float64Array;
  /** 0–19 for each run, for delete-a-group jackknives. */
  readonly groups: Uint8Array;
}

/** What is known of the outcome without the cue. Made by `cueBaseline`. */
export interface Baseline {
  readonly decisions: Decisions;
  /** The group left out; −1: none. */
  readonly without: number;
  readonly total: number;
  readonly yes: number;
  /** n·H(outcome) in bits. */
  readonly bits: number;
  /** n·H(outcome | given) in bits. */
  readonly bitsGiven: number;
  readonly count: Uint32Array;
  readonly countYes: Uint32Array;
  /** The run of each decision. */
  readonly runOf: Uint32Array;
  /** x·log₂ x of whole numbers: all that the inner loops need. */
  readonly table: Float64Array;
  /** All zero between calls of `cueTells`. */
  readonly cuedCount: Uint32Array;
  readonly cuedYes: Uint32Array;
}

export function cueBaseline(decisions: Decisions, without = -1): Baseline {
  const { outcome, given, givenSize, runs, groups } = decisions;
  const count = new Uint32Array(givenSize);
  const countYes = new Uint32Array(givenSize);
  const runOf = new Uint32Array(outcome.length);
  let total = 0;
  let yes = 0;
  for (let run = 0; run + 1 < runs.length; run++) {
    const left = groups[run] === without;
    for (let i = runs[run]!; i < runs[run + 1]!; i++) {
      runOf[i] = run;
      if (left) continue;
      total += 1;
      yes += outcome[i]!;
      count[given[i]!]! += 1;
      countYes[given[i]!]! += outcome[i]!;
    }
  }
  const table = new Float64Array(total + 1);
  for (let x = 2; x <= total; x++) table[x] = xlog2x(x);
  let bitsGiven = 0;
  for (let w = 0; w < givenSize; w++) bitsGiven += bits(table, count[w]!, countYes[w]!);
  return {
    decisions,
    without,
    total,
    yes,
    bits: bits(table, total, yes),
    bitsGiven,
    count,
    countYes,
    runOf,
    table,
    cuedCount: new Uint32Array(givenSize),
    cuedYes: new Uint32Array(givenSize),
  };
}

/** n·H of n decisions of which k are yes. */
const bits = (table: Float64Array, n: number, k: number): number => table[n]! - table[k]! - table[n - k]!;

/** What a cue tells of the outcome. Shares are 0–1, and 0 where there is nothing left to tell. */
export interface Told {
  /** U = I(cue; outcome) / H(outcome). */
  readonly uncertainty: number;
  /** (H(outcome | given) − H(outcome | given, cue)) / H(outcome | given). */
  readonly conditional: number;
  /** Decisions with the cue, and those of them that are yes. */
  readonly cued: number;
  readonly cuedYes: number;
}

/**
 * Plug-in, over all decisions. Costs time in proportion to the decisions with the cue, not to all of them: the words without a cue
 * keep their share of `bitsGiven`.
 *
 * @param cue the decisions that have the cue, ascending
 * @param rotation 0: as it is; above: the cue turned inside each run by a number of decisions drawn from the run's seed
 */
export function cueTells(known: Baseline, cue: Uint32Array, rotation = 0): Told {
  const { decisions, without, table, count, countYes, runOf } = known;
  const { outcome, given, runs, seeds, groups } = decisions;
  const n = known.cuedCount;
  const k = known.cuedYes;
  const words: number[] = [];
  let cued = 0;
  let cuedYes = 0;
  let run = -1;
  let from = 0;
  let length = 0;
  let turn = 0;
  for (let c = 0; c < cue.length; c++) {
    let i = cue[c]!;
    if (runOf[i] !== run) {
      run = runOf[i]!;
      from = runs[run]!;
      length = runs[run + 1]! - from;
      turn = rotation > 0 && length > 1 ? 1 + (combine(seeds[run]!, rotation) % (length - 1)) : 0;
    }
    if (groups[run] === without) continue;
    i = from + ((i - from + turn) % length);
    const word = given[i]!;
    const yes = outcome[i]!;
    cued += 1;
    cuedYes += yes;
    if (n[word] === 0) words.push(word);
    n[word]! += 1;
    k[word]! += yes;
  }
  let saved = 0;
  for (const word of words) {
    const all = count[word]!;
    const allYes = countYes[word]!;
    saved += bits(table, all, allYes) - bits(table, n[word]!, k[word]!) - bits(table, all - n[word]!, allYes - k[word]!);
    n[word] = 0;
    k[word] = 0;
  }
  const left = bits(table, cued, cuedYes) + bits(table, known.total - cued, known.yes - cuedYes);
  return {
    uncertainty: known.bits > 0 ? Math.max(0, known.bits - left) / known.bits : 0,
    conditional: known.bitsGiven > 0 ? Math.max(0, saved) / known.bitsGiven : 0,
    cued,
    cuedYes,
  };
}

/** A cue's telling against that of the same cue rotated. */
export interface Excess extends Told {
  /** Mean over the rotations: what chance and small counts make of a cue that tells nothing. */
  readonly chance: { readonly uncertainty: number; readonly conditional: number };
  /** The chance that a rotated cue tells as much, of both measures the greater. */
  readonly p: number;
}

/**
 * Tests a cue by rotation: turned inside each run it keeps its number, its clustering and whatever tells runs apart, and loses its
 * tie to the outcome. With the mean m and the standard deviation s over r rotations, (value − m) / (s·√(1 + 1/r)) is about
 * t-distributed with r − 1 degrees of freedom.
 */
export function cueExcess(known: Baseline, cue: Uint32Array, rotations = 20): Excess {
  const value = cueTells(known, cue);
  const turned: Told[] = [];
  for (let r = 1; r <= rotations; r++) turned.push(cueTells(known, cue, r));
  const uncertainty = against(
    value.uncertainty,
    turned.map((t) => t.uncertainty),
  );
  const conditional = against(
    value.conditional,
    turned.map((t) => t.conditional),
  );
  return {
    ...value,
    chance: { uncertainty: uncertainty.mean, conditional: conditional.mean },
    p: Math.max(uncertainty.p, conditional.p),
  };
}

function against(value: number, chance: readonly number[]): { readonly mean: number; readonly p: number } {
  const r = chance.length;
  const mean = chance.reduce((a, b) => a + b, 0) / r;
  const variance = chance.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (r - 1);
  if (variance < 1e-24) return { mean, p: value > mean + 1e-9 ? 0 : 1 };
  return { mean, p: studentTail((value - mean) / Math.sqrt(variance * (1 + 1 / r)), r - 1) };
}

/**
 * How much of the outcome the given word tells of decisions it was not fitted on, as a share of H(outcome), 0–1: fitted on the even
 * groups and measured on the odd ones, and the other way round. In the sample itself rare words would seem to tell all.
 * Rates are drawn towards the base rate by one decision's weight.
 */
export function givenTells(known: Baseline): number {
  const even = countsOf(known.decisions, 0);
  const odd = countsOf(known.decisions, 1);
  let without = 0;
  let withWord = 0;
  for (const [fit, test] of [
    [even, odd],
    [odd, even],
  ] as const) {
    const base = (fit.yes + 0.5) / (fit.total + 1);
    without += crossEntropy(test.total, test.yes, base);
    for (let w = 0; w < test.count.length; w++) {
      const n = test.count[w]!;
      if (n > 0) withWord += crossEntropy(n, test.countYes[w]!, (fit.countYes[w]! + base) / (fit.count[w]! + 1));
    }
  }
  return without > 0 ? Math.max(0, 1 - withWord / without) : 0;
}

/** The decisions of the groups of one parity. */
function countsOf({ outcome, given, givenSize, runs, groups }: Decisions, parity: number) {
  const counts = { count: new Uint32Array(givenSize), countYes: new Uint32Array(givenSize), total: 0, yes: 0 };
  for (let run = 0; run + 1 < runs.length; run++) {
    if (groups[run]! % 2 !== parity) continue;
    for (let i = runs[run]!; i < runs[run + 1]!; i++) {
      counts.total += 1;
      counts.yes += outcome[i]!;
      counts.count[given[i]!]! += 1;
      counts.countYes[given[i]!]! += outcome[i]!;
    }
  }
  return counts;
}

/** Bits to tell n decisions, k of them yes, by one who thinks that a share p is. */
const crossEntropy = (n: number, k: number, p: number): number => -k * Math.log2(p) - (n - k) * Math.log2(1 - p);

// ── Significance ────────────────────────────────────────────────────────────

/**
 * P(T > t) of Student's t with a whole number of degrees of freedom, by the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4
 * (https://personal.math.ubc.ca/~cbm/aands/page_948.htm). Absolute error about 1e-16.
 */
export function studentTail(t: number, freedom: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const odd = freedom % 2 === 1;
  let term = odd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let i = odd ? 3 : 2; i < freedom; i += 2) {
    term *= ((i - 1) / i) * cos * cos;
    sum += term;
  }
  const inside = odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
  const tail = Math.max(0, (1 - inside) / 2);
  return t >= 0 ? tail : 1 - tail;
}

/**
 * Benjamini–Hochberg: for each p-value the false discovery rate at which it would just be called significant among all of them, 0–1,
 * in the order given. Y. Benjamini and Y. Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
 *
 * @param tests how many tests were made, where some of them are not listed because their p-values are near 1
 */
export function falseDiscoveryRates(p: readonly number[], tests = p.length): number[] {
  const order = p.map((_, i) => i).toSorted((a, b) => p[b]! - p[a]!);
  const rates = p.map(() => 1);
  let least = 1;
  order.forEach((i, rank) => {
    least = Math.min(least, (p[i]! * tests) / (p.length - rank));
    rates[i] = least;
  });
  return rates;
}

/**
 * How many standard errors k of n lie above what a base rate p₀ lets expect: z = (k/n − p₀) / √(p₀(1 − p₀) / n). Gardner et al. 2021,
 * “Competency problems”, https://arxiv.org/abs/2104.08646
 */
export const competency = (k: number, n: number, base: number): number => (k / n - base) / Math.sqrt((base * (1 - base)) / n);
