import { describe, expect, it } from 'vitest';
import degenerateText from '../../../rules/form/degenerate-text.ts';
import { runRule, testRule } from '../../../src/testing.ts';

const plain = (n: number): [string, string][] =>
  Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}, and a few words more.`]);
const circle = 'Eat a banana! '.repeat(20);
const paragraph =
  'The heart pumps blood through the body. It has four chambers, and valves between them keep the blood from flowing back, so that it goes one way only.';

testRule(degenerateText, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'one circle among many texts',
      pairs: [...plain(149), ['I am hungry.', `Sure. ${circle}`]],
      score: null,
      findings: [
        {
          key: 'circle in reply',
          message:
            '1 example (0.7%) has a reply that goes round in circles ("Eat a banana!" 20 times from character 7 on), expected text that moves on',
          level: 'info',
          suggestion: 'Drop this example, or cut it where the circle begins in its reply',
        },
      ],
    },
    {
      name: 'softer bounds',
      pairs: [...plain(9), ['I am hungry.', circle]],
      options: { warn: 0.2, error: 0.5 },
      score: null,
      findings: [{ key: 'circle in reply', level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'all kinds, replies and prompts apart',
      pairs: [
        ...plain(16),
        ['I am hungry.', circle],
        ['Tell me about the heart.', `${paragraph}\n\n${paragraph}\n\n${paragraph}`],
        ['How did it end?', `Wel${'l'.repeat(60)}, it ended.`],
        ['help me '.repeat(30), 'With what?'],
      ],
      score: null,
      findings: [
        { key: 'characters in reply', level: 'warn' },
        { key: 'circle in prompt', level: 'warn' },
        { key: 'circle in reply', level: 'warn' },
        {
          key: 'repeats in reply',
          message:
            '1 example (5%) has a reply that says more than half of its words twice (66% of its characters stand in runs of ten words that came before), expected each thing said once',
          level: 'warn',
        },
      ],
    },
    {
      name: 'many circles',
      pairs: [...plain(7), ['A?', circle], ['B?', `${circle}${circle}`], ['C?', circle]],
      score: null,
      findings: [
        {
          message:
            '3 examples (30%) have a reply that goes round in circles (such as "Eat a banana!" 20 times from character 1 on), expected text that moves on',
          level: 'error',
          suggestion: 'Drop these 3 examples, or cut it where the circle begins in their replies',
          data: { examples: 3, share: 0.3, warn: 0.01, error: 0.1 },
        },
      ],
    },
    {
      name: 'prompts are never worse than a warning',
      pairs: [...plain(1), [circle, 'Why?']],
      score: null,
      findings: [{ key: 'circle in prompt', level: 'warn' }],
    },
  ],
});

const kinds = async (prompt: string, completion: string): Promise<string[]> =>
  (await runRule(degenerateText, [{ prompt, completion }])).findings.map(({ key }) => key);

describe('what is degenerate', () => {
  it.each<[string, string]>([
    ['a circle at the end of a good text', `${paragraph} ${'And so it goes on. '.repeat(8)}`],
    ['a circle that a word ends', `${'And so it goes on. '.repeat(8)}Amen.`],
    ['a circle of one word', `It is ${'very '.repeat(40)}`],
    ['a numbered circle', Array.from({ length: 20 }, (_, i) => `${i + 1}. Drink some water`).join('\n')],
    ['a circle in a script without blanks', '我们都要爱护长城。'.repeat(12)],
    ['marks', `So good${'!'.repeat(40)}`],
    ['emoji', `So good ${'😂'.repeat(70)}`],
    ['a ruler without end', `Title\n${'-'.repeat(2000)}`],
    ['blanks without end', `The end${'\n'.repeat(900)}.`],
    ['code that never ends', `<tr>\n${'<td>the same old cell</td>\n'.repeat(60)}`],
  ])('%s', async (_, text) => expect(await kinds('Tell me.', text)).toHaveLength(1));
});

describe('what is not', () => {
  it.each<[string, string, string]>([
    ['a song', 'Write a song', 'Row, row, row your boat\n'.repeat(8)],
    ['repetition that was asked for', 'Write "I must not run" 50 times', 'I must not run. '.repeat(50)],
    ['a copy', `Fix this: ${circle}`, circle],
    ['laughter', '讲个笑话', '哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈'],
    ['emphasis', 'Goal?', 'Goooooooooooooal!!!!!!!!!!! What a match it was for everybody there.'],
    ['zeros', 'A zero matrix', `[${'0, '.repeat(200)}0]`],
    ['labels', 'Tag it', 'O '.repeat(80)],
    ['a table', 'A table', `| a | b |\n|---|---|\n${'| the same | old cell |\n'.repeat(12)}`],
    ['code', 'A grid', `<table>\n${'<tr><td>a b c</td><td>d e f</td></tr>\n'.repeat(12)}</table>`],
    ['a number', 'A googol', `1${'0'.repeat(100)}`],
    ['base64', 'Encode', `iVBORw0KGgo${'A'.repeat(60)}Bq7kJh8s6tg`],
    ['leaders', 'Contents', `One ${'.'.repeat(90)} 1\nTwo ${'.'.repeat(90)} 2`],
  ])('%s', async (_, prompt, reply) => {
    expect((await kinds(prompt, reply)).filter((key) => key.endsWith('reply'))).toEqual([]);
  });

  it('what tools say, calls, and turns that are not trained', async () => {
    const messages = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: JSON.stringify({ a: circle }) } }] },
      { role: 'tool', content: circle, tool_call_id: 'a' },
      { role: 'assistant', content: circle, weight: 0 },
      { role: 'user', content: 'Again?' },
      { role: 'assistant', content: 'Done.' },
    ];
    expect((await runRule(degenerateText, [{ messages }])).findings).toEqual([]);
  });
});

it('tells a kind once per example', async () => {
  const messages = ['A?', circle, 'B?', circle].map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content }));
  expect((await runRule(degenerateText, [{ messages }])).findings[0]!.data['examples']).toBe(1);
});

describe('hostile text', () => {
  it.each(['a', '!', ' ', '\n', 'ab ', 'a b c a b d ', '哈', '😂', '\ud83d', '__proto__ ', '1. ', '```\na b c\n', "'a'"])(
    '%j',
    async (piece) => {
      const text = piece.repeat(Math.ceil((1 << 21) / piece.length));
      const { findings } = await runRule(degenerateText, [{ prompt: 'a', completion: text }]);
      expect(findings.length).toBeLessThanOrEqual(1);
    },
  );

  it('a text whose words halve and halve', async () => {
    let text = 'a b';
    while (text.length < 1 << 20) text = `${text} ${text.length} ${text}`;
    expect((await runRule(degenerateText, [{ prompt: 'a', completion: text }])).findings).toHaveLength(1);
  });
});
