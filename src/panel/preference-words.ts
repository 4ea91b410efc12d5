import { feature } from '../features/feature.ts';
import { competency } from '../stats/association.ts';
import { normalQuantile } from '../stats/tails.ts';
import type { Evidence, Panel } from '../types.ts';
import { type PreferencePair, preferenceEvidence, preferencePairs, textOf } from './preferences.ts';
import { isPlainWord, words } from './words.ts';

/** A word, or two words in a row, that stands in one kind of reply far more often than in the other. */
export interface PreferenceWord {
  /** One word, or two with a blank between, in lower case. */
  readonly text: string;
  /** Pairs in whose chosen reply alone it stands, and those in whose rejected reply alone; where it stands in both it tells nothing. */
  readonly chosenOnly: number;
  readonly rejectedOnly: number;
  /** chosenOnly / (chosenOnly + rejectedOnly): how often the reply that has it is the chosen one, 0–1. */
  readonly p: number;
  /** What p would be if the word stood anywhere at random: one half, or more where the chosen replies are longer. */
  readonly p0: number;
  /** Standard errors between p and p0; below 0 where it marks the rejected reply. */
  readonly z: number;
  /** log₂ of how many times as often as chance the reply that has it is the chosen one (or the rejected one, whichever it marks), each count half a pair larger; 0–1. */
  readonly pmi: number;
  /** Share of the pairs that it tells apart, 0–1. */
  readonly coverage: number;
  /** Two pairs in which it does, "chosen: …; rejected: …". */
  readonly witnesses: readonly Evidence[];
}

export interface PreferenceWords {
  /** Pairs that were read: the two replies differ, one pair per ranking. */
  readonly pairs: number;
  /** Words and pairs of words that were tested. */
  readonly tested: number;
  /** Strongest first. */
  readonly found: readonly PreferenceWord[];
}

/** The first so many pairs in hash order, a fair sample, and so many words of each reply. */
const PAIRS = 4000;
const WORDS = 300;
/** A word tells so many pairs apart at least, and this share of them. */
const TIMES = 20;
const TIMES_SHARE = 0.002;
const BEYOND = 0.15;
const CHANCE = 0.01;
const MOST = 50;
const WITNESSES = 2;

/**
 * Words that give the chosen or the rejected reply away, by competency: of n pairs that a word tells apart, the reply that has it is the
 * chosen one in a share p̂ where a share p₀ is expected, so z = (p̂ − p₀) / √(p₀(1 − p₀) / n). Replies of equal length make p₀ one half.
 * Where the chosen replies are longer they hold more of every word, which is what length tells already: then p₀ is what the lengths alone
 * bring about (`expected`).
 *
 * Kept where that is beyond chance for all the words tested (two-sided, Bonferroni at .01), n ≥ max(20, .2 % of the pairs), and p̂ at least
 * .15 from p₀, and from one half on the same side. At most 50. Two words in a row count only if both are frequent enough alone, and are dropped where one of them says
 * nearly the same. Of a ranking, whose pairs share a reply, one pair is read.
 *
 * M. Gardner et al. 2021, “Competency problems”, https://aclanthology.org/2021.emnlp-main.135
 */
export const preferenceWords: (panel: Panel) => PreferenceWords = feature((panel: Panel) => {
  const read = onePerRanking(preferencePairs(panel));
  const least = Math.max(TIMES, TIMES_SHARE * read.length);
  const vocabulary = new Map<string, number>();
  const singles = read.map(({ chosen, rejected }) => [idsOf(textOf(chosen), vocabulary), idsOf(textOf(rejected), vocabulary)] as const);
  const counted = countsOf(singles, vocabulary.size);
  const runs = new Map<number, number>();
  const doubles = singles.map(
    ([chosen, rejected]) => [runsOf(chosen, counted, least, runs), runsOf(rejected, counted, least, runs)] as const,
  );

  const names = [...vocabulary.keys()];
  const lengths = lengthsOf(singles);
  const candidates = [
    ...testable(counted, least, read.length, lengths, (id) => [id]),
    ...testable(countsOf(doubles, runs.size), least, read.length, lengths, wordsOf([...runs.keys()])),
  ];
  const bound = candidates.length === 0 ? 0 : normalQuantile(Math.max(1e-12, CHANCE / (2 * candidates.length)));
  const strong = candidates
    .filter(
      ({ ids, p, p0, z }) =>
        ids.every((id) => isPlainWord(names[id]!)) &&
        Math.abs(z) >= bound &&
        Math.abs(p - p0) >= BEYOND &&
        (p - 0.5) * Math.sign(z) >= BEYOND,
    )
    .map((one) => ({ ...one, text: one.ids.map((id) => names[id]!).join(' ') }))
    .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.text < b.text ? -1 : 1));
  const found = withoutRepeats(strong)
    .slice(0, MOST)
    .map(({ text, chosenOnly, rejectedOnly, p, p0, z }) => ({
      text,
      chosenOnly,
      rejectedOnly,
      p,
      p0,
      z,
      pmi: Math.log2((Math.max(chosenOnly, rejectedOnly) + 0.5) / ((chosenOnly + rejectedOnly + 1) / 2)),
      coverage: (chosenOnly + rejectedOnly) / read.length,
      witnesses: witnessesOf(text, z > 0, read),
    }));
  return { pairs: read.length, tested: candidates.length, found };
});

function onePerRanking(all: readonly PreferencePair[]): PreferencePair[] {
  const seen = new Set<number>();
  const read: PreferencePair[] = [];
  for (const pair of all) {
    if (seen.has(pair.ranking)) continue;
    seen.add(pair.ranking);
    read.push(pair);
    if (read.length === PAIRS) break;
  }
  return read;
}

// ── Counting ────────────────────────────────────────────────────────────────

/** What the chosen and the rejected reply of each pair hold, in order, as numbers from 0. */
type Sides = readonly (readonly [chosen: Uint32Array, rejected: Uint32Array])[];

function idsOf(text: string, vocabulary: Map<string, number>): Uint32Array {
  return Uint32Array.from(words(text, WORDS), (word) => numberOf(word, vocabulary));
}

function numberOf<T>(of: T, numbers: Map<T, number>): number {
  let number = numbers.get(of);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(of, number);
  }
  return number;
}

/** Two word numbers as one: there are at most 2·4000·300 words, fewer than 2²². */
const PAIRED = 2 ** 22;
const wordsOf = (keys: readonly number[]) => (id: number) => [Math.floor(keys[id]! / PAIRED), keys[id]! % PAIRED];

/** Two words in a row, both of which stand in so many pairs that the two may do so together. */
function runsOf(ids: Uint32Array, { either }: Counts, least: number, runs: Map<number, number>): Uint32Array {
  const found = new Uint32Array(ids.length);
  let n = 0;
  for (let i = 1; i < ids.length; i++) {
    if (either[ids[i]!]! < least || either[ids[i - 1]!]! < least) continue;
    found[n++] = numberOf(ids[i - 1]! * PAIRED + ids[i]!, runs);
  }
  return found.subarray(0, n);
}

interface Counts {
  /** In how many pairs each stands in the chosen reply alone, in the rejected one alone, and in one or both. */
  readonly chosenOnly: Uint32Array;
  readonly rejectedOnly: Uint32Array;
  readonly either: Uint32Array;
}

function countsOf(sides: Sides, size: number): Counts {
  const counts = { chosenOnly: new Uint32Array(size), rejectedOnly: new Uint32Array(size), either: new Uint32Array(size) };
  eachHeld(sides, size, (id, chosen, rejected) => {
    counts.either[id]! += 1;
    if (!rejected) counts.chosenOnly[id]! += 1;
    if (!chosen) counts.rejectedOnly[id]! += 1;
  });
  return counts;
}

/** Shows what each pair holds, once. */
function eachHeld(sides: Sides, size: number, show: (id: number, chosen: boolean, rejected: boolean) => void): void {
  const inChosen = new Uint32Array(size); // the last pair, from 1, in which it was seen
  const inRejected = new Uint32Array(size);
  sides.forEach(([chosen, rejected], pair) => {
    const mark = pair + 1;
    for (const id of rejected) inRejected[id] = mark;
    for (const id of chosen) {
      if (inChosen[id] === mark) continue;
      inChosen[id] = mark;
      show(id, true, inRejected[id] === mark);
    }
    for (const id of rejected) {
      if (inRejected[id] !== mark) continue;
      inRejected[id] = 0;
      if (inChosen[id] !== mark) show(id, false, true);
    }
  });
}

interface Candidate {
  readonly ids: readonly number[];
  readonly chosenOnly: number;
  readonly rejectedOnly: number;
  readonly p: number;
  readonly p0: number;
  readonly z: number;
}

/** What tells enough pairs apart, whichever way it points: so that the tests to come stay fair. */
function testable(
  counts: Counts,
  least: number,
  pairs: number,
  lengths: readonly Lengths[],
  wordsOfOne: (id: number) => number[],
): Candidate[] {
  const found: Candidate[] = [];
  for (let id = 0; id < counts.either.length; id++) {
    const [won, lost] = [counts.chosenOnly[id]!, counts.rejectedOnly[id]!];
    const n = won + lost;
    if (n < least) continue;
    const p0 = expected((2 * counts.either[id]! - n) / (2 * pairs), lengths);
    found.push({ ids: wordsOfOne(id), chosenOnly: won, rejectedOnly: lost, p: won / n, p0, z: competency(won, n, p0) });
  }
  return found;
}

/** Pairs whose replies are about as long, and how long, on average. */
interface Lengths {
  readonly pairs: number;
  readonly chosen: number;
  readonly rejected: number;
}

function lengthsOf(sides: Sides): Lengths[] {
  const cells = new Map<number, { pairs: number; chosen: number; rejected: number }>();
  const band = (length: number): number => Math.round(2 * Math.log2(length + 1)); // steps of 1.4 times
  for (const [chosen, rejected] of sides) {
    const key = band(chosen.length) * 100 + band(rejected.length);
    const cell = cells.get(key) ?? { pairs: 0, chosen: 0, rejected: 0 };
    cells.set(key, { pairs: cell.pairs + 1, chosen: cell.chosen + chosen.length, rejected: cell.rejected + rejected.length });
  }
  return [...cells.entries()]
    .toSorted(([a], [b]) => a - b)
    .map(([, { pairs, chosen, rejected }]) => ({ pairs, chosen: chosen / pairs, rejected: rejected / pairs }));
}

/**
 * Of the pairs that a word would tell apart if it stood anywhere at random, the share in which the chosen reply has it: one half where
 * chosen and rejected replies are equally long. At `rate` times per word, a reply of L words holds it with 1 − e^(−rate·L) (Poisson).
 *
 * @param share of the replies that hold the word, from which comes its rate
 */
function expected(share: number, lengths: readonly Lengths[]): number {
  let pairs = 0;
  let length = 0;
  for (const cell of lengths) {
    pairs += cell.pairs;
    length += (cell.pairs * (cell.chosen + cell.rejected)) / 2;
  }
  const rate = (-Math.log1p(-Math.min(share, 0.999)) * pairs) / length;
  let won = 0;
  let lost = 0;
  for (const cell of lengths) {
    const without = [Math.exp(-rate * cell.chosen), Math.exp(-rate * cell.rejected)] as const;
    won += cell.pairs * (1 - without[0]) * without[1];
    lost += cell.pairs * (1 - without[1]) * without[0];
  }
  return won + lost > 0 ? Math.min(0.999, Math.max(0.001, won / (won + lost))) : 0.5;
}

/** Strongest first, without two words in a row that say little more than one of them does, or than a stronger such pair that overlaps. */
function withoutRepeats<T extends Candidate>(strong: readonly T[]): T[] {
  const kept: T[] = [];
  const single = new Map(strong.filter(({ ids }) => ids.length === 1).map((one) => [one.ids[0]!, one]));
  const double = new Map<number, T[]>();
  for (const one of strong) {
    if (one.ids.length > 1) {
      const others = one.ids.flatMap((id) => [...(single.has(id) ? [single.get(id)!] : []), ...(double.get(id) ?? [])]);
      if (others.some((other) => other.z > 0 === one.z > 0 && Math.abs(one.p - one.p0) - Math.abs(other.p - other.p0) < BEYOND)) continue;
      for (const id of one.ids) double.set(id, [...(double.get(id) ?? []), one]);
    }
    kept.push(one);
  }
  return kept;
}

/** The first pairs in hash order whose chosen (or rejected) reply alone has it. */
function witnessesOf(text: string, inChosen: boolean, read: readonly PreferencePair[]): Evidence[] {
  const found: Evidence[] = [];
  for (const pair of read) {
    const [mine, other] = inChosen ? [pair.chosen, pair.rejected] : [pair.rejected, pair.chosen];
    const where = textOf(mine);
    const index = placeOf(text, where);
    if (index < 0 || !holds(text, words(where, WORDS)) || holds(text, words(textOf(other), WORDS))) continue;
    found.push(preferenceEvidence(pair, undefined, inChosen ? [index, 0] : [0, index]));
    if (found.length === WITNESSES) break;
  }
  return found;
}

/** Where the first of the words may stand, as far as lower-casing keeps lengths; −1: nowhere. */
function placeOf(text: string, where: string): number {
  const [first = '', second] = text.split(' ');
  const lower = where.toLowerCase().replaceAll('’', "'");
  let place = -1;
  let tries = 0;
  for (let at = lower.indexOf(first); at >= 0 && tries < TRIES; at = lower.indexOf(first, at + 1), tries++) {
    if (place < 0) place = at;
    const here = words(lower.slice(Math.max(0, at - 1), at + first.length + 1), 2); // the word with its neighbours
    if (!here.includes(first)) continue;
    if (second === undefined || words(lower.slice(at, at + text.length + 20), 2)[1] === second) return at;
  }
  return place;
}

const TRIES = 50;

function holds(text: string, said: readonly string[]): boolean {
  const [first, second] = text.split(' ');
  return said.some((word, i) => word === first && (second === undefined || said[i + 1] === second));
}
