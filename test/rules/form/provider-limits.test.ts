import { describe, expect, it } from 'vitest';
import providerLimits from '../../../rules/form/provider-limits.ts';
import { resolveRules } from '../../../src/config.ts';
import { formats, unknownShape } from '../../../src/formats/index.ts';
import { report } from '../../../src/report/report.ts';
import { parseBatch } from '../../../src/scan/parse.ts';
import { createScan, observer, sidesOf } from '../../../src/scan/scan.ts';
import { runRule, testRule } from '../../../src/testing.ts';
import type { Report } from '../../../src/types.ts';

const chat = (prompt: string, reply: string, role = 'assistant') => ({
  messages: [
    { role: 'user', content: prompt },
    { role, content: reply },
  ],
});
const chats = (n: number) => Array.from({ length: n }, (_, i) => chat(`Question ${i} about ropes`, `Answer ${i} about ropes`));
const long = (words: number) => chat('Tell me all', 'rope '.repeat(words));
const told = ({ findings }: Report) =>
  findings.filter(({ severity }) => severity !== 'info').map(({ severity, message }) => [severity, message]);
const verdict = ({ pictures }: Report) => {
  const picture = pictures['provider-limits'];
  return picture?.kind === 'table' ? picture.rows.map((row) => row.slice(0, 7).join(' ')) : [];
};

testRule(providerLimits, {
  even: [
    { name: 'nobody asked', rows: chats(2), score: null, notJudged: 'no provider named', findings: [] },
    {
      name: 'enough of what all take',
      rows: chats(100),
      options: { providers: ['openai', 'azure', 'together', 'fireworks', 'mistral', 'trl', 'axolotl', 'llama-factory', 'unsloth'] },
      score: null,
      findings: [{ key: 'tokens', level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'nine examples',
      rows: chats(9),
      options: { providers: ['openai'] },
      score: null,
      findings: [
        {
          message: 'OpenAI rejects the file: the data has 9 examples, expected at least 10',
          level: 'error',
          suggestion: 'Write 1 example more',
          data: { providers: 'openai', effect: 'rejects the file', value: 9, limit: 10 },
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'one cause under several providers, told once',
      rows: [...chats(97), chat('a', 'b', 'model'), chat('c', 'd', 'model'), chat('e', 'f', 'model')],
      options: { providers: ['together', 'openai', 'azure', 'llama-factory', 'trl'] },
      score: null,
      findings: [
        {
          key: 'role messages[].role (openai)',
          message:
            'OpenAI, Azure and Together reject the file, LLaMA-Factory drops rows: 3 examples have a message with role "model", expected "system", "user", "assistant" or "tool"',
          level: 'error',
          suggestion: 'Rename the role in these 3 examples',
          data: {
            providers: 'openai,azure,together,llama-factory',
            effect: 'rejects the file, drops the row',
            examples: 3,
            share: 0.03,
            path: 'messages[].role',
          },
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'rows of another shape, and where each wants them',
      rows: Array.from({ length: 100 }, (_, i) => ({ instruction: `Do ${i}`, input: '', output: `Done ${i}` })),
      options: { providers: ['openai', 'gemini', 'bedrock-nova', 'axolotl'] },
      score: null,
      findings: [
        {
          message:
            'OpenAI, Bedrock Nova and Gemini reject the file: 100 examples have the fields of Alpaca instructions, expected chat messages for OpenAI, Bedrock Nova conversations for Bedrock Nova and Gemini contents for Gemini',
          level: 'error',
          suggestion: 'Convert these 100 examples to chat messages, Bedrock Nova conversations and Gemini contents, a file for each',
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'rows that a trainer drops: few are a warning',
      rows: [
        ...chats(299),
        {
          messages: [
            { role: 'assistant', content: 'first' },
            { role: 'user', content: 'then' },
          ],
        },
      ],
      options: { providers: ['llama-factory'] },
      score: null,
      findings: [
        {
          message: 'LLaMA-Factory drops rows: 1 example has a message by "assistant" out of turn, expected prompt and reply in turns',
          level: 'warn',
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'a default that cuts',
      rows: [...chats(8), long(1500), long(3000)],
      options: { providers: ['trl', 'axolotl'] },
      score: null,
      findings: [
        {
          message:
            'TRL cuts rows at the end: about 2 examples have more tokens than its default max_length (the longest about 3,101), expected at most 1,024',
          level: 'warn',
          suggestion: 'Shorten or split these 2 examples, or set max_length to 4,096',
        },
        { key: 'too-long (axolotl)', level: 'warn' },
        { key: 'tokens' },
      ],
    },
    {
      name: 'counted exactly',
      rows: [...chats(8), long(1500)],
      options: { providers: ['trl'], tokenizer: 'gpt-tokenizer' },
      score: null,
      findings: [
        {
          message:
            'TRL cuts rows at the end: 1 example has more tokens than its default max_length (the longest 1,512), expected at most 1,024',
          suggestion: 'Shorten or split this example, or set max_length to 2,048',
        },
        { key: 'tokens', data: { tokens: 1656, half: 18, most: 1506, longest: 1512, tokenizer: 'gpt-tokenizer' } },
      ],
    },
    {
      name: 'several shapes where one is wanted, and lines that are none',
      rows: [...chats(99), { text: 'on its own' }, '{"messages": [', '[1]'],
      options: { providers: ['together', 'mistral'] },
      score: null,
      findings: [
        {
          key: 'unreadable (together)',
          message: 'Together and Mistral reject the file: 2 lines are no JSON object, expected one in each line',
          level: 'error',
        },
        {
          key: 'mixed (together)',
          message:
            'Together and Mistral reject the file: the data has rows of 2 shapes (99 chat messages and 1 plain text), expected one shape for all rows',
          level: 'error',
          suggestion: 'Convert or move to another file the 1 row of the rarer shapes',
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'what sources disagree about',
      rows: [...chats(99), { ...chat('a', 'b'), id: 7 }],
      options: { providers: ['together'] },
      score: null,
      findings: [
        {
          message:
            'Together may reject the file: 1 example has the field "id" it does not know, expected only "messages", "tools", "parallel_tool_calls", "functions" and "weight" (sources disagree)',
          level: 'warn',
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'advice, and what no document confirms',
      rows: Array.from({ length: 20 }, (_, i) => ({
        messages: [
          { role: 'user', content: `q ${i}` },
          { role: 'assistant', content: `a ${i}` },
        ],
      })),
      options: { providers: ['bedrock-claude', 'openai'] },
      score: null,
      findings: [
        {
          message: 'Bedrock Claude may reject the file: the data has 20 examples, expected at least 32 (not confirmed by documents)',
          level: 'warn',
        },
        { message: 'OpenAI advises more: the data has 20 examples, expected at least 50', level: 'info' },
        { key: 'tokens' },
      ],
    },
    {
      name: 'images and videos in one file',
      rows: [...Array(99).fill('image'), 'video'].map((kind: string, i) => ({
        schemaVersion: 'bedrock-conversation-2024',
        messages: [
          { role: 'user', content: [{ text: `Look at ${i}` }, { [kind]: { source: { s3Location: { uri: `s3://b/${i}` } } } }] },
          { role: 'assistant', content: [{ text: `I see ${i}` }] },
        ],
      })),
      options: { providers: ['bedrock-nova'] },
      score: null,
      findings: [
        {
          message: 'Bedrock Nova rejects the file: the data has 99 examples with images and 1 with videos, expected one of them in a file',
          level: 'error',
        },
        { key: 'tokens' },
      ],
    },
    {
      name: 'too many images in a row',
      rows: Array.from({ length: 50 }, (_, i) => ({
        messages: [
          {
            role: 'user',
            content: Array.from({ length: i === 7 ? 11 : 10 }, (_, k) => ({
              type: 'image_url',
              image_url: { url: `https://example.org/${i}/${k}.png` },
            })),
          },
          { role: 'assistant', content: `Number ${i}` },
        ],
      })),
      options: { providers: ['openai', 'azure'] },
      score: null,
      findings: [
        { message: 'OpenAI rejects the file: 1 example has more images than it takes, expected at most 10', level: 'error' },
        { key: 'tokens' },
      ],
    },
  ],
});

describe('places', () => {
  const lines = async (rows: readonly (object | string)[], providers: string[]) =>
    runRule(
      providerLimits,
      rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))),
      { providers },
    );

  it('name line, column, path and value', async () => {
    const { findings } = await lines([...chats(99), chat('a', 'b', 'bot\u001b[31m')], ['openai']);
    expect(findings[0]!.evidence).toEqual([{ file: 'test.jsonl', line: 100, excerpt: 'column 52, messages[1].role: "bot\\u001b[31m"' }]);
  });

  it('are those of the longest examples where length is at fault', async () => {
    const { findings } = await lines([...chats(99), long(1100), long(2000)], ['trl']);
    expect(findings[0]!.evidence.map(({ line }) => line)).toEqual([101, 100]);
  });

  it('tell all faults of a row that are independent', async () => {
    const row = {
      messages: [
        { role: 'bot', content: 1 },
        { role: 'user', content: true },
        { role: 'assistant', content: 'a', weight: 2 },
      ],
    };
    const { findings } = await lines([...chats(99), row], ['openai']);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ key }) => key)).toEqual([
      'content messages[].content (openai)',
      'role messages[].role (openai)',
      'weight messages[].weight (openai)',
    ]);
  });
});

describe('verdicts', () => {
  it('are one each, also of those that take the data', async () => {
    const rows = [
      ...chats(95),
      ...Array.from({ length: 5 }, () => ({
        messages: [
          { role: 'user', content: 'q' },
          { role: 'user', content: 'r' },
          { role: 'assistant', content: 'a' },
        ],
      })),
    ];
    expect(
      verdict(await runRule(providerLimits, rows, { providers: ['unsloth', 'openai', 'together', 'gemini', 'llama-factory'] })),
    ).toEqual([
      'openai OpenAI accepts 0 0 0 0',
      'together Together rejects the file 1 0 0 0',
      'gemini Gemini rejects the file 1 0 0 0',
      'llama-factory LLaMA-Factory drops rows 1 0 5 0',
      'unsloth Unsloth accepts 0 0 0 0',
    ]);
  });

  it('count a row once however many faults drop it', async () => {
    const bad = { conversations: [{ from: 'user', value: 1 }, { from: 'gpt' }] };
    expect(verdict(await runRule(providerLimits, [...chats(9), bad], { providers: ['llama-factory'] }))).toEqual([
      'llama-factory LLaMA-Factory drops rows 3 0 1 0',
    ]);
  });

  it('count a row that is dropped as dropped alone, however long it is', async () => {
    const bad = {
      conversations: [
        { from: 'user', value: 'rope '.repeat(4000) },
        { from: 'gpt', value: 'a' },
      ],
    };
    const [row] = verdict(await runRule(providerLimits, [...chats(9), bad], { providers: ['llama-factory'] }));
    expect(row).toBe('llama-factory LLaMA-Factory drops rows 1 1 1 0');
  });

  it('say what happens by default', async () => {
    const { pictures } = await runRule(providerLimits, [...chats(9), long(1500)], { providers: ['trl', 'axolotl'] });
    expect(pictures['provider-limits']).toMatchObject({
      rows: [
        ['trl', 'TRL', 'cuts rows', 0, 1, 0, 1, 'unless max_length is raised'],
        ['axolotl', 'Axolotl', 'drops rows', 0, 1, 1, 0, 'unless sequence_len is raised'],
      ],
    });
  });
});

describe('an estimate near a limit', () => {
  const gemini = (words: number) => ({
    contents: [
      { role: 'user', parts: [{ text: 'q' }] },
      { role: 'model', parts: [{ text: 'rope '.repeat(words) }] },
    ],
  });
  it.each([
    [140_000, 'warn'],
    [200_000, 'error'],
  ])('of %i words is a finding at %s', async (words, level) => {
    const report = await runRule(providerLimits, [...Array.from({ length: 20 }, () => gemini(3)), gemini(words)], {
      providers: ['gemini'],
    });
    expect(told(report)).toEqual([[level, expect.stringContaining('Gemini drops rows: about 1 example has more tokens than it takes')]]);
  });
});

/** Lints lines with lines held out, as `--eval` does. */
async function withEval(train: readonly object[], held: readonly (object | string)[], options: { providers: string[] }): Promise<Report> {
  const { active: rules } = await resolveRules(
    { rules: { 'provider-limits': ['error', options] } },
    { name: 'test', rules: [providerLimits] },
  );
  const scanOf = (split: 'train' | 'eval', rows: readonly (object | string)[]) => {
    const scan = createScan(rules, { panel: 100 }, split);
    const bytes = new TextEncoder().encode(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
    parseBatch({ file: `${split}.jsonl`, firstLine: 1, bytes }, { formats, split, unknown: unknownShape }, observer(scan, rules));
    return scan;
  };
  const evalScan = scanOf('eval', held);
  const sides = sidesOf({ eval: structuredClone(evalScan) });
  return report(scanOf('train', train), rules, { panelSize: 100, eval: evalScan, sides });
}

describe('validation data', () => {
  it('has limits of its own, and its rows are checked', async () => {
    expect(told(await withEval(chats(200), [...chats(40), chat('a', 'b', 'bot')], { providers: ['mistral'] }))).toEqual([
      [
        'error',
        'Mistral rejects the file: 1 validation example has a message with role "bot", expected "system", "user", "assistant" or "tool"',
      ],
      ['error', 'Mistral rejects the file: the validation data has 20% of the size of the training data, expected at most 5%'],
    ]);
    expect(told(await withEval(chats(200), chats(5), { providers: ['mistral'] }))).toEqual([]);
  });

  it('may be too long', async () => {
    const rows = (n: number) =>
      Array.from({ length: n }, (_, i) => ({
        contents: [
          { role: 'user', parts: [{ text: `${i}` }] },
          { role: 'model', parts: [{ text: 'a' }] },
        ],
      }));
    expect(told(await withEval(rows(100), rows(5001), { providers: ['gemini'] }))).toEqual([
      ['error', 'Gemini rejects the file: the validation data has 5,001 examples, expected at most 5,000'],
    ]);
    expect(told(await withEval(rows(100), ['no json'], { providers: ['gemini'] }))).toEqual([
      ['error', 'Gemini rejects the file: 1 line of the validation data is no JSON object, expected one in each line'],
    ]);
  });
});

it('tells of a byte order mark where it may matter', async () => {
  const first = `\ufeff${JSON.stringify(chats(1)[0])}`;
  expect(told(await runRule(providerLimits, [first, ...chats(99).slice(1)], { providers: ['openai', 'trl'] }))).toEqual([
    ['warn', 'OpenAI may reject the file: the data has a byte order mark at its beginning, expected plain UTF-8 (sources disagree)'],
  ]);
});

it('counts the causes that it does not tell', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ [`field_${String.fromCharCode(97 + (i % 26))}${i}`]: 1 }));
  const { findings } = await runRule(providerLimits, rows, { providers: ['openai', 'trl'] });
  expect(findings.length).toBeLessThan(45);
});

it('refuses what it does not know', async () => {
  await expect(runRule(providerLimits, [], { providers: ['opanai'] })).rejects.toThrow(/provider-limits/);
  await expect(runRule(providerLimits, [], { providers: ['openai'], tokenizer: 'x' })).rejects.toThrow(/tokenizer/);
});

describe('verdicts', () => {
  const verdictOf = async (rows: readonly object[], provider: string) => {
    const { pictures } = await runRule(providerLimits, rows, { providers: [provider] });
    const picture = pictures['provider-limits'];
    if (picture?.kind !== 'table') throw new Error('expected a table');
    const row = picture.rows[0]!;
    return [row[picture.columns.indexOf('verdict')], row[picture.columns.indexOf('note')]];
  };
  const some = (row: object): object[] => Array.from({ length: 60 }, (_, i) => ({ ...row, id: i }));
  const chat = (...turns: readonly (readonly [string, string])[]) => ({ messages: turns.map(([role, content]) => ({ role, content })) });

  it.each<[string, string, object, unknown, string?]>([
    ['a chat', 'openai', chat(['user', 'Hi'], ['assistant', 'Hello.']), 'accepts'],
    ['a chat that ends on the user', 'openai', chat(['user', 'Hi'], ['assistant', 'Hello.'], ['user', 'Bye']), 'may reject the file'],
    ['ratings, which it would learn from alike', 'openai', { prompt: 'Hi', completion: 'Go away.', label: false }, 'rejects the file'],
    ['ratings', 'together', { prompt: 'Hi', completion: 'Go away.', label: false }, 'rejects the file'],
    ['ratings', 'trl', { prompt: 'Hi', completion: 'Go away.', label: false }, 'accepts'],
    ['what only old models take', 'openai', { prompt: 'Hi', completion: 'Hello.' }, 'accepts', 'babbage-002'],
    ['an instruction beside the pair', 'trl', { instruction: 'Greet.', chosen: 'Hello.', rejected: 'What?' }, 'ignores a field in 60 rows'],
    ['a prompt beside the pair', 'trl', { prompt: 'Greet.', instruction: 'x', chosen: 'Hello.', rejected: 'What?' }, 'accepts'],
    ['fields that can be mapped', 'llama-factory', { question: 'Who?', sql: 'SELECT 1' }, 'may not take it'],
    ['fields that can be mapped', 'axolotl', { question: 'Who?', sql: 'SELECT 1' }, 'may not take it'],
    ['fields that cannot', 'fireworks', { question: 'Who?', sql: 'SELECT 1' }, 'rejects the file'],
  ])('%s: %s', async (_, provider, row, expected, note = '') => {
    const [verdict, said] = await verdictOf(some(row), provider);
    expect(verdict).toBe(expected);
    expect(said).toContain(note);
  });
});
