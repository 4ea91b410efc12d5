import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, editOf, wordList } from '../../src/panel/alignment.ts';

describe('wordList', () => {
  it.each([
    ['Plain words, and (marks)!', ['plain', 'words', 'and', 'marks']],
    ["it's the dogs' don’t", ["it's", 'the', 'dogs', "don't"]],
    ['1,250.5 and 4500, 1,25 3.', ['12505', 'and', '4500', '1', '25', '3']],
    ['E. F. Benson', ['e', 'f', 'benson']],
    ['one-way', ['one', 'way']],
    ['Éléonore naïve', ['éléonore', 'naïve']],
    ['e\u0301te\u0301', ['e\u0301te\u0301']],
    ['我们 ok去', ['我', '们', 'ok', '去']],
    ['𝒜b 😀 c', ['𝒜b', 'c']],
    ['__proto__ constructor', ['proto', 'constructor']],
    ["''", []],
    ['', []],
  ])('of %j', (text, words) => expect(wordList(text, 100).folded).toEqual(words));

  it('knows where words stand', () => {
    const text = ' The  cat’s 1,000 ';
    const { starts, ends, cut } = wordList(text, 100);
    expect(starts.map((start, i) => text.slice(start, ends[i]))).toEqual(['The', 'cat’s', '1,000']);
    expect(cut).toBe(false);
  });

  it('stops at the number asked for', () => {
    expect(wordList('a b c', 2)).toMatchObject({ folded: ['a', 'b'], cut: true });
    expect(wordList('a b !', 2)).toMatchObject({ folded: ['a', 'b'], cut: false });
  });

  it('finds the words that the pattern of the foundations finds, numbers aside', () => {
    const chars = fc.constantFrom('a', 'B', "'", ' ', '-', 'é', '.', ',', '\n', '"');
    fc.assert(
      fc.property(fc.array(chars, { maxLength: 40 }), (list) => {
        const text = list.join('');
        expect(wordList(text, 100).folded).toEqual(text.toLowerCase().match(/[\p{L}\p{N}]+(?:'\p{L}+)?/gu) ?? []);
      }),
    );
  });
});

/** Length of a longest common subsequence, by the textbook table. */
function lcs(a: readonly number[], b: readonly number[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const item of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++) next.push(item === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

const matches = (to: Int32Array) => [...to].filter((j) => j >= 0);

const aligned = (a: string, b: string) => [...align(a.split(' '), b.split(' '), 100)!];

describe('align', () => {
  const items = fc.array(fc.nat(4), { maxLength: 24 });

  it('is a longest common subsequence', () => {
    fc.assert(
      fc.property(items, items, (a, b) => {
        const to = align(a, b, a.length + b.length)!;
        const found = matches(to);
        expect(found).toHaveLength(lcs(a, b));
        expect(found).toEqual([...new Set(found)].toSorted((x, y) => x - y));
        for (let i = 0; i < a.length; i++) if (to[i]! >= 0) expect(b[to[i]!]).toBe(a[i]);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives up exactly where there are more differences than allowed', () => {
    fc.assert(
      fc.property(items, items, fc.nat(20), (a, b, most) => {
        const differences = a.length + b.length - 2 * lcs(a, b);
        expect(align(a, b, most) === null).toBe(differences > most);
      }),
      { numRuns: 1000 },
    );
  });

  it('pushes an instruction out at the start', () =>
    expect(aligned('add marks to the text the cat sat', 'the cat sat')).toEqual([-1, -1, -1, -1, -1, 0, 1, 2]));
  it('pushes an instruction out at the end', () =>
    expect(aligned('the cat sat on correct what sat on', 'the cat sat on')).toEqual([0, 1, 2, 3, -1, -1, -1, -1]));

  it('pushes it out where it begins with the word that the text begins with', () =>
    expect(aligned('the marks are missing the cat sat on', 'the cat sat on')).toEqual([-1, -1, -1, -1, 0, 1, 2, 3]));
  it('pushes it out where it ends with the words that the text ends with', () =>
    expect(aligned('a cat sat on correct what sat on', 'the cat sat on')).toEqual([-1, 1, 2, 3, -1, -1, -1, -1]));

  it('aligns two thousand unlike words in moderate time and memory, or says no', () => {
    const a = Array.from({ length: 2000 }, (_, i) => i);
    const b = a.map((i) => -i - 1);
    expect(align(a, b, 1200)).toBeNull();
    expect(matches(align(a, a.toReversed(), 4000)!)).toHaveLength(1);
  });
});

const edited = (a: string, b: string) => {
  const from = a.split(' ');
  const to = b.split(' ');
  return editOf(align(from, to, 100)!, to.length);
};

describe('editOf', () => {
  it('pairs substitutions one for one and calls the rest deleted', () => {
    const { from, until, to, kept, keptCount } = edited('he go to um the um park', 'he went to the park');
    expect([from, until, keptCount]).toEqual([0, 7, 4]);
    expect([...to]).toEqual([0, 1, 2, -1, 3, -1, 4]);
    expect([...kept]).toEqual([1, 0, 1, 0, 1, 0, 1]);
  });
  it('leaves an instruction outside', () => {
    const { from, until } = edited('fix this he goes now please', 'he goes');
    expect([from, until]).toEqual([2, 4]);
  });
  it('pairs nothing at the ends where more went than came', () => {
    const { from, until, to } = edited('fix this him goes now please do', 'he goes then');
    expect([from, until]).toEqual([3, 4]);
    expect([...to]).toEqual([-1, -1, -1, 1, -1, -1, -1]);
  });
  it('takes a last word for substituted where one went and one came', () => {
    const { until, to, kept } = edited('two small dog', 'two small dogs');
    expect(until).toBe(3);
    expect([...to]).toEqual([0, 1, 2]);
    expect([...kept]).toEqual([1, 1, 0]);
  });
  it('takes a first word likewise', () => {
    const { from, to } = edited('him goes now', 'he goes now');
    expect(from).toBe(0);
    expect([...to]).toEqual([0, 1, 2]);
  });
  it('keeps nothing of unlike texts', () => expect(edited('a b', 'c d')).toMatchObject({ from: 0, keptCount: 0 }));
});
