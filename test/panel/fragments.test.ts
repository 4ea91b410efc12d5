import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragments, type Overlap, overlap, Vocabulary } from '../../src/panel/fragments.ts';
import { words } from '../../src/panel/words.ts';

function of(reply: string, prompt: string): Overlap | undefined {
  const vocabulary = new Vocabulary();
  return overlap(vocabulary.of(words(prompt)), vocabulary.of(words(reply)));
}

/** The algorithm of the paper, word for word: at each word of y the longest run that stands in x. */
function slow(x: Int32Array, y: Int32Array): number[] {
  const lengths: number[] = [];
  for (let i = 0; i < y.length; ) {
    let longest = 0;
    for (let j = 0; j < x.length; j++) {
      let length = 0;
      while (i + length < y.length && j + length < x.length && y[i + length] === x[j + length]) length++;
      longest = Math.max(longest, length);
    }
    if (longest > 0) lengths.push(longest);
    i += Math.max(longest, 1);
  }
  return lengths;
}

describe('overlap', () => {
  it('agrees with the values measured on the reference code', () => {
    expect(of('a b c d', 'x a b y c d a b c')).toMatchObject({ coverage: 1, density: 2.5, compression: 2.25 });
    const second = of('the cat sat on the mat', 'the cat sat on the mat today while the dog slept')!;
    expect(second).toMatchObject({ coverage: 1, density: 6, verbatim: true });
    expect(second.compression).toBeCloseTo(1.8333, 4);
  });

  it('measures recall with each word as often as the reply has it, and bigrams that are new', () => {
    expect(of('the cat', 'the cat and the dog')).toMatchObject({ recall: 2 / 5, novelBigrams: 0 });
    expect(of('dog the cat', 'the cat and the dog')).toMatchObject({ recall: 3 / 5, novelBigrams: 1 / 2, verbatim: false });
    expect(of('yes', 'is it so')).toMatchObject({ coverage: 0, recall: 0, novelBigrams: 1, verbatim: false });
    expect(of('so', 'is it so')).toMatchObject({ coverage: 1, novelBigrams: 0, verbatim: true });
  });

  it('stands empty texts', () => {
    expect(of('', 'a b')).toBeUndefined();
    expect(of('a b', '')).toEqual({ coverage: 0, density: 0, compression: 0, recall: 0, novelBigrams: 1, verbatim: false });
  });
});

describe('fragments', () => {
  const text = (letters: number) => fc.array(fc.integer({ min: 1, max: letters }), { maxLength: 60 }).map((list) => Int32Array.from(list));

  it.each([1, 2, 3, 8])('are those of the quadratic algorithm, over %i words', (letters) => {
    fc.assert(
      fc.property(text(letters), text(letters), (x, y) => {
        expect(fragments(x, y)).toEqual(slow(x, y));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('takes texts that repeat', () => {
    const same = new Int32Array(100_000).fill(1);
    expect(fragments(same, same)).toEqual([100_000]);
    const turns = Int32Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? 1 : i));
    expect(
      fragments(
        turns,
        Int32Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? 1 : -i)),
      ).length,
    ).toBe(50_000);
  });
});
