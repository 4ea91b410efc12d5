import { rounded } from '../judge.ts';
import { standardError } from './cues.ts';
import { random, shuffle } from './random.ts';

/** How well a small linear model tells the answer from some features: what a model could learn that reads nothing else. */

/** Rows with features that are there or not. */
export interface FeatureRows {
  /** The features of row i are `ids[starts[i]]` to `ids[starts[i + 1] − 1]`, each once. */
  readonly starts: Uint32Array;
  readonly ids: Uint32Array;
  /** One more than the greatest id. */
  readonly features: number;
}

/** What the probe found, on folds that it did not see. Shares are 0–1 and rounded. */
export interface ProbeResult {
  readonly rows: number;
  /** V-information as a share of the uncertainty about the answer: 1 − bits per answer with the features / bits without. */
  readonly share: number;
  /** The end of its one-sided 95 % interval, by delete-a-group jackknife over the held-out bits, without refitting. */
  readonly lower: number;
  /** V-information in bits per answer. */
  readonly bits: number;
  readonly accuracy: number;
  /** Mean over the classes of the share of their rows that are told right. */
  readonly balanced: number;
  /** The share of the commonest answer: what always giving it gets right. */
  readonly majority: number;
  /** `share` with each of the 20 groups left out. */
  readonly replicates: readonly number[];
  /** Per row the probability that was given to its answer. */
  readonly chances: Float64Array;
  /** Per row the class that was thought likeliest. */
  readonly guesses: Int16Array;
}

const GROUPS = 20;
const FOLDS = 5;
/** Rounds over the rows: few rows are read more often, so that the model is done learning; more would only fit noise. */
const STEPS = 8000;
const MOST_EPOCHS = 40;
const LEAST_EPOCHS = 8;
const RATE = 0.1;
/** Strength of the pull towards 0, per step and row. */
const RIDGE = 1e-3;
const ONE_SIDED = 1.6449;

/**
 * Fits a multinomial logistic model by Adagrad on four fifths of the groups and reads it on the rest, five times. Its scores are drawn
 * towards the base rates by a factor chosen on the other folds' held-out rows, so that a model without a clue costs no bits: predictive
 * V-information of the linear family, Xu et al. 2020, https://arxiv.org/abs/2002.10689; as a measure of data sets, Ethayarajh et al.
 * 2022, https://arxiv.org/abs/2110.08420. Time: the features of a row times the classes, some 40,000 times, or 32 times for each row if that is more; no randomness but a fixed seed.
 *
 * @param classOf per row its class, from 0; none is left out
 * @param groups per row 0–19; rows that must not be parted (near twins) share one
 */
export function probe(rows: FeatureRows, classOf: Int16Array, classes: number, groups: Uint8Array): ProbeResult {
  const n = classOf.length;
  const scores = new Float64Array(n * classes);
  const priors: Float64Array[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const fit = indexes(groups, (group) => group % FOLDS !== fold);
    const prior = priorOf(classOf, classes, fit);
    priors.push(prior);
    const weights = train(rows, classOf, classes, fit, prior);
    for (const i of indexes(groups, (group) => group % FOLDS === fold)) score(rows, i, weights, classes, prior, scores, i * classes);
  }
  const trust = trusts(scores, classOf, classes, groups, priors);
  const chances = new Float64Array(n);
  const guesses = new Int16Array(n);
  const bits = new Float64Array(2 * GROUPS);
  const rightOf = new Float64Array(classes);
  const sizeOf = new Float64Array(classes);
  let right = 0;
  const chance = new Float64Array(classes);
  for (let i = 0; i < n; i++) {
    const fold = groups[i]! % FOLDS;
    const prior = priors[fold]!;
    likelihoods(scores, i * classes, prior, trust[fold]!, chance);
    const answer = classOf[i]!;
    const guess = argmax(chance);
    chances[i] = chance[answer]!;
    guesses[i] = guess;
    sizeOf[answer]! += 1;
    if (guess === answer) {
      right += 1;
      rightOf[answer]! += 1;
    }
    bits[2 * groups[i]!]! -= Math.log2(prior[answer]!);
    bits[2 * groups[i]! + 1]! -= Math.log2(Math.max(1e-12, chance[answer]!));
  }
  const shareWithout = (left: number): number => {
    let without = 0;
    let withFeatures = 0;
    for (let group = 0; group < GROUPS; group++) {
      if (group === left) continue;
      without += bits[2 * group]!;
      withFeatures += bits[2 * group + 1]!;
    }
    return without > 0 ? 1 - withFeatures / without : 0;
  };
  const share = shareWithout(-1);
  const replicates = Array.from({ length: GROUPS }, (_, group) => shareWithout(group));
  const all = bits.reduce((sum, x, i) => sum + (i % 2 === 0 ? x : 0), 0);
  let seen = 0;
  let recall = 0;
  for (let y = 0; y < classes; y++) {
    if (sizeOf[y] === 0) continue;
    seen += 1;
    recall += rightOf[y]! / sizeOf[y]!;
  }
  return {
    rows: n,
    share: rounded(Math.max(0, share)),
    lower: rounded(Math.max(0, share - ONE_SIDED * standardError(replicates))),
    bits: rounded(n === 0 ? 0 : (Math.max(0, share) * all) / n),
    accuracy: rounded(n === 0 ? 0 : right / n),
    balanced: rounded(seen === 0 ? 0 : recall / seen),
    majority: rounded(n === 0 ? 0 : sizeOf.reduce((a, b) => Math.max(a, b), 0) / n),
    replicates: replicates.map((x) => rounded(Math.max(0, x))),
    chances,
    guesses,
  };
}

function indexes(groups: Uint8Array, takes: (group: number) => boolean): Uint32Array {
  const found = new Uint32Array(groups.length);
  let n = 0;
  for (let i = 0; i < groups.length; i++) if (takes(groups[i]!)) found[n++] = i;
  return found.slice(0, n);
}

/** The base rates, with one more answer spread over all classes, so that none is impossible. */
function priorOf(classOf: Int16Array, classes: number, fit: Uint32Array): Float64Array {
  const prior = new Float64Array(classes).fill(1 / classes);
  for (const i of fit) prior[classOf[i]!]! += 1;
  return prior.map((count) => count / (fit.length + 1));
}

/** Weights of `features × classes`, and last what is added for every row: to the base rates, which are given. */
function train(rows: FeatureRows, classOf: Int16Array, classes: number, fit: Uint32Array, prior: Float64Array): Float64Array {
  const { starts, ids, features } = rows;
  const scale = scaleOf(starts);
  const weights = new Float64Array((features + 1) * classes);
  const squares = new Float64Array((features + 1) * classes);
  const order = fit.slice();
  const next = random(0x70b0be5);
  const chance = new Float64Array(classes);
  const epochs = Math.min(MOST_EPOCHS, Math.max(LEAST_EPOCHS, Math.ceil(STEPS / Math.max(1, fit.length))));
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, next);
    for (const i of order) {
      const from = starts[i]!;
      const to = starts[i + 1]!;
      if (from === to) continue;
      score(rows, i, weights, classes, prior, chance, 0);
      softmax(chance);
      chance[classOf[i]!]! -= 1;
      const value = scale;
      for (let f = from; f <= to; f++) {
        const always = f === to;
        const at = (always ? features : ids[f]!) * classes;
        for (let y = 0; y < classes; y++) {
          const slope = always ? chance[y]! : chance[y]! * value + RIDGE * weights[at + y]!;
          squares[at + y]! += slope * slope;
          weights[at + y]! -= (RATE * slope) / Math.sqrt(squares[at + y]! + 1e-8);
        }
      }
    }
  }
  return weights;
}

/** Log-scores of one row: the logarithm of the base rate, what is added for every row, and the weights of its features. */
function score(
  { starts, ids, features }: FeatureRows,
  row: number,
  weights: Float64Array,
  classes: number,
  prior: Float64Array,
  into: Float64Array,
  at: number,
): void {
  const from = starts[row]!;
  const to = starts[row + 1]!;
  for (let y = 0; y < classes; y++) into[at + y] = 0;
  for (let f = from; f < to; f++) {
    const weight = ids[f]! * classes;
    for (let y = 0; y < classes; y++) into[at + y]! += weights[weight + y]!;
  }
  const value = scaleOf(starts);
  const always = to > from ? features * classes : -1;
  for (let y = 0; y < classes; y++) into[at + y] = Math.log(prior[y]!) + into[at + y]! * value + (always < 0 ? 0 : weights[always + y]!);
}

/** What a feature of a row counts: rows weigh 1 on average, by their square. */
const scaleOf = (starts: Uint32Array): number => 1 / Math.sqrt(Math.max(1, starts[starts.length - 1]! / Math.max(1, starts.length - 1)));

function softmax(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let y = 0; y < scores.length; y++) if (scores[y]! > most) most = scores[y]!;
  let sum = 0;
  for (let y = 0; y < scores.length; y++) {
    scores[y] = Math.exp(scores[y]! - most);
    sum += scores[y]!;
  }
  for (let y = 0; y < scores.length; y++) scores[y]! /= sum;
}

/** The probabilities of one row, its scores drawn towards the base rates: 0 = base rates, 1 = as the model has them. */
function likelihoods(scores: Float64Array, at: number, prior: Float64Array, trust: number, into: Float64Array): void {
  for (let y = 0; y < into.length; y++) {
    const base = Math.log(prior[y]!);
    into[y] = base + trust * (scores[at + y]! - base);
  }
  softmax(into);
}

const TRUSTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 5];

/** Per fold how far to trust the model: what costs the fewest bits on the held-out rows of the other folds. */
function trusts(
  scores: Float64Array,
  classOf: Int16Array,
  classes: number,
  groups: Uint8Array,
  priors: readonly Float64Array[],
): readonly number[] {
  const bits = TRUSTS.map(() => new Float64Array(FOLDS));
  const chance = new Float64Array(classes);
  TRUSTS.forEach((trust, t) => {
    for (let i = 0; i < classOf.length; i++) {
      const fold = groups[i]! % FOLDS;
      likelihoods(scores, i * classes, priors[fold]!, trust, chance);
      bits[t]![fold]! -= Math.log2(Math.max(1e-12, chance[classOf[i]!]!));
    }
  });
  return Array.from({ length: FOLDS }, (_, fold) => {
    const others = bits.map((each) => each.reduce((sum, x, other) => sum + (other === fold ? 0 : x), 0));
    let best = 0;
    for (let t = 1; t < TRUSTS.length; t++) if (others[t]! < others[best]!) best = t;
    return TRUSTS[best]!;
  });
}

function argmax(numbers: Float64Array): number {
  let best = 0;
  for (let y = 1; y < numbers.length; y++) if (numbers[y]! > numbers[best]!) best = y;
  return best;
}
