import { heldBack, rounded } from '../judge.ts';
import type { Family, Severity } from '../types.ts';

/** The one place that says how scores add up. */

/** How much each family weighs; renormalised over those that could be judged. `form` gates and is not scored. */
export const FAMILY_WEIGHTS: Readonly<Record<Exclude<Family, 'form'>, number>> = {
  clustering: 0.35,
  leakage: 0.2,
  mapping: 0.19,
  spread: 0.14,
  adversarial: 0.12,
};

export const FAMILIES: readonly Family[] = ['clustering', 'leakage', 'mapping', 'spread', 'adversarial', 'form'];

/** Below this many examples nothing is scored, and estimates are hints. */
export const FEW = 30;
/** Below this many, estimates are warnings at most. */
export const SOME = 100;

const FLOOR = 0.05;
const HELD_AT = 0.4;
const HOLDING: readonly Family[] = ['clustering', 'leakage', 'mapping'];

/** The most that an estimate from `examples` examples may be called. */
export function sizeCeiling(examples: number): Severity {
  return examples < FEW ? 'info' : examples < SOME ? 'warn' : 'error';
}

/** The score of a rule whose finding was held back for want of examples: just under the line that it may not cross. */
export function sizeHeld(score: number, examples: number): number {
  return heldBack(score, sizeCeiling(examples));
}

/** A family is as lopsided as its worst rule. */
export function familyScore(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Lopsidedness = 1 − the weighted geometric mean of the families' (1 − score), each at least .05.
 * Geometric, so that one bad side is not averaged away; and where clustering, leakage or mapping is
 * past the error line (.8), the total is .4 at least.
 */
export function totalScore(families: { readonly [family in Family]: number | null }): number | null {
  let logs = 0;
  let weights = 0;
  for (const [family, weight] of Object.entries(FAMILY_WEIGHTS)) {
    const score = families[family as Family];
    if (score === null) continue;
    logs += weight * Math.log(Math.max(FLOOR, 1 - score));
    weights += weight;
  }
  if (weights === 0) return null;
  const total = 1 - Math.exp(logs / weights);
  return rounded(HOLDING.some((family) => (families[family] ?? 0) >= 0.8) ? Math.max(total, HELD_AT) : total);
}

/**
 * The 95 % interval of an estimate from its delete-a-group replicates:
 * SE² = (g − 1)/g · Σ(θ₋ᵢ − θ̄)², ± 1.96 SE, within 0–1.
 * Efron & Stein 1981, https://doi.org/10.1214/aos/1176345462
 */
export function jackknife(estimate: number, replicates: readonly number[]): readonly [number, number] {
  const g = replicates.length;
  const mean = replicates.reduce((sum, x) => sum + x, 0) / g;
  const variance = ((g - 1) / g) * replicates.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const reach = 1.96 * Math.sqrt(variance);
  return [rounded(Math.max(0, estimate - reach)), rounded(Math.min(1, estimate + reach))];
}
