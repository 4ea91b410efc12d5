import { describe, expect, it } from 'vitest';
import { repetition } from '../../src/features/repetition.ts';
import { sketch } from '../../src/features/sketch.ts';
import { random } from '../../src/testing.ts';

/** Texts of a few words, so that much is repeated. */
function textOf(r: () => number, words: number, vocabulary: number): string {
  return Array.from({ length: words }, () => `w${Math.floor(r() * vocabulary)}${r() < 0.1 ? '\n' : ''}`).join(' ');
}

/** The same shares, by strings and sets. */
function twin(text: string, n: number): { duplicate: number; top: number } {
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ word: match[0].toLowerCase(), at: match.index }));
  const seen = new Map<string, number[]>();
  const again = new Set<number>();
  for (let i = 0; i + n <= words.length; i++) {
    const gram = words
      .slice(i, i + n)
      .map(({ word }) => word)
      .join(' ');
    const places = seen.get(gram) ?? [];
    if (places.length > 0) for (const at of spanOf(i, n)) again.add(at);
    seen.set(gram, [...places, i]);
  }
  const most = Math.max(0, ...[...seen.values()].map((places) => places.length));
  const tops = most < 2 ? [] : [...seen.values()].filter((places) => places.length === most);
  const shares = tops.map((places) => new Set(places.flatMap((i) => spanOf(i, n))).size / text.length);
  return { duplicate: again.size / text.length, top: shares[0] ?? 0 };
  function spanOf(i: number, length: number): number[] {
    const last = words[i + length - 1]!;
    return Array.from({ length: last.at + last.word.length - words[i]!.at }, (_, k) => words[i]!.at + k);
  }
}

describe('repetition', () => {
  it('counts as a twin of strings and sets does', () => {
    const r = random(1);
    for (let round = 0; round < 60; round++) {
      const text = textOf(r, 5 + Math.floor(r() * 80), 2 + Math.floor(r() * 6));
      const found = repetition(text);
      for (let n = 5; n <= 10; n++) expect(found.duplicate[n - 5]).toBeCloseTo(twin(text, n).duplicate, 12);
    }
  });

  it('gives the share of the commonest run of words', () => {
    const text = 'a b c a b d a b e';
    expect(repetition(text).top[0]).toBeCloseTo(9 / 17, 12);
    expect(repetition(text).top[0]).toBeCloseTo(twin(text, 2).top, 12);
    expect(repetition('one two three four').top).toEqual([0, 0, 0]);
  });

  it('counts lines and paragraphs that came before, blanks aside', () => {
    const found = repetition('ab\ncd\n ab\nef\n\nab\ncd');
    expect(found.duplicateLines).toBeCloseTo(3 / 6, 12);
    expect(found.duplicateLineCharacters).toBeCloseTo(6 / 12, 12);
    expect(found.duplicateParagraphs).toBe(0);
    expect(repetition('ab\ncd\n\nef\n\nab\ncd').duplicateParagraphs).toBeCloseTo(1 / 3, 12);
  });

  it('says where a circle begins, how long one time round is, and how often', () => {
    expect(repetition('We went home. And then we sat, and then we sat, and then we sat, and then').circle).toEqual({
      start: 14,
      end: 73,
      unitEnd: 31,
      unitWords: 4,
      times: 3,
    });
    expect(repetition(`x ${'a b c a b d '.repeat(5)}y z`).circle).toMatchObject({ start: 2, unitWords: 6, times: 5 });
    expect(repetition(`Well: ${'a b c a b d '.repeat(5)}`).circle).toMatchObject({ start: 6, unitWords: 6, times: 5 });
    expect(repetition(`Tips:\n${Array.from({ length: 12 }, (_, i) => `${i + 1}. Sleep more`).join('\n')}`).circle).toMatchObject({
      unitWords: 2,
      times: 12,
    });
    expect(repetition('一二三四一二三四一二三四').circle).toMatchObject({ start: 0, end: 12, unitWords: 4, times: 3 });
    expect(repetition('To be or not to be, that is the question.').circle).toBeUndefined();
    expect(repetition('').circle).toBeUndefined();
  });

  it('looks at the ends of a huge text', () => {
    const filler = Array.from({ length: 60_000 }, (_, i) => `w${i}`).join(' ');
    const text = `${filler} ${'round and round '.repeat(4000)}`;
    const { circle } = repetition(text);
    expect(circle!.end).toBe(text.length - 1);
    expect(circle!.end - circle!.start).toBeGreaterThan(60_000);
    expect(text.slice(circle!.start, circle!.unitEnd)).toMatch(/^(?:round and round |and round round |round round and )$/);
  });
});

describe('the shared pass sees what the exact count would', () => {
  const prose = (r: () => number, words: number): string =>
    Array.from({ length: words }, () => `v${Math.floor(r() ** 3 * 4000)}`).join(' ');
  const passes = (text: string): boolean => {
    const { repeats, wordCount } = sketch(text);
    return repeats >= Math.min(0.15 * wordCount, 30 + 0.1 * wordCount);
  };

  it('every circle that covers a fifth of its text', () => {
    const r = random(2);
    for (let round = 0; round < 200; round++) {
      const unit = prose(r, 1 + Math.floor(r() * 60));
      const words = unit.split(' ').length;
      const times = 5 + Math.floor(r() * 20);
      const rest = Math.floor(r() * 4 * words * times * 0.9);
      const text = `${prose(r, rest)} ${`${unit} `.repeat(times)}`;
      if (text.length >= 64 && words * times >= 8) expect(passes(text), text.slice(0, 300)).toBe(true);
    }
  });

  it('every text of up to 700 words that says half of itself twice', () => {
    const r = random(3);
    for (let round = 0; round < 100; round++) {
      const half = prose(r, 26 + Math.floor(r() * 320));
      expect(passes(`${half}\n\n${half}`)).toBe(true);
    }
  });

  it('and lets ordinary text pass by', () => {
    const r = random(4);
    for (let round = 0; round < 100; round++) expect(passes(prose(r, 60 + Math.floor(r() * 2000)))).toBe(false);
  });
});
