import { describe, expect, it } from 'vitest';
import cutReplies from '../../../rules/form/cut-replies.ts';
import { random, runRule, testRule } from '../../../src/testing.ts';

const WORDS = 'the river bends twice before it meets old town where people sell bread and boats all year'.split(' ');
/** A sentence of `n` words in prose. */
function sentence(n: number, seed: number): string {
  const r = random(seed);
  const words = Array.from({ length: n }, () => WORDS[Math.floor(r() * WORDS.length)] as string);
  return `${['Once', 'Then', 'There', 'Here'][seed % 4]} ${words.join(' ')}`;
}
const marked = (n: number, words = 20): [string, string][] =>
  Array.from({ length: n }, (_, i) => [`Question ${i}?`, `${sentence(words + (i % 9), i)} ${i % 10 === 0 ? 'soon!' : 'again.'}`]);
const short = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Label ${i}?`, i % 2 ? 'positive' : 'negative']);
const cutTo = (n: number, characters: number, from = 1000): [string, string][] =>
  Array.from({ length: n }, (_, i) => {
    const cut = sentence(characters, from + i).slice(0, characters - 4);
    return [`Long question ${i}?`, `${cut}sell`];
  });

testRule(cutReplies, {
  even: [
    { name: 'sentences', pairs: marked(40), score: null, findings: [] },
    { name: 'labels', pairs: short(60), score: null, findings: [] },
    {
      name: 'data that is written without final marks',
      pairs: Array.from({ length: 60 }, (_, i): [string, string] => [`Question ${i}?`, `${sentence(20 + i, i)} boats`]),
      score: null,
      findings: [],
    },
    {
      name: 'code that stops at its closing fence',
      pairs: Array.from({ length: 20 }, (_, i): [string, string] => [`Task ${i}`, `\`\`\`python\nprint(${i})\n`]),
      score: null,
      findings: [
        {
          key: 'open fence',
          message: '20 examples (100%) have a reply that ends inside a code block (such as "```python"), expected a closing fence',
          level: 'info',
          suggestion: 'Look at a few of these 20 examples: where so many end like this, it may be how they are meant',
        },
      ],
    },
    {
      name: 'a few sloppy writers',
      pairs: [...marked(95), ...marked(5, 17).map(([prompt, reply]): [string, string] => [`${prompt}!`, `${reply.slice(0, -7)} sell`])],
      score: null,
      findings: [
        {
          key: 'no final mark',
          message: '5 examples (5%) have a reply in prose without a final mark, where 95% of such replies have one, expected one',
          level: 'info',
          suggestion: 'Look whether the replies of these 5 examples were cut off',
        },
      ],
    },
  ],
  lopsided: [
    {
      name: 'kinds told apart',
      pairs: [
        ...marked(20),
        ['Code?', 'Here you are:\n\n```js\nlet a = 1;'],
        ['JSON?', '{"name": "Ann", "tags": ["a", "b"'],
        ['Why?', 'It rained for three days in the hills, and then the water came down the valley and the'],
        ['How?', 'To mend a bicycle tube you need a few things, so follow these steps:'],
        ['Steps?', '1. Take the wheel out.\n2. Find the hole.\n3.'],
        ['Table?', '| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |  '],
      ],
      score: null,
      findings: [
        { key: 'announcement', level: 'warn' },
        { key: 'empty item', level: 'warn' },
        { key: 'mid-sentence', level: 'warn' },
        {
          key: 'open JSON',
          level: 'warn',
          message: '1 example (3.8%) has a reply that breaks off inside its JSON, expected JSON that is closed',
        },
        { key: 'open fence', level: 'warn', suggestion: 'Write the reply of this example to the end, or drop it' },
      ],
    },
    {
      name: 'a table',
      pairs: [...marked(20), ['Table?', '| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | fo']],
      score: null,
      findings: [
        {
          key: 'table row',
          message: '1 example (4.8%) has a reply that breaks off in a row of a table ("| 3 | fo"), expected whole rows',
          level: 'warn',
        },
      ],
    },
    {
      name: 'the long ones have no final mark',
      pairs: [...marked(90), ...marked(10, 150).map(([prompt, reply]): [string, string] => [`${prompt}!`, `${reply.slice(0, -7)} sell`])],
      score: null,
      findings: [
        {
          key: 'no final mark',
          message:
            '10 examples (10%) have a reply in prose without a final mark, where 90% of such replies have one, and most are longer than nine in ten of those, expected a mark whatever the length',
          level: 'error',
          suggestion: 'Write the replies of these 10 examples to the end, or drop them',
          data: { examples: 10, share: 0.1, warn: 0.01, error: 0.1 },
        },
      ],
    },
    {
      name: 'a limit of 400 characters',
      pairs: [...marked(60), ...cutTo(30, 400)],
      score: null,
      findings: [
        {
          key: 'same length in characters',
          message: '30 examples (33%) have a reply of exactly 400 characters that ends without a final mark, expected lengths that differ',
          level: 'error',
          suggestion: 'Lift the limit of 400 characters that cut these 30 examples, or drop them',
          data: { examples: 30, share: 0.3333, length: 400, warn: 0.01, error: 0.1 },
        },
      ],
    },
    {
      name: 'a limit of 100 words',
      pairs: [...marked(60), ...Array.from({ length: 30 }, (_, i): [string, string] => [`Q ${i}`, `${sentence(98, 500 + i)} boats`])],
      score: null,
      findings: [
        {
          key: 'same length in words',
          message: '30 examples (33%) have a reply of exactly 100 words that ends without a final mark, expected lengths that differ',
          level: 'error',
        },
      ],
    },
    {
      name: 'other bounds',
      pairs: [...marked(20), ['Steps?', '1. Take the wheel out.\n2. Find the hole.\n3.']],
      options: { warn: 0.01, error: 0.02 },
      score: null,
      findings: [{ key: 'empty item', level: 'error' }],
    },
  ],
});

const kinds = async (completion: string, prompt = 'Go on.'): Promise<string[]> =>
  (await runRule(cutReplies, [...marked(40).map(([p, c]) => ({ prompt: p, completion: c })), { prompt, completion }])).findings.map(
    ({ key }) => key,
  );

describe('what is cut', () => {
  it.each([
    ['open fence', 'See:\n\n~~~\nnpm test'],
    ['open fence', 'One:\n```js\na()\n```\nTwo:\n```js\nb('],
    ['open fence', 'Then write\n```python'],
    ['open JSON', '{"na'],
    ['open JSON', '  [{"a": 1}, {"a'],
    ['mid-sentence', 'We went to the market and bought apples, pears and plums,'],
    ['mid-sentence', 'The bridge was closed for a year because of the'],
    ['mid-sentence', 'Die Brücke war ein Jahr lang gesperrt, weil der Fluss und die'],
    ['mid-sentence', 'Le pont est resté fermé pendant un an à cause de la'],
    ['mid-sentence', '桥因为洪水关闭了整整一年，'],
    ['mid-sentence', 'The bridge was closed for a year, and the ferry was always over-'],
    ['announcement', 'You can do this with three commands, here is the first one, below:'],
    ['empty item', 'Ideas:\n\n- bread\n- soup\n-'],
    ['empty item', '1) one\n2) two\n\n3) '],
    ['no final mark', 'The bridge was closed for a year after the flood, and everybody had to take the ferry to the mark'],
  ])('%s: %s', async (kind, text) => expect(await kinds(text)).toEqual([kind]));
});

describe('what is whole', () => {
  it.each([
    'Best regards,\nAnn',
    'It was good to see you all again at the harbour last week.\n\nWarm regards,',
    'The vote was on Plan A',
    'The words that join two clauses in this text are and, but, and or',
    'for item in the_list:',
    'def total(prices, tax=0.19):',
    '```js\nlet a = 1;\n```',
    '````md\n```js\nlet a = 1;\n```\n````',
    '```md\n# Title\n```js\nlet a = 1;\n```\nThe end.\n```',
    'let a = 1;\n```',
    'Use ``` to open a block, and ``` to close it.',
    '[Verse 1]\nThe road is long,',
    '{{name}} is a variable, and {x} is another one in it',
    '[1] Smith 2020',
    '3.',
    '- one\n- two',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    'a | b\n--- | ---\n1 | 2',
    'And so, after many years on the road and many more at sea, he came home to his village…',
    'ตลาดน้ำแห่งนี้เปิดทุกวันตั้งแต่เช้าจนถึงเย็นและมีอาหารอร่อยมากมายให้นักท่องเที่ยวเลือกซื้อเลือกชิม',
    'That is the best news that we have had in this house for many a long year, well done 🎉',
    'You find all of the pictures and the plans for the house and the garden at example.org/plans',
    'Жаль, что ты не смог приехать к нам на дачу в эти выходные, мы тебя очень ждали((',
    'The Council Votes to Keep the Old Bridge Open Until the New One Is Ready for the Public Again',
    '',
    ' ',
  ])('%s', async (text) => expect(await kinds(text)).toEqual([]));

  it('calls, and turns that are not trained', async () => {
    const messages = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"a": 1' } }] },
      { role: 'tool', content: '{"a": [1', tool_call_id: 'a' },
      { role: 'assistant', content: 'It was closed for a year because of the', weight: 0 },
      { role: 'user', content: 'And then the' },
      { role: 'assistant', content: 'Done.' },
    ];
    expect((await runRule(cutReplies, [{ messages }])).findings).toEqual([]);
  });
});

it('equal replies of one length are no limit', async () => {
  const [[, reply]] = cutTo(1, 400) as [[string, string]];
  const rows = Array.from({ length: 30 }, (_, i) => ({ prompt: `Q ${i}`, completion: reply }));
  const { findings } = await runRule(cutReplies, rows);
  expect(findings).toEqual([]);
});

it('lengths that crowd by chance are no limit', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => ({ prompt: `Q ${i}`, completion: `${sentence(50 + ((i * 7) % 6), i)} boats` }));
  expect((await runRule(cutReplies, rows)).findings).toEqual([]);
});

describe('hostile text', () => {
  it.each([
    '```',
    '```a\n',
    '~~~\n```',
    '`',
    '{"a":',
    '[',
    '{',
    '[[',
    '- ',
    '-\n',
    '1.\n',
    '|\n',
    '|a|\n|',
    ' ',
    '\n',
    'the ',
    'a, ',
    'ab-',
    'x:',
    '，',
    '\ud83d',
    "'",
    ' (',
  ])('%j', async (piece) => {
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    for (const completion of [text, `{"a": ${text}`, `${text}x`, `- a\n${text}\n-`]) {
      const { findings } = await runRule(cutReplies, [{ prompt: 'a', completion }]);
      expect(findings.length).toBeLessThanOrEqual(1);
    }
  });
});
