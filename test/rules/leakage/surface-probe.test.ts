import { expect, it } from 'vitest';
import surfaceProbe from '../../../rules/leakage/surface-probe.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';
import { doubleBlank, finalMark, firstCase, type Labelled, labelled, type Pairs, plain } from './labelled.ts';

const rowsOf = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
/** Three cues, each right so often. */
const three =
  (strength: number): NonNullable<Labelled['cue']> =>
  (prompt, label, r) =>
    doubleBlank('yes', strength)(firstCase('yes', strength)(finalMark('yes', strength)(prompt, label, r), label, r), label, r);
const short = (prompt: string, label: string): string => {
  const [, text, end] = /^(.*?)([.?!]?)$/.exec(prompt)!;
  return label === 'yes' ? `${text!.split(' ').slice(0, 5).join(' ')}${end}` : prompt;
};
const free = (n: number): Pairs => {
  const r = random(3);
  return Array.from({ length: n }, () => [plain(r), sentence(r, 12)] as const);
};

testRule(surfaceProbe, {
  even: [
    { name: 'labels that nothing tells', pairs: labelled({ n: 300, seed: 1 }), score: 0 },
    { name: 'free text', pairs: free(150), score: null, notJudged: 'the replies do not decide between a few answers' },
    {
      name: 'too few to fit a model on',
      pairs: labelled({ n: 90, seed: 2, cue: finalMark('yes', 1) }),
      score: null,
      notJudged: 'too few examples of each answer to tell a cue from chance',
    },
    {
      name: 'bounds that allow it',
      pairs: labelled({ n: 400, seed: 4, cue: three(0.7) }),
      options: { warn: 0.6, error: 0.9 },
      score: 0.213,
      findings: [{ level: 'info' }],
    },
    { name: 'length alone is for answer-cue to tell', pairs: labelled({ n: 200, seed: 5, cue: short }), score: 0 },
  ],
  lopsided: [
    {
      name: 'three cues, each right in 75%',
      pairs: labelled({ n: 300, seed: 4, cue: three(0.75) }),
      score: 0.912,
      findings: [
        {
          key: 'reply',
          level: 'error',
          message:
            'Case, marks, length and layout of the prompts tell at least 35% of the answer, expected under 5%: a model that sees nothing else is right in 82% of 300 prompts (the commonest answer: 50%)',
          suggestion:
            'Write the prompts of all answers alike, beginning with the number of double blanks, how the first word is written and the final mark: about 95 answers are given away',
          data: {
            task: 'all prompts',
            answers: 'reply',
            share: 0.439,
            lower: 0.346,
            bits: 0.4411,
            accuracy: 0.82,
            balancedAccuracy: 0.8198,
            majority: 0.5033,
            pairs: 300,
          },
        },
      ],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf('Is it so?', labelled({ n: 150, seed: 9 })),
        ...rowsOf('Is it polite?', labelled({ n: 150, seed: 10, cue: three(0.9) })),
      ],
      score: 1,
      findings: [{ level: 'error' }],
    },
  ],
});

it('gives an interval of 0 where a sample was probed and one cue alone tells as much', async () => {
  const rows = labelled({ n: 5000, seed: 5, cue: finalMark('yes', 0.9) }).map(([prompt, completion]) => ({ prompt, completion }));
  expect((await runRule(surfaceProbe, rows)).rules['surface-probe']).toMatchObject({ score: 0, interval: [0, 0] });
});
