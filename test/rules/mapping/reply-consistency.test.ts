import { describe, expect, it } from 'vitest';
import replyConsistency from '../../../rules/mapping/reply-consistency.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import { pick, random, sentence } from '../../generate.ts';
import { panelOf } from '../../panel/panel-of.ts';

type Pairs = (readonly [string, string])[];

function replies(n: number, reply: (i: number, r: () => number) => string, seed = 1): Pairs {
  const r = random(seed);
  return Array.from({ length: n }, (_, i) => [`${sentence(r, 9)} (${i})`, reply(i, r)]);
}
const prose = (r: () => number) => Array.from({ length: 1 + Math.floor(r() * 6) }, () => sentence(r, 8)).join(' ');
/** Of each hundred replies the first `n` begin so, the rest otherwise. */
const begun = (n: number, start: string, other = '') => replies(200, (i, r) => (i % 100 < n ? start : other) + prose(r));
const rowsOf = (pairs: Pairs, instruction?: string) =>
  pairs.map(([prompt, output]) => (instruction === undefined ? { prompt, completion: output } : { instruction, input: prompt, output }));
const sums = (steps: (i: number) => boolean) =>
  Array.from({ length: 150 }, (_, i): readonly [string, string] => {
    const all = 3 * i + 4;
    return [
      `How much is ${all} less ${i}?`,
      steps(i) ? `First I take ${i} from ${all}.\n${all} - ${i} = ${all - i}\n#### ${all - i}` : `${all - i}`,
    ];
  });
const NO_ANSWER = ['None', 'None', 'None', 'None found', 'N/A', 'n/a', "I don't know.", 'Not mentionned'];

testRule(replyConsistency, {
  even: [
    { name: 'one way', pairs: begun(0, ''), score: 0 },
    { name: 'a blank before every reply', pairs: begun(100, ' '), score: 0 },
    { name: 'a label before every reply, a stop marker behind it', pairs: replies(150, (_, r) => `Answer: ${prose(r)} ###`), score: 0 },
    {
      name: 'blanks before a few',
      pairs: begun(3, ' '),
      score: 0,
      findings: [
        {
          key: 'start',
          level: 'info',
          message: '3% of the replies begin with a blank, the others do not',
          suggestion: 'Write every reply one way: take a blank out of 6 replies',
          data: { replies: 200, ways: 2, others: 0.03, without: 194, 'with a blank': 6 },
        },
      ],
    },
    {
      name: 'nearly too many',
      pairs: begun(9, 'Assistant: '),
      score: 0.4, // (.09 - .05) / (.10 - .05) / 2
      findings: [{ level: 'info', message: '9% of the replies begin with "Assistant:", the others do not' }],
    },
    { name: 'steps in every reply', pairs: sums(() => true), score: 0 },
    { name: 'labels in one spelling', pairs: replies(150, (_, r) => pick(r, ['Yes', 'No'])), score: 0 },
    {
      name: 'several formats where anything may be asked',
      pairs: replies(150, (i, r) => (i % 2 === 0 ? prose(r) : `- ${sentence(r, 5)}\n- ${sentence(r, 5)}\n- ${sentence(r, 5)}`)),
      score: 0,
    },
    {
      name: 'JSON where it is asked for',
      pairs: replies(150, (i, r) => (i % 2 === 0 ? prose(r) : JSON.stringify({ text: prose(r) }))).map(
        ([prompt, reply], i) => [i % 2 === 0 ? prompt : `As JSON: ${prompt}`, reply] as const,
      ),
      score: 0,
    },
    {
      name: 'indented code',
      pairs: replies(150, (i) => `${i % 2 === 0 ? '    ' : ''}return sum(values[:${i}]);`),
      score: 0,
    },
    { name: 'a field that no side is named by', pairs: replies(150, (i, r) => (i % 2 === 0 ? 'Note: ' : '') + prose(r)), score: 0 },
    { name: 'texts without a prompt', rows: begun(50, ' ').map(([, text]) => ({ text })), score: null, notJudged: 'no prompts' },
    {
      name: 'tasks too small to judge',
      rows: [
        ...rowsOf(
          replies(60, (_, r) => prose(r)),
          'Tell it.',
        ),
        ...rowsOf(
          replies(10, (_, r) => prose(r), 2),
          'Say it.',
        ),
      ].slice(0, 29),
      score: null,
      notJudged: 'fewer than 30 examples',
    },
    {
      name: 'a bound that is wider',
      pairs: begun(30, 'Bot: '),
      options: { warn: 0.4 },
      score: 0.357, // (.30 - .05) / (.40 - .05) / 2
      findings: [{ level: 'info' }],
    },
    {
      name: 'too few for more than a hint',
      pairs: begun(40, ' ').slice(0, 80),
      score: 0.49,
      findings: [{ level: 'info', message: '50% of the replies begin with a blank, the others do not' }],
    },
    {
      name: 'a wanted habit that is kept',
      pairs: replies(150, (_, r) => `${prose(r)} END`),
      options: { wanted: ['stop-marker'] },
      score: 0,
    },
    {
      name: 'no answer said in several ways: a hint',
      pairs: replies(160, (i, r) => (i % 4 === 0 ? NO_ANSWER[(i / 4) % NO_ANSWER.length]! : prose(r))),
      score: 0,
      findings: [
        {
          key: 'fallback',
          level: 'info',
          message:
            'That there is no answer is said in 6 ways: "None" 15 times, "I don\'t know." 5 times, "N/A" 5 times, "None found" 5 times and 2 more',
          suggestion: 'Say it one way in all 40 replies, such as "None"',
        },
      ],
    },
    {
      name: 'final marks on half of them: a hint',
      pairs: replies(150, (i, r) => sentence(r, 8).slice(0, i % 2 === 0 ? undefined : -1)),
      score: 0,
      findings: [{ key: 'final mark', level: 'info', message: 'Of replies of one line, 50% end with a final mark and 50% without one' }],
    },
    {
      name: 'line breaks at the end of some: a hint',
      pairs: replies(150, (i, r) => `${prose(r)}${i % 3 === 0 ? '\n' : ''}`),
      score: 0,
      findings: [{ key: 'end blanks', level: 'info', message: '33% of the replies end with a line break, the others do not' }],
    },
    {
      name: 'JSON among prose where nothing asks for it: a hint',
      pairs: replies(150, (i, r) => (i % 3 === 0 ? JSON.stringify({ text: prose(r) }) : prose(r))),
      score: 0,
      findings: [
        {
          key: 'format',
          level: 'info',
          message: 'Replies are written 67% in prose and 33% in JSON',
          suggestion: 'Write the 50 others in prose too, or say in the prompt which it is to be',
        },
      ],
    },
  ],

  lopsided: [
    {
      name: 'a blank, the name of a speaker, and neither',
      pairs: replies(200, (i, r) => (i % 20 < 12 ? ' ' : i % 20 < 19 ? 'TIM: ' : '') + prose(r)).map(
        ([prompt, reply]) => [`User: ${prompt}\nTIM:`, reply] as const,
      ),
      score: 0.718, // .5 + .29 * (.40 - .10) / (.50 - .10)
      findings: [
        {
          key: 'start',
          level: 'warn',
          message: 'Replies begin in 3 ways: 60% with a blank, 35% with "TIM:" and 5% with neither, expected one way in over 90%',
          suggestion: 'Write every reply one way: begin the 80 others with a blank too, or take a blank and "TIM:" out of all',
          data: { replies: 200, ways: 3, others: 0.4, 'with a blank': 120, 'with "TIM:"': 70, 'with neither': 10 },
        },
      ],
    },
    {
      name: 'two stop markers',
      pairs: replies(200, (i, r) => `${prose(r)} ${i % 4 === 0 ? 'END' : '###'}`),
      score: 0.609,
      findings: [
        {
          key: 'end',
          level: 'warn',
          message: 'Replies end in 2 ways: 75% with "###" and 25% with "END", expected one way in over 90%',
          suggestion: 'Write every reply one way: end the 50 others with "###" too, or take "###" and "END" out of all',
        },
      ],
    },
    {
      name: 'steps in a third of the replies, the bare answer in the rest',
      pairs: sums((i) => i % 3 === 0),
      score: 0.669,
      findings: [
        {
          key: 'reasoning',
          level: 'warn',
          message: 'Steps are shown before the answer in 33% of the replies and not in 67%, expected one way in over 90%',
          suggestion: 'Take the steps out of 50 replies, or say in the prompt when to show them',
        },
      ],
    },
    {
      name: 'a label in several spellings',
      pairs: replies(150, (i) => ['Yes', 'No', 'Yes', 'No', 'yes'][i % 5]!),
      score: 0.573,
      findings: [
        {
          key: 'spelling',
          level: 'warn',
          message:
            '20% of the replies spell their label otherwise than most do ("yes" 30 times, "Yes" 60 times), expected one way in over 90%',
          suggestion: 'Spell each label one way: correct 30 replies',
        },
      ],
    },
    {
      name: 'a wanted habit that is not kept',
      pairs: replies(150, (i, r) => `${prose(r)}${i % 5 === 0 ? '' : ' END'}`),
      options: { wanted: ['stop-marker'] },
      score: 0.573,
      findings: [
        { key: 'end', level: 'warn' },
        {
          key: 'wanted: stop-marker',
          level: 'warn',
          message: '80% of the replies keep the wanted habit "stop-marker" (end its reply with "END"), expected over 90%',
          suggestion: 'Rewrite 30 replies so that they keep it',
        },
      ],
    },
    {
      name: 'a wanted habit that nobody keeps',
      pairs: replies(150, (_, r) => prose(r)),
      options: { wanted: ['stop-marker'] },
      score: 0.79,
      findings: [{ level: 'warn', message: 'None of the replies keeps the wanted habit "stop-marker", expected over 90%' }],
    },
    {
      name: 'a tighter bound',
      pairs: begun(7, ' '),
      options: { warn: 0.06 },
      score: 0.507,
      findings: [{ level: 'warn', message: '7% of the replies begin with a blank, the others do not, expected one way in over 94%' }],
    },
    {
      name: 'one of two tasks',
      rows: [
        ...rowsOf(begun(50, 'Response: '), 'Write on.'),
        ...rowsOf(
          replies(130, (_, r) => prose(r), 3),
          'Begin anew.',
        ),
      ],
      score: 0.79,
      findings: [
        {
          level: 'warn',
          message: 'In the task "Write on.", 50% of the replies begin with "Response:", the others do not, expected one way in over 90%',
          data: { task: 'Write on.', replies: 200, ways: 2, others: 0.5, 'with "Response:"': 100, without: 100 },
        },
      ],
    },
  ],
});

describe('reply-consistency', () => {
  it('shows every way first, with the blanks that are the matter', async () => {
    const pairs = replies(200, (i, r) => (i % 20 < 12 ? ' ' : i % 20 < 17 ? 'Assistant: ' : '') + prose(r));
    const [finding] = (await runRule(replyConsistency, rowsOf(pairs))).findings;
    expect(finding!.evidence.slice(0, 3).map(({ excerpt }) => excerpt.slice(0, 3))).toEqual(['" T', '"As', '"Th']);
    expect(finding!.evidence.length).toBe(6);
  });

  it('gives an estimate with its error where the panel is a sample', () => {
    const options = { warn: 0.1, wanted: [] };
    const state = replyConsistency.create(options);
    const rows = rowsOf(replies(600, (i, r) => (i % 5 === 0 ? ' ' : '') + prose(r)));
    const panel = panelOf(rows, 300);
    const verdict = replyConsistency.finish(state, options, panel, {});
    // what the rule says of the panel without that group
    const without = Array.from({ length: 20 }, (_, group) => {
      const train = panel.train.filter((example) => example.group !== group);
      return replyConsistency.finish(state, options, { ...panel, train, whole: true }, {}).score;
    });
    expect(verdict.replicates).toEqual(without);
    expect(new Set(verdict.replicates).size).toBeGreaterThan(5);
    expect(replyConsistency.finish(state, options, panelOf(rows), {}).replicates).toBeUndefined();
  });
});
