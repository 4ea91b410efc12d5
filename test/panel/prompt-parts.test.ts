import { describe, expect, it } from 'vitest';
import { medianWords, promptParts } from '../../src/panel/prompt-parts.ts';
import { tasks } from '../../src/panel/tasks.ts';
import { pair, panelOf } from './panel-of.ts';

const partsOf = (rows: readonly object[]) => promptParts(tasks(panelOf(rows))[0]!);
const words = (i: number, n: number) => Array.from({ length: n }, (_, w) => `w${(i * 7 + w * 3) % 50}`).join(' ');

describe('promptParts', () => {
  it('labelled lines that nearly all prompts have', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      pair(`Compare.\nPremise: ${words(i, 9)}\nand more ${i}\nHypothesis: ${words(i, 4)} ${i}`, i % 2 === 0 ? 'yes' : 'no'),
    );
    const parts = partsOf(rows);
    expect(parts.map(({ name }) => name)).toEqual(['Premise', 'Hypothesis']);
    const all = tasks(panelOf(rows))[0]!.pairs;
    all.forEach(({ pair: { prompt } }, i) => {
      expect(prompt).toBe(`Compare.\nPremise: ${parts[0]!.texts[i]}\nHypothesis: ${parts[1]!.texts[i]}`);
      expect(prompt.slice(parts[1]!.at[i])).toBe(parts[1]!.texts[i]);
    });
    expect(parts.map(medianWords)).toEqual([12, 5]);
  });

  it('fields of the format, without the one that is always the same', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      instruction: 'Say so.',
      input: `${words(i, 9)} ${i}`,
      output: i % 2 === 0 ? 'yes' : 'no',
    }));
    expect(partsOf(rows)).toEqual([]);
    const both = rows.map((row, i) => ({ ...row, instruction: `Say ${words(i + 3, 4)} ${i}` }));
    expect(partsOf(both).map(({ name }) => name)).toEqual(['instruction', 'input']);
  });

  it('none where a label is rare, and none of hostile lines', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      pair(i % 5 === 0 ? words(i, 9) : `A: ${words(i, 4)} ${i}\nB: ${i}`, i % 2 === 0 ? 'yes' : 'no'),
    );
    expect(partsOf(rows)).toEqual([]);
    expect(
      partsOf(
        Array.from({ length: 60 }, (_, i) => pair(`${':'.repeat(5000)}${i}\n__proto__: x${i}\n__proto__: y`, i % 2 === 0 ? 'yes' : 'no')),
      ).length,
    ).toBeLessThan(2);
  });
});
