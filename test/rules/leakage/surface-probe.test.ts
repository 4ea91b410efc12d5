import surfaceProbe from '../../../rules/leakage/surface-probe.ts';
import { testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';
import { finalMark, firstCase, type Labelled, labelled, type Pairs, plain } from './labelled.ts';

const rowsOf = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
const both =
  (strength: number): NonNullable<Labelled['cue']> =>
  (prompt, label, r) =>
    firstCase('yes', strength)(finalMark('yes', strength)(prompt, label, r), label, r);
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
      notJudged: 'too few different answers to tell a cue from chance',
    },
    {
      name: 'bounds that allow it',
      pairs: labelled({ n: 400, seed: 4, cue: both(0.7) }),
      options: { warn: 0.6, error: 0.9 },
      score: 0.111,
      findings: [{ level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'two cues, each right in 85%',
      pairs: labelled({ n: 300, seed: 4, cue: both(0.85) }),
      score: 0.999,
      findings: [
        {
          key: 'reply',
          level: 'error',
          message:
            'A model blind to the words, which sees only case, marks, length and layout, is right in 84% of 300 prompts (the commonest answer: 53%), and so knows at least 50% of the answer, expected under 5%',
          suggestion:
            'Write the prompts of all answers alike, beginning with the final mark, the number of question marks and how the first word is written: about 91 answers are given away',
          data: {
            task: 'all prompts',
            answers: 'reply',
            share: 0.5569,
            lower: 0.4987,
            bits: 0.5587,
            accuracy: 0.8367,
            balancedAccuracy: 0.8335,
            majority: 0.5333,
            pairs: 300,
          },
        },
      ],
    },
    {
      name: 'length alone: a warning at most',
      pairs: labelled({ n: 200, seed: 5, cue: short }),
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf('Is it so?', labelled({ n: 150, seed: 9 })),
        ...rowsOf('Is it polite?', labelled({ n: 150, seed: 10, cue: both(0.9) })),
      ],
      score: 1,
      findings: [{ level: 'error' }],
    },
  ],
});
