import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sketch } from '../../src/features/sketch.ts';

describe('sketch', () => {
  const same = (kind: 'exact' | 'blanks' | 'folded' | 'words', a: string, b: string) => sketch(a)[kind] === sketch(b)[kind];

  it.each([
    // [a, b, the strictest hash in which they are equal]
    ['Hello there', 'Hello there', 'exact'],
    ['Hello there', ' Hello  there\n', 'blanks'],
    ['a\nb', 'a b', 'blanks'],
    ['Hello there', 'hello THERE', 'folded'],
    ['Hello there.', 'Hello there', 'folded'],
    ['Really ?!', 'really…', 'folded'],
    ['ﬁne', 'fine', 'folded'],
    ['Ｆｕｌｌ', 'full', 'folded'],
    ['Größe', 'GRÖSSE'.replace('SS', 'ß'), 'folded'],
    ['don’t', "don't", 'folded'],
    ['Hello, there', 'hello there!', 'words'],
    ['a-b', 'a b', 'words'],
    ['你好，世界', '你好世界', 'words'],
    ['Hello there', 'Hello then', undefined],
    ['ab c', 'a bc', undefined],
    ['1.5', '15', undefined],
    ['5', '-5', 'words'],
    ['...', '???', undefined],
    ['', '...', undefined],
    ['C++', 'C#', 'words'],
  ] as const)('%j and %j are equal from %s on', (a, b, from) => {
    const order = ['exact', 'blanks', 'folded', 'words'] as const;
    const first = order.find((kind) => same(kind, a, b));
    expect(first).toBe(from);
    if (first) for (const kind of order.slice(order.indexOf(first))) expect(same(kind, a, b)).toBe(true);
  });

  it('keeps exact apart whatever differs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }), (a, b) => {
        expect(same('exact', a, b)).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'A', ' ', '\n', '.', "'", '’', '好'), maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'A', ' ', '\n', '.', "'", '’', '好'), maxLength: 8 }),
        (a, b) => {
          expect(same('exact', a, b)).toBe(a === b);
        },
      ),
      { numRuns: 40_000 },
    );
  });

  it('agrees with the regular expressions it replaces', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aZ09 \n\t.,!?\'-"é“я', 'don’t', 'ß'), maxLength: 60 });
    fc.assert(
      fc.property(text, (t) => {
        const folded = t.normalize('NFKC').toLowerCase();
        expect(sketch(t).wordCount).toBe((folded.match(/[\p{L}\p{N}\p{M}]+(?:['’]\p{L}[\p{L}\p{N}\p{M}]*)?/gu) ?? []).length);
        expect(sketch(t).solid).toBe(t.replace(/\s/g, '').length);
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const collapsed = (t: string) => t.trim().replace(/\s+/g, ' ');
        expect(same('blanks', a, b)).toBe(collapsed(a) === collapsed(b));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['two words', 2],
    ["don't stop", 2],
    ['a sentence that never counts as one word', 8],
    ['他昨天去了图书馆看书', 5], // ten characters
    ['カタカナ と words', 4],
    ['ภาษาไทยไม่มีช่องว่าง', 10],
    ['', 0],
    ['\u200b \ufeff', 0],
    ['안녕하세요 세계', 2], // Korean parts words with blanks
  ])('%j has %i words', (text, words) => expect(sketch(text).wordCount).toBe(words));

  it('counts what is invisible as blank', () => expect(sketch('\u200b\ufeff\u00ad \u0000').solid).toBe(0));

  it('takes texts longer than its scratch, and huge ones beyond ASCII without normalising them', () => {
    const long = `${'word '.repeat(100_000)}end`;
    expect(sketch(long).wordCount).toBe(100_001);
    expect(sketch('\ufdfa'.repeat((1 << 20) + 1)).solid).toBe((1 << 20) + 1);
    expect(sketch('short').wordCount).toBe(1);
  });
});

describe('the two forms of the loop', () => {
  // A text beyond ASCII is scanned one by one: put a mark beyond ASCII in front, and the words must still hash alike.
  it('hash the same words alike', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcxyzABZ0189', "'"), minLength: 1, maxLength: 13 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const text = `a ${words.join(' ')}`; // with a word at least
        expect(sketch(`— ${text}`).words).toBe(sketch(`- ${text}`).words);
        expect(sketch(`— ${text}`).wordCount).toBe(sketch(text).wordCount);
        expect(sketch(`ﬁ ${text}`).folded).toBe(sketch(`fi ${text.toLowerCase()}`).folded);
      }),
      { numRuns: 5000 },
    );
  });
});
