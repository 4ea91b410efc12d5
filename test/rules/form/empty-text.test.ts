import { expect, it } from 'vitest';
import emptyText from '../../../rules/form/empty-text.ts';
import { runRule, testRule } from '../../../src/testing.ts';

const turn = (role: string, content: string | null) => ({ role, content });
const chat = (...messages: object[]) => ({ messages });
const call = { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] };

testRule(emptyText, {
  even: [
    {
      name: 'text everywhere',
      pairs: [
        ['a', 'b'],
        ['…', '0'],
        ['\u00a0x', ' y '],
      ],
      score: null,
      findings: [],
    },
    {
      name: 'what may be empty',
      rows: [
        { instruction: 'Do', input: '', output: 'Done' },
        { instruction: 'Do', input: ' ', output: 'Done' },
        chat(turn('user', 'a'), call),
        chat(turn('user', 'a'), { ...call, content: '\n' }),
        chat(turn('user', 'a'), call, turn('tool', ''), turn('assistant', 'b')),
        chat(turn('user', 'a'), { ...turn('assistant', ''), weight: 0 }, turn('user', 'b'), turn('assistant', 'c')),
        chat(turn('user', ''), turn('user', 'a'), turn('assistant', 'b')),
        { text: 'a' },
      ],
      score: null,
      findings: [],
    },
    {
      name: 'an empty system text',
      rows: [
        chat(turn('system', ''), turn('user', 'a'), turn('assistant', 'b')),
        chat(turn('system', ' '), turn('user', 'c'), turn('assistant', 'd')),
      ],
      score: null,
      findings: [
        {
          message: '1 example has a system text of nothing but blanks or invisible characters, expected text',
          level: 'info',
          suggestion: 'Leave the system text out of this example, or write it',
        },
        { message: '1 example has an empty system text, expected text', level: 'info' },
      ],
    },
  ],
  lopsided: [
    {
      name: 'empty replies and prompts',
      pairs: [
        ['a', ''],
        ['b', ''],
        ['', 'c'],
        ['d', 'e'],
      ],
      score: null,
      findings: [
        {
          key: 'empty reply',
          message: '2 examples have an empty reply, expected text',
          level: 'error',
          suggestion: 'Write the reply of these 2 examples, or drop them',
          data: { examples: 2, share: 0.5 },
        },
        {
          key: 'empty prompt',
          message: '1 example has an empty prompt, expected text',
          level: 'warn',
          suggestion: 'Write the prompt of this example, or drop it',
        },
      ],
    },
    {
      name: 'only blanks, or characters that nobody sees',
      pairs: [
        ['a', ' \n\t'],
        ['b', '\u200b\ufeff\u2060'],
        ['\u00a0', 'c'],
        ['d', 'e'],
      ],
      score: null,
      findings: [
        {
          key: 'blank reply',
          message: '2 examples have a reply of nothing but blanks or invisible characters, expected text',
          level: 'error',
        },
        {
          key: 'blank prompt',
          message: '1 example has a prompt of nothing but blanks or invisible characters, expected text',
          level: 'warn',
        },
      ],
    },
    {
      name: 'nulls, text rows, and a fault told once for each row',
      rows: [
        chat(turn('user', 'a'), turn('assistant', null)),
        chat(turn('user', 'a'), turn('assistant', ''), turn('user', ''), turn('assistant', '')),
        { text: '' },
        { text: 'x', label: '' },
      ],
      score: null,
      findings: [
        { key: 'empty reply', data: { examples: 4, share: 1 } },
        { key: 'empty prompt', data: { examples: 1, share: 0.25 } },
      ],
    },
    {
      name: 'preference data',
      rows: [
        { prompt: 'a', chosen: 'b', rejected: '' },
        { prompt: 'a', chosen: 'b', rejected: ' ' },
        { prompt: 'a', chosen: '', rejected: 'b' },
      ],
      score: null,
      findings: [
        { key: 'empty reply', level: 'error' },
        {
          key: 'blank rejected reply',
          message: '1 example has a rejected reply of nothing but blanks or invisible characters, expected text',
          level: 'warn',
        },
        { key: 'empty rejected reply', level: 'warn' },
      ],
    },
  ],
});

it('shows the text beside the empty one', async () => {
  const { findings } = await runRule(emptyText, [
    { prompt: 'What is left?', completion: '' },
    { prompt: '', completion: 'All of it.' },
  ]);
  expect(findings.map(({ evidence }) => evidence[0]!.excerpt)).toEqual(['What is left?', 'All of it.']);
});
