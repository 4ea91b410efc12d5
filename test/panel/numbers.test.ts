import { describe, expect, it } from 'vitest';
import { dates, quantities } from '../../src/panel/numbers.ts';
import { random } from '../generate.ts';

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')];

/** An English number, spelt out from the top down: the other way round than it is read. */
function spelt(n: number, and: string): string {
  for (const [scale, name] of [
    [1e9, 'billion'],
    [1e6, 'million'],
    [1e3, 'thousand'],
    [100, 'hundred'],
  ] as const) {
    if (n < scale) continue;
    const rest = n % scale;
    return `${spelt(Math.floor(n / scale), and)} ${name}${rest === 0 ? '' : `${rest < 100 ? and : ' '}${spelt(rest, and)}`}`;
  }
  if (n < 20) return ONES[n]!;
  return n % 10 === 0 ? TENS[Math.floor(n / 10)]! : `${TENS[Math.floor(n / 10)]}-${ONES[n % 10]}`;
}

const first = (text: string) => quantities(text)[0]?.values[0];

describe('numbers', () => {
  it('are read in words as they are spelt', () => {
    const r = random(1);
    const some = Array.from({ length: 2000 }, (_, i) => (i < 1200 ? i : Math.floor(10 ** (3 + 6 * r()))));
    for (const n of some) {
      for (const and of [' ', ' and ']) {
        const text = spelt(n, and);
        expect(
          quantities(`He saw ${text} of them.`).map(({ values, text: raw }) => [values[0], raw]),
          text,
        ).toEqual([[n, text]]);
      }
      expect(first(spelt(n, ' ').replaceAll('-', ' ')), spelt(n, ' ')).toBe(n);
    }
  });

  it('are read in digits as English and German write them', () => {
    const r = random(2);
    for (let i = 0; i < 1000; i++) {
      const n = Math.round(10 ** (1 + 8 * r())) / (i % 2 === 0 ? 1 : 100);
      for (const locale of ['en-US', 'de-DE']) {
        const text = n.toLocaleString(locale, { maximumFractionDigits: 2 });
        expect(quantities(`It is ${text}, so.`)[0]!.values, text).toContain(n);
      }
      expect(first(`It is ${n}.`)).toBe(n);
    }
  });

  it.each([
    ['3.5 million people', 3_500_000, '3.5 million'],
    ['£2bn', 2e9, '2bn'],
    ['3k lines', 3000, '3k'],
    ['3 m long', 3, '3'],
    ['47.8 per cent of it', 47.8, '47.8 per cent'],
    ['50%', 50, '50%'],
    ['.75 dollars', 0.75, '75'],
    ['the twenty-first of them', 21, 'twenty-first'],
  ])('%j', (text, value, raw) => {
    const [one] = quantities(text);
    expect([one!.values[0], one!.text]).toEqual([value, raw]);
  });

  it('are kept apart', () => {
    expect(quantities('five six, and seven').map(({ values }) => values[0])).toEqual([5, 6, 7]);
    expect(quantities('1, 2 and 3').map(({ values }) => values[0])).toEqual([1, 2, 3]);
    expect(quantities('version 1.2.3')[0]).toMatchObject({ values: [1, 2, 3], groups: true });
    expect(quantities('half a dozen')).toEqual([]);
    expect(quantities('half a dozen', 9, true).map(({ values }) => values[0])).toEqual([0.5, 12]);
  });
});

describe('dates', () => {
  it.each([
    ['on 3 March 2021,', '3 March 2021', [3], [3, 2021], true],
    ['on the 3rd of March', '3rd of March', [3], [3], false],
    ['on March 3, 2021.', 'March 3, 2021', [3], [3, 2021], true],
    ['on Mar. 3rd', 'Mar. 3rd', [3], [3], false],
    ['in March 2021', 'March 2021', [3], [2021], false],
    ['in May', 'May', [5], [], false],
    ['on 2021-03-13', '2021-03-13', [3], [13, 2021], true],
    ['on 13.3.2021', '13.3.2021', [3], [13, 2021], true],
    ['on 03/04/87', '03/04/87', [3, 4], [1987], true],
    ['by Tuesday', 'Tuesday', [], [], false],
  ])('%j', (text, raw, months, numbers, full) => {
    const [one, ...more] = dates(text);
    expect(more).toEqual([]);
    expect(text.slice(one!.at, one!.end)).toBe(raw);
    expect([one!.months, one!.numbers, one!.full]).toEqual([months, numbers, full]);
  });

  it.each(['He may march.', 'They march on.', 'the sun sat low', '192.168.10.12', '1-2-3', '45/45/2021', 'second to none'])(
    'are none: %j',
    (text) => expect(dates(text)).toEqual([]),
  );
});
