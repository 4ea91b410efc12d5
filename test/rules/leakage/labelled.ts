import { pick, random, sentence } from '../../generate.ts';

/** Labelled prompts whose words, case, marks and length have nothing to do with the label, but for the cue that is put in. */
export interface Labelled {
  readonly n: number;
  readonly seed: number;
  /** Label to share; they add up to 1. Default: yes and no, half each. */
  readonly labels?: Readonly<Record<string, number>>;
  /** Puts a cue into a prompt. */
  readonly cue?: (prompt: string, label: string, r: () => number) => string;
}

export type Pairs = (readonly [prompt: string, reply: string])[];

const ENDS = ['.', '.', '?', '', '!'];

export function labelled({ n, seed, labels = { yes: 0.5, no: 0.5 }, cue = (prompt) => prompt }: Labelled): Pairs {
  const r = random(seed);
  const names = Object.keys(labels);
  return Array.from({ length: n }, () => {
    let left = r();
    const label = names.find((name) => (left -= labels[name]!) < 0) ?? names.at(-1)!;
    return [cue(plain(r), label, r), label] as const;
  });
}

/** A sentence with random case, final mark, commas and numbers. */
export function plain(r: () => number): string {
  let text = sentence(r, 5 + Math.floor(r() * 14)).slice(0, -1);
  if (r() < 0.5) text = text.toLowerCase();
  if (r() < 0.3) text = `${text} ${Math.floor(r() * 900) + 3}`;
  if (r() < 0.3) text = text.replace(' and ', ', and ');
  return `${text}${pick(r, ENDS)}`;
}

/** With a chance of `strength` the mark tells: "?" for the first label, "." for all others; else either by chance. */
export const finalMark =
  (first: string, strength: number) =>
  (prompt: string, label: string, r: () => number): string => {
    const right = r() < 2 * strength - 1 || r() < 0.5;
    return `${prompt.replace(/[.?!]$/, '')}${(label === first) === right ? '?' : '.'}`;
  };

/** The same with the case of the first letter. */
export const firstCase =
  (first: string, strength: number) =>
  (prompt: string, label: string, r: () => number): string => {
    const right = r() < 2 * strength - 1 || r() < 0.5;
    return (label === first) === right ? `${prompt[0]!.toUpperCase()}${prompt.slice(1)}` : `${prompt[0]!.toLowerCase()}${prompt.slice(1)}`;
  };

/** A word put in for the first label with one chance, for all others with another. */
export const withWord =
  (word: string, first: string, there: number, elsewhere: number) =>
  (prompt: string, label: string, r: () => number): string =>
    r() < (label === first ? there : elsewhere) ? prompt.replace(' ', ` ${word} `) : prompt;

/** Two texts, the second of which gives the label away with a word. */
export const twoParts =
  (word: string, first: string, there: number, elsewhere: number) =>
  (prompt: string, label: string, r: () => number): string =>
    `Premise: ${prompt}\nHypothesis: ${withWord(word, first, there, elsewhere)(plain(r), label, r)}`;

/** The same with a double blank behind the first word. */
export const doubleBlank =
  (first: string, strength: number) =>
  (prompt: string, label: string, r: () => number): string => {
    const right = r() < 2 * strength - 1 || r() < 0.5;
    return (label === first) === right ? prompt.replace(' ', '  ') : prompt;
  };
