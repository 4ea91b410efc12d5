import type { ProbeResult } from '../stats/probe.ts';
import { percent } from '../wording.ts';
import type { AnsweredPairs } from './answered.ts';

/** What the rules have in common that measure how much of the answer something tells: the bounds, and the pairs that a model is fitted on. */

/** Their options: the bounds, as shares of the uncertainty about the answer. `by`: what tells it, "one cue". */
export const toldOptions = (by: string) =>
  ({
    warn: {
      type: 'number',
      default: 0.05,
      minimum: 0,
      maximum: 1,
      description: `The share of the uncertainty about the answer that ${by} takes away at which it is a warning.`,
    },
    error: { type: 'number', default: 0.15, minimum: 0, maximum: 1, description: 'The same at which it is an error.' },
  }) as const;

export const toldMeasures = { told: { even: 0.02, worst: 0.5, scale: 'linear', warn: 'warn', error: 'error' } } as const;

/** The lower end of an interval with one of the 20 groups left out: as far below the replicate as it lies below the whole. 0 and up. */
export const lowerWithout = (value: number, lower: number, replicates: readonly number[], group: number): number =>
  Math.max(0, replicates[group]! - (value - lower));

/** "at least 46% of the answer", "all of the answer". */
export const atLeast = (share: number, of: string): string => (share >= 0.995 ? `all of ${of}` : `at least ${percent(share)} of ${of}`);

/**
 * How far a rule gets beyond always giving the commonest answer, which says whether a share of the uncertainty matters: U of a rare
 * answer is easily large. `nowhere`: less than 2 % of all answers more. `little`: less than 5 % of those that the commonest gets wrong.
 * `some`: less than 30 %. `far`.
 */
export function reach(accuracy: number, majority: number): 'nowhere' | 'little' | 'some' | 'far' {
  const gain = accuracy - majority;
  const ofErrors = gain / Math.max(1e-9, 1 - majority);
  return gain < 0.02 ? 'nowhere' : ofErrors < 0.05 ? 'little' : ofErrors < 0.3 ? 'some' : 'far';
}

/** Pairs that a model is fitted on, per task and kind of answer, and over all of them. */
const PAIRS = 4000;
const PAIRS_IN_ALL = 12_000;
/** Kinds of answer that are told apart: the commonest. */
const KINDS = 20;
/** Below these a fifth of the pairs is too little to judge a model on. */
const LEAST = 100;
const LEAST_OTHERS = 20;

export interface Probing {
  /** Indexes into `items`, ascending. */
  readonly read: readonly number[];
  /** Of these the class, below `kinds`. */
  readonly classOf: Int16Array;
  readonly kinds: number;
}

/**
 * The pairs to fit a model on: those with the smallest hashes, 4,000 at most, with one of the 20 commonest answers.
 *
 * @param among how many kinds of answer are looked at in all
 * @returns undefined where they are fewer than 100, or fewer than 20 have another answer than the commonest
 */
export function pairsToProbe({ items, classOf: all, classes }: AnsweredPairs, among: number): Probing | undefined {
  const most = Math.floor(Math.min(PAIRS, PAIRS_IN_ALL / Math.max(1, among)));
  const kinds = Math.min(classes, KINDS);
  const read: number[] = [];
  for (let i = 0; i < items.length && read.length < most; i++) if (all[i]! < kinds) read.push(i);
  const classOf = Int16Array.from(read, (i) => all[i]!);
  const sizes = new Array<number>(kinds).fill(0);
  for (const at of classOf) sizes[at]! += 1;
  return read.length < LEAST || read.length - Math.max(...sizes) < LEAST_OTHERS ? undefined : { read, classOf, kinds };
}

/** Rows that a model gets right without what it should need, the surest first; ties in hash order. As `ProbeResult` has them. */
export const surestRight = ({ chances, guesses }: Pick<ProbeResult, 'chances' | 'guesses'>, classOf: Int16Array): number[] =>
  Array.from(classOf, (_, row) => row)
    .filter((row) => guesses[row] === classOf[row])
    .toSorted((a, b) => chances[b]! - chances[a]! || a - b);
