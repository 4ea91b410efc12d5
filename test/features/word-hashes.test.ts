import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable, wordHashes } from '../../src/features/word-hashes.ts';
import { words } from '../../src/panel/words.ts';

/** The hashes of a text, copied: the object is used again. */
function read(text: string): { hash: number[]; start: number[]; skeleton: number } {
  const { count, hash, start, skeleton } = wordHashes(text);
  return { hash: Array.from(hash.slice(0, count)), start: Array.from(start.slice(0, count)), skeleton };
}
const skeleton = (text: string): number => read(text).skeleton;

describe('the words', () => {
  it('are those of the panel, in scripts that part words with blanks', () => {
    const plain = ['a', 'B', 'é', 'Ñ', 'ß', ' ', '-', '.', ',', '\n', 'ﬁ', '¿', '“', 'Ω', 'я'];
    const pieces = (extra: readonly string[]) => fc.array(fc.constantFrom(...plain, ...extra), { maxLength: 60 });
    // after an apostrophe the panel goes on with letters only
    fc.assert(
      fc.property(fc.oneof(pieces(["'", '’']), pieces(['7', '½'])), (pieces) => {
        const text = pieces.join('');
        // one word alone has the hash that it has among others
        const expected = words(text).map((word) => read(word).hash[0]);
        expect(read(text).hash).toEqual(expected);
      }),
    );
  });

  it('are equal whatever the case, the blanks and the marks', () => {
    const plain = read("don't stop the naïve clock at 10 30");
    for (const text of ["DON'T stop;  the\nnaïve clock (at 10:30)", 'Don’t – stop the naïve CLOCK, at “10.30”!']) {
      expect(read(text).hash).toEqual(plain.hash);
    }
  });

  it('are single characters in scripts without blanks', () => {
    expect(read('東京の天気 today').hash).toHaveLength(6);
  });

  it('begin where they stand', () => {
    const text = ' One, two\n“three” ';
    expect(read(text).start.map((at) => comparable(text).slice(at, at + 2))).toEqual(['On', 'tw', 'th']);
  });

  it('are many, and those of a long text are read to a million characters', () => {
    expect(read('x y '.repeat(5000)).hash).toHaveLength(10_000);
    expect(wordHashes('ab '.repeat(1_000_000)).count).toBe(Math.ceil((1 << 20) / 3));
  });
});

describe('the skeleton', () => {
  const base = 'Natalia sold clips to 48 of her friends, and then sold half as many at the fair';

  it.each([
    ['other numbers', 'Natalia sold clips to 1,250 of her friends, and then sold half as many at the fair'],
    ['other names, also where a sentence begins', 'Tom sold clips to 48 of her friends, and then sold half as many at the fair'],
    ['names of several words', 'Anna Maria sold clips to 48 of her friends, and then sold half as many at the fair'],
    ['other marks and blanks', 'Natalia sold clips to 48 of her friends and then  sold half as many at the fair!'],
  ])('is the same with %s', (_, text) => {
    expect(skeleton(base)).toBeGreaterThan(0);
    expect(skeleton(text)).toBe(skeleton(base));
  });

  it.each([
    ['another word', 'Natalia sold pens to 48 of her friends, and then sold half as many at the fair'],
    ['another order', 'Natalia sold clips to 48 of her friends, and then half as many sold at the fair'],
    ['a usual first word in place of a name', 'She sold clips to 48 of her friends, and then sold half as many at the fair'],
    ['a word for the number', 'Natalia sold clips to few of her friends, and then sold half as many at the fair'],
  ])('is another with %s', (_, text) => {
    expect(skeleton(text)).not.toBe(skeleton(base));
  });

  it('leaves out what stands in quotes', () => {
    const ask = (quoted: string) => skeleton(`translate ${quoted} into the language that they speak in the north`);
    expect(ask('"good morning"')).toBe(ask('"where is the old station"'));
    expect(ask("'good morning'")).toBe(ask("'it's late'"));
    expect(ask('“good morning”')).toBe(ask('"late"'));
    // an apostrophe inside a word opens nothing, nor does a mark that is never closed
    expect(ask("the dogs' bowl and the cats' bowl")).toBe(0);
    expect(ask('"good morning')).toBe(0);
    expect(ask(`"${'x '.repeat(150)}"`)).toBe(0);
  });

  it('is none where nothing was masked, or fewer than eight words were not', () => {
    expect(skeleton('the quick brown fox jumps over the lazy dog today')).toBe(0);
    expect(skeleton('What is the capital of France?')).toBe(0);
    expect(skeleton('what I said and what I meant are not the same thing')).toBe(0);
  });
});
