import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import providerLimits from '../../rules/form/provider-limits.ts';
import { columnOf } from '../../src/formats/json-path.ts';
import { checkRow } from '../../src/providers/check.ts';
import { providers } from '../../src/providers/index.ts';
import type { Fault, Provider } from '../../src/providers/provider.ts';
import { runRule } from '../../src/testing.ts';

const rowsOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const faultsOf = (provider: Provider, row: Record<string, unknown>): Fault[] => {
  const faults: Fault[] = [];
  checkRow(provider, row, (fault) => faults.push(fault));
  return faults;
};
const providerOf = (id: string): Provider => providers.find((each) => each.id === id)!;

describe('the twelve', () => {
  it('are these, each once', () =>
    expect(providers.map(({ id }) => id)).toEqual(
      'openai azure together fireworks bedrock-nova bedrock-claude gemini mistral trl axolotl llama-factory unsloth'.split(' '),
    ));
  it('have a fixture folder each', () => expect(readdirSync('fixtures/providers').sort()).toEqual(providers.map(({ id }) => id).sort()));
});

describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  it('has a file of its own, a page, and limits with source and month', () => {
    expect(readdirSync('src/providers')).toContain(`${id}.ts`);
    expect(provider.source).toMatch(/^https:\/\//);
    expect(provider.name).not.toBe('');
    for (const { source, checked, min, max, confidence } of provider.limits) {
      expect(source).toMatch(/^https:\/\//);
      expect(checked).toMatch(/^20\d\d-(0\d|1[0-2])$/);
      expect(Math.max(min ?? 0, max ?? 0)).toBeGreaterThan(0);
      expect(['confirmed', 'disagreed', 'unverified']).toContain(confidence);
    }
  });

  it('has shapes with names of their own', () => {
    const ids = provider.shapes.map((shape) => shape.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  const files = readdirSync(`fixtures/providers/${id}`).filter((name) => name.endsWith('.jsonl'));
  it.each(files)('takes %s', async (name) => {
    const rows = rowsOf(`fixtures/providers/${id}/${name}`);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(faultsOf(provider, row), JSON.stringify(row)).toEqual([]);
    // As many copies as the least number that is asked for.
    const enough = Array.from({ length: Math.ceil(100 / rows.length) }, () => rows).flat();
    const { findings, pictures } = await runRule(providerLimits, enough, { providers: [id] });
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(pictures['provider-limits']).toMatchObject({ rows: [[id, provider.name, 'accepts', 0, 0, 0, 0, expect.any(String)]] });
  });

  it('has a fixture for every shape it takes', () => {
    const seen = new Set(
      files.flatMap((name) => rowsOf(`fixtures/providers/${id}/${name}`).map((row) => checkRow(provider, row, () => {}).shape?.id)),
    );
    expect(provider.shapes.filter(({ wrong, id: shape }) => !wrong && !seen.has(shape)).map((shape) => shape.id)).toEqual([]);
  });

  it('turns down a row of no shape, and takes no fault from the keys of objects', () => {
    expect(faultsOf(provider, { q: 'x', a: 'y' }).map(({ kind }) => kind)).toEqual(['unknown-shape']);
    expect(faultsOf(provider, {}).length).toBe(1);
    expect(faultsOf(provider, JSON.parse('{"__proto__": {"messages": []}}') as Record<string, unknown>).length).toBe(1);
  });

  it('survives any value anywhere', () => {
    const values: unknown[] = [null, 1, true, '', [], {}, [[]], [{}], [null], [1], [{ role: 1 }], { messages: 1 }];
    for (const name of files) {
      for (const row of rowsOf(`fixtures/providers/${id}/${name}`)) {
        for (const key of Object.keys(row)) {
          for (const value of values) {
            faultsOf(provider, { ...row, [key]: value });
            const list = row[key];
            if (!Array.isArray(list)) continue;
            list.forEach((turn: unknown, i) => {
              faultsOf(provider, { ...row, [key]: list.with(i, value) });
              if (typeof turn !== 'object' || turn === null) return;
              for (const inner of Object.keys(turn)) faultsOf(provider, { ...row, [key]: list.with(i, { ...turn, [inner]: value }) });
            });
          }
        }
      }
    }
  });
});

// ── What is wrong, and where ────────────────────────────────────────────────

const user = (content: unknown = 'q') => ({ role: 'user', content });
const assistant = (content: unknown = 'a', more: object = {}) => ({ role: 'assistant', content, ...more });
const system = (content: unknown = 's') => ({ role: 'system', content });
const chat = (...messages: unknown[]) => ({ messages });
const call = (name: unknown, args: unknown, id: unknown = 'call_1') => ({ id, type: 'function', function: { name, arguments: args } });
const human = { from: 'human', value: 'q' };
const gpt = { from: 'gpt', value: 'a' };
const nova = (...messages: unknown[]) => ({ schemaVersion: 'bedrock-conversation-2024', messages });
const says = (role: string, ...content: unknown[]) => ({ role, content });
const part = (text: string) => ({ text });
const gem = (role: string, ...parts: unknown[]) => ({ role, parts });
const dpo = (more: object) => ({ input: chat(user()), preferred_output: [assistant()], non_preferred_output: [assistant('b')], ...more });

/** provider, row, then each fault as "kind path: detail". */
const BROKEN: [id: string, row: object, ...faults: string[]][] = [
  // Roots: one cause each.
  ['openai', { instruction: 'x', output: 'y' }, 'shape : the fields of Alpaca instructions'],
  ['openai', { conversations: [human, gpt] }, 'shape : the fields of ShareGPT conversations'],
  ['openai', { question: 'a', answer: 'b' }, 'shape : the fields of questions and answers'],
  ['openai', { message: [] }, 'unknown-shape : the field "message"'],
  ['openai', {}, 'unknown-shape : no fields'],
  ['openai', { messages: null }, 'type messages: a "messages" that is null'],
  ['openai', { messages: 'x' }, 'type messages: a "messages" that is a text'],
  ['openai', { messages: [] }, 'empty messages: an empty "messages"'],
  ['openai', chat('x'), 'type messages[0]: a message that is a text'],
  ['openai', chat(user(), { role: 'model', content: 'a' }), 'role messages[1].role: a message with role "model"'],
  ['openai', chat(user(), { content: 'a' }), 'role messages[1]: a message without "role"'],
  ['openai', chat({ role: 'developer', content: 'x' }, user(), assistant()), 'role messages[0].role: a message with role "developer"'],
  ['openai', chat(user()), 'no-assistant messages: no message of the assistant'],
  ['openai', chat(user(), assistant('a', { weight: 0 })), 'untrained messages: only replies of weight 0'],
  ['openai', chat(user(), assistant('a', { weight: 0.5 })), 'weight messages[1].weight: a weight of 0.5'],
  ['openai', chat(user(), { role: 'assistant' }), 'content messages[1]: a message without "content"'],
  ['openai', chat(user(), assistant(null)), 'content messages[1].content: a message whose "content" is null'],
  ['openai', chat(user(7), assistant()), 'content messages[0].content: a message whose "content" is a number'],
  ['openai', chat(user([]), assistant()), 'content messages[0].content: a message whose "content" is an empty list'],
  ['openai', chat(user([{ type: 'video_url' }]), assistant()), 'part messages[0].content[0].type: a part of type "video_url"'],
  [
    'openai',
    chat(user(), assistant([{ type: 'image_url', image_url: { url: 'u' } }])),
    'part messages[1].content[0]: a part "image_url" in an assistant message',
  ],
  [
    'openai',
    chat(user(), assistant(null, { tool_calls: [call('f', { a: 1 })] })),
    'call messages[1].tool_calls[0].function.arguments: a tool call whose arguments are an object',
  ],
  [
    'openai',
    chat(user(), assistant(null, { tool_calls: [call('f', '{a')] })),
    'call messages[1].tool_calls[0].function.arguments: a tool call whose arguments are no JSON',
  ],
  [
    'openai',
    chat(user(), assistant(null, { tool_calls: [call('f', '{}', null)] })),
    'call messages[1].tool_calls[0]: a tool call without "id"',
  ],
  ['openai', chat(user(), assistant(null, { tool_calls: [{ id: 'x' }] })), 'call messages[1].tool_calls[0]: a tool call without a "name"'],
  [
    'openai',
    chat(user(), { role: 'tool', content: 'x', tool_call_id: 'z' }, assistant()),
    'answer messages[1].tool_call_id: an answer to the call "z", which no turn before makes',
  ],
  [
    'openai',
    { ...chat(user(), assistant()), tools: [{ type: 'function', function: { name: 'a b' } }] },
    'tool tools[0].function.name: a tool named "a b"',
  ],
  [
    'openai',
    { input: chat(user()), preferred_completion: [assistant()], non_preferred_completion: [assistant('b')] },
    'renamed preferred_completion: a field "preferred_completion"',
    'renamed non_preferred_completion: a field "non_preferred_completion"',
  ],
  ['openai', dpo({ preferred_output: [assistant(), assistant()] }), 'count preferred_output: another number of replies'],
  ['openai', dpo({ preferred_output: [user()] }), 'role preferred_output[0].role: a message with role "user"'],
  // All that are independent.
  [
    'openai',
    chat({ role: 'bot', content: 1 }, user(true), assistant('a', { weight: 2 })),
    'role messages[0].role: a message with role "bot"',
    'content messages[0].content: a message whose "content" is a number',
    'weight messages[2].weight: a weight of 2',
  ],
  ['azure', chat(system(), user()), 'no-assistant messages: no message of the assistant'],
  ['azure', chat(assistant()), 'no-user messages: no message of the user'],
  ['azure', chat(user(), assistant(), user()), 'end messages[2]: a last message by "user"'],
  ['together', { ...chat(user(), assistant()), id: 3 }, 'extra id: the field "id" it does not know'],
  ['together', chat(user(), user(), assistant()), 'order messages[1]: two messages by "user" in a row'],
  ['together', chat(assistant(), user(), assistant()), 'start messages[0]: a first message by "assistant"'],
  ['together', { text: 'x', prompt: 'a', completion: 'b' }, 'keys : the fields of two formats'],
  ['together', dpo({ input: chat(user(), assistant()) }), 'end input.messages[1]: a prompt that ends on "assistant"'],
  ['together', { ...chat(user(), assistant()), weight: -1 }, 'type weight: a "weight" that is a number'],
  [
    'together',
    chat(user([{ type: 'image_url', image_url: { url: 'https://a.b/c.png' } }]), assistant()),
    'address messages[0].content[0].image_url: an image_url at "https://a.b/c.png"',
  ],
  ['fireworks', chat(user(), system(), assistant()), 'late-system messages[1]: a system message after others'],
  ['fireworks', dpo({ input: chat(user(), assistant(), user()) }), 'count input.messages: another number of user messages'],
  ['bedrock-nova', chat(user(), assistant()), 'shape : the fields of chat messages'],
  ['bedrock-nova', { messages: [says('user', part('q')), says('assistant', part('a'))] }, 'missing : no "schemaVersion"'],
  [
    'bedrock-nova',
    { ...nova(says('user', part('q')), says('assistant', part('a'))), schemaVersion: '1' },
    'type schemaVersion: a "schemaVersion" other than "bedrock-conversation-2024"',
  ],
  [
    'bedrock-nova',
    nova(says('user', part('User: hello')), says('assistant', part('a'))),
    'reserved messages[0].content[0].text: a message with the reserved word "User:"',
  ],
  [
    'bedrock-nova',
    nova(says('user', { image: { source: { s3Location: { uri: 's3://b/a b.png' } } } }), says('assistant', part('a'))),
    'address messages[0].content[0].image: an image at "s3://b/a b.png"',
  ],
  [
    'bedrock-nova',
    nova(says('assistant', part('q')), says('user', part('a'))),
    'start messages[0]: a first message by "assistant"',
    'end messages[1]: a last message by "user"',
  ],
  ['bedrock-claude', chat(system(), user(), assistant()), 'elsewhere messages[0].role: a message with role "system"'],
  [
    'bedrock-claude',
    chat(system(), user(), user(), assistant()),
    'elsewhere messages[0].role: a message with role "system"',
    'order messages[2]: two messages by "user" in a row',
  ],
  ['bedrock-claude', { ...chat(user(), assistant()), id: 1, url: 'x' }, 'extra id: the fields "id" and "url" it does not know'],
  ['bedrock-claude', chat(user(), assistant('a', { weight: 1 })), 'extra messages[1].weight: a message with the key "weight"'],
  ['gemini', chat(user(), assistant()), 'shape : the fields of chat messages'],
  ['gemini', { contents: [gem('user', part('q')), gem('assistant', part('a'))] }, 'role contents[1].role: a turn with role "assistant"'],
  ['gemini', { contents: [gem('user', part('q'))] }, 'no-assistant contents: no turn of the assistant'],
  ['gemini', { contents: [gem('user'), gem('model', part('a'))] }, 'content contents[0].parts: a turn whose "parts" is an empty list'],
  [
    'gemini',
    { contents: [{ role: 'user', parts: 'q' }, gem('model', part('a'))] },
    'content contents[0].parts: a turn whose "parts" is a text',
  ],
  [
    'gemini',
    {
      contents: [gem('user', part('q'))],
      completions: [
        { score: 1, completion: gem('model', part('a')) },
        { score: 1, completion: gem('model', part('b')) },
      ],
    },
    'scores completions: completions with other scores',
  ],
  ['gemini', { contents: [gem('user', part('q'))], completions: [] }, 'type completions: a list of "completions" that are not two'],
  ['mistral', { messages: [user(), assistant()], interactions: [user(), assistant()] }, 'keys : both "messages" and "interactions"'],
  ['mistral', chat({ role: 'user', content: 'q', text: 'q' }, assistant()), 'content messages[0]: a message with "content" and "text"'],
  ['mistral', chat(user(), assistant(), user()), 'end messages[2]: a last message by "user"'],
  [
    'mistral',
    chat(user(), assistant(null, { tool_calls: [call('f', '{}')] })),
    'call messages[1].tool_calls[0].id: a tool call whose id has another length',
  ],
  [
    'mistral',
    { ...chat(user(), assistant()), tools: [{ type: 'function', function: { name: 'f' } }] },
    'tool tools[0].function: a tool without "description" and "parameters"',
  ],
  ['openai', { system: 's', ...chat(user(), assistant()) }, 'ignored system: a field "system" beside the messages'],
  ['mistral', { system_prompt: 's', ...chat(user(), assistant()) }],
  ['trl', { ...chat(user(), assistant()), prompt: 'x' }, 'keys : keys that do not belong together'],
  ['trl', { prompt: 'q', response: 'a' }, 'shape : the fields of prompt/response pairs'],
  ['trl', { instruction: 'x', output: 'y' }, 'shape : the fields of Alpaca instructions'],
  ['trl', { prompt: 'q', completion: 3 }, 'type completion: a "completion" that is a number'],
  [
    'trl',
    chat(user(), assistant(null, { tool_calls: [call('f', '{}')] })),
    'call messages[1].tool_calls[0].function.arguments: a tool call whose arguments are a text',
  ],
  ['axolotl', { segments: [{ text: 'x' }] }, 'type segments: a "segments" that holds other things than segments'],
  ['axolotl', { instruction: 'x' }, 'missing : no "output"'],
  ['llama-factory', { a: 1 }, 'unknown-shape : the field "a"'],
  ['llama-factory', { conversations: [human, human, gpt] }, 'order conversations[1]: a turn by "human" out of turn'],
  ['llama-factory', { conversations: [human, gpt, human] }, 'end conversations[2]: a last turn without its reply'],
  ['llama-factory', { conversations: [{ from: 'user', value: 'q' }, gpt] }, 'role conversations[0].from: a turn with from "user"'],
  [
    'llama-factory',
    { instruction: 'x', output: 'y', history: ['a'] },
    'type history: a "history" that holds other things than pairs of texts',
  ],
  ['unsloth', { conversations: [{ from: 'human' }] }, 'content conversations[0]: a turn without "value"'],
];

const spell = ({ kind, path, detail }: Fault): string =>
  `${kind} ${path.reduce((text: string, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '')}: ${detail}`;

it.each(BROKEN)('%s, of %j', (id, row, ...expected) => {
  expect(faultsOf(providerOf(id), row as Record<string, unknown>).map(spell)).toEqual(expected);
});

it('breaks each provider at least once', () => expect(new Set(BROKEN.map(([id]) => id)).size).toBe(providers.length));

it.each([
  ['openai', chat(user(), { role: 'model', content: 'a' }), '"model"'],
  ['together', { ...chat(user(), assistant()), id: 3 }, '3'],
  ['mistral', chat(user(), assistant(), user('last')), '{"role":"user","content":"last"}'],
] as const)('%s: the path of a fault leads to a column', (id, row, at) => {
  const text = JSON.stringify(row);
  const [fault] = faultsOf(providerOf(id), row);
  expect(text.slice(columnOf(text, fault!.path) - 1)).toMatch(new RegExp(`^${at.replace(/[{}[\]"]/g, '\\$&')}`));
});

it('is linear, and deep in nothing', () => {
  let deep: unknown = 'x';
  for (let i = 0; i < 20_000; i++) deep = [deep];
  const long = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? assistant(`${i}`) : user(`${i}`)));
  for (const provider of providers) {
    faultsOf(provider, chat(user(deep), assistant()));
    faultsOf(provider, { text: deep, tools: [{ type: 'function', function: { name: 'f', parameters: deep } }] });
    faultsOf(provider, { messages: long });
    faultsOf(provider, { conversations: Array.from({ length: 20_000 }, () => ({ from: 'x'.repeat(100), value: 1 })) });
  }
});
