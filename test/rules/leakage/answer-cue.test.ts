import { expect, it } from 'vitest';
import answerCue from '../../../rules/leakage/answer-cue.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';
import { finalMark, firstCase, labelled, type Pairs, plain } from './labelled.ts';

const rowsOf = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
const free = (n: number): Pairs => {
  const r = random(3);
  return Array.from({ length: n }, () => [plain(r), sentence(r, 12)] as const);
};
const LETTERS = { a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.1, f: 0.1 };
const number = (prompt: string, label: string): string => {
  const text = prompt.replace(/ \d+/g, '');
  return label === 'a' ? text.replace(/([.?!]?)$/, ' 17$1') : text;
};
const short = (prompt: string, label: string): string => {
  const [, text, end] = /^(.*?)([.?!]?)$/.exec(prompt)!;
  return label === 'yes' ? `${text!.split(' ').slice(0, 5).join(' ')}${end}` : prompt;
};

testRule(answerCue, {
  even: [
    { name: 'labels that nothing tells', pairs: labelled({ n: 300, seed: 1 }), score: 0 },
    {
      name: 'five labels that nothing tells',
      pairs: labelled({ n: 400, seed: 2, labels: { a: 0.4, b: 0.3, c: 0.1, d: 0.1, e: 0.1 } }),
      score: 0,
    },
    { name: 'free text', pairs: free(150), score: null, notJudged: 'the replies do not decide between a few answers' },
    {
      name: 'texts without a prompt',
      rows: Array.from({ length: 120 }, (_, i) => ({ text: i % 2 === 0 ? 'yes' : 'no' })),
      score: null,
      notJudged: 'no prompts',
    },
    {
      name: 'too few to tell a cue from chance',
      pairs: labelled({ n: 36, seed: 3, cue: finalMark('yes', 1) }),
      score: null,
      notJudged: 'too few examples of each answer to tell a cue from chance',
    },
    {
      name: 'bounds that allow a cue',
      pairs: labelled({ n: 400, seed: 4, cue: finalMark('yes', 0.75) }),
      options: { warn: 0.5, error: 0.8 },
      score: 0.117,
      findings: [{ level: 'info', key: 'reply by final-mark' }],
    },
    {
      name: 'of many labels, numbers rightly tell what is asked',
      pairs: labelled({ n: 600, seed: 7, labels: LETTERS, cue: number }),
      score: 0.49,
      findings: [{ level: 'info', key: 'reply by digits' }],
    },
  ],
  lopsided: [
    {
      name: 'a final mark that is right in nine of ten',
      // U = 1 − H(.9) = .531
      pairs: labelled({ n: 400, seed: 4, cue: finalMark('yes', 0.9) }),
      score: 0.975,
      findings: [
        {
          key: 'reply by final-mark',
          level: 'error',
          message:
            'The answer is "no" in 89% of the prompts that end with "." and in 8.1% of the others: the final mark tells at least 46% of the answer, expected under 5%, and a rule that reads nothing else is right in 90% of 400 (the commonest answer: 51%)',
          suggestion:
            'End all prompts with the same mark, or with none, unless the mark is what is asked, so that the answer must be read from the words',
          data: {
            task: 'all prompts',
            answers: 'reply',
            cue: 'final-mark',
            value: 'that end with "."',
            answer: 'no',
            share: 0.8867,
            elsewhere: 0.08122,
            uncertainty: 0.5382,
            lower: 0.4566,
            accuracy: 0.9025,
            majority: 0.51,
            pairs: 400,
            p: 1e-12,
            otherCues: 'questions',
          },
        },
      ],
    },
    {
      name: 'the case of the first letter',
      pairs: labelled({ n: 200, seed: 5, cue: firstCase('yes', 0.98) }),
      score: 1,
      findings: [
        {
          key: 'reply by first-shape',
          level: 'error',
          suggestion: 'Lower-case the prompts, or randomise their case, so that the answer must be read from the words',
        },
      ],
    },
    {
      name: 'length, which what is asked may rightly show in: a warning at most',
      pairs: labelled({ n: 300, seed: 6, cue: short }),
      score: 0.79,
      findings: [{ level: 'warn', key: 'reply by words' }],
    },
    {
      name: 'a warn bound below what the cue tells',
      pairs: labelled({ n: 1000, seed: 8, cue: finalMark('yes', 0.65) }),
      options: { warn: 0.03 },
      score: 0.567,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'an opening that gives the label away',
      pairs: labelled({ n: 400, seed: 11, cue: (prompt, label) => (label === 'yes' ? `Review: ${prompt}` : prompt) }),
      score: 1,
      findings: [
        {
          key: 'opening',
          level: 'error',
          message:
            'What prompts open with, or their system text, gives the answer away: "yes" to 100% of 203 prompts under "Review:" and "no" to 100% of 197 prompts under "other prompts", expected every answer under each',
          suggestion: 'Strip these openings from the 400 prompts, or write prompts of every answer under each of them',
        },
      ],
    },
    {
      name: 'an opening that all refused prompts have',
      rows: labelled({ n: 400, seed: 12 }).map(([prompt, label], i) => ({
        prompt: label === 'yes' ? `Tell me: ${prompt} ${i}` : `${prompt} ${i}`,
        completion: label === 'yes' ? "I'm sorry, but I can't help with that." : `${prompt} ${prompt}`,
      })),
      score: 0.79,
      findings: [{ key: 'opening', level: 'warn' }],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf('Is it so?', labelled({ n: 200, seed: 9 })),
        ...rowsOf('Is it polite?', labelled({ n: 200, seed: 10, cue: finalMark('yes', 0.95) })),
      ],
      score: 1,
      findings: [
        {
          level: 'error',
          message:
            'In the task "Is it polite?", the answer is "no" in 94% of the prompts that end with "." and in 3.2% of the others: the final mark tells at least 62% of the answer, expected under 5%, and a rule that reads nothing else is right in 96% of 200 (the commonest answer: 52%)',
        },
      ],
    },
  ],
});

it('counts prompts under an opening as sampled, with an interval, only where it saw a sample', async () => {
  const opened = (n: number) =>
    labelled({ n, seed: 11, cue: (prompt, label) => (label === 'yes' ? `Review: ${prompt}` : prompt) }).map(([prompt, completion], i) => ({
      prompt: `${prompt} ${i}`,
      completion,
    }));
  const all = await runRule(answerCue, opened(400));
  expect(all.findings[0]!.message).not.toContain('sampled');
  expect(all.rules['answer-cue']!.interval).toBeUndefined();
  const some = await runRule(answerCue, opened(21_000));
  expect(some.findings[0]!.message).toMatch(/"yes" to 100% of [\d,]+ sampled prompts under "Review:"/);
  expect(some.rules['answer-cue']!.interval).toEqual([1, 1]);
});
