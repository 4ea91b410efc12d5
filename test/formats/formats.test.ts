import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import core from '../../rules/index.ts';
import { contentHash, pairs } from '../../src/features/pairs.ts';
import { formats } from '../../src/formats/index.ts';
import { runRule } from '../../src/testing.ts';
import type { Conversation, Format, Problem, Rule } from '../../src/types.ts';
import { reply, said, user } from './said.ts';

type Raw = Record<string, unknown>;
type Read = ReturnType<Format['read']>;

const detected = (raw: Raw): Format | undefined => formats.find((format) => format.detects(raw));
const read = (raw: Raw): Read => detected(raw)!.read(raw);
const fixture = (name: string): Raw[] =>
  readFileSync(`fixtures/formats/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('what each shape says', () => {
  it('has a fixture for each expectation, and the other way round', () => {
    expect(
      readdirSync('fixtures/formats')
        .map((name) => name.replace('.jsonl', ''))
        .toSorted(),
    ).toEqual(Object.keys(said).toSorted());
  });

  it.each(Object.entries(said))('%s', (name, { format, rows }) => {
    const raws = fixture(name);
    expect(raws.map((raw) => detected(raw)?.id)).toEqual(raws.map(() => format));
    expect(raws.map(read)).toEqual(rows);
  });

  const rules = (core.rules as readonly Rule[]).filter(({ meta }) =>
    ['readable-lines', 'example-shape', 'mixed-formats'].includes(meta.id),
  );

  it.each(Object.keys(said))('%s is faultless, line by line and as a file', async (name) => {
    expect(rules).toHaveLength(3);
    const lines = readFileSync(`fixtures/formats/${name}.jsonl`, 'utf8').trim().split('\n');
    for (const rule of rules) expect((await runRule(rule, lines)).findings).toEqual([]);
  });
});

it('reads the same single turn alike, however it is written', () => {
  const rows: Raw[] = [
    { prompt: 'Who?', completion: 'Me.' },
    { prompt: [{ role: 'user', content: 'Who?' }], completion: [{ role: 'assistant', content: 'Me.' }] },
    {
      messages: [
        { role: 'user', content: 'Who?' },
        { role: 'assistant', content: 'Me.' },
      ],
    },
    {
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Who?' }] },
        { role: 'assistant', content: 'Me.' },
      ],
    },
    {
      conversations: [
        { from: 'human', value: 'Who?' },
        { from: 'gpt', value: 'Me.' },
      ],
    },
    { instruction: 'Who?', input: '', output: 'Me.' },
    { question: 'Who?', answer: 'Me.' },
    { text: 'Who?', label: 'Me.' },
    { prompt: 'Who?', completion: 'Me.', label: true },
    {
      schemaVersion: 'bedrock-conversation-2024',
      messages: [
        { role: 'user', content: [{ text: 'Who?' }] },
        { role: 'assistant', content: [{ text: 'Me.' }] },
      ],
    },
    {
      contents: [
        { role: 'user', parts: [{ text: 'Who?' }] },
        { role: 'model', parts: [{ text: 'Me.' }] },
      ],
    },
    {
      messages: [
        { role: 'User', content: 'Who?' },
        { role: 'Chatbot', content: 'Me.' },
      ],
    },
    {
      interactions: [
        { role: 'user', text: 'Who?' },
        { role: 'assistant', text: 'Me.' },
      ],
    },
    {
      segments: [
        { label: false, text: 'Who?' },
        { label: true, text: 'Me.' },
      ],
    },
    { prompt: 'Who?', completions: ['Me.'], labels: [true] },
  ];
  const hashes = rows.map((raw) => contentHash({ ...(read(raw) as Conversation), split: 'train', format: 'any' }));
  expect(new Set(hashes).size).toBe(1);
  const asked = rows.map((raw) => pairs({ ...(read(raw) as Conversation), split: 'train', format: 'any' }));
  for (const [first, ...more] of asked) {
    expect(first).toMatchObject({ prompt: 'Who?', reply: 'Me.', hasPrompt: true });
    expect(more).toEqual([]);
  }
});

const about = (url: string) => {
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: 'What is this?' },
  ];
  const shown = read({
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: 'A bee.' },
    ],
  }) as Conversation;
  return shown.messages[0]!.text;
};

it('reads what no service takes, but people write', () => {
  expect(read({ prompt: [{ role: 'user', content: 'Who?' }], completion: 'Me.' })).toEqual({ messages: [user('Who?'), reply('Me.')] });
  expect(read({ chosen: 'A calm reply.', rejected: 'A rude reply.' })).toEqual({
    messages: [reply('A calm reply.')],
    rejected: [reply('A rude reply.')],
  });
  const called = read({
    conversations: [
      { from: 'human', value: 'Weigh it.' },
      { from: 'function_call', value: 'weigh(3)' },
    ],
  });
  expect(called).toEqual({ messages: [user('Weigh it.'), { ...reply('weigh(3)'), calls: [{ name: '', arguments: 'weigh(3)' }] }] });
});

it('keeps thoughts apart from the reply, and hashes both', () => {
  const thinking = (thought: object) =>
    read({
      messages: [
        { role: 'user', content: 'Who?' },
        { role: 'assistant', content: 'Me.', ...thought },
      ],
    }) as Conversation;
  expect(thinking({ reasoning: 'I am here.' }).messages[1]).toEqual({ ...reply('Me.'), reasoning: 'I am here.' });
  expect(thinking({ thinking: true, reasoning_content: null, reasoning: { effort: 'low' } }).messages[1]).toEqual(reply('Me.'));
  const hashes = [{}, { reasoning: 'a' }, { reasoning: 'b' }, { thinking: 'b' }].map((thought) =>
    contentHash({ ...thinking(thought), split: 'train', format: 'chat' }),
  );
  expect(new Set(hashes).size).toBe(3);
});

it('tells two pictures apart, and knows the same one again', () => {
  expect(about('a.jpg')).toMatch(/^\[image_url [0-9a-z]+\]\nWhat is this\?$/);
  expect(about('a.jpg')).toBe(about('a.jpg'));
  expect(about('a.jpg')).not.toBe(about('b.jpg'));
});

describe('which format a row is', () => {
  it.each<[string, Raw]>([
    ['preference', { prompt: 'p', chosen: 'a', rejected: 'b', completion: 'c', messages: [], text: 't' }],
    ['preference', { instruction: 'i', output: 'o', chosen: 'a', rejected: 'b' }],
    ['preference', { conversations: [], chosen: {}, rejected: {} }],
    ['preference', { prompt: 'p', chosen: 'a' }], // wrongly written, but nothing else
    ['preference', { prompt: 'p', chosen: 'a', rejected: null }],
    ['preference', { input: {}, preferred_output: [] }],
    ['chat', { messages: [], conversations: [], instruction: 'i', output: 'o', prompt: 'p', completion: 'c', text: 't' }],
    ['chat', { messages: [], rejected: false }], // a flag of some annotation tool
    ['chat', { messages: [], chosen: null, rejected: null, prompt: null }], // columns of a table that mixes shapes
    ['sharegpt', { conversations: [], instruction: 'i', output: 'o', prompt: 'p', completion: 'c', text: 't' }],
    ['alpaca', { instruction: 'i', output: 'o', prompt: 'p', completion: 'c', text: 't' }],
    ['alpaca', { instruction: 'i', output: null }],
    ['prompt-completion', { prompt: 'p', completion: 'c', text: 't' }],
    ['prompt-completion', { prompt: 'p', completion: null }],
    ['prompt-completion', { completion: 'c', question: 'q' }],
    ['kto', { prompt: 'p', completion: 'c', label: true }],
    ['kto', { messages: [], label: false }],
    ['kto', { messages: [], conversations: [], kto_tag: true }],
    ['kto', { instruction: 'i', output: 'o', kto_tag: 'yes' }], // wrongly written
    ['preference', { prompt: 'p', chosen: 'a', rejected: 'b', label: true }],
    ['prompt-completion', { prompt: 'p', completion: 'c', label: 1 }],
    ['alpaca', { instruction: 'i', output: 'o', label: true }], // a column of some annotation tool
    ['nova', { schemaVersion: 'x', messages: [] }],
    ['chat', { schemaVersion: null, messages: [] }],
    ['cohere', { messages: [{ role: 'System' }, { role: 'User' }, { role: 'Chatbot' }] }],
    ['cohere', { messages: [{ role: 'Chatbot' }] }],
    ['chat', { messages: [{ role: 'User' }, { role: 'Assistant' }] }],
    ['chat', { messages: [null] }],
    ['gemini', { contents: [], text: 't' }],
    ['gemini-preference', { contents: [], completions: [] }],
    ['text', { contents: 'a title of something', text: 't' }],
    ['interactions', { interactions: [], text: 't' }],
    ['stepwise', { prompt: 'p', completions: [], labels: [] }],
    ['segments', { segments: [{ label: true, text: 'x' }] }],
    ['text', { segments: [{ start: 0, text: 'x' }], text: 'x' }], // a transcript
    ['text', { content: 'c', id: 3, source_url: 'x' }],
    ['text', { text: 't', label: 'l', title: 'x' }],
  ])('%s: %j', (id, raw) => expect(detected(raw)?.id).toBe(id));

  it.each<[Raw]>([
    [{}],
    [{ question: 'q', sql: 's' }],
    [{ instruction: 'i', input: 'x' }],
    [{ messages: null, text: null }],
    [{ prompt: 'p' }],
    [{ contents: 'c' }],
    [{ interactions: 12 }],
    [{ segments: [{ start: 0, text: 'x' }] }],
    [{ prompt: 'p', completions: ['a', 'b'] }],
    [{ content: 'c', title: 't' }],
    [{ kto_tag: true, question: 'q' }],
  ])('none: %j', (raw) => expect(detected(raw)).toBeUndefined());
});

/** A problem as a sentence ends with it. */
const told = (result: Read): string => {
  const { problem, expected } = result as Problem;
  return expected === undefined ? problem : `${problem}, expected ${expected}`;
};
const chat = (...messages: unknown[]) => ({ messages });
const u = { role: 'user', content: 'hi' };
const a = { role: 'assistant', content: 'hello' };

describe('what is wrong with a row, once, at its root', () => {
  it.each<[string, Raw]>([
    ['"messages" is text, expected a list of messages', { messages: 'hi' }],
    ['"messages" is an object, expected a list of messages', { messages: { 0: u } }],
    ['"messages" is empty, expected at least one turn', { messages: [] }],
    ['"messages[1]" is text, expected an object', chat(u, 'hello')],
    ['"messages[1]" is null, expected an object', chat(u, null)],
    ['"messages[0].role" is missing, expected it in every line of this format', chat({ content: 'hi' })],
    ['"messages[2].content" is a number, expected text or a list of parts', chat(u, a, { role: 'user', content: 7 })],
    ['"messages[0].content" is an object, expected text or a list of parts', chat({ role: 'user', content: { text: 'hi' } })],
    ['"messages[0].content" is missing, expected it in every line of this format', chat({ role: 'user', text: 'hi' }, a)],
    ['messages[1] has neither "content" nor "tool_calls", expected one of them', chat(u, { role: 'assistant' })],
    ['"messages[0].content[1]" is text, expected an object', chat({ role: 'user', content: [{ type: 'text', text: 'a' }, 'b'] })],
    [
      '"messages[0].content[0].text" is missing, expected it in every line of this format',
      chat({ role: 'user', content: [{ type: 'text' }] }),
    ],
    ['"messages[0].content[0].text" is a number, expected text', chat({ role: 'user', content: [{ type: 'text', text: 3 }] })],
    [
      'role "asistant" in messages[3], expected system, user, assistant or tool (did you mean "assistant"?)',
      chat(u, a, u, { role: 'asistant', content: 'x' }),
    ],
    ['role "User" in messages[0], expected system, user, assistant or tool (did you mean "user"?)', chat({ role: 'User', content: 'x' })],
    ['role "human" in messages[0], expected system, user, assistant or tool (did you mean "user"?)', chat({ role: 'human', content: 'x' })],
    [
      'role "Chatbot" in messages[1], expected system, user, assistant or tool (did you mean "assistant"?)',
      chat(u, { role: 'Chatbot', content: 'x' }),
    ],
    ['role "x\\u001b[31m" in messages[0], expected system, user, assistant or tool', chat({ role: 'x\u001b[31m', content: 'x' })],
    ['role "__proto__" in messages[0], expected system, user, assistant or tool', chat({ role: '__proto__', content: 'x' })],
    [
      `role "${'z'.repeat(39)}…" in messages[0], expected system, user, assistant or tool`,
      chat({ role: 'z'.repeat(1 << 20), content: 'x' }),
    ],
    ['"messages[0].role" is a number, expected system, user, assistant or tool', chat({ role: 1, content: 'x' })],
    ['"messages[1].tool_calls" is an object, expected a list of calls', chat(u, { role: 'assistant', tool_calls: {} })],
    [
      '"messages[1].tool_calls[0].function" is missing, expected it in every line of this format',
      chat(u, { role: 'assistant', tool_calls: [{ id: 'a' }] }),
    ],
    [
      '"messages[1].tool_calls[0].function.name" is missing, expected it in every line of this format',
      chat(u, { role: 'assistant', tool_calls: [{ function: { arguments: '{}' } }] }),
    ],
    [
      '"messages[1].tool_calls[0].function.arguments" is a list, expected text or an object',
      chat(u, { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: [] } }] }),
    ],
    ['"messages[1].function_call" is text, expected an object', chat(u, { role: 'assistant', function_call: 'f()' })],
    ['"messages[1].weight" is text, expected a number', chat(u, { ...a, weight: '0' })],
    ['"messages[1].tool_call_id" is a number, expected text', chat(u, { role: 'tool', content: 'x', tool_call_id: 4 })],
    ['"system" is a number, expected text or a list of parts', { system: 3, messages: [u, a] }],

    ['"conversations" is empty, expected at least one turn', { conversations: [] }],
    ['"conversations[0].value" is missing, expected it in every line of this format', { conversations: [{ from: 'human' }] }],
    [
      '"conversations[1].value" is a list, expected text',
      {
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'gpt', value: [] },
        ],
      },
    ],
    ['"conversations[0].from" is missing, expected it in every line of this format', { conversations: [{ value: 'a' }] }],
    [
      'role "bot" in conversations[0], expected human, gpt, system, function_call or observation (did you mean "gpt"?)',
      { conversations: [{ from: 'bot', value: 'a' }] },
    ],
    [
      'role "fucntion_call" in conversations[0], expected human, gpt, system, function_call or observation (did you mean "function_call"?)',
      { conversations: [{ from: 'fucntion_call', value: 'a' }] },
    ],

    ['"output" is a number, expected text', { instruction: 'a', output: 5 }],
    ['"output" is null, expected text', { instruction: 'a', output: null }],
    ['"response" is a list, expected text', { instruction: 'a', context: 'b', response: [] }],
    ['"instruction" is a list, expected text', { instruction: [], output: 'b' }],
    ['"input" is an object, expected text', { instruction: 'a', input: {}, output: 'b' }],
    ['"history[1]" has 1 item, expected a prompt and a reply', { instruction: 'a', output: 'b', history: [['x', 'y'], ['z']] }],
    ['"history[0]" is text, expected a list of two texts', { instruction: 'a', output: 'b', history: ['x'] }],
    ['"history[0][1]" is null, expected text', { instruction: 'a', output: 'b', history: [['x', null]] }],
    ['"answer" is true, expected text', { question: 'a', answer: true }],

    ['"prompt" is missing, expected it in every line of this format', { completion: 'a' }],
    ['"prompt" is a number, expected text or a list of messages', { prompt: 1, completion: 'a' }],
    ['"completion" is null, expected text or a list of messages', { prompt: 'a', completion: null }],
    ['"prompt" is empty, expected at least one turn', { prompt: [], completion: 'a' }],
    [
      '"completion[0].content" is a number, expected text or a list of parts',
      { prompt: 'a', completion: [{ role: 'assistant', content: 4 }] },
    ],

    ['"rejected" is missing, expected it in every line of this format', { prompt: 'a', chosen: 'b' }],
    ['"chosen" is missing, expected it in every line of this format', { prompt: 'a', rejected: 'b' }],
    ['"rejected" is null, expected text, a list of messages or an object', { prompt: 'a', chosen: 'b', rejected: null }],
    ['"chosen" is a number, expected text, a list of messages or an object', { prompt: 'a', chosen: 1, rejected: 'b' }],
    ['"chosen" is empty, expected at least one turn', { prompt: 'a', chosen: [], rejected: 'b' }],
    ['"rejected[1].content" is missing, expected it in every line of this format', { chosen: [u, a], rejected: [u, { role: 'user' }] }],
    [
      'role "boy" in chosen, expected human, gpt, system, function_call or observation',
      { prompt: 'a', chosen: { from: 'boy', value: 'x' }, rejected: 'b' },
    ],
    ['"input" is an object, expected text', { instruction: 'a', input: {}, chosen: 'b', rejected: 'c' }],
    ['"conversations" is empty, expected at least one turn', { conversations: [], chosen: 'b', rejected: 'c' }],
    ['"input" is missing, expected it in every line of this format', { preferred_output: [a], non_preferred_output: [a] }],
    [
      '"input.messages" is missing, expected it in every line of this format',
      { input: {}, preferred_output: [a], non_preferred_output: [a] },
    ],
    ['"non_preferred_output" is missing, expected it in every line of this format', { input: chat(u), preferred_output: [a] }],
    ['"preferred_output" is text, expected a list of messages', { input: chat(u), preferred_output: 'a', non_preferred_output: [a] }],
    [
      'field "preferred_completion", expected "preferred_output" and "non_preferred_output"',
      { input: chat(u), preferred_completion: [a], non_preferred_completion: [a] },
    ],

    ['"completion" is a number, expected text or a list of messages', { prompt: 'a', completion: 1, label: true }],
    ['"kto_tag" is text, expected true/false', { instruction: 'a', output: 'b', kto_tag: 'true' }],

    ['"contents" is empty, expected at least one turn', { contents: [] }],
    ['"contents" is an object, expected a list of turns', { contents: {} }],
    [
      'role "assistant" in contents[0], expected user or model (did you mean "model"?)',
      { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
    ],
    ['role "system" in contents[0], expected user or model', { contents: [{ role: 'system', parts: [{ text: 'x' }] }] }],
    ['"contents[0].parts" is text, expected a list of parts', { contents: [{ role: 'user', parts: 'x' }] }],
    ['"contents[0].parts" is empty, expected at least one part', { contents: [{ role: 'user', parts: [] }] }],
    ['"contents[0].parts[0].text" is a number, expected text', { contents: [{ role: 'user', parts: [{ text: 1 }] }] }],
    [
      '"contents[0].parts[0].text" is missing, expected a text, a file or a call in each part',
      { contents: [{ role: 'user', parts: [{ txt: 'x' }] }] },
    ],
    [
      '"contents[0].parts[0].functionCall.name" is missing, expected it in every line of this format',
      { contents: [{ role: 'model', parts: [{ functionCall: {} }] }] },
    ],
    [
      '"completions" has 1 item, expected two, one of score 1 and one of score 0',
      {
        contents: [{ role: 'user', parts: [{ text: 'x' }] }],
        completions: [{ score: 1, completion: { role: 'model', parts: [{ text: 'x' }] } }],
      },
    ],
    [
      '"completions" has no score 0, expected one of score 1 and one of score 0',
      {
        contents: [{ role: 'user', parts: [{ text: 'x' }] }],
        completions: [
          { score: 1, completion: { role: 'model', parts: [{ text: 'x' }] } },
          { score: 0.5, completion: { role: 'model', parts: [{ text: 'y' }] } },
        ],
      },
    ],
    [
      '"messages[0].content" is text, expected a list of parts',
      { schemaVersion: 'bedrock-conversation-2024', messages: [{ role: 'user', content: 'x' }] },
    ],
    [
      '"system" is text, expected a list of parts',
      { schemaVersion: 'x', system: 'y', messages: [{ role: 'user', content: [{ text: 'x' }] }] },
    ],
    [
      'role "system" in messages[0], expected user or assistant',
      { schemaVersion: 'x', messages: [{ role: 'system', content: [{ text: 'x' }] }] },
    ],
    [
      '"messages[0].content[0].toolUse.name" is missing, expected it in every line of this format',
      { schemaVersion: 'x', messages: [{ role: 'assistant', content: [{ toolUse: { toolUseId: 'a' } }] }] },
    ],
    [
      'role "user" in messages[2], expected System, User or Chatbot (did you mean "User"?)',
      chat({ role: 'User', content: 'x' }, { role: 'Chatbot', content: 'x' }, u),
    ],
    [
      'role "model" in interactions[0], expected system, user, assistant or tool (did you mean "assistant"?)',
      { interactions: [{ role: 'model', text: 'x' }] },
    ],
    ['"interactions[0].text" is a list, expected text', { interactions: [{ role: 'user', text: [] }] }],
    ['"labels" has 1 item, expected as many as "completions", which has 2 items', { prompt: 'a', completions: ['b', 'c'], labels: [true] }],
    ['"labels[0]" is text, expected true/false or a number', { prompt: 'a', completions: ['b'], labels: ['yes'] }],
    ['"completions" is empty, expected at least one completion', { prompt: 'a', completions: [], labels: [] }],
    [
      '"segments[1].text" is missing, expected it in every line of this format',
      { segments: [{ label: true, text: 'a' }, { label: false }] },
    ],
    ['"segments[0].label" is text, expected true/false', { segments: [{ label: 'true', text: 'a' }] }],
    [
      '"messages[1].content[0].name" is missing, expected it in every line of this format',
      chat(u, { role: 'assistant', content: [{ type: 'tool_use', id: 'x' }] }),
    ],

    ['"text" is a list, expected text', { text: ['a'] }],
    ['"label" is null, expected text, a number or true/false', { text: 'a', label: null }],
  ])('%s', (problem, raw) => expect(told(read(raw))).toBe(problem));

  it.each<[string | undefined, Raw]>([
    ['Write role "assistant" in', chat(u, { role: 'asistant', content: 'x' })],
    ['Write role "assistant" in', chat(u, { role: 'model', content: 'x' })],
    ['Write role "model" in', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }],
    ['Write role "gpt" in', { conversations: [{ from: 'bot', value: 'a' }] }],
    ['Add "prompt" to', { completion: 'a' }],
    [
      'Rename "preferred_completion" to "preferred_output" and "non_preferred_completion" to "non_preferred_output" in',
      { input: chat(u), preferred_completion: [a], non_preferred_completion: [a] },
    ],
    [undefined, { messages: [] }],
    [undefined, chat(u, { role: 'zzz', content: 'x' })],
  ])('advises: %s', (advice, raw) => expect((read(raw) as Problem).advice).toBe(advice));
});

const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
const parse = (line: string) => JSON.parse(line) as Raw;

describe('rows that mean harm', () => {
  it('takes keys such as __proto__ for data', () => {
    const raw = parse('{"__proto__":{"messages":[],"chosen":"a","rejected":"b"},"constructor":1,"prompt":"p","completion":"c"}');
    expect(detected(raw)?.id).toBe('prompt-completion');
    expect(read(raw)).toEqual({ messages: [user('p'), reply('c')] });
    expect(read(parse('{"messages":[{"__proto__":{"role":"user","content":"x"}}]}'))).toMatchObject({
      problem: '"messages[0].role" is missing',
    });
    const call = read(
      parse('{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"__proto__":1}}}]}]}'),
    ) as Conversation;
    expect(call.messages[0]!.calls![0]!.arguments).toBe('{"__proto__":1}');
  });

  it('does not follow nesting in fields that it does not read', () => {
    expect(read({ prompt: 'p', completion: 'c', deep: nested(100_000) })).toEqual({ messages: [user('p'), reply('c')] });
  });

  it.each<[string, Raw]>([
    [
      'messages[0].tool_calls[0].function.arguments',
      chat({ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: { a: nested(100_000) } } }] }),
    ],
    [
      'messages[0].tool_calls[1].arguments',
      chat({ role: 'assistant', tool_calls: [{ name: 'f' }, { name: 'f', arguments: { a: nested(501) } }] }),
    ],
    ['messages[0].function_call.arguments', chat({ role: 'assistant', function_call: { name: 'f', arguments: { a: nested(100_000) } } })],
    ['messages[0].content', chat({ role: 'user', content: [{ type: 'image', image: nested(100_000) }] })],
    ['messages[0].content[0].input', chat({ role: 'assistant', content: [{ type: 'tool_use', name: 'f', input: { a: nested(600) } }] })],
    ['messages[0].content[0].toolUse.input', chat({ role: 'assistant', content: [{ toolUse: { name: 'f', input: { a: nested(600) } } }] })],
    [
      'messages[0].content[0].content',
      chat({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'x', x: nested(100_000) }] }] }),
    ],
    [
      'messages[0].content[0].toolResult.content',
      chat({ role: 'user', content: [{ toolResult: { content: [{ json: nested(100_000) }] } }] }),
    ],
    [
      'contents[0].parts[0].functionCall.args',
      { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args: { a: nested(600) } } }] }] },
    ],
    [
      'contents[0].parts[0].functionResponse.response',
      { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: nested(600) } }] }] },
    ],
    ['contents[0].parts[0]', { contents: [{ role: 'user', parts: [{ fileData: nested(600) }] }] }],
    [
      'systemInstruction.parts',
      { systemInstruction: { parts: [{ fileData: nested(600) }] }, contents: [{ role: 'user', parts: [{ text: 'a' }] }] },
    ],
    ['system', { system: [{ type: 'x', x: nested(600) }], messages: [u, a] }],
    [
      'conversations[0].value',
      { conversations: [{ from: 'function_call', value: `{"name":"f","arguments":{"a":${'['.repeat(9000)}${']'.repeat(9000)}}}` }] },
    ],
    [
      'chosen.function_call.arguments',
      { prompt: 'a', chosen: { role: 'assistant', function_call: { name: 'f', arguments: { a: nested(900) } } }, rejected: 'b' },
    ],
  ])('says so of nesting in what it reads: %s', (path, raw) =>
    expect(read(raw)).toEqual({ problem: `"${path}" is nested too deep to read`, expected: 'at most 500 levels' }),
  );

  it('reads nesting that people write', () => {
    const row = chat({ role: 'assistant', tool_calls: [{ name: 'f', arguments: { a: nested(400) } }] });
    expect((read(row) as Conversation).messages[0]!.calls![0]!.arguments).toHaveLength(5 + 2 * 400 + 1);
  });

  it('reads a list of 300,000 turns', () => {
    const messages = Array.from({ length: 300_000 }, (_, i) => (i % 2 ? a : u));
    expect((read({ messages }) as Conversation).messages).toHaveLength(300_000);
    expect((read({ chosen: messages, rejected: messages }) as Conversation).messages).toHaveLength(300_000);
  });

  it('answers every value in every field with a conversation or a problem', () => {
    const values = [
      null,
      true,
      0,
      '',
      'x',
      [],
      [[]],
      [null],
      ['x'],
      {},
      { role: 'user' },
      [{ role: 'user', content: 'x' }],
      [{ from: 'gpt', value: 'x' }],
      { messages: 1 },
      [{ role: 'model', parts: [{ text: 'x' }] }],
      [{ role: 'Chatbot', content: 'x' }],
      [{ label: true, text: 'x' }],
      [{ score: 1, completion: {} }],
      { parts: [{}] },
    ];
    const fields =
      'messages conversations prompt completion response chosen rejected instruction input output question answer history system text label preferred_output non_preferred_output contents completions labels interactions segments kto_tag schemaVersion systemInstruction content'.split(
        ' ',
      );
    for (const first of fields) {
      for (const second of fields) {
        for (const one of values) {
          for (const other of values) {
            const raw: Raw = { [first]: one, [second]: other };
            const format = detected(raw);
            if (!format) continue;
            const result = format.read(raw);
            if ('problem' in result) expect(result.problem).toMatch(/^("|role |field |messages|interactions)/);
            else for (const { text } of result.messages) expect(typeof text).toBe('string');
          }
        }
      }
    }
  });
});

it('has compiled schemas that are not stale and import nothing', () => {
  execFileSync(process.execPath, ['scripts/schemas.js', '--check']);
  expect(readFileSync('src/formats/validate.generated.ts', 'utf8')).not.toMatch(/\bimport\b|\brequire\b\(/);
});

it.each(['true', 'False'])('says of a rating that is text (%s) that trainers do not know it', (label) => {
  const raw = { prompt: 'Hi', completion: 'Go away.', label };
  expect(detected(raw)?.id).toBe('kto');
  expect(detected(raw)?.read(raw)).toMatchObject({ problem: '"label" is text', expected: 'true/false' });
  expect(detected({ ...raw, label: 'greeting' })?.id).toBe('prompt-completion');
});
