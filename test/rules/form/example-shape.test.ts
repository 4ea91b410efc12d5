import { expect, it } from 'vitest';
import exampleShape from '../../../rules/form/example-shape.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import type { Side } from '../../../src/types.ts';

const user = { role: 'user', content: 'Will it rain?' };
const reply = { role: 'assistant', content: 'Yes.' };
const system = { role: 'system', content: 'Be brief.' };
const call = (id?: string, args: unknown = '{}') => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ ...(id !== undefined && { id }), type: 'function', function: { name: 'f', arguments: args } }],
});
const tool = (id?: string) => ({ role: 'tool', content: 'rain', ...(id !== undefined && { tool_call_id: id }) });
const chat = (...messages: object[]) => ({ messages });
const good = chat(user, reply);
const human = { from: 'human', value: 'Will it rain?' };
const gpt = { from: 'gpt', value: 'Yes.' };

const even = (name: string, ...rows: object[]) => ({ name, rows, score: null, findings: [] });
/** One bad row among three. */
const one = (name: string, row: object, message: string, suggestion: string, level: 'info' | 'warn' | 'error' = 'warn') => ({
  name,
  rows: [good, row, good],
  score: null,
  findings: [{ message, level, suggestion }],
});

const parameters = { type: 'object', properties: { place: { type: 'string' }, unit: { type: 'string' } }, required: ['place'] };
const weather = { name: 'get_weather', parameters };
const withTools = (tools: unknown, name: string, args: unknown) => ({
  ...(tools !== undefined && { tools }),
  ...chat(user, { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name, arguments: args } }] }, tool('a'), reply),
});
/** The same declaration, as each service writes it. */
const declared: object[] = [
  { tools: [{ type: 'function', function: weather }] },
  { tools: JSON.stringify([weather]) },
  { tools: [JSON.stringify({ type: 'function', function: weather })] },
  { functions: [weather] },
  { available_tools: [{ type: 'function', function: weather }] },
  { tools: [{ name: 'get_weather', input_schema: parameters }] },
  { tools: [{ functionDeclarations: [weather] }] },
  { tools: [{ function_declarations: [weather] }] },
  { toolConfig: { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: parameters } } }] } },
];
const services = [
  {
    contents: [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { place: 'Lund' } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: {} } }] },
      { role: 'model', parts: [{ text: 'b' }] },
    ],
    tools: [{ functionDeclarations: [weather] }],
  },
  {
    schemaVersion: 'bedrock-conversation-2024',
    messages: [
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'get_weather', input: { place: 'Lund' } } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [{ text: 'b' }] } }] },
      { role: 'assistant', content: [{ text: 'c' }] },
    ],
    toolConfig: { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: parameters } } }] },
  },
];

testRule(exampleShape, {
  even: [
    even(
      'one of each format',
      good,
      { prompt: 'a', completion: 'b' },
      { instruction: 'a', output: 'b' },
      { text: 'a' },
      { text: 'a', label: 'b' },
      { conversations: [human, gpt] },
    ),
    even('system first, then the user', chat(system, user, reply), { system: 'Be brief.', ...good }),
    even(
      'several tool turns, and a call at the end',
      chat(
        user,
        { ...call('a'), tool_calls: [...call('a').tool_calls, ...call('b').tool_calls] },
        tool('a'),
        tool('b'),
        reply,
        user,
        call('c'),
      ),
    ),
    even('calls without ids', chat(user, call(), tool(), reply, user, call(undefined, { a: 1 }), tool(), reply)),
    even(
      'the old way of calling',
      chat(
        user,
        { role: 'assistant', function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: '1' },
        reply,
      ),
    ),
    even('ShareGPT tools', {
      conversations: [
        human,
        { from: 'function_call', value: '{"name":"f","arguments":{}}' },
        { from: 'observation', value: '1' },
        gpt,
        human,
        gpt,
      ],
    }),
    even('calls of what the row declares', withTools([weather], 'get_weather', { place: 'Lund' })),
    even(
      'declared as each service has it',
      ...declared.map((tools) => ({ ...tools, ...withTools(undefined, 'get_weather', { place: 'Lund' }) })),
    ),
    even('tools of the service’s own, which have no name', withTools([{ type: 'web_search' }, weather], 'search', {})),
    even('no tools to speak of', withTools([], 'f', {}), withTools('[]', 'f', {}), withTools('', 'f', {}), withTools({ f: 1 }, 'f', {})),
    even(
      'an open schema',
      withTools([{ ...weather, parameters: { ...parameters, additionalProperties: true } }], 'get_weather', { place: 'x', y: 1 }),
    ),
    even('a column of a table that is null here', withTools([weather], 'get_weather', { place: 'Lund', hive: null })),
    even('arguments that are no object', withTools([weather], 'get_weather', '"Lund"')),
    even('a reply to unlearn', { prompt: 'a', completion: 'b', label: false }, { messages: [user, reply, user, reply], label: false }),
    even('segments to continue', {
      segments: [
        { label: true, text: 'a' },
        { label: false, text: 'b' },
      ],
    }),
    even('Gemini and Nova', ...services),
    even('a greeting that is not trained', chat({ ...reply, weight: 0 }, user, reply)),
    even('a preferred output that ends on a tool', {
      input: chat(user),
      preferred_output: [call('a'), tool('a')],
      non_preferred_output: [reply],
    }),
    even(
      'preference data',
      { prompt: 'a', chosen: 'b', rejected: 'c' },
      { chosen: [user, reply], rejected: [user, { ...reply, content: 'No.' }] },
    ),
    {
      name: 'prompts with an answer key',
      rows: [
        { ...chat(user), reference_answer: 'yes' },
        { ...chat(system, user), ground_truth: 'no' },
      ],
      score: null,
      findings: [
        {
          key: 'graded-prompt',
          message:
            '2 examples are prompts with an answer key for reinforcement fine-tuning, and have no reply to judge, expected an assistant turn for supervised fine-tuning',
          level: 'info',
          suggestion: "To fine-tune on replies, add the assistant's turn to these 2 examples",
        },
      ],
    },
    {
      name: 'an id that is used again once its call was answered',
      rows: [good, chat(user, call('a'), tool('a'), reply, user, call('a'), tool('a'), reply)],
      score: null,
      findings: [
        {
          key: 'reused-id',
          message: '1 example uses the id of an answered tool call again, "a", expected an id of its own for each call',
          level: 'info',
        },
      ],
    },
    { name: 'lines that readable-lines tells of', rows: [good, '{', '[]'], score: null, findings: [] },
  ],
  lopsided: [
    one(
      'no reply',
      chat(system, user),
      '1 example has no reply, expected an assistant turn to learn',
      "Add the assistant's reply to this example, or drop it",
      'error',
    ),
    one(
      'nothing trained',
      chat(user, { ...reply, weight: 0 }),
      '1 example trains on nothing, since every assistant turn has weight 0, expected at least one with weight 1',
      'Give weight 1 to the reply to learn in this example, or drop it',
      'error',
    ),
    one(
      'no prompt',
      chat(system, reply),
      '1 example has a reply but no prompt, expected a user turn before it',
      "Add the user's turn to this example, or drop it",
    ),
    one(
      'no prompt of preference data',
      { chosen: 'a', rejected: 'b' },
      '1 example has a reply but no prompt, expected a user turn before it',
      "Add the user's turn to this example, or drop it",
    ),
    one(
      'a last word of the user',
      chat(user, reply, user),
      '1 example ends on a user turn, expected an assistant turn last',
      'Add the reply, or drop the last turn, in this example',
    ),
    one(
      'a last word of a tool',
      chat(user, call('a'), tool('a')),
      '1 example ends on a tool turn, expected an assistant turn last',
      'Add the reply, or drop the last turn, in this example',
    ),
    one(
      'two user turns',
      chat(user, user, user, reply, user, user, reply),
      '1 example has two user turns in a row, expected turns to alternate',
      'Join the two turns, or add the one that is missing between them, in this example',
    ),
    one(
      'two assistant turns',
      chat(user, reply, reply),
      '1 example has two assistant turns in a row, expected turns to alternate',
      'Join the two turns, or add the one that is missing between them, in this example',
    ),
    one(
      'two system turns',
      { system: 'Be kind.', ...chat(system, user, reply) },
      '1 example has two system turns in a row, expected turns to alternate',
      'Join the two turns, or add the one that is missing between them, in this example',
    ),
    one(
      'a late system turn',
      chat(user, system, reply),
      '1 example has a system turn after other turns, expected it first',
      'Move the system turn to the front of this example',
    ),
    one(
      'an answer to no call',
      chat(user, tool(), reply),
      '1 example has a tool turn that answers no earlier call, expected a call with the same id before it',
      'Add the call, or correct the id, in this example',
    ),
    one(
      'an answer to another call',
      chat(user, call('a'), tool('a'), tool('b'), reply),
      '1 example has a tool turn that answers no earlier call, expected a call with the same id before it',
      'Add the call, or correct the id, in this example',
    ),
    one(
      'a call without an answer',
      chat(user, call('a'), user, reply),
      '1 example has a tool call without an answer before the next user turn, expected a tool turn for each call',
      'Add the tool turn that is missing to this example, or drop it',
    ),
    one(
      'arguments that are not JSON',
      chat(user, call('a', '{a: 1}'), tool('a'), reply),
      '1 example has a tool call whose arguments are not JSON, expected JSON',
      'Correct the arguments in this example, or drop it',
    ),
    one(
      'a tool that is not declared',
      withTools([weather, { name: 'get_time' }], 'get_wether', { place: 'Lund' }),
      '1 example calls a tool that it does not declare, "get_wether" (nearest is "get_weather"), expected a declared one',
      'Write "get_weather", or declare "get_wether", in this example',
    ),
    ...declared.map((tools, i) => ({
      name: `a tool that is not declared, way ${i + 1} of declaring`,
      rows: [{ ...tools, ...withTools(undefined, 'weigh', {}) }, good],
      score: null,
      findings: [
        {
          key: 'unknown-tool',
          message: '1 example calls a tool that it does not declare, "weigh", expected a declared one',
          suggestion: 'Declare the tool, or correct its name, in this example',
        },
      ],
    })),
    {
      name: 'tools that are not declared, of several names, each row once',
      rows: [
        withTools([weather], 'weigh', {}),
        withTools([weather], 'open', {}),
        { ...services[0], tools: [{ functionDeclarations: [{ name: 'x' }] }] },
      ],
      score: null,
      findings: [
        {
          message: '3 examples call a tool that they do not declare, expected a declared one',
          level: 'warn',
          suggestion: 'Declare the tool, or correct its name, in these 3 examples',
        },
      ],
    },
    {
      name: 'a required argument left out, and one that is unknown',
      rows: [
        withTools([weather], 'get_weather', { plaice: 'Lund' }),
        withTools([weather], 'get_weather', '{"plaice":"Kiel"}'),
        chat(user, user, reply),
      ],
      score: null,
      findings: [
        { key: 'same-role user', level: 'warn' },
        {
          key: 'missing-argument',
          message: '2 examples leave out an argument that the tool requires, "place" of "get_weather", expected all of them',
          level: 'info',
        },
        {
          key: 'unknown-argument',
          message: '2 examples give a tool an argument that it does not have, "plaice" of "get_weather", expected declared ones',
          level: 'info',
        },
      ],
    },
    one(
      'two open calls with one id',
      chat(user, { ...call('a'), tool_calls: [...call('a').tool_calls, ...call('a').tool_calls] }, tool('a'), reply),
      '1 example has two open tool calls with the same id, "a", expected an id of its own for each, so that answers find their call',
      'Give each call an id of its own in this example',
    ),
    one(
      'a rejected side without a reply',
      { input: chat(user), preferred_output: [reply], non_preferred_output: [user] },
      '1 example has a rejected side without an assistant turn, expected the reply that lost',
      'Add the rejected reply to this example, or drop it',
    ),
    one(
      'a prompt of KTO without a completion to judge',
      { messages: [user], label: false },
      '1 example has no reply, expected an assistant turn to learn',
      "Add the assistant's reply to this example, or drop it",
      'error',
    ),
    one(
      'Gemini contents that end on the user',
      {
        contents: [
          { role: 'user', parts: [{ text: 'a' }] },
          { role: 'model', parts: [{ text: 'b' }] },
          { role: 'user', parts: [{ text: 'c' }] },
        ],
      },
      '1 example ends on a user turn, expected an assistant turn last',
      'Add the reply, or drop the last turn, in this example',
    ),
    {
      name: 'an answer to one of two calls',
      rows: [chat(user, { ...call('a'), tool_calls: [...call('a').tool_calls, ...call('b').tool_calls] }, tool('a'), user, reply), good],
      score: null,
      findings: [{ key: 'unanswered-call', level: 'warn', data: { examples: 1, share: 0.5 } }],
    },
    {
      name: 'several faults, worst first, each row once per fault',
      rows: [chat(user), chat(system, user), chat(user, user, user, reply, user), chat(user, user, reply), good],
      score: null,
      findings: [
        {
          key: 'no-reply',
          message: '2 examples have no reply, expected an assistant turn to learn',
          level: 'error',
          suggestion: "Add the assistant's reply to these 2 examples, or drop them",
          data: { examples: 2, share: 0.4 },
        },
        { key: 'same-role user', message: '2 examples have two user turns in a row, expected turns to alternate', level: 'warn' },
        { key: 'open-end user', level: 'warn' },
      ],
    },
    {
      name: 'fields that no format has',
      rows: [good, { question: 'a', sql: 'b' }, { sql: 'c', question: 'd' }, { instruction: 'a', input: 'b' }, { mesages: [] }, { x: 1 }],
      score: null,
      findings: [
        {
          key: 'unknown-shape: "question", "sql"',
          message:
            '2 lines cannot be read as examples: fields "question", "sql" match no known format, expected one such as prompt/completion',
          level: 'error',
          suggestion: 'Run again with --prompt question --reply sql to read these 2 lines',
          data: { lines: 2, share: 0.3333 },
        },
        {
          message:
            '1 line cannot be read as an example: fields "instruction", "input" match no known format, expected one such as Alpaca, which needs "output" too',
          suggestion: 'Add "output" to this line',
        },
        {
          message: '1 line cannot be read as an example: field "mesages" matches no known format, expected one such as chat messages',
          suggestion: 'Rename "mesages" to "messages" in this line',
        },
        { key: 'unknown-shape: "x"', suggestion: 'Name the fields with --prompt and --reply to read this line' },
      ],
    },
    {
      name: 'fields of the wrong kind, in whichever turn',
      rows: [
        chat(user, { role: 'assistant', content: 1 }),
        chat(user, reply, { role: 'user', content: 2 }),
        chat(user, { role: 'asistant', content: 'x' }),
        chat(),
        good,
      ],
      score: null,
      findings: [
        {
          key: 'bad-shape: "messages[n].content" is a number, expected text or a list of parts',
          message: '2 lines cannot be read as examples: "messages[n].content" is a number, expected text or a list of parts',
          level: 'error',
          suggestion: 'Correct these 2 lines, or drop them',
          data: { lines: 2, share: 0.4 },
        },
        { key: 'bad-shape: "messages" is empty, expected at least one turn', suggestion: 'Correct this line, or drop it' },
        {
          message:
            '1 line cannot be read as an example: role "asistant" in messages[1], expected system, user, assistant or tool (did you mean "assistant"?)',
          suggestion: 'Write role "assistant" in this line',
        },
      ],
    },
    {
      name: 'more shapes than are told apart',
      rows: Array.from('abcdefghijk', (key) => ({ [key]: 1 })),
      score: null,
      findings: [
        ...Array.from({ length: 8 }, () => ({ level: 'error' as const })),
        {
          key: 'other shapes',
          message: '3 more lines cannot be read as examples for yet other reasons, expected one shape for all lines',
          level: 'error',
          suggestion: 'Convert all lines to one format, such as {"messages": [...]}, before anything else',
        },
      ],
    },
  ],
});

it('shows the turn at fault, and says the reason at each place where the turns differ', async () => {
  const lines = [
    '{"messages":[{"role":"user","content":1}]}',
    '{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":2}]}',
  ];
  const { findings } = await runRule(exampleShape, [...lines, chat(user, reply, user)]);
  expect(findings.map(({ evidence }) => evidence)).toEqual([
    [
      { file: 'test.jsonl', line: 1, excerpt: `"messages[0].content" is a number, expected text or a list of parts · ${lines[0]}` },
      { file: 'test.jsonl', line: 2, excerpt: `"messages[1].content" is a number, expected text or a list of parts · ${lines[1]}` },
    ],
    [{ file: 'test.jsonl', line: 3, excerpt: 'Will it rain?' }],
  ]);
});

it('says which of the files beside the training data is at fault, from plain data', () => {
  const state = exampleShape.create({});
  const at = { file: 'eval.jsonl', line: 1 };
  exampleShape.observe!(state, { at, split: 'eval', format: 'chat', messages: [{ role: 'user', text: 'a' }], raw: {} }, {}, {});
  exampleShape.observeSkip!(
    state,
    { at: { ...at, line: 2 }, kind: 'bad-shape', reason: '"messages" is empty', expected: 'at least one turn' },
    {},
  );
  const none = { train: [], eval: [], reference: [], whole: true };
  const side = structuredClone({ eval: state }) as unknown as Side<never>;
  expect(exampleShape.finish(exampleShape.create({}), {}, none, side).findings).toMatchObject([
    {
      key: 'bad-shape: "messages" is empty, expected at least one turn (evaluation data)',
      message: '1 line of the evaluation data cannot be read as an example: "messages" is empty, expected at least one turn',
      data: { lines: 1, share: 0.5 },
    },
    {
      key: 'no-reply (evaluation data)',
      message: '1 example of the evaluation data has no reply, expected an assistant turn to learn',
      data: { examples: 1, share: 1 },
    },
  ]);
});

it('takes names from the data for data, and long lists of tools in one go', async () => {
  const many = Array.from({ length: 50_000 }, (_, i) => ({ name: `tool_${i}` }));
  const rows = [
    withTools([{ name: '__proto__' }], 'constructor', {}),
    withTools(
      [{ name: 'f', parameters: JSON.parse('{"properties":{"__proto__":{}},"required":["__proto__","toString"]}') }],
      'f',
      '{"__proto__":1}',
    ),
    withTools(many, 'x'.repeat(1 << 20), {}),
    withTools('['.repeat(100_000), 'f', {}),
  ];
  const { findings } = await runRule(exampleShape, rows);
  expect(findings.map(({ key, data }) => [key, data.examples])).toEqual([
    ['unknown-tool', 2],
    ['missing-argument', 1],
  ]);
  expect(findings[1]!.message).toContain('"toString" of "f"');
  for (const { evidence } of findings) for (const { excerpt } of evidence) expect(excerpt.length).toBeLessThanOrEqual(160);
});
