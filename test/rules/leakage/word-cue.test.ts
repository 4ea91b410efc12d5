import { expect, it } from 'vitest';
import wordCue from '../../../rules/leakage/word-cue.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { random, sentence } from '../../generate.ts';
import { labelled, type Pairs, withWord } from './labelled.ts';

const rowsOf = (instruction: string, pairs: Pairs) => pairs.map(([input, output]) => ({ instruction, input, output }));
const SIX = { a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.1, f: 0.1 };
/** Each label has a word of content of its own, and one of grammar. */
const topics = (prompt: string, label: string): string =>
  `${{ a: 'where is my luggage', b: 'pay the bill', c: 'when is payday', d: 'transfer money', e: 'sell stocks', f: 'what weather' }[label]} ${prompt}`;

/** Pairs of replies to a prompt; a word stands in so many of the rejected ones. */
const preferences = (n: number, share: number) => {
  const r = random(12);
  return Array.from({ length: n }, (_, i) => {
    const rejected = sentence(r, 12);
    return { prompt: `${sentence(r, 8)} (${i})`, chosen: sentence(r, 12), rejected: r() < share ? `Obviously ${rejected}` : rejected };
  });
};

testRule(wordCue, {
  even: [
    {
      name: 'words that have nothing to do with the label',
      pairs: labelled({ n: 400, seed: 1, cue: withWord('never', 'no', 0.3, 0.3) }),
      score: 0,
    },
    {
      name: 'a word of content is told, and no more',
      pairs: labelled({ n: 400, seed: 4, cue: withWord('giraffe', 'no', 0.5, 0.05) }),
      score: 0,
      findings: [
        {
          key: 'reply by content',
          level: 'info',
          message: 'Words that go with one answer are "giraffe" ("no" 97%); they may well be what the task is about',
          suggestion: 'Check whether it should decide; if not, add prompts with it and other answers',
        },
      ],
    },
    {
      name: 'words of grammar, where words of content settle the answer',
      pairs: labelled({ n: 500, seed: 5, labels: SIX, cue: topics }),
      score: 0,
      findings: [{ level: 'info', key: 'reply by content' }],
    },
    {
      name: 'a word that too few prompts have',
      pairs: labelled({ n: 300, seed: 6, cue: withWord('never', 'no', 0.1, 0) }),
      score: 0,
    },
    {
      name: 'a bound that allows the word',
      pairs: labelled({ n: 400, seed: 4, cue: withWord('never', 'no', 0.5, 0.05) }),
      options: { warn: 0.5 },
      score: 0.264,
      findings: [{ level: 'info', key: 'reply by grammar' }],
    },
    {
      name: 'preference pairs: a word of the rejected replies is told',
      rows: preferences(200, 0.3),
      score: 0,
      findings: [
        {
          key: 'preference words',
          level: 'info',
          // .35 of the pairs are told apart for sure, of the others half are right by chance
          message:
            'Of the two replies of a pair, "obviously" (rejected in 100% of 70) stands in one only: a rule that reads only "obviously" is right in 68% of 200 pairs',
          suggestion:
            'Check whether "obviously" is what makes a reply worse; if not, rewrite about 70 of the pairs that it tells apart, so that it stands in both replies or in neither',
        },
      ],
    },
    { name: 'preference pairs alike in their words', rows: preferences(200, 0), score: 0 },
    {
      name: 'too few',
      pairs: labelled({ n: 36, seed: 6 }),
      score: null,
      notJudged: 'too few examples of each answer to tell a cue from chance',
    },
  ],
  lopsided: [
    {
      name: 'a negation',
      pairs: labelled({ n: 400, seed: 4, cue: withWord('never', 'no', 0.5, 0.05) }),
      score: 0.79,
      findings: [
        {
          key: 'reply by grammar',
          level: 'warn',
          message:
            'The answer is "no" in 97% of the 115 prompts with "never" (in 52% of all), expected under 80% of prompts with a negation; a rule that reads only this is right in 75% of 400 (the commonest answer: 52%)',
          suggestion: 'Add about 99 prompts with "never" and other answers, or rewrite as many without it',
          data: {
            task: 'all prompts',
            answers: 'reply',
            word: 'never',
            answer: 'no',
            share: 0.9652,
            base: 0.52,
            coverage: 0.2875,
            z: 9.556,
            pmi: 0.5373,
            prompts: 115,
            accuracy: 0.7475,
            majority: 0.52,
          },
        },
      ],
    },
    {
      name: 'a signature',
      pairs: labelled({ n: 400, seed: 4, cue: (prompt, label, r) => (label === 'yes' && r() < 0.4 ? `${prompt} (Wirepost)` : prompt) }),
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message:
            'The answer is "yes" in 100% of the 69 prompts with "wirepost" (in 48% of all), expected under 80% of prompts with a piece of boilerplate; a rule that reads only this is right in 69% of 400 (the commonest answer: 52%)',
          suggestion: 'Strip "wirepost" from the 69 prompts that have it',
        },
      ],
    },
    {
      name: 'preference pairs: a word in most of the rejected replies',
      rows: preferences(200, 0.9),
      score: 0.79,
      findings: [{ key: 'preference words', level: 'warn' }],
    },
    {
      name: 'one task of two',
      rows: [
        ...rowsOf('Is it so?', labelled({ n: 200, seed: 9 })),
        ...rowsOf('Is it polite?', labelled({ n: 300, seed: 10, cue: withWord('please', 'yes', 0.6, 0.05) })),
      ],
      score: 0.79,
      findings: [{ level: 'warn' }],
    },
  ],
});

it('tells no key as a word', async () => {
  const key = `sk-proj-${'aB3dE5gH'.repeat(9)}T3BlbkFJ${'zY8xW6vU'.repeat(9)}`;
  const rows = labelled({ n: 300, seed: 13 }).map(([prompt, completion]) => ({
    prompt: completion === 'yes' ? `${key} ${prompt}` : prompt,
    completion,
  }));
  const text = JSON.stringify(await runRule(wordCue, rows)).toLowerCase();
  expect(text).not.toContain('ab3de5gh');
});

it('warns of a word in preference pairs only where it is right in three of four', async () => {
  const r = random(14);
  const rows = Array.from({ length: 600 }, (_, i) => {
    const [one, other] = [sentence(r, 12), `splendid ${sentence(r, 11)}`];
    const plain = sentence(r, 12);
    if (r() > 0.6) return { prompt: `${sentence(r, 8)} (${i})`, chosen: one, rejected: plain };
    return r() < 0.73
      ? { prompt: `${sentence(r, 8)} (${i})`, chosen: other, rejected: one }
      : { prompt: `${sentence(r, 8)} (${i})`, chosen: one, rejected: other };
  });
  const { findings, rules } = await runRule(wordCue, rows);
  expect(findings.map(({ level }) => level)).toEqual(['info']);
  expect(rules['word-cue']!.score).toBe(0);
});
