import { describe, expect, it } from 'vitest';
import { preferenceEvidence, preferencePairs, textOf } from '../../src/panel/preferences.ts';
import { panelOf } from './panel-of.ts';

const turn = (role: string, content: string) => ({ role, content });
const pairsOf = (rows: readonly object[]) => preferencePairs(panelOf(rows));
/** Pairs of prompt, chosen and rejected by the ranking that they are in, as "chosen>rejected". */
const rankings = (rows: readonly (readonly [string, string, string])[]) => {
  const found = new Map<number, string[]>();
  for (const { ranking, chosen, rejected } of pairsOf(rows.map(([prompt, won, lost]) => ({ prompt, chosen: won, rejected: lost }))))
    found.set(ranking, [...(found.get(ranking) ?? []), `${textOf(chosen)}>${textOf(rejected)}`]);
  return [...found.values()].map((each) => each.toSorted().join(' ')).toSorted();
};

describe('preferencePairs', () => {
  it('leaves out what is no pair, and pairs whose replies are the same but for blanks', () => {
    const found = pairsOf([
      { prompt: 'a', completion: 'b' },
      { prompt: 'a', completion: 'b', label: false },
      { prompt: 'a', completion: 'b', label: true },
      { prompt: 'a', chosen: 'same  thing', rejected: ' same thing\n' },
      { prompt: 'a', chosen: 'b', rejected: 'c' },
    ]);
    expect(found.map(({ chosen, rejected }) => [textOf(chosen), textOf(rejected)])).toEqual([['b', 'c']]);
  });

  it('joins what the assistant says after the prompt', () => {
    const shared = [turn('user', 'Hi'), turn('assistant', 'Hello.'), turn('user', 'Go on.')];
    const [found] = pairsOf([
      {
        chosen: [...shared, turn('assistant', 'One.'), turn('user', 'And?'), turn('assistant', 'Two.')],
        rejected: [...shared, turn('assistant', 'No.')],
      },
    ]);
    expect([textOf(found!.chosen), textOf(found!.rejected)]).toEqual(['One.\nTwo.', 'No.']);
  });

  it('knows the pairs of one ranking: of one prompt, and with a reply in common', () => {
    expect(
      rankings([
        ['p', 'A', 'B'],
        ['p', 'A', 'C'],
        ['p', 'B', 'D'],
        ['p', 'E', 'F'],
        ['q', 'A', 'B'],
        ['r', 'yes', 'no'],
        ['s', 'yes', 'no'],
      ]),
    ).toEqual(['A>B', 'A>B A>C B>D', 'E>F', 'yes>no', 'yes>no']);
  });

  it('numbers rankings from 0 in hash order', () => {
    const found = pairsOf(Array.from({ length: 30 }, (_, i) => ({ prompt: `p ${i}`, chosen: 'a', rejected: 'b' })));
    expect(found.map(({ ranking }) => ranking)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('follows a long chain', () => {
    const chain = Array.from({ length: 3000 }, (_, i) => [`p`, `reply ${i}`, `reply ${i + 1}`] as const);
    expect(rankings(chain).length).toBe(1);
  });
});

describe('preferenceEvidence', () => {
  it('shows both replies around what matters, with notes, in 160 characters', () => {
    const [pair] = pairsOf([{ prompt: 'p', chosen: `${'a '.repeat(200)}HERE`, rejected: 'short\ntext' }]);
    expect(preferenceEvidence(pair!, ['201 words', '2 words'], [400, 0])).toMatchObject({
      line: 1,
      excerpt: expect.stringMatching(/^chosen \(201 words\): …(?:a )+HERE; rejected \(2 words\): short text$/) as string,
    });
    const [long] = pairsOf([{ prompt: 'p', chosen: 'a'.repeat(500), rejected: 'b'.repeat(500) }]);
    expect(preferenceEvidence(long!, undefined, [0, 0]).excerpt.length).toBeLessThanOrEqual(160);
    expect(preferenceEvidence(long!, ['123,456 characters', '123,456 characters'], [250, 250]).excerpt.length).toBeLessThanOrEqual(160);
  });
});
