import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marksOf, ODD, sketch } from '../../src/features/sketch.ts';

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
    const text = fc.string({ unit: fc.constantFrom(...'aZXT09 \n\t.,!?\'-"é“я', 'don’t', 'ß'), maxLength: 60 });
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

describe('what the pass also tells', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'aZXT09 \n\t.,!?@<{`|~\'-"é“я€Ã\u0080\u200b\ufffd\u0007\u007f', '好', '\ud83d', '🙂'),
    maxLength: 60,
  });

  it('marks, odd characters, digits and the longest word, as regular expressions find them', () => {
    fc.assert(
      fc.property(letters, (t) => {
        const { marks, odd, digits, longestWord, shouts } = sketch(t);
        for (const mark of '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~') {
          const inWord = mark === "'" && /[\p{L}\p{N}]'\p{L}/u.test(t); // then it may be a part of a word
          if (!inWord) expect((marks & marksOf(mark)) !== 0, mark).toBe(t.includes(mark));
        }
        // oxlint-disable-next-line no-control-regex -- controls are what is looked for
        expect((odd & ODD.control) !== 0).toBe(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(t));
        expect((odd & ODD.invisible) !== 0).toBe(t.includes('\u200b'));
        expect((odd & ODD.surrogate) !== 0).toBe(/[\ud800-\udfff]/.test(t));
        expect((odd & ODD.replacement) !== 0).toBe(t.includes('\ufffd'));
        expect((odd & ODD.latin) !== 0).toBe(/[\x80-\xff“€]/.test(t));
        expect((odd & ODD.beyond) !== 0).toBe(/[я好\u200b\ufffd]/.test(t));
        expect(shouts).toBe(/(?<![\p{L}\p{N}\p{M}]|[\p{L}\p{N}\p{M}]['’])[A-Z]{3}/u.test(t.replaceAll('好', ' ')));
        const words = t.match(/[\p{L}\p{N}\p{M}]+(?:['’](?=\p{L})[\p{L}\p{N}\p{M}]+)?/gu) ?? [];
        const spaced = words.flatMap((word) => word.split(/好/)).filter((word) => word !== '');
        if (!/['’]/.test(t)) {
          expect(longestWord).toBe(Math.max(0, ...spaced.map(({ length }) => length)));
          expect(digits).toBe(spaced.filter((word) => /^\p{N}/u.test(word)).reduce((sum, { length }) => sum + length, 0));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('takes only ASCII marks', () => expect(() => marksOf('é')).toThrow('expected ASCII marks'));

  it.each([
    ['prose', 'The train left before dawn, and nobody on the platform had thought to bring a lamp or a second coat.', 0, 0],
    ['a loop', 'Eat a banana! '.repeat(20), 55, 55],
    ['the same loop without blanks', 'Eat a banana!'.repeat(20), 55, 55],
    ['a short text, which is not looked at', 'no no no no no no', 0, 0],
    ['a loop in a script without blanks', '今天天气很好。'.repeat(20), 112, 112],
    ['one of two words', `${'ping pong '.repeat(20)}stop there now`, 36, 36],
  ])('repeats: %s', (_, text, least, most) => {
    const { repeats } = sketch(text);
    expect(repeats).toBeGreaterThanOrEqual(least);
    expect(repeats).toBeLessThanOrEqual(most);
  });

  it('counts repeats alike inside and outside of ASCII, and whatever was seen before', () => {
    const loop = 'one two three four '.repeat(10);
    const { repeats } = sketch(loop);
    sketch('five six seven eight '.repeat(50));
    expect(sketch(loop).repeats).toBe(repeats);
    expect(sketch(`${loop}é`).repeats).toBe(repeats);
  });
});
