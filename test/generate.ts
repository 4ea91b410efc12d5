import { random } from '../src/testing.ts';

export { random };

/** One of `list`. */
export const pick = <T>(r: () => number, list: readonly T[]): T => list[Math.floor(r() * list.length)]!;

const NOUNS =
  'river bridge market teacher window garden engine letter winter harbour doctor village kitchen paper mountain camera station forest island painter library horse coat lamp valley ship road song field clock'.split(
    ' ',
  );
const VERBS = 'opens follows repairs finds paints carries leaves watches crosses measures sells builds remembers cleans hides brings'.split(
  ' ',
);
const ADJECTIVES = 'old green quiet narrow heavy broken early distant wooden bright cold empty careful small loud'.split(' ');
const PLACES =
  'near the coast|before noon|in the north|after the storm|behind the mill|for two days|without a word|at night|on Sunday|under the hill'.split(
    '|',
  );

/** An English-like sentence of about `words` words, with a capital and a full stop. The same for the same state of `r`. */
export function sentence(r: () => number, words = 8): string {
  const said: string[] = [];
  while (said.length < words) {
    said.push('the', pick(r, ADJECTIVES), pick(r, NOUNS), pick(r, VERBS), 'the', pick(r, NOUNS));
    if (r() < 0.5) said.push(...pick(r, PLACES).split(' '));
    if (said.length < words) said.push('and');
  }
  const cut = said.slice(0, Math.max(words, 3));
  const text = cut.join(' ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
