import { describe, expect, it } from 'vitest';
import { formats, unknownShape } from '../../src/formats/index.ts';

const reason = (raw: Record<string, unknown>): string => {
  expect(formats.some((format) => format.detects(raw))).toBe(false);
  return unknownShape(raw).reason;
};
const none = 'match no known format; nearest is';
const anyFormat =
  'expected "prompt" with "chosen" and "rejected", "messages", "conversations", "instruction" with "output", "prompt" with "completion" or "text", or the fields that hold prompt and reply by --prompt and --reply';

describe('a row of unknown shape', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'names that say it',
      { question: 'How many?', sql: 'SELECT' },
      `fields "question", "sql" ${none} prompt/completion; read it with --prompt question --reply sql`,
    ],
    [
      'upper case',
      { INSTRUCTION: 'Do', RESPONSE: 'Done' },
      `fields "INSTRUCTION", "RESPONSE" ${none} prompt/completion; read it with --prompt INSTRUCTION --reply RESPONSE`,
    ],
    [
      'a known prompt, and the longest text that is left',
      { id: 'a-very-long-identifier-indeed', question: 'Why?', explanation: 'Because.' },
      `fields "id", "question", "explanation" ${none} prompt/completion; read it with --prompt question --reply explanation`,
    ],
    [
      'a known reply',
      { utter: 'Book me a flight', intent: 'book', lang: 'en_GB_and_some_more' },
      `fields "utter", "intent", "lang" ${none} prompt/completion; read it with --prompt utter --reply intent`,
    ],
    [
      'one level down',
      { id: 3, data: { question: 'Why?', answer: 'So.' } },
      `fields "id", "data" ${none} prompt/completion; read it with --prompt data.question --reply data.answer`,
    ],
    ['a slip of the pen', { mesages: [], id: 1 }, `fields "mesages", "id" ${none} chat messages: rename "mesages" to "messages"`],
    [
      'two slips',
      { promt: 'a', compeltion: 'b' },
      `fields "promt", "compeltion" ${none} prompt/completion: rename "promt" to "prompt" and "compeltion" to "completion"`,
    ],
    [
      'a singular',
      { conversation: [] },
      `field "conversation" matches no known format; nearest is ShareGPT conversations: rename "conversation" to "conversations"`,
    ],
    ['a missing reply', { instruction: 'Do', input: 'x' }, `fields "instruction", "input" ${none} Alpaca, which needs "output" too`],
    [
      'a prompt alone',
      { prompt: 'Do' },
      `field "prompt" matches no known format; nearest is prompt/completion, which needs "completion" too`,
    ],
    ['a null', { messages: null, id: 4 }, `fields "messages" (null), "id" match no known format; ${anyFormat}`],
    ['names that say nothing', { x: 'abc', y: 'def' }, `fields "x", "y" match no known format; ${anyFormat}`],
    ['nothing', {}, 'an object without fields'],
  ])('%s', (_name, raw, expected) => expect(reason(raw)).toBe(expected));

  it('shows eight fields, quoted and cut', () => {
    const raw = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i === 0 ? `\u001b[31m${'k'.repeat(100)}` : `k${i}`, i]));
    const { reason: why, keys } = unknownShape(raw);
    expect(keys).toHaveLength(8);
    expect(keys[0]).toBe(`"\\u001b[31m${'k'.repeat(34)}…"`);
    expect(why).toMatch(/^fields "\\u001b.*, "k7" and 3 more match no known format; /);
  });

  it('puts no field into a flag that a shell would take for something else', () => {
    expect(reason({ question: 'a', '$(rm -rf ~)': 'a much longer text' })).not.toContain('--reply $');
    expect(reason({ question: 'a', '--reply': 'a much longer text', ok: 'b' })).toContain('--reply ok');
  });

  it('takes a row with very many and very long names', () => {
    const raw = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`${'m'.repeat(i < 10 ? 1 << 20 : 3)}${i}`, 'x']));
    expect(unknownShape(raw).keys).toHaveLength(8);
  });
});
