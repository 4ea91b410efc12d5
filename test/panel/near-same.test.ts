import { describe, expect, it } from 'vitest';
import { nearSame } from '../../src/panel/near-same.ts';
import { pick, random, sentence } from '../generate.ts';

const by = (...texts: readonly string[]) => nearSame(texts).map(({ first, second, by: what }) => [first, second, what]);
/** Two texts among others that know the words. */
const slip = (a: string, b: string, known = 5) => by(a, b, ...Array.from({ length: known - 1 }, (_, i) => `${i} ${b} again`));

describe('nearSame', () => {
  it.each([
    ['What is the age of the captain?', 'what is age of captain'],
    ["What's up", 'whats up?'],
    ['Please, set a reminder', 'Set the reminder!'],
    ["Don't stop", 'do not stop'],
    ['the highest-paid player', 'The highest paid player'],
    ["Use the word 'glad.'", 'Use the word "glad".'],
    ['Où est le café ?', 'où est le café'],
  ])('takes %j and %j for the same', (a, b) => expect(by(a, b)).toEqual([[0, 1, 'small words']]));

  it.each([
    ['older than 5', 'older than 6'],
    ['older than 5.5', 'older than 55'],
    ['is 3 - 2 right', 'is 3 + 2 right'],
    ['x is -5 now', 'x is 5 now'],
    ['It is so', 'It is not so'],
    ['the capital of Mali', 'the capital of Bali'],
    ['vitamin A and iron', 'vitamin and iron'],
    ['the man bites the dog', 'the dog bites the man'],
    ['his coat is red', 'her coat is red'],
    ['', '?'],
  ])('takes %j and %j for two things', (a, b) => expect(by(a, b)).toEqual([]));

  it('takes a rare spelling for a slip: a letter more, less, other, or two swapped', () => {
    for (const word of ['balannce', 'balnce', 'balunce', 'baalnce']) {
      expect(slip(`tell me my ${word} now`, 'tell me my balance now')).toEqual([[0, 1, 'spelling']]);
    }
    expect(slip('tell me my balnce now', 'tell me my balance now', 4)).toEqual([]); // not known enough
  });

  it('takes no other word for a slip', () => {
    for (const word of ['balanced', 'valance', 'balances', 'Balnce', 'baalncce']) {
      expect(slip(`tell me my ${word} now`, 'tell me my balance now')).toEqual([]);
    }
    expect(slip('is it hot or not', 'is it hat or not')).toEqual([]); // short words have many neighbours
    expect(slip('tell my balnce noow', 'tell my balance now')).toEqual([]); // two differences
    // both are known
    const both = ['form', 'farm'].flatMap((word) => Array.from({ length: 6 }, (_, i) => `the ${word}er of town ${i}`));
    expect(by(...both)).toEqual([]);
  });

  it('asks that all but the start of a long text be the same', () => {
    const long = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ');
    expect(by(`the ${long}`, long)).toEqual([]); // another character stands where it is cut
    expect(by(`${long} end`, `${long} the end`)).toEqual([]);
    expect(by(`a! b? ${long}`, `a? b! ${long}`)).toEqual([[0, 1, 'small words']]);
  });

  it('finds what comparing all pairs finds', () => {
    const r = random(5);
    const bases = Array.from({ length: 120 }, () => sentence(r, 6));
    const texts = new Set(
      Array.from({ length: 400 }, () => {
        const text = pick(r, bases);
        const at = Math.floor(r() * text.length);
        return pick(r, [text, `Please, ${text}`, `${text.slice(0, at)}${text.slice(at + 1)}`, `${text.slice(0, at)}e${text.slice(at)}`]);
      }),
    );
    const list = [...texts];
    const alone = (i: number, j: number) =>
      nearSame([list[i]!, list[j]!, ...list.filter((_, k) => k !== i && k !== j)]).some(({ first, second }) => first === 0 && second === 1);
    const found = nearSame(list).filter((pair) => pair.by === 'spelling');
    expect(found.length).toBeGreaterThan(3);
    for (const { first, second } of found.slice(0, 10)) expect(alone(first, second)).toBe(true);
    // the same, by the words as they are read
    const plain = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^a-z ]/g, '')
        .split(' ')
        .filter((word) => !['the', 'please', 'a', 'an'].includes(word));
    const times = new Map<string, number>();
    for (const text of list) for (const word of new Set(plain(text))) times.set(word, (times.get(word) ?? 0) + 1);
    let expected = 0;
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [a, b] = [plain(list[i]!), plain(list[j]!)];
        if (a.length !== b.length || a.length < 3) continue;
        const differing = a.map((word, k) => [word, b[k]!] as const).filter(([x, y]) => x !== y);
        if (differing.length !== 1) continue;
        const [x, y] = differing[0]!;
        const [low, high] = [times.get(x)!, times.get(y)!].sort((m, n) => m - n) as [number, number];
        if (low <= 2 && high >= 5 && x.length > 4 && y.length > 4 && x[0] === y[0] && x.at(-1) === y.at(-1) && distance(x, y) === 1)
          expected++;
      }
    }
    expect(found).toHaveLength(expected);
  });
});

/** Damerau–Levenshtein (optimal string alignment), by the book. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1);
    }
  }
  return d[a.length]![b.length]!;
}
