import { describe, expect, it } from 'vitest';
import controlTokens from '../../../rules/form/control-tokens.ts';
import { CONTROL_TOKENS } from '../../../src/kit.ts';
import { runRule, testRule } from '../../../src/testing.ts';

const plain = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}.`]);
const reply = (text: string): [string, string] => ['And then?', text];

testRule(controlTokens, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'a remark on prompts and reserved words',
      pairs: [...plain(8), ['One.<|endoftext|>Two.', 'Three.'], ['User: hi', 'Hello.']],
      score: null,
      findings: [
        {
          key: 'reserved word',
          message: '1 example (10%) has words in a prompt that Amazon Nova reserves ("User:" in 1), expected none if the data goes there',
          level: 'info',
        },
        {
          key: 'special token in prompt',
          message: '1 example (10%) has control tokens in a prompt ("<|endoftext|>" of GPT in 1), expected none',
          level: 'info',
          suggestion: 'Remove the tokens from the prompts of this example, unless they are what the example is about',
          data: { examples: 1, share: 0.1 },
        },
      ],
    },
    {
      name: 'rows of text in a template',
      rows: [{ text: '<s>[INST] Name a bird. [/INST] Robin </s>' }, { text: 'Birds fly.' }],
      score: null,
      findings: [{ key: 'template in text', level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'tokens in replies, each counted once per example',
      pairs: [...plain(97), reply('Yes.<|im_end|>'), reply('No.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>'), reply('Perhaps</s>')],
      score: null,
      findings: [
        {
          key: 'special token in reply',
          message:
            '3 examples (3%) have control tokens in a reply ("<|im_end|>" of ChatML in 2, "</s>" of Llama 2 and Mistral in 1, "<|im_start|>" of ChatML in 1), expected none',
          level: 'warn',
          suggestion: 'Remove the tokens from the replies of these 3 examples: the template sets them when it trains',
          data: { examples: 3, share: 0.03, error: 0.5 },
        },
      ],
    },
    {
      name: 'tokens in half of the replies',
      pairs: [...plain(2), reply('A<eos>'), reply('B<eos>')],
      score: null,
      findings: [{ level: 'error' }],
    },
    {
      name: 'a stricter bound',
      pairs: [...plain(9), reply('A<eos>')],
      options: { error: 0.1 },
      score: null,
      findings: [{ level: 'error' }],
    },
    {
      name: 'templates set twice, and replies that go on',
      rows: [
        {
          messages: [
            { role: 'user', content: '[INST] Name a bird. [/INST]' },
            { role: 'assistant', content: 'Robin' },
          ],
        },
        {
          messages: [
            { role: 'user', content: 'What is AI?' },
            { role: 'assistant', content: 'A field of study.\n\nHuman: And ML?' },
          ],
        },
        {
          messages: [
            { role: 'user', content: '2+2?' },
            { role: 'assistant', content: 'Two and two.</think>4' },
          ],
        },
      ],
      score: null,
      findings: [
        {
          key: 'other turn in reply',
          message:
            '1 example (33%) goes on with the user\'s next turn in a reply ("Human:" in 1), expected a reply that ends where the assistant ends',
          level: 'warn',
        },
        { key: 'role marker in prompt', level: 'warn' },
        { key: 'unbalanced reasoning', level: 'warn' },
      ],
    },
    {
      name: 'rejected replies count, tools and untrained turns do not',
      rows: [
        { prompt: 'a', chosen: 'b', rejected: 'c<|im_end|>' },
        {
          messages: [
            { role: 'user', content: 'Go' },
            { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] },
            { role: 'tool', content: 'x<|im_end|>', tool_call_id: 'a' },
            { role: 'assistant', content: 'Done.' },
          ],
        },
      ],
      score: null,
      findings: [{ key: 'special token in reply', data: { examples: 1, share: 0.5, error: 0.5 } }],
    },
  ],
});

const told = async (prompt: string, completion: string): Promise<string[]> => {
  const { findings } = await runRule(controlTokens, [
    {
      messages: [
        { role: 'user', content: prompt },
        { role: 'assistant', content: completion },
      ],
    },
  ]);
  return findings.map(({ key }) => key).filter((key) => key !== 'reserved word');
};

it.each(CONTROL_TOKENS.map(({ token, owner }) => [token, owner]))('knows %s of %s in a reply', async (token) => {
  expect(await told('Go on.', token === '<s>' ? `${token}It is so.` : `It is so.${token}`)).toEqual(['special token in reply']);
});

it('names no token twice', () => {
  const tokens = CONTROL_TOKENS.map(({ token }) => token);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const { source } of CONTROL_TOKENS) expect(source).toMatch(/^https:\/\//);
});

describe('what is none', () => {
  it.each<[string, string]>([
    ['What is <|im_end|>?', 'The end of a turn.'],
    ['Show it', '`</s>` and\n```\n<|im_start|>\n```\n'],
    ['Say "</s>"', 'It ends.'],
    ['Strike it', '<s>a</s> b'],
    ['Say it', '<p><s>a</s></p>'],
    ['Show it', 'x <|> y, a <| b |> c, <||>, <|a b|>'],
    ['Show it', '<pad>4</pad>'],
    ['When?', '[SEP] 3 or 3 [SEP]'],
    ['Think', '<think>a</think>b<think>c</think>d'],
    ['Where does the tag go?', 'Before it, with <think> first.'],
    ['Write a dialogue', 'Hi there.\nUser: how are you today?'],
    ['Show it', 'Host: a\nUser: the one who asks\nPort: 1'],
    ['Show it', 'All of it.\nUser: root\nPort: 22'],
  ])('%s → %s', async (prompt, completion) => expect(await told(prompt, completion)).toEqual([]));

  it('is a token that the prompt asks about, but not one that it holds', async () => {
    expect(await told('Why does it print <|eot_id|> there?', 'It prints <|eot_id|> since it must.')).toEqual([]);
    expect(await told('Yes.<|eot_id|>', 'No.<|eot_id|>')).toEqual(['special token in reply', 'special token in prompt']);
  });
});

describe('hostile text', () => {
  it.each([
    '<',
    '<|',
    '<|im_end|>',
    '<|a',
    '<s>',
    '</s>',
    '<s></s>',
    '[',
    '[SEP]',
    '[INST',
    '<think>',
    '</think><think>',
    '\nUser:',
    '\nHuman: a',
    ':',
    'User:',
    '`<|im_end|>',
    '<pad></pad>',
    '###',
    '\n### Instruction:',
  ])('%j', async (piece) => {
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    const { findings } = await runRule(controlTokens, [
      { prompt: text, completion: text },
      { prompt: 'a', completion: `${text} b` },
      { prompt: 'a', completion: 'b<|im_end|>' },
    ]);
    expect(findings.map(({ key }) => key)).toContain('special token in reply');
  });

  it('very many turns that are asked for', async () => {
    const messages = Array.from({ length: 60_000 }, (_, i) => ({
      role: i % 2 ? 'assistant' : 'user',
      content: i === 59_998 ? 'What is <|im_end|>?' : `<|im_end|>`,
    }));
    expect((await runRule(controlTokens, [{ messages }])).findings.length).toBeLessThan(3);
  });
});
