import { describe, expect, it } from 'vitest';
import { formats, unknownShape } from '../../src/formats/index.ts';

const told = (raw: Record<string, unknown>): string => {
  expect(formats.some((format) => format.detects(raw))).toBe(false);
  const { reason, expected, advice } = unknownShape(raw);
  return `${reason}, expected ${expected}${advice === undefined ? '' : `; ${advice}`}`;
};
const none = 'match no known format, expected one such as';
const anyFormat =
  '"prompt" with "chosen" and "rejected", "messages", "conversations", "instruction" with "output", "prompt" with "completion", "prompt" with "completions" and "labels", "contents", "interactions", "text" or "segments", or the fields that hold prompt and reply by --prompt and --reply; Name the fields with --prompt and --reply to read';

describe('a row of unknown shape', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'names that say it',
      { question: 'How many?', sql: 'SELECT' },
      `fields "question", "sql" ${none} prompt/completion; Run again with --prompt question --reply sql to read`,
    ],
    [
      'two parts of a prompt',
      { premise: 'A man sleeps.', hypothesis: 'A man is awake.', label: 'contradiction' },
      `fields "premise", "hypothesis", "label" ${none} prompt/completion; Run again with --prompt premise,hypothesis --reply label to read`,
    ],
    [
      'upper case',
      { INSTRUCTION: 'Do', RESPONSE: 'Done' },
      `fields "INSTRUCTION", "RESPONSE" ${none} prompt/completion; Run again with --prompt INSTRUCTION --reply RESPONSE to read`,
    ],
    [
      'a known prompt, and the longest text that is left',
      { id: 'a-very-long-identifier-indeed', question: 'Why?', explanation: 'Because.' },
      `fields "id", "question", "explanation" ${none} prompt/completion; Run again with --prompt question --reply explanation to read`,
    ],
    [
      'a known reply',
      { utter: 'Book me a flight', intent: 'book', lang: 'en_GB_and_some_more' },
      `fields "utter", "intent", "lang" ${none} prompt/completion; Run again with --prompt utter --reply intent to read`,
    ],
    [
      'one level down',
      { id: 3, data: { question: 'Why?', answer: 'So.' } },
      `fields "id", "data" ${none} prompt/completion; Run again with --prompt data.question --reply data.answer to read`,
    ],
    ['a slip of the pen', { mesages: [], id: 1 }, `fields "mesages", "id" ${none} chat messages; Rename "mesages" to "messages" in`],
    [
      'two slips',
      { promt: 'a', compeltion: 'b' },
      `fields "promt", "compeltion" ${none} prompt/completion; Rename "promt" to "prompt" and "compeltion" to "completion" in`,
    ],
    [
      'a singular',
      { conversation: [] },
      `field "conversation" matches no known format, expected one such as ShareGPT conversations; Rename "conversation" to "conversations" in`,
    ],
    [
      'a missing reply',
      { instruction: 'Do', input: 'x' },
      `fields "instruction", "input" ${none} Alpaca, which needs "output" too; Add "output" to`,
    ],
    [
      'a prompt alone',
      { prompt: 'Do' },
      `field "prompt" matches no known format, expected one such as prompt/completion, which needs "completion" too; Add "completion" to`,
    ],
    [
      'a slip in a name of Gemini’s',
      { content: [{ role: 'user', parts: [] }], id: 'x' },
      `fields "content", "id" ${none} Gemini contents; Rename "content" to "contents" in`,
    ],
    [
      'a text that is called as a list of Gemini’s is',
      { content: 'A long text about bees.', title: 'Bees' },
      `fields "content", "title" ${none} prompt/completion; Run again with --prompt title --reply content to read`,
    ],
    [
      'a prompt with several replies',
      { prompt: 'a', completions: ['b', 'c'] },
      `fields "prompt", "completions" ${none} stepwise supervision, which needs "labels" too; Add "labels" to`,
    ],
    ['a null', { messages: null, id: 4 }, `fields "messages" (null), "id" match no known format, expected ${anyFormat}`],
    ['names that say nothing', { x: 'abc', y: 'def' }, `fields "x", "y" match no known format, expected ${anyFormat}`],
    ['nothing', {}, 'an object without fields, expected a prompt and a reply'],
  ])('%s', (_name, raw, expected) => expect(told(raw)).toBe(expected));

  it('shows eight fields, quoted and cut', () => {
    const raw = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i === 0 ? `\u001b[31m${'k'.repeat(100)}` : `k${i}`, i]));
    const { reason: why, keys } = unknownShape(raw);
    expect(keys).toHaveLength(8);
    expect(keys[0]).toBe(`"\\u001b[31m${'k'.repeat(34)}…"`);
    expect(why).toMatch(/^fields "\\u001b.*, "k7" and 3 more match no known format$/);
  });

  it('puts no field into a flag that a shell would take for something else', () => {
    expect(told({ question: 'a', '$(rm -rf ~)': 'a much longer text' })).not.toContain('--reply $');
    expect(told({ question: 'a', '--reply': 'a much longer text', ok: 'b' })).toContain('--reply ok');
  });

  it('takes a row with very many and very long names', () => {
    const raw = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`${'m'.repeat(i < 10 ? 1 << 20 : 3)}${i}`, 'x']));
    expect(unknownShape(raw).keys).toHaveLength(8);
  });
});
