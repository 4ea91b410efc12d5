import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentHash, pairs } from '../../src/features/pairs.ts';
import { formats } from '../../src/formats/index.ts';
import type { Conversation, Format } from '../../src/types.ts';

type Raw = Record<string, unknown>;
type Read = ReturnType<Format['read']>;

const detected = (raw: Raw): Format | undefined => formats.find((format) => format.detects(raw));
const read = (raw: Raw): Read => detected(raw)!.read(raw);
const fixture = (name: string): Raw[] =>
  readFileSync(`fixtures/formats/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const system = (text: string) => ({ role: 'system', text });
const user = (text: string) => ({ role: 'user', text });
const reply = (text: string) => ({ role: 'assistant', text });
const context = (text: string) => ({ role: 'assistant', text, trained: false });

/** What each row of each fixture says. */
const said: Record<string, { format: string; rows: object[] }> = {
  chat: {
    format: 'chat',
    rows: [
      {
        messages: [
          system('You help people who keep bees.'),
          user('When do I add a second box?'),
          reply('When seven of ten frames are covered.'),
        ],
      },
      {
        messages: [
          system('Answer in one line.'),
          user('Is smoke harmful?'),
          context('Which smoke?'),
          user('From the smoker.'),
          reply('Not in small amounts.'),
        ],
      },
      { messages: [system('Speak plainly.'), user('What is a nuc?'), reply('A small colony in a half-size box.')] },
    ],
  },
  'chat-parts': {
    format: 'chat',
    rows: [
      { messages: [user('What is on this frame?\n[image_url wyvm6j0yz7]'), reply('Capped brood.\nA little pollen.')] },
      { messages: [system(''), user('Tell me how to poison a hive.'), reply('I will not help with that.')] },
      { messages: [user('And a neighbour’s hive?'), reply('No.')] },
    ],
  },
  'chat-tools': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('Will it rain in Lund?'),
          {
            ...reply('{"name":"forecast","arguments":{"place":"Lund"}}'),
            calls: [{ id: 'call_1', name: 'forecast', arguments: '{"place":"Lund"}' }],
          },
          { role: 'tool', text: '{"rain":0.8}', callId: 'call_1' },
          reply('Very likely.'),
        ],
      },
      {
        messages: [
          user('Weigh both hives.'),
          {
            ...reply('Both at once.'),
            calls: [
              { id: 'a', name: 'weigh', arguments: '{"hive":1}' },
              { id: 'b', name: 'weigh', arguments: '{"hive":2}' },
            ],
          },
          { role: 'tool', text: '31 kg', callId: 'a' },
          { role: 'tool', text: '28 kg', callId: 'b' },
          reply('31 kg and 28 kg.'),
        ],
      },
      {
        messages: [
          user('Open the lid.'),
          { ...reply('{"name":"open","arguments":{}}'), calls: [{ name: 'open', arguments: '{}' }] },
          { role: 'tool', text: 'done' },
          reply('It is open.'),
        ],
      },
      {
        messages: [
          user('Close both.'),
          {
            ...reply('[{"name":"close","arguments":{"lid":1}},{"name":"close","arguments":{"lid":2}}]'),
            calls: [
              { name: 'close', arguments: '{"lid":1}' },
              { name: 'close', arguments: '{"lid":2}' },
            ],
          },
        ],
      },
    ],
  },
  'prompt-completion': {
    format: 'prompt-completion',
    rows: [
      { messages: [user('Bees that gather pollen are called'), reply(' foragers')] },
      { messages: [user('Name the youngest workers.'), reply('Nurse bees')] },
      { messages: [user('Who lays the eggs?'), reply('The queen.')] },
    ],
  },
  'prompt-completion-messages': {
    format: 'prompt-completion',
    rows: [
      {
        messages: [system('Be brief.'), user('Who guards the hive?'), context('Guard bees.'), user('For how long?'), reply('A few days.')],
      },
      { messages: [user('Who builds the comb?'), reply('Young workers.')] },
    ],
  },
  alpaca: {
    format: 'alpaca',
    rows: [
      {
        messages: [user('Correct the spelling.\nThe quene lays egs.'), reply('The queen lays eggs.')],
        parts: { instruction: 'Correct the spelling.', input: 'The quene lays egs.' },
      },
      { messages: [user('Name a bee plant.'), reply('Phacelia.')], parts: { instruction: 'Name a bee plant.', input: '' } },
      {
        messages: [system('You are a gardener.'), user('Name a bee plant.'), reply('Phacelia.'), user('And another?'), reply('Borage.')],
        parts: { instruction: 'And another?', input: '' },
      },
    ],
  },
  'alpaca-dolly': {
    format: 'alpaca',
    rows: [
      {
        messages: [user('Which month does the text name?\nThe lime trees bloom in July.'), reply('July')],
        parts: { instruction: 'Which month does the text name?', input: 'The lime trees bloom in July.' },
      },
      { messages: [user('Why do bees swarm?'), reply('To found a new colony.')], parts: { instruction: 'Why do bees swarm?', input: '' } },
    ],
  },
  'alpaca-questions': {
    format: 'alpaca',
    rows: [
      { messages: [user('How many legs has a bee?'), reply('Six.')], parts: { instruction: 'How many legs has a bee?', input: '' } },
      {
        messages: [system('Think first.'), user('How many wings?'), reply('Two pairs make four.')],
        parts: { instruction: 'How many wings?', input: '' },
      },
    ],
  },
  preference: {
    format: 'preference',
    rows: [
      { messages: [user('Is honey vegan?'), reply('Most vegans say no, because bees make it.')], rejected: [reply('Obviously not.')] },
      { messages: [user('Name a mite.'), reply('Varroa destructor.')], rejected: [reply('No idea.')] },
      {
        messages: [system('Be kind.'), user('Do bees sleep?'), reply('Yes, mostly at night.')],
        rejected: [reply('Why would you ask?')],
        parts: { instruction: 'Do bees sleep?', input: '' },
      },
    ],
  },
  'preference-implicit': {
    format: 'preference',
    rows: [
      {
        messages: [user('What is propolis?'), context('A resin?'), user('Yes. From where?'), reply('From buds and bark.')],
        rejected: [reply('From the shop.')],
      },
      { messages: [user('What is a drone?'), reply('A male bee.')], rejected: [reply('A toy.')] },
      {
        messages: [user('\n\nHuman: What do larvae eat?\n\nAssistant:'), reply(' Royal jelly at first.')],
        rejected: [reply(' Leaves.')],
      },
      { messages: [reply('A calm reply.')], rejected: [reply('A rude reply.')] },
      { messages: [user('Same?'), reply('Same.')], rejected: [reply('Same.')] },
    ],
  },
  'preference-alpaca': {
    format: 'preference',
    rows: [
      {
        messages: [user('Rewrite in the passive.\nThe bee stings the dog.'), reply('The dog is stung by the bee.')],
        rejected: [reply('The dog stings the bee.')],
        parts: { instruction: 'Rewrite in the passive.', input: 'The bee stings the dog.' },
      },
      {
        messages: [user('Begin.'), context('Done.'), user('Again.'), reply('Done again.')],
        rejected: [reply('No.')],
        parts: { instruction: 'Again.', input: '' },
      },
    ],
  },
  'preference-sharegpt': {
    format: 'preference',
    rows: [{ messages: [system('Be exact.'), user('How hot is the brood nest?'), reply('About 35 °C.')], rejected: [reply('Warm.')] }],
  },
  'preference-openai': {
    format: 'preference',
    rows: [{ messages: [user('Name a hive type.'), reply('Langstroth.')], rejected: [reply('Box.')] }],
  },
  sharegpt: {
    format: 'sharegpt',
    rows: [
      { messages: [user('What is a super?'), reply('A box for honey.')] },
      { messages: [system('Be short.'), user('And below?'), reply('The brood box.')] },
      {
        messages: [
          system('Be long.'),
          user('Why a queen excluder?'),
          reply('So that the queen stays below and lays no eggs in the honey.'),
        ],
      },
      { messages: [user('Do wasps make honey?'), reply('A few kinds do.')] },
    ],
  },
  'sharegpt-tools': {
    format: 'sharegpt',
    rows: [
      {
        messages: [
          user('How heavy is hive 3?'),
          { ...reply('{"name": "weigh", "arguments": {"hive": 3}}'), calls: [{ name: 'weigh', arguments: '{"hive":3}' }] },
          { role: 'tool', text: '27 kg' },
          reply('27 kg.'),
        ],
      },
      {
        messages: [
          user('Weigh it again.'),
          { ...reply('weigh(3)'), calls: [{ name: '', arguments: 'weigh(3)' }] },
          { role: 'tool', text: '27 kg' },
          reply('Still 27 kg.'),
        ],
      },
    ],
  },
  text: {
    format: 'text',
    rows: [{ messages: [reply('Honey keeps for years when it is dry.')] }, { messages: [reply('Wax melts at 62 °C.')] }],
  },
  'text-label': {
    format: 'text',
    rows: [
      { messages: [user('The hive is loud and the bees are fanning.'), reply('hot')] },
      { messages: [user('No bees fly at noon.'), reply('2')] },
      { messages: [user('The queen is marked.'), reply('true')] },
    ],
  },
};

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
    ['text', { text: 't', label: 'l', title: 'x' }],
  ])('%s: %j', (id, raw) => expect(detected(raw)?.id).toBe(id));

  it.each<[Raw]>([
    [{}],
    [{ question: 'q', sql: 's' }],
    [{ instruction: 'i', input: 'x' }],
    [{ messages: null, text: null }],
    [{ prompt: 'p' }],
  ])('none: %j', (raw) => expect(detected(raw)).toBeUndefined());
});

const chat = (...messages: unknown[]) => ({ messages });
const u = { role: 'user', content: 'hi' };
const a = { role: 'assistant', content: 'hello' };

describe('what is wrong with a row, once, at its root', () => {
  it.each<[string, Raw]>([
    ['"messages" is text, expected a list of messages', { messages: 'hi' }],
    ['"messages" is an object, expected a list of messages', { messages: { 0: u } }],
    ['"messages" is empty', { messages: [] }],
    ['"messages[1]" is text, expected an object', chat(u, 'hello')],
    ['"messages[1]" is null, expected an object', chat(u, null)],
    ['"messages[0].role" is missing', chat({ content: 'hi' })],
    ['"messages[2].content" is a number, expected text or a list of parts', chat(u, a, { role: 'user', content: 7 })],
    ['"messages[0].content" is an object, expected text or a list of parts', chat({ role: 'user', content: { text: 'hi' } })],
    ['"messages[0].content" is missing', chat({ role: 'user', text: 'hi' }, a)],
    ['messages[1] has neither "content" nor "tool_calls"', chat(u, { role: 'assistant' })],
    ['"messages[0].content[1]" is text, expected an object', chat({ role: 'user', content: [{ type: 'text', text: 'a' }, 'b'] })],
    ['"messages[0].content[0].text" is missing', chat({ role: 'user', content: [{ type: 'text' }] })],
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
    ['"messages[1].tool_calls[0].function" is missing', chat(u, { role: 'assistant', tool_calls: [{ id: 'a' }] })],
    [
      '"messages[1].tool_calls[0].function.name" is missing',
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

    ['"conversations" is empty', { conversations: [] }],
    ['"conversations[0].value" is missing', { conversations: [{ from: 'human' }] }],
    [
      '"conversations[1].value" is a list, expected text',
      {
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'gpt', value: [] },
        ],
      },
    ],
    ['"conversations[0].from" is missing', { conversations: [{ value: 'a' }] }],
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

    ['"prompt" is missing', { completion: 'a' }],
    ['"prompt" is a number, expected text or a list of messages', { prompt: 1, completion: 'a' }],
    ['"completion" is null, expected text or a list of messages', { prompt: 'a', completion: null }],
    ['"prompt" is empty', { prompt: [], completion: 'a' }],
    [
      '"completion[0].content" is a number, expected text or a list of parts',
      { prompt: 'a', completion: [{ role: 'assistant', content: 4 }] },
    ],

    ['"rejected" is missing', { prompt: 'a', chosen: 'b' }],
    ['"chosen" is missing', { prompt: 'a', rejected: 'b' }],
    ['"rejected" is null, expected text, a list of messages or an object', { prompt: 'a', chosen: 'b', rejected: null }],
    ['"chosen" is a number, expected text, a list of messages or an object', { prompt: 'a', chosen: 1, rejected: 'b' }],
    ['"chosen" is empty', { prompt: 'a', chosen: [], rejected: 'b' }],
    ['"rejected[1].content" is missing', { chosen: [u, a], rejected: [u, { role: 'user' }] }],
    [
      'role "boy" in chosen, expected human, gpt, system, function_call or observation',
      { prompt: 'a', chosen: { from: 'boy', value: 'x' }, rejected: 'b' },
    ],
    ['"input" is an object, expected text', { instruction: 'a', input: {}, chosen: 'b', rejected: 'c' }],
    ['"conversations" is empty', { conversations: [], chosen: 'b', rejected: 'c' }],
    ['"input" is missing', { preferred_output: [a], non_preferred_output: [a] }],
    ['"input.messages" is missing', { input: {}, preferred_output: [a], non_preferred_output: [a] }],
    ['"non_preferred_output" is missing', { input: chat(u), preferred_output: [a] }],
    ['"preferred_output" is text, expected a list of messages', { input: chat(u), preferred_output: 'a', non_preferred_output: [a] }],
    [
      'field "preferred_completion", expected "preferred_output" and "non_preferred_output"',
      { input: chat(u), preferred_completion: [a], non_preferred_completion: [a] },
    ],

    ['"text" is a list, expected text', { text: ['a'] }],
    ['"label" is null, expected text, a number or true/false', { text: 'a', label: null }],
  ])('%s', (problem, raw) => expect(read(raw)).toEqual({ problem }));
});

const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
const parse = (line: string) => JSON.parse(line) as Raw;

describe('rows that mean harm', () => {
  it('takes keys such as __proto__ for data', () => {
    const raw = parse('{"__proto__":{"messages":[],"chosen":"a","rejected":"b"},"constructor":1,"prompt":"p","completion":"c"}');
    expect(detected(raw)?.id).toBe('prompt-completion');
    expect(read(raw)).toEqual({ messages: [user('p'), reply('c')] });
    expect(read(parse('{"messages":[{"__proto__":{"role":"user","content":"x"}}]}'))).toEqual({ problem: '"messages[0].role" is missing' });
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
    expect(read(raw)).toEqual({ problem: `"${path}" is nested too deep to read` }),
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
    ];
    const fields =
      'messages conversations prompt completion response chosen rejected instruction input output question answer history system text label preferred_output non_preferred_output'.split(
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
            if ('problem' in result) expect(result.problem).toMatch(/^("|role |field |messages)/);
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
