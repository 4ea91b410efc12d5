/** How much of a reply is taken from its prompt, word for word. */

export interface Overlap {
  /** Σ|f| / |y|: the share of the reply's words that stand in a fragment. 0–1. */
  readonly coverage: number;
  /** Σ|f|² / |y|: the length of the fragment that a word of the reply stands in, on average. 0 and up. */
  readonly density: number;
  /** |x| / |y|: how many times as long as the reply the prompt is. */
  readonly compression: number;
  /** The share of the prompt's words that the reply has, each as often as it has it (ROUGE-1 recall). 0–1; 0 of an empty prompt. */
  readonly recall: number;
  /** The share of the reply's distinct bigrams that the prompt does not have. 0–1; of one word, 0 where the prompt has it. */
  readonly novelBigrams: number;
  /** Whether the reply stands in the prompt as one fragment. */
  readonly verbatim: boolean;
}

/** Gives each distinct word a number from 1 up; pass the same one to calls that should share it. */
export class Vocabulary {
  readonly ids = new Map<string, number>();

  of(words: readonly string[]): Int32Array {
    const found = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      let id = this.ids.get(word);
      if (id === undefined) {
        id = this.ids.size + 1;
        this.ids.set(word, id);
      }
      found[i] = id;
    }
    return found;
  }
}

/**
 * The lengths, in words, of the greedy longest shared fragments of the reply y with its prompt x, in the order of y:
 * at each word the longest run that stands anywhere in x, then on behind it; a word that x lacks is in none.
 *
 * Grusky, Naaman & Artzi 2018, Newsroom, https://aclanthology.org/N18-1065 (figure 2; the published code takes O(|x|·|y|)).
 * Exact and linear here: a suffix automaton of x (Blumer et al. 1985, https://doi.org/10.1016/0304-3975(85)90157-4)
 * knows every run of x, and y is read through it once.
 */
export function fragments(x: Int32Array, y: Int32Array): number[] {
  const runs = automatonOf(x);
  const lengths: number[] = [];
  let state = 0;
  let length = 0;
  for (let i = 0; i < y.length; i++) {
    let next = runs.step(state, y[i]!);
    if (next < 0 && length > 0) {
      lengths.push(length);
      length = 0;
      next = runs.step(0, y[i]!);
    }
    state = Math.max(next, 0);
    if (next >= 0) length++;
  }
  if (length > 0) lengths.push(length);
  return lengths;
}

/** All measures of overlap of a prompt x and a reply y, as numbers of one vocabulary. `undefined` of a reply without words. */
export function overlap(x: Int32Array, y: Int32Array): Overlap | undefined {
  if (y.length === 0) return undefined;
  const lengths = fragments(x, y);
  let covered = 0;
  let squares = 0;
  for (const length of lengths) {
    covered += length;
    squares += length * length;
  }
  return {
    coverage: covered / y.length,
    density: squares / y.length,
    compression: x.length / y.length,
    recall: recallOf(x, y),
    novelBigrams: novelty(x, y),
    verbatim: lengths[0] === y.length,
  };
}

function recallOf(x: Int32Array, y: Int32Array): number {
  if (x.length === 0) return 0;
  const left = new Map<number, number>();
  for (const word of y) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of x) {
    const times = left.get(word);
    if (times === undefined || times === 0) continue;
    left.set(word, times - 1);
    shared++;
  }
  return shared / x.length;
}

function novelty(x: Int32Array, y: Int32Array): number {
  if (y.length === 1) return x.includes(y[0]!) ? 0 : 1;
  const known = bigrams(x);
  const own = bigrams(y);
  let fresh = 0;
  for (const bigram of own) if (!known.has(bigram)) fresh++;
  return fresh / own.size;
}

function bigrams(words: Int32Array): Set<number> {
  const found = new Set<number>();
  for (let i = 1; i < words.length; i++) found.add(words[i - 1]! * 0x4000_0000 + words[i]!);
  return found;
}

interface Automaton {
  /** The state reached from `state` by `word`; −1 where no run of the text goes on so. The start is state 0. */
  step(state: number, word: number): number;
}

/*
 * At most 2n states and 3n transitions. Transitions live in one hash table (open addressing) and, since a cloned state copies
 * those of another, also in a list per state; no object per state, so that a thousand texts leave nothing behind.
 */
function automatonOf(text: Int32Array): Automaton {
  const n = text.length;
  const length = new Int32Array(2 * n + 1);
  const link = new Int32Array(2 * n + 1);
  const first = new Int32Array(2 * n + 1); // edge + 1 of the state's list
  const from = new Int32Array(3 * n + 1);
  const by = new Int32Array(3 * n + 1);
  const to = new Int32Array(3 * n + 1);
  const next = new Int32Array(3 * n + 1);
  let slots = 16;
  while (slots < 6 * n) slots *= 2;
  const table = new Int32Array(slots); // edge + 1; 0 = free
  let edges = 0;
  let states = 1;
  let last = 0;
  link[0] = -1;

  /** The slot of a transition, or the free one where it would go. */
  const slotOf = (state: number, word: number): number => {
    let hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & (slots - 1);
    for (let edge = table[slot]!; edge !== 0; edge = table[slot]!) {
      if (from[edge - 1] === state && by[edge - 1] === word) return slot;
      slot = (slot + 1) & (slots - 1);
    }
    return slot;
  };
  const step = (state: number, word: number): number => {
    const edge = table[slotOf(state, word)]!;
    return edge === 0 ? -1 : to[edge - 1]!;
  };
  const add = (state: number, word: number, target: number): void => {
    from[edges] = state;
    by[edges] = word;
    to[edges] = target;
    next[edges] = first[state]!;
    edges++;
    first[state] = edges;
    table[slotOf(state, word)] = edges;
  };

  for (const word of text) {
    const current = states++;
    length[current] = length[last]! + 1;
    let state = last;
    last = current;
    while (state !== -1 && step(state, word) < 0) {
      add(state, word, current);
      state = link[state]!;
    }
    if (state === -1) continue; // link 0: no earlier run ends with this word
    const target = step(state, word);
    if (length[target] === length[state]! + 1) {
      link[current] = target;
      continue;
    }
    const clone = states++;
    length[clone] = length[state]! + 1;
    link[clone] = link[target]!;
    for (let edge = first[target]!; edge !== 0; edge = next[edge - 1]!) add(clone, by[edge - 1]!, to[edge - 1]!);
    while (state !== -1) {
      const slot = slotOf(state, word);
      const edge = table[slot]!;
      if (edge === 0 || to[edge - 1] !== target) break;
      to[edge - 1] = clone;
      state = link[state]!;
    }
    link[target] = clone;
    link[current] = clone;
  }
  return { step };
}
