import partialPrompt from '../../../rules/leakage/partial-prompt.ts';
import { testRule } from '../../../src/testing.ts';
import { random } from '../../generate.ts';
import { labelled, type Pairs, plain, twoParts, withWord } from './labelled.ts';

const rowsOf = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
const fields = (pairs: Pairs) =>
  pairs.map(([prompt, label]) => {
    const [, premise, hypothesis] = /^Premise: (.*)\nHypothesis: (.*)$/.exec(prompt)!;
    return { instruction: premise, input: hypothesis, output: label };
  });
/** Both parts hold the word: each is about the answer. */
const redundant = (prompt: string, label: string, r: () => number): string =>
  `Title: ${withWord('never', 'no', 0.7, 0.05)(plain(r), label, r)}\nBody: ${withWord('never', 'no', 0.7, 0.05)(prompt, label, r)}`;
/** The hypotheses of the leak, each twice: with its own label and with the other one. */
const twins = (): Pairs => {
  const r = random(5);
  return labelled({ n: 200, seed: 4, cue: twoParts('never', 'no', 0.7, 0.05) }).flatMap(([prompt, label]) => [
    [prompt, label] as const,
    [`Premise: ${plain(r)}\n${prompt.split('\n')[1]}`, label === 'yes' ? 'no' : 'yes'] as const,
  ]);
};

testRule(partialPrompt, {
  even: [
    { name: 'no part tells', pairs: labelled({ n: 300, seed: 1, cue: twoParts('never', 'no', 0.2, 0.2) }), score: 0 },
    { name: 'every hypothesis has a twin with the other answer', pairs: twins(), score: 0 },
    {
      name: 'both parts tell: title and body',
      pairs: labelled({ n: 300, seed: 2, cue: redundant }),
      score: 0.49,
      findings: [{ level: 'info' }],
    },
    { name: 'one part only', pairs: labelled({ n: 300, seed: 3 }), score: null, notJudged: 'the prompts do not have two parts of text' },
    {
      name: 'a text and a name: a field is no text',
      pairs: labelled({ n: 300, seed: 3, cue: (prompt, _, r) => `Author: ${plain(r).split(' ')[1]}\nText: ${prompt}` }),
      score: null,
      notJudged: 'the prompts do not have two parts of text',
    },
    {
      name: 'too few',
      pairs: labelled({ n: 36, seed: 6 }),
      score: null,
      notJudged: 'too few examples of each answer to tell a cue from chance',
    },
  ],
  lopsided: [
    {
      name: 'the hypothesis gives the answer away',
      pairs: labelled({ n: 300, seed: 4, cue: twoParts('never', 'no', 0.7, 0.05) }),
      score: 0.818,
      findings: [
        {
          key: 'reply by Hypothesis',
          level: 'error',
          message:
            '"Hypothesis" alone tells at least 18% of the answer (0.26 bits), expected under 5%: a linear model that never sees "Premise" is right in 75% of 300 (the commonest answer: 50%)',
          suggestion:
            'Give about 75 prompts a twin with the same "Hypothesis", another "Premise" and another answer, beginning with those below',
          data: {
            task: 'all prompts',
            answers: 'reply',
            part: 'Hypothesis',
            bits: 0.2553,
            share: 0.2541,
            lower: 0.1822,
            accuracy: 0.7533,
            majority: 0.5033,
            pairs: 300,
            others: 'Premise 0',
          },
        },
      ],
    },
    {
      name: 'parts that may belong together or not: a warning at most',
      pairs: labelled({
        n: 300,
        seed: 4,
        cue: (prompt, label, r) =>
          twoParts('never', 'no', 0.7, 0.05)(prompt, label, r).replace('Premise', 'Order').replace('Hypothesis', 'Note'),
      }),
      score: 0.709,
      findings: [{ level: 'warn', key: 'reply by Note' }],
    },
    {
      name: 'fields of the format',
      rows: fields(labelled({ n: 300, seed: 4, cue: twoParts('never', 'no', 0.7, 0.05) })),
      score: 0.79,
      findings: [{ level: 'warn', key: 'reply by input' }],
    },
    {
      name: 'tightened bounds',
      pairs: labelled({ n: 300, seed: 7, cue: twoParts('never', 'no', 0.6, 0.1) }),
      options: { warn: 0.01, error: 0.5 },
      score: 0.553,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf('Is it so?', labelled({ n: 150, seed: 9 })),
        ...rowsOf('Does it follow?', labelled({ n: 300, seed: 4, cue: twoParts('never', 'no', 0.7, 0.05) })),
      ],
      score: 0.831,
      findings: [{ level: 'error' }],
    },
  ],
});
