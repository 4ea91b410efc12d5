import { rounded } from '../judge.ts';
import { entropy, mutualInformation } from './association.ts';
import { random, shuffle } from './random.ts';
import { chiSquareTail } from './tails.ts';

/** How much one column of cheap values tells of the answer: of many rows, one value and one class each. */

/** The rows that cues are measured on. */
export interface Answered {
  /** Per row the class of its answer, from 0; −1: the row is left out. */
  readonly classOf: Int16Array;
  /** How many classes there are. */
  readonly classes: number;
  /** Per row 0–19, by the hash of its example: for jackknives and folds. Rows of one example have one group. */
  readonly groups: Uint8Array;
}

/** A column of values. */
export interface Column {
  /** Per row the value, as a number from 0; −1: the row has none and is left out. */
  readonly values: Int16Array;
  /** One more than the greatest value. */
  readonly size: number;
}

/** What a column tells of the answer. Shares are 0–1 and rounded. */
export interface CueStrength {
  /** Rows counted. */
  readonly rows: number;
  /** Theil's U: of the uncertainty about the answer, the share that the value takes away, less what chance makes of it (Miller–Madow). */
  readonly uncertainty: number;
  /** The end of its one-sided 95 % interval, by delete-a-group jackknife. */
  readonly lower: number;
  /** That a column without a tie to the answer tells as much: of the G-test and the permutations the greater; not rounded. */
  readonly p: number;
  /** Right answers of a rule that reads only this value, on folds that it did not see. */
  readonly accuracy: number;
  /** The share of the commonest answer: what always giving it gets right. */
  readonly majority: number;
  /** `uncertainty` with each of the 20 groups left out. */
  readonly replicates: readonly number[];
  /** Counts: `table[value][class]`. */
  readonly table: readonly (readonly number[])[];
}

const GROUPS = 20;
const FOLDS = 5;
const PERMUTATIONS = 40;
/** Below this by the G-test a column is not worth permuting: no correction for many tests makes it significant. */
const WORTH_PERMUTING = 0.01;
const ONE_SIDED = 1.6449;

/**
 * Measures one column against the answers.
 *
 * U(Y|X) = I(X; Y) / H(Y), each entropy corrected by (K − 1) / 2n (G. A. Miller 1955), K the values seen. Its significance is that of
 * G² = 2·n·I (nats), read from χ² and, since many rare values spoil that, from 40 permutations too: a gamma distribution with the
 * mean and variance of the permuted G². Time: 20 times the size of the table, and the rows 40 times where the G-test is significant.
 */
export function cueStrength({ values, size }: Column, { classOf, classes, groups }: Answered): CueStrength {
  const cells = size * classes;
  const counts = new Float64Array(GROUPS * cells);
  let rows = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const answer = classOf[i]!;
    if (value < 0 || answer < 0) continue;
    counts[groups[i]! * cells + value * classes + answer]! += 1;
    rows += 1;
  }
  const all = sumOf(counts, cells, () => true);
  const table = tableOf(all, size, classes);
  const uncertainty = corrected(table);
  const replicates = Array.from({ length: GROUPS }, (_, left) =>
    corrected(
      tableOf(
        sumOf(counts, cells, (group) => group !== left),
        size,
        classes,
      ),
    ),
  );
  const accuracy = heldOut(counts, cells, size, classes, rows);
  const sizes = (table[0] ?? []).map((_, y) => table.reduce((sum, row) => sum + row[y]!, 0));
  const majority = rows === 0 ? 0 : Math.max(...sizes) / rows;
  const p = chanceOf(table, rows, { values, size }, { classOf, classes, groups });
  return {
    rows,
    uncertainty: rounded(uncertainty),
    lower: rounded(Math.max(0, uncertainty - ONE_SIDED * standardError(replicates))),
    p,
    accuracy: rounded(accuracy),
    majority: rounded(majority),
    replicates: replicates.map(rounded),
    table,
  };
}

/** SE² = (g − 1)/g · Σ(θ₋ᵢ − θ̄)² over delete-a-group replicates. Efron & Stein 1981, https://doi.org/10.1214/aos/1176345462 */
export function standardError(replicates: readonly number[]): number {
  const g = replicates.length;
  const mean = replicates.reduce((sum, x) => sum + x, 0) / g;
  return Math.sqrt(((g - 1) / g) * replicates.reduce((sum, x) => sum + (x - mean) ** 2, 0));
}

function sumOf(counts: Float64Array, cells: number, takes: (group: number) => boolean): Float64Array {
  const sum = new Float64Array(cells);
  for (let group = 0; group < GROUPS; group++) {
    if (!takes(group)) continue;
    for (let cell = 0; cell < cells; cell++) sum[cell]! += counts[group * cells + cell]!;
  }
  return sum;
}

function tableOf(flat: Float64Array, size: number, classes: number): number[][] {
  return Array.from({ length: size }, (_, value) => Array.from(flat.subarray(value * classes, (value + 1) * classes)));
}

/** U(Y|X) with Miller–Madow, 0–1; 0 where there is one answer only. */
function corrected(table: readonly (readonly number[])[]): number {
  const columns = (table[0] ?? []).map((_, y) => table.reduce((sum, row) => sum + row[y]!, 0));
  const n = columns.reduce((a, b) => a + b, 0);
  if (n === 0) return 0;
  const seenX = table.filter((row) => row.some((count) => count > 0)).length;
  const seenY = columns.filter((count) => count > 0).length;
  const seenXY = table.reduce((sum, row) => sum + row.filter((count) => count > 0).length, 0);
  const bit = 1 / (2 * n * Math.LN2);
  const uncertain = entropy(columns) + (seenY - 1) * bit;
  const told = mutualInformation(table) - (seenXY - seenX - seenY + 1) * bit;
  return uncertain <= 0 || seenY < 2 ? 0 : Math.min(1, Math.max(0, told / uncertain));
}

/** Of each fifth of the groups: the commonest class of every value in the other four, and how often it is right in this one. */
function heldOut(counts: Float64Array, cells: number, size: number, classes: number, rows: number): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const fit = sumOf(counts, cells, (group) => group % FOLDS !== fold);
    const test = sumOf(counts, cells, (group) => group % FOLDS === fold);
    const totals = new Float64Array(classes);
    for (let cell = 0; cell < cells; cell++) totals[cell % classes]! += fit[cell]!;
    const commonest = greatest(totals, 0, classes, -1);
    for (let value = 0; value < size; value++) {
      const from = value * classes;
      const guess = greatest(fit, from, classes, commonest);
      right += test[from + guess]!;
    }
  }
  return rows === 0 ? 0 : right / rows;
}

/** The index of the greatest of `classes` numbers from `from`; ties, and rows of nothing but zeros, go to `preferred`, else to the first. */
function greatest(numbers: Float64Array, from: number, classes: number, preferred: number): number {
  let best = preferred >= 0 ? preferred : 0;
  for (let y = 0; y < classes; y++) if (numbers[from + y]! > numbers[from + best]!) best = y;
  return best;
}

function chanceOf(table: readonly (readonly number[])[], rows: number, column: Column, answered: Answered): number {
  const seenX = table.filter((row) => row.some((count) => count > 0)).length;
  const seenY = (table[0] ?? []).filter((_, y) => table.some((row) => row[y]! > 0)).length;
  if (rows === 0 || seenX < 2 || seenY < 2) return 1;
  const g = 2 * rows * Math.LN2 * mutualInformation(table);
  const byChi = chiSquareTail(g, (seenX - 1) * (seenY - 1));
  return byChi > WORTH_PERMUTING ? byChi : Math.max(byChi, byPermutation(g, column, answered));
}

function byPermutation(g: number, { values, size }: Column, { classOf, classes }: Answered): number {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i]! >= 0 && classOf[i]! >= 0) kept.push(i);
  const x = Int16Array.from(kept, (i) => values[i]!);
  const y = Int16Array.from(kept, (i) => classOf[i]!);
  const next = random(0x10b51ded);
  // of G² only Σ n_xy·log n_xy moves when answers change places
  const sums = new Float64Array(size);
  const columns = new Float64Array(classes);
  for (let i = 0; i < x.length; i++) {
    sums[x[i]!]! += 1;
    columns[y[i]!]! += 1;
  }
  const fixed = xlogx(x.length) - total(sums) - total(columns);
  const cells = new Float64Array(size * classes);
  let mean = 0;
  let squares = 0;
  for (let r = 0; r < PERMUTATIONS; r++) {
    shuffle(y, next);
    cells.fill(0);
    for (let i = 0; i < x.length; i++) cells[x[i]! * classes + y[i]!]! += 1;
    const permuted = 2 * Math.max(0, fixed + total(cells));
    mean += permuted / PERMUTATIONS;
    squares += permuted ** 2 / PERMUTATIONS;
  }
  const variance = ((squares - mean ** 2) * PERMUTATIONS) / (PERMUTATIONS - 1);
  if (!(variance > 1e-12) || mean <= 0) return g > mean + 1e-9 ? 0 : 1;
  // gamma with shape mean²/variance and scale variance/mean, read as χ²
  return chiSquareTail((2 * g * mean) / variance, (2 * mean ** 2) / variance);
}

const xlogx = (x: number): number => (x <= 1 ? 0 : x * Math.log(x));
const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + xlogx(count), 0);

/**
 * Sorts numbers into at most `bins` (8) bins of about as many rows each; equal numbers share a bin.
 *
 * @param numbers per row; NaN: the row has none
 * @returns the column, and per bin its least and its greatest number
 */
export function quantileBins(
  numbers: Float64Array,
  bins = 8,
): { readonly column: Column; readonly edges: readonly (readonly [least: number, greatest: number])[] } {
  const sorted = numbers.filter((x) => !Number.isNaN(x)).sort();
  const edges: [number, number][] = [];
  let at = 0;
  while (at < sorted.length) {
    // what is left is shared out evenly among the bins that are left
    let end = at + Math.max(1, Math.ceil((sorted.length - at) / (bins - edges.length)));
    if (edges.length === bins - 1) end = sorted.length;
    while (end < sorted.length && sorted[end] === sorted[end - 1]) end++;
    edges.push([sorted[at]!, sorted[Math.min(end, sorted.length) - 1]!]);
    at = end;
  }
  const values = new Int16Array(numbers.length).fill(-1);
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isNaN(numbers[i]!)) continue;
    let bin = 0;
    while (bin < edges.length - 1 && numbers[i]! > edges[bin]![1]) bin++;
    values[i] = bin;
  }
  return { column: { values, size: edges.length }, edges };
}

/** What a second column tells of the answer beyond the first, as a share of the uncertainty about it: U of both together less U of the first, 0–1. */
export function addsTo(first: Column, second: Column, { classOf, classes }: Answered): number {
  const alone = new Float64Array(first.size * classes);
  const together = new Float64Array(first.size * second.size * classes);
  for (let i = 0; i < classOf.length; i++) {
    const a = first.values[i]!;
    const b = second.values[i]!;
    const answer = classOf[i]!;
    if (a < 0 || b < 0 || answer < 0) continue;
    alone[a * classes + answer]! += 1;
    together[(a * second.size + b) * classes + answer]! += 1;
  }
  return rounded(
    Math.max(0, corrected(tableOf(together, first.size * second.size, classes)) - corrected(tableOf(alone, first.size, classes))),
  );
}
