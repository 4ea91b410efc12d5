import { describe, expect, it } from 'vitest';
import { repetition } from '../../src/features/repetition.ts';
import { sketch } from '../../src/features/sketch.ts';
import { random } from '../../src/testing.ts';

/** Texts of a few words, so that much is repeated. */
function textOf(r: () => number, words: number, vocabulary: number): string {
  return Array.from({ length: words }, () => `w${Math.floor(r() * vocabulary)}${r() < 0.1 ? '\n' : ''}`).join(' ');
}

/** The same share, by strings and sets. */
function twin(text: string): number {
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ word: match[0].toLowerCase(), at: match.index }));
  const seen = new Set<string>();
  const again = new Set<number>();
  for (let i = 0; i + 10 <= words.length; i++) {
    const run = words.slice(i, i + 10);
    const gram = run.map(({ word }) => word).join(' ');
    const last = run[9]!;
    if (seen.has(gram)) for (let at = run[0]!.at; at < last.at + last.word.length; at++) again.add(at);
    seen.add(gram);
  }
  return again.size / text.length;
}

describe('repetition', () => {
  it('counts as a twin of strings and sets does', () => {
    const r = random(1);
    let some = 0;
    for (let round = 0; round < 200; round++) {
      const text = textOf(r, 5 + Math.floor(r() * 150), 1 + Math.floor(r() * 3));
      const { saidBefore } = repetition(text);
      expect(saidBefore).toBeCloseTo(twin(text), 12);
      if (saidBefore > 0 && saidBefore < 0.9) some++;
    }
    expect(some).toBeGreaterThan(20);
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
    return repeats >= Math.min(0.2 * wordCount, 40 + 0.1 * wordCount);
  };

  it('every circle that covers three tenths of its text', () => {
    const r = random(2);
    for (let round = 0; round < 200; round++) {
      const unit = prose(r, 1 + Math.floor(r() * 60));
      const words = unit.split(' ').length;
      const times = 5 + Math.floor(r() * 20);
      const rest = Math.floor(r() * (7 / 3) * words * times * 0.9);
      const text = `${prose(r, rest)} ${`${unit} `.repeat(times)}`;
      if (text.length >= 64 && words * times >= 8) expect(passes(text), text.slice(0, 300)).toBe(true);
    }
  });

  it('every text of up to 600 words that says half of itself twice', () => {
    const r = random(3);
    for (let round = 0; round < 100; round++) {
      const half = prose(r, 26 + Math.floor(r() * 270));
      expect(passes(`${half}\n\n${half}`)).toBe(true);
    }
  });

  it('and lets ordinary text pass by', () => {
    const r = random(4);
    for (let round = 0; round < 100; round++) expect(passes(prose(r, 60 + Math.floor(r() * 2000)))).toBe(false);
  });
});
