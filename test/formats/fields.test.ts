import { describe, expect, it } from 'vitest';
import { fieldFormat } from '../../src/formats/index.ts';
import type { Problem } from '../../src/types.ts';

const turns = (prompt: string, reply: string) => [
  { role: 'user', text: prompt },
  { role: 'assistant', text: reply },
];

describe('fields that the user names', () => {
  it('takes one prompt field as it is', () => {
    const format = fieldFormat(['question'], 'sql');
    expect(format.detects({})).toBe(true);
    expect(format.read({ question: 'How many bees?', sql: 'SELECT 1', answer: '1' })).toEqual({
      messages: turns('How many bees?', 'SELECT 1'),
    });
  });

  it('puts several under one another with their names, and keeps each', () => {
    const format = fieldFormat(['premise', 'hypothesis'], 'label');
    expect(format.read({ label: 0, premise: 'It rains.', hypothesis: 'It is dry.' })).toEqual({
      messages: turns('premise: It rains.\nhypothesis: It is dry.', '0'),
      parts: { premise: 'It rains.', hypothesis: 'It is dry.' },
    });
  });

  it('follows a path, but a field of that very name comes first', () => {
    const format = fieldFormat(['meta.question'], 'meta.answer.text');
    expect(format.read({ meta: { question: 'Q', answer: { text: 'A' } } })).toEqual({ messages: turns('Q', 'A') });
    expect(format.read({ 'meta.question': 'own', meta: { question: 'Q', answer: { text: 'A' } } })).toEqual({
      messages: turns('own', 'A'),
    });
  });

  it('writes numbers, true and false as text, and objects as JSON', () => {
    const format = fieldFormat(['a'], 'b');
    expect(format.read({ a: 1.5, b: false })).toEqual({ messages: turns('1.5', 'false') });
    expect(format.read({ a: [1, { x: 'y' }], b: {} })).toEqual({ messages: turns('[1,{"x":"y"}]', '{}') });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no field "a", expected one of "b"', { b: 'x' }],
    ['"a" is null, expected text', { a: null, b: 'x' }],
    ['no field "b", expected one of "a"', { a: 'x' }],
    ['"b" is nested too deep to read, expected at most 500 levels', { a: 'x', b: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) }],
  ])('%s', (told, raw) => {
    const { problem, expected } = fieldFormat(['a'], 'b').read(raw) as Problem;
    expect(`${problem}, expected ${expected}`).toBe(told);
  });

  it('says with which flags the row can be read', () => {
    expect(fieldFormat(['question'], 'sq').read({ question: 'a', sql: 'b' })).toEqual({
      problem: 'no field "sq"',
      expected: 'one of "question" or "sql"',
      advice: 'Run again with --reply sql to read',
    });
    expect(fieldFormat(['context', 'queston'], 'sql').read({ context: 'c', question: 'a', sql: 'b' })).toMatchObject({
      advice: 'Run again with --prompt context,question to read',
    });
  });

  it('reads no field that is not the row’s own', () => {
    for (const name of ['constructor', 'constructor.name', 'toString', '__proto__', '__proto__.constructor']) {
      expect(fieldFormat([name], 'b').read({ b: 'x' })).toEqual({ problem: `no field "${name}"`, expected: 'one of "b"' });
    }
    const read = fieldFormat(['__proto__', 'a'], 'b').read(JSON.parse('{"__proto__":"evil","a":"x","b":"y"}'));
    expect(Object.entries((read as { parts: object }).parts)).toEqual([
      ['__proto__', 'evil'],
      ['a', 'x'],
    ]);
  });
});
