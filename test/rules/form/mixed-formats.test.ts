import { expect, it } from 'vitest';
import mixedFormats from '../../../rules/form/mixed-formats.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import type { Example } from '../../../src/types.ts';

const user = { role: 'user', content: 'Who?' };
const reply = { role: 'assistant', content: 'Me.' };
const system = { role: 'system', content: 'Be brief.' };
const parts = (...items: object[]) => ({ role: 'user', content: [{ type: 'text', text: 'Who?' }, ...items] });
const picture = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } };
const chat = (...messages: object[]) => ({ messages });
const call = (args: unknown) => ({ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: args } }] });
const times = (n: number, row: object) => Array.from({ length: n }, () => row);
const even = (name: string, ...rows: object[]) => ({ name, rows, score: null, findings: [] });
const COLUMN = 'a table has one type per column, and Hugging Face datasets before 4.7, which TRL and others load with, refuse two';
const PLACE = 'a trainer looks in one place and passes over the other';

/** A trait that differs in the last of three rows. */
const trait = (name: string, common: object, rare: object, message: string, suggestion: string, level: 'info' | 'warn' = 'warn') => ({
  name,
  rows: [common, common, rare],
  score: null,
  findings: [{ message, suggestion, level, data: { examples: 1, share: 0.3333 } }],
});

testRule(mixedFormats, {
  even: [
    even('chat', chat(user, reply), chat(user, reply, user, reply), chat({ ...system, content: null }, user, reply)),
    even('chat with system texts in one place', chat(system, user, reply), chat(user, reply)),
    even('system texts in the other place', { system: 'Be kind.', ...chat(user, reply) }, chat(user, reply)),
    even('an empty field beside a system turn', { system: '', ...chat(system, user, reply) }, chat(system, user, reply)),
    even('parts everywhere', chat(parts(), { ...reply, content: [{ type: 'text', text: 'Me.' }] }), chat(parts(picture))),
    even('turns in a field that its format does not read', {
      ...chat(user, reply),
      conversations: [{ from: 'human', value: 'a' }],
      prompt: [parts()],
    }),
    even('ShareGPT', {
      conversations: [
        { from: 'human', value: 'a' },
        { from: 'gpt', value: 'b' },
      ],
    }),
    even('arguments as text', chat(user, call('{}')), chat(user, call('{"a":1}'))),
    even('prompts and completions', { prompt: 'a', completion: 'b' }, { prompt: 'a', completion: 'b', response: 'c' }),
    even('prompts as text, replies as messages', ...times(2, { prompt: 'a', chosen: [user, reply], rejected: [user, reply] })),
    even('Alpaca with and without input', { instruction: 'a', output: 'b' }, { instruction: 'a', input: 'x', output: 'b', answer: 'c' }),
    even(
      'preference data that also has an output',
      { instruction: 'a', output: 'c', chosen: 'c', rejected: 'd' },
      { instruction: 'a', chosen: 'c', rejected: 'd' },
    ),
    even('labels', { text: 'a', label: 1 }, { text: 'b', label: 2.5 }),
    even('good and bad', { prompt: 'a', completion: 'b', label: true }, { prompt: 'a', completion: 'c', label: false }),
    {
      name: 'a few lines of unknown shape, which example-shape tells of',
      rows: [chat(user, reply), { x: 1 }, '{'],
      score: null,
      findings: [],
    },
    {
      name: 'pictures in some rows',
      rows: [chat(user, reply), chat(user, reply), chat(parts(picture), reply)],
      score: null,
      findings: [
        {
          key: 'content chat',
          message: `The content of turns is text in 3 and a list of parts in 1 of 3 examples, expected one way in all: ${COLUMN}`,
          level: 'info',
        },
      ],
    },
  ],
  lopsided: [
    {
      name: 'three formats',
      rows: [...times(4, chat(user, reply)), { instruction: 'a', output: 'b' }, { text: 'a' }, { text: 'b' }],
      score: null,
      findings: [
        {
          key: 'formats',
          message: 'Rows of 3 data formats are mixed: chat in 4 lines, text in 2 and alpaca in 1, expected one',
          level: 'warn',
          suggestion: 'Convert these 3 lines to chat, or move them to a file for each format',
          data: { formats: 3, lines: 3, share: 0.4286 },
        },
      ],
    },
    {
      name: 'one line of another format',
      rows: [...times(4, { prompt: 'a', completion: 'b' }), chat(user, reply)],
      score: null,
      findings: [
        {
          message: 'Rows of 2 data formats are mixed: prompt-completion in 4 lines and chat in 1, expected one',
          suggestion: 'Convert this line to prompt-completion, or move it to a file of its own',
        },
      ],
    },
    {
      name: 'chat messages of two services',
      rows: [
        chat(user, reply),
        { schemaVersion: 'bedrock-conversation-2024', messages: [{ role: 'user', content: [{ text: 'a' }] }] },
        chat({ role: 'User', content: 'a' }, { role: 'Chatbot', content: 'b' }),
      ],
      score: null,
      findings: [{ message: 'Rows of 3 data formats are mixed: chat in 1 line, cohere in 1 and nova in 1, expected one' }],
    },
    {
      name: 'a rest that could be read beside rows of another shape',
      rows: [...times(2, { question: 'a', answer: 'b' }), ...times(5, { question: 'a', sql: 'b' }), { x: 1 }],
      score: null,
      findings: [
        {
          key: 'leftovers',
          message: 'Only 2 lines could be read, as alpaca, beside 5 lines with the fields "question" and "sql", expected one shape for all',
          level: 'warn',
          suggestion:
            'Run again with --prompt question --reply sql to read the other 5 lines, and name the fields of these 2 lines like theirs, or drop them',
          data: { lines: 2, others: 5, share: 0.2857 },
        },
      ],
    },
    trait(
      'content as a list of texts',
      chat(user, reply),
      chat(parts(), reply),
      `The content of turns is text in 3 and a list of parts in 1 of 3 examples, expected one way in all: ${COLUMN}`,
      'Write all content of this example as lists of parts, or all as text where there is nothing but text',
    ),
    trait(
      'prompts as text and as messages',
      { prompt: 'a', completion: 'b' },
      { prompt: [user], completion: 'b' },
      `"prompt" is text in 2 and a list of messages in 1 of 3 examples, expected one way in all: ${COLUMN}`,
      'Write it as text in this example',
    ),
    trait(
      'replies as messages and as one message',
      { prompt: 'a', chosen: [reply], rejected: [reply] },
      { prompt: 'a', chosen: reply, rejected: reply },
      `The reply is a list of messages in 2 and one message in 1 of 3 examples, expected one way in all: ${COLUMN}`,
      'Write it as a list of messages in this example',
    ),
    trait(
      'arguments as text and as objects',
      chat(user, call({ a: 1 })),
      chat(user, call('{"a":1}')),
      `The arguments of tool calls are an object in 2 and JSON in a text in 1 of 3 examples, expected one way in all: ${COLUMN}`,
      'Write it as an object in this example',
    ),
    trait(
      'labels of two types',
      { text: 'a', label: 'b' },
      { text: 'a', label: 2 },
      `"label" is text in 2 and a number in 1 of 3 examples, expected one way in all: ${COLUMN}`,
      'Write it as text in this example',
    ),
    trait(
      'system texts in two places',
      chat(system, user, reply),
      { system: 'Be kind.', ...chat(user, reply) },
      `The system text is the first turn in 2 and a field beside the turns in 1 of 3 examples, expected one way in all: ${PLACE}`,
      'Write it as the first turn in this example',
    ),
    trait(
      'turns under two names',
      {
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'gpt', value: 'b' },
        ],
      },
      { conversations: [{ role: 'user', value: 'a', content: null }] },
      `Turns are written with "from" and "value" in 2 and "role" and "content" in 1 of 3 examples, expected one way in all: ${PLACE}`,
      'Write the turns as "from" and "value" in this example',
    ),
    trait(
      'replies under two names',
      { instruction: 'a', output: 'b' },
      { instruction: 'a', response: 'b' },
      `The reply is called "output" in 2 and "response" in 1 of 3 examples, expected one way in all: ${PLACE}`,
      'Rename it to "output" in this example',
    ),
    {
      name: 'prompts and replies under two names, in one of two formats',
      rows: [...times(3, { question: 'a', answer: 'b' }), { instruction: 'a', output: 'b' }, { text: 'a' }],
      score: null,
      findings: [
        { key: 'formats' },
        {
          key: 'prompt name alpaca',
          message: `The prompt is called "question" in 3 and "instruction" in 1 of 4 examples of alpaca, expected one way in all: ${PLACE}`,
        },
        { key: 'reply name alpaca' },
      ],
    },
  ],
});

it('shows where the rarer ones stand', async () => {
  const { findings } = await runRule(mixedFormats, [chat(user, reply), { text: 'Rare.' }, chat(user, reply), chat(parts(), reply)]);
  expect(findings.map(({ key, evidence }) => [key, evidence.map(({ line, excerpt }) => [line, excerpt])])).toEqual([
    ['formats', [[2, 'Rare.']]],
    ['content chat', [[4, 'Who?']]],
  ]);
});

it('tells files of several formats from one file that mixes them', () => {
  const example = (file: string, line: number, format: string): Example => ({
    at: { file, line },
    split: 'train',
    format,
    messages: [{ role: 'assistant', text: `${file} ${line}` }],
    raw: {},
  });
  const said = (...examples: Example[]): string[] => {
    const state = mixedFormats.create({});
    for (const each of examples) mixedFormats.observe!(state, each, {}, {});
    const { findings } = mixedFormats.finish(state, {}, { train: [], eval: [], reference: [], whole: true }, {});
    return findings.flatMap(({ message, suggestion }) => [message, suggestion]);
  };
  const apart = [example('a.jsonl', 1, 'chat'), example('a.jsonl', 2, 'chat'), example('b.jsonl', 1, 'text')];
  expect(said(...apart)).toEqual([
    'The files are in 2 data formats, each file in one: chat in 2 lines and text in 1, expected one for all',
    'Convert this line to chat, or train on the files of each format in a run of their own',
  ]);
  expect(said(...apart, example('b.jsonl', 2, 'chat'))[0]).toBe(
    'Rows of 2 data formats are mixed: chat in 3 lines and text in 1, expected one',
  );
});

it('takes whatever stands in the fields that it looks at', async () => {
  const strange: object[] = [];
  for (const value of [
    null,
    0,
    '',
    [],
    [null],
    [[null]],
    {},
    [{ content: [null], tool_calls: [null] }],
    [{ tool_calls: [{ function: null }] }],
  ]) {
    for (const name of ['conversations', 'interactions', 'prompt', 'chosen', 'label']) {
      strange.push({ text: 'a', ...chat(user, reply), [name]: value });
    }
  }
  const { examples } = await runRule(mixedFormats, strange);
  expect(examples.train).toBeGreaterThan(20);
});
