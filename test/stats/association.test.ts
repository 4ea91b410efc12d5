import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cueBaseline,
  cueExcess,
  cueTells,
  type Decisions,
  entropy,
  falseDiscoveryRates,
  givenTells,
  gSquared,
  mutualInformation,
  studentTail,
  uncertaintyCoefficient,
} from '../../src/stats/association.ts';
import { random } from '../generate.ts';

describe('entropy and mutual information', () => {
  it.each([
    [[1, 1], 1],
    [[5, 5, 5, 5], 2],
    [[1, 3], 0.811_278_124_459_132_9], // 2 − ¾·log₂ 3
    [[7], 0],
    [[0, 7, 0], 0],
    [[], 0],
  ])('entropy of %j is %d bits', (counts, bits) => expect(entropy(counts)).toBeCloseTo(bits, 12));

  // scikit-learn mutual_info_score and scipy.stats.chi2_contingency(lambda_='log-likelihood', correction=False)
  const table = [
    [90, 10],
    [30, 170],
  ];
  it('mutual information as scikit-learn', () => expect(mutualInformation(table)).toBeCloseTo(0.408_058_526_780_641_36, 12));
  it('uncertainty coefficient of the columns', () => expect(uncertaintyCoefficient(table)).toBeCloseTo(0.420_267_034_297_276_7, 12));
  it('G² as scipy', () => expect(gSquared(table)).toBeCloseTo(169.706_770_404_878_88, 9));
  it('knows nothing of a constant', () =>
    expect(
      uncertaintyCoefficient([
        [3, 0],
        [5, 0],
      ]),
    ).toBeNull());
  it('finds nothing in 90/10 labels that a feature does not touch', () =>
    expect(
      uncertaintyCoefficient([
        [90, 10],
        [180, 20],
      ]),
    ).toBeCloseTo(0, 12));
});

describe('studentTail', () => {
  // two-sided critical values of the t table (NIST/SEMATECH e-Handbook 1.3.6.7.2)
  it.each([
    [12.706, 1, 0.025],
    [4.303, 2, 0.025],
    [2.132, 4, 0.05],
    [2.093, 19, 0.025],
    [2.861, 19, 0.005],
    [3.579, 19, 0.001],
    [1.725, 20, 0.05],
  ])('t = %d at %d degrees of freedom', (t, freedom, p) => expect(studentTail(t, freedom)).toBeCloseTo(p, 4));
  it('is one half at 0 and mirrors', () => {
    expect(studentTail(0, 19)).toBeCloseTo(0.5, 12);
    expect(studentTail(-2.093, 19) + studentTail(2.093, 19)).toBeCloseTo(1, 12);
  });
  it('is 0 far out, not negative', () => {
    expect(studentTail(1e9, 19)).toBeLessThan(1e-15);
    expect(studentTail(1e9, 19)).toBeGreaterThanOrEqual(0);
  });
});

describe('falseDiscoveryRates', () => {
  it('equals R: p.adjust(c(.01, .04, .03, .005), "BH")', () =>
    expect(falseDiscoveryRates([0.01, 0.04, 0.03, 0.005]).map((x) => x.toFixed(6))).toEqual([
      '0.020000',
      '0.040000',
      '0.040000',
      '0.020000',
    ]));
  it('counts tests that are not listed', () => expect(falseDiscoveryRates([0.01], 5)).toEqual([0.05]));
  it('never exceeds 1', () => expect(falseDiscoveryRates([0.9, 0.8], 50)).toEqual([1, 1]));
  it('of none is none', () => expect(falseDiscoveryRates([])).toEqual([]));
});

interface Row {
  readonly yes: boolean;
  readonly cue: boolean;
  readonly word: number;
}

const WORDS = 6;
const rows = fc.array(
  fc.array(fc.record({ yes: fc.boolean(), cue: fc.boolean(), word: fc.nat(WORDS - 1) }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 12 },
);

function decisionsOf(runs: readonly (readonly Row[])[]): { decisions: Decisions; cue: Uint32Array } {
  const flat = runs.flat();
  const starts = [0];
  for (const run of runs) starts.push(starts.at(-1)! + run.length);
  return {
    decisions: {
      outcome: Uint8Array.from(flat, (row) => (row.yes ? 1 : 0)),
      given: Uint32Array.from(flat, (row) => row.word),
      givenSize: WORDS,
      runs: Uint32Array.from(starts),
      seeds: Float64Array.from(runs, (_, i) => (i + 1) * 7919),
      groups: Uint8Array.from(runs, (_, i) => i % 20),
    },
    cue: Uint32Array.from(flat.flatMap((row, i) => (row.cue ? [i] : []))),
  };
}

/** H(yes | key) in bits, straight from the definition. */
function conditionalEntropy(list: readonly Row[], key: (row: Row) => string): number {
  const cells = new Map<string, [number, number]>();
  for (const row of list) {
    const cell = cells.get(key(row)) ?? [0, 0];
    cell[row.yes ? 1 : 0] += 1;
    cells.set(key(row), cell);
  }
  let bits = 0;
  for (const cell of cells.values()) bits += ((cell[0] + cell[1]) / list.length) * entropy(cell);
  return bits;
}

const share = (all: number, left: number) => (all > 1e-12 ? Math.max(0, (all - left) / all) : 0);

describe('cueTells', () => {
  it('is what the definitions give, with any group left out', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -1, max: 5 }), (runs, without) => {
        const { decisions, cue } = decisionsOf(runs);
        const kept = runs.filter((_, i) => i % 20 !== without).flat();
        fc.pre(kept.length > 0);
        const value = cueTells(cueBaseline(decisions, without), cue);
        const all = conditionalEntropy(kept, () => '');
        const given = conditionalEntropy(kept, (row) => `${row.word}`);
        expect(value.uncertainty).toBeCloseTo(
          share(
            all,
            conditionalEntropy(kept, (row) => `${row.cue}`),
          ),
          9,
        );
        expect(value.conditional).toBeCloseTo(
          share(
            given,
            conditionalEntropy(kept, (row) => `${row.word} ${row.cue}`),
          ),
          9,
        );
        expect(value.cued).toBe(kept.filter((row) => row.cue).length);
        expect(value.cuedYes).toBe(kept.filter((row) => row.cue && row.yes).length);
      }),
    );
  });

  it('asked twice answers twice the same, rotated or not', () => {
    fc.assert(
      fc.property(rows, fc.nat(5), (runs, rotation) => {
        const { decisions, cue } = decisionsOf(runs);
        const known = cueBaseline(decisions);
        const first = cueTells(known, cue, rotation);
        cueTells(known, cue, rotation + 1);
        expect(cueTells(known, cue, rotation)).toEqual(first);
      }),
    );
  });

  it('rotated keeps the number of cues and never stands still in a run of several', () => {
    const run = Array.from({ length: 10 }, (_, i) => ({ yes: i === 3, cue: i === 3, word: 0 }));
    const { decisions, cue } = decisionsOf([run]);
    const known = cueBaseline(decisions);
    expect(cueTells(known, cue).cuedYes).toBe(1);
    for (let r = 1; r <= 20; r++) expect(cueTells(known, cue, r)).toMatchObject({ cued: 1, cuedYes: 0 });
  });
});

const generated = (seed: number, leak: number): readonly (readonly Row[])[] => {
  const r = random(seed);
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 15 }, () => {
      const yes = r() < 0.15;
      return { yes, cue: yes && r() < leak ? true : r() < 0.2, word: Math.floor(r() * WORDS) };
    }),
  );
};

describe('cueExcess', () => {
  it('calls chance what is chance: p below .05 in about a twentieth of 200 cue-free sets', () => {
    let low = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { decisions, cue } = decisionsOf(generated(seed, 0));
      const value = cueExcess(cueBaseline(decisions), cue);
      if (value.p < 0.05) low++;
      expect(Math.abs(value.conditional - value.chance.conditional)).toBeLessThan(0.05);
    }
    expect(low).toBeLessThan(20);
    expect(low).toBeGreaterThan(0);
  });

  it('sees a cue that half of the events carry', () => {
    const { decisions, cue } = decisionsOf(generated(1, 0.5));
    expect(cueExcess(cueBaseline(decisions), cue).p).toBeLessThan(1e-6);
  });

  it('takes nothing for a sign that all decisions of a run share', () => {
    // runs with the cue have three times the events: what tells runs apart is no cue to the place
    const r = random(5);
    const runs = Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: 15 }, () => ({ yes: r() < (i % 2 ? 0.3 : 0.1), cue: i % 2 === 1, word: Math.floor(r() * WORDS) })),
    );
    const { decisions, cue } = decisionsOf(runs);
    const value = cueExcess(cueBaseline(decisions), cue);
    expect(value.uncertainty).toBeGreaterThan(0.03);
    expect(value.uncertainty - value.chance.uncertainty).toBeCloseTo(0, 12);
    expect(value.p).toBe(1);
  });
});

describe('givenTells', () => {
  it('is near 0 where words tell nothing, though in the sample they would seem to', () => {
    const r = random(3);
    const runs = Array.from({ length: 100 }, (_, i) => ({ i })).map(() =>
      Array.from({ length: 10 }, () => ({ yes: r() < 0.2, cue: false, word: Math.floor(r() * WORDS) })),
    );
    expect(givenTells(cueBaseline(decisionsOf(runs).decisions))).toBeLessThan(0.01);
  });
  it('is near 1 where the word decides', () => {
    const r = random(4);
    const runs = Array.from({ length: 100 }, () =>
      Array.from({ length: 10 }, () => {
        const word = Math.floor(r() * WORDS);
        return { yes: word === 2, cue: false, word };
      }),
    );
    expect(givenTells(cueBaseline(decisionsOf(runs).decisions))).toBeGreaterThan(0.95);
  });
});
