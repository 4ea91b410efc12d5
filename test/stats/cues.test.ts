import { describe, expect, it } from 'vitest';
import { type Answered, addsTo, type Column, cueStrength, quantileBins, standardError } from '../../src/stats/cues.ts';
import { chiSquareTail } from '../../src/stats/tails.ts';
import { random } from '../generate.ts';

/** Rows with these counts of value and class, their groups by turns. */
function rowsOf(table: readonly (readonly number[])[]): { column: Column; answered: Answered } {
  const values: number[] = [];
  const classOf: number[] = [];
  table.forEach((row, value) =>
    row.forEach((times, answer) => values.push(...Array<number>(times).fill(value)) && classOf.push(...Array<number>(times).fill(answer))),
  );
  return {
    column: { values: Int16Array.from(values), size: table.length },
    answered: { classOf: Int16Array.from(classOf), classes: table[0]!.length, groups: Uint8Array.from(values, (_, i) => (i * 7) % 20) },
  };
}

describe('cueStrength', () => {
  // goldens: I = .408059 bits, U = .420267, G² = 169.7068 of [[90, 10], [30, 170]]
  it('is the golden U, less the bias of Miller', () => {
    const { column, answered } = rowsOf([
      [90, 10],
      [30, 170],
    ]);
    const { uncertainty, p, accuracy, majority, rows } = cueStrength(column, answered);
    const bit = 1 / (2 * 300 * Math.LN2);
    expect(uncertainty).toBeCloseTo((0.40805852678064136 - bit) / (0.40805852678064136 / 0.4202670342972767 + bit), 3);
    expect(p).toBeLessThan(1e-30);
    expect([accuracy, majority, rows]).toEqual([0.8667, 0.6, 300]);
  });

  it('a small table without a tie: p is that of the G-test', () => {
    const { column, answered } = rowsOf([
      [30, 30],
      [28, 32],
    ]);
    const g = 2 * (30 * Math.log(30 / 29) * 1 + 30 * Math.log(30 / 31) + 28 * Math.log(28 / 29) + 32 * Math.log(32 / 31));
    expect(cueStrength(column, answered).p).toBeCloseTo(chiSquareTail(g, 1), 9);
    expect(cueStrength(column, answered).uncertainty).toBe(0);
  });

  it('one value, one answer, no rows: nothing told', () => {
    for (const table of [
      [[10, 20]],
      [[10], [20]],
      [
        [0, 0],
        [0, 0],
      ],
    ]) {
      const { column, answered } = rowsOf(table);
      expect(cueStrength(column, answered)).toMatchObject({ uncertainty: 0, lower: 0, p: 1 });
    }
  });

  it('leaves out rows without a value or a class', () => {
    const { column, answered } = rowsOf([
      [40, 10],
      [10, 40],
    ]);
    const more = { values: Int16Array.of(...column.values, -1, 0), size: 2 };
    const answers = { ...answered, classOf: Int16Array.of(...answered.classOf, 0, -1), groups: Uint8Array.of(...answered.groups, 0, 0) };
    expect(cueStrength(more, answers)).toEqual(cueStrength(column, answered));
  });

  it('p-values of random columns are no smaller than they should be', () => {
    const r = random(4);
    let small = 0;
    for (let round = 0; round < 300; round++) {
      const column = { values: Int16Array.from({ length: 120 }, () => Math.floor(r() * 6)), size: 6 };
      const answered = {
        classOf: Int16Array.from({ length: 120 }, () => (r() < 0.15 ? 1 : 0)),
        classes: 2,
        groups: Uint8Array.from({ length: 120 }, (_, i) => i % 20),
      };
      if (cueStrength(column, answered).p < 0.01) small += 1;
    }
    expect(small).toBeLessThan(12); // 3 expected, and the chance of 12 is 1e-4
  });
});

it('standardError is that of the jackknife by hand', () => {
  // mean 2, squares 2 in all, 3/4 of it
  expect(standardError([1, 2, 2, 3])).toBeCloseTo(Math.sqrt(0.75 * 2), 12);
});

describe('quantileBins', () => {
  it('keeps equal numbers together and shares out the rest', () => {
    const { column, edges } = quantileBins(Float64Array.of(0, 0, 0, 0, 1, 2, 3, Number.NaN), 4);
    expect(edges).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([...column.values]).toEqual([0, 0, 0, 0, 1, 2, 3, -1]);
  });
  it('has at most eight bins, each with about an eighth, every number in its own', () => {
    const r = random(2);
    const numbers = Float64Array.from({ length: 1000 }, () => Math.floor(r() * 1e6));
    const { column, edges } = quantileBins(numbers);
    expect(edges.length).toBe(8);
    column.values.forEach((bin, i) => expect(numbers[i]! >= edges[bin]![0] && numbers[i]! <= edges[bin]![1]).toBe(true));
    for (let bin = 0; bin < 8; bin++) expect(Math.abs(column.values.filter((b) => b === bin).length - 125)).toBeLessThan(3);
  });
  it('of nothing is nothing', () => expect(quantileBins(new Float64Array(0)).edges).toEqual([]));
});

it('addsTo: a copy adds nothing, the other half of an exclusive or adds all', () => {
  const r = random(3);
  const n = 800;
  const a = Int16Array.from({ length: n }, () => Number(r() < 0.5));
  const b = Int16Array.from({ length: n }, () => Number(r() < 0.5));
  const answered = { classOf: a.map((x, i) => x ^ b[i]!), classes: 2, groups: new Uint8Array(n) };
  expect(addsTo({ values: a, size: 2 }, { values: a, size: 2 }, answered)).toBe(0);
  expect(addsTo({ values: a, size: 2 }, { values: b, size: 2 }, answered)).toBeGreaterThan(0.99);
});
