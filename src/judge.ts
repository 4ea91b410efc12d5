import type { Measure, Severity } from './types.ts';

/** A score and the level of its finding; no level = nothing to find. */
export interface Judgement {
  readonly score: number;
  readonly level: Severity | undefined;
}

/** Four significant digits: figures are rounded before they meet a bound or a message, so that the last bits of an arithmetic never decide. */
export function rounded(value: number): number {
  return value === 0 || !Number.isFinite(value) ? value : Number(value.toPrecision(4));
}

/**
 * Puts a measured value on the scale of its rule: 0 at `even`, .5 at the warn bound, .8 at the error
 * bound, 1 at `worst`, linear between (in logarithms for ratio scales). The score and the level come
 * from the same comparison, so that .5 is the warn line and .8 the error line of every rule.
 *
 * @param value in the unit of the measure; rounded to four significant digits first
 * @param options the rule's options, among them the bounds that `measure` names
 */
export function judge(measure: Measure, value: number, options: { readonly [name: string]: unknown }): Judgement {
  const warn = options[measure.warn] as number;
  const error = measure.error === undefined ? undefined : (options[measure.error] as number);
  const sign = measure.worst >= measure.even ? 1 : -1;
  const on = (x: number) => sign * (measure.scale === 'log' ? Math.log(Math.max(x, 1e-12)) : x);
  const x = on(rounded(value));
  const steps: [at: number, score: number][] = [
    [Math.min(on(measure.even), on(warn)), 0],
    [on(warn), 0.5],
    ...(error === undefined ? [] : [[Math.max(on(error), on(warn)), 0.8] as [number, number]]),
    [Math.max(on(measure.worst), on(error ?? warn)), error === undefined ? 0.79 : 1],
  ];
  const level = error !== undefined && x >= on(error) ? 'error' : x >= on(warn) ? 'warn' : undefined;
  return { score: rounded(between(steps, x)), level };
}

function between(steps: readonly (readonly [at: number, score: number])[], x: number): number {
  let score = 0;
  for (let i = 0; i < steps.length; i++) {
    const [at, reached] = steps[i]!;
    if (x < at) {
      if (i === 0) return 0;
      const [from, before] = steps[i - 1]!;
      return before + ((reached - before) * (x - from)) / (at - from);
    }
    score = reached;
  }
  return score;
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warn: 1, error: 2 };

/** The lesser of a level and its ceiling. */
export function atMost(level: Severity, ceiling: Severity): Severity {
  return WEIGHT[level] <= WEIGHT[ceiling] ? level : ceiling;
}

/** Negative when `a` weighs more than `b`: worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return WEIGHT[b] - WEIGHT[a];
}

/** A score held just under the line of the level that its finding was held back from. */
export function heldBack(score: number, level: Severity): number {
  return level === 'info' ? Math.min(score, 0.49) : level === 'warn' ? Math.min(score, 0.79) : score;
}
