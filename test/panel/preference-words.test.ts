import { describe, expect, it } from 'vitest';
import { preferenceWords } from '../../src/panel/preference-words.ts';
import { competency } from '../../src/stats/association.ts';
import { pick, random, sentence } from '../generate.ts';
import { panelOf } from './panel-of.ts';

type Random = () => number;

function rows(n: number, seed: number, make: (r: Random, i: number) => readonly [string, string]) {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => {
    const [chosen, rejected] = make(r, i);
    return { prompt: `${sentence(r, 8)} (${i})`, chosen, rejected };
  });
}
const said = (all: readonly object[]) => preferenceWords(panelOf(all)).found.map(({ text }) => text);
const plain = (r: Random): [string, string] => [sentence(r, 14), sentence(r, 14)];

/** The words of generated texts: letters only, apart from an apostrophe. */
const wordsIn = (text: string) => new Set(text.toLowerCase().match(/[a-z']+/g));

describe('competency', () => {
  it('is the z of the paper: "outside" in SNLI, 263 of 393 where 34 % are expected', () => {
    expect(competency(263, 393, 0.34283387622149836)).toBeCloseTo(13.631285007825026, 9);
  });
});

describe('preferenceWords', () => {
  const marked = rows(400, 1, (r, i) => {
    const [chosen, rejected] = plain(r);
    if (i % 4 === 0) return [chosen, rejected.replace('.', ', obviously.')];
    if (i % 10 === 1) return [chosen.replace('The', 'Kindly, the'), rejected];
    return [chosen, rejected];
  });

  it('finds words of either side, strongest first, and counts as a brute-force twin does', () => {
    const { pairs, tested, found } = preferenceWords(panelOf(marked));
    expect(pairs).toBe(400);
    expect(tested).toBeGreaterThan(found.length);
    expect(found.map(({ text }) => text)).toEqual(['obviously', 'kindly']);
    for (const { text, chosenOnly, rejectedOnly, p, p0, z, pmi, coverage } of found) {
      const [won, lost] = [0, 0].map((_, side) =>
        marked.filter(({ chosen, rejected }) => {
          const [mine, other] = side === 0 ? [chosen, rejected] : [rejected, chosen];
          return wordsIn(mine).has(text) && !wordsIn(other).has(text);
        }),
      );
      const n = won!.length + lost!.length;
      expect([chosenOnly, rejectedOnly]).toEqual([won!.length, lost!.length]);
      expect(p).toBeCloseTo(won!.length / n, 12);
      expect(coverage).toBeCloseTo(n / 400, 12);
      expect(p0).toBeCloseTo(0.5, 1); // nearly as long on both sides
      expect(z).toBeCloseTo((p - p0) / Math.sqrt((p0 * (1 - p0)) / n), 9);
      expect(pmi).toBeCloseTo(Math.log2((n + 0.5) / (0.5 * (n + 1))), 9); // all on one side
    }
  });

  it('shows two pairs in which the word stands in one reply alone, around it', () => {
    const [found] = preferenceWords(panelOf(marked)).found;
    expect(found!.witnesses.length).toBe(2);
    for (const { line, excerpt } of found!.witnesses) {
      expect(marked[line - 1]!.rejected).toContain('obviously');
      expect(excerpt).toMatch(/^chosen: .+; rejected: .*obviously/);
      expect(excerpt.length).toBeLessThanOrEqual(160);
    }
  });

  it('expects one half where replies are equally long', () => {
    const even = rows(300, 2, (r, i) => (i % 3 === 0 ? ['indeed the cat sat on the mat', 'alas the cat sat on the mat'] : plain(r)));
    const { found } = preferenceWords(panelOf(even));
    expect(found.map(({ text, p0, z }) => [text, Math.round(p0 * 1e9) / 1e9, Math.round(z * 1e6) / 1e6])).toEqual([
      ['alas', 0.5, -10],
      ['indeed', 0.5, 10],
    ]);
  });

  it('finds two words in a row only where neither says it alone', () => {
    const turned = rows(400, 3, (r, i) => {
      const [chosen, rejected] = plain(r);
      // both words are on both sides, the other way round
      if (i % 2 === 0) return [`${chosen} Once more.`, `${rejected} More once.`];
      return [`${chosen} Well then.`, rejected];
    });
    const found = said(turned);
    expect(found.toSorted()).toEqual(['more once', 'once more', 'then', 'well']);
  });

  it('takes what longer replies hold more of for what it is', () => {
    const longer = rows(600, 4, (r, i) => [sentence(r, i % 10 < 8 ? 40 : 13), sentence(r, i % 10 < 8 ? 13 : 40)]);
    const { found, tested } = preferenceWords(panelOf(longer));
    expect(tested).toBeGreaterThan(30);
    expect(found).toEqual([]);
    const also = longer.map((row, i) => (i % 5 === 0 ? { ...row, rejected: row.rejected.replace('.', ' obviously.') } : row));
    expect(said(also)).toEqual(['obviously']);
  });

  it('counts a ranking once', () => {
    const r = random(5);
    const ranked = Array.from({ length: 12 }, (_, k) => {
      const best = `${sentence(r, 14)} Verily.`;
      return Array.from({ length: 5 }, () => ({ prompt: `Say ${k}.`, chosen: best, rejected: sentence(r, 15) }));
    }).flat();
    const { pairs, found } = preferenceWords(panelOf(ranked));
    expect(pairs).toBe(12);
    expect(found).toEqual([]);
  });

  it('gives at most fifty', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const many = Array.from({ length: 70 }, (_, i) => `x${letters[i % 26]}${letters[Math.floor(i / 26)]}`);
    const { found } = preferenceWords(panelOf(rows(100, 6, (r) => [`${sentence(r, 5)} ${many.join(' ')}`, sentence(r, 70)])));
    expect(found.length).toBe(50);
  });

  it('knows words that are names of object members', () => {
    const odd = rows(200, 7, (r, i) => (i % 2 === 0 ? [`${sentence(r, 9)} constructor`, `${sentence(r, 9)} tostring`] : plain(r)));
    expect(said(odd).toSorted()).toEqual(['constructor', 'tostring']);
  });

  it('finds nothing in nothing, nor in few pairs', () => {
    expect(preferenceWords(panelOf([]))).toEqual({ pairs: 0, tested: 0, found: [] });
    expect(preferenceWords(panelOf([{ prompt: 'a', completion: 'b' }])).pairs).toBe(0);
    expect(said(rows(15, 8, (r) => [`${sentence(r, 9)} Indeed.`, sentence(r, 10)]))).toEqual([]);
  });

  it('finds a word in at most one in a hundred data sets without any', () => {
    const extra = ['indeed', 'obviously', 'sure', 'sorry', 'perhaps', 'never', 'always'];
    const reply = (r: Random) => sentence(r, 8 + Math.floor(r() * 20)).replace('.', ` ${pick(r, extra)}.`);
    let found = 0;
    for (let seed = 0; seed < 150; seed++) if (said(rows(100, seed, (r) => [reply(r), reply(r)])).length > 0) found++;
    expect(found).toBeLessThanOrEqual(2);
  });
});
