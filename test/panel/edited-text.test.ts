import { describe, expect, it } from 'vitest';
import { editedText, FIRST_PART, firstPart, frameOf } from '../../src/panel/edited-text.ts';
import type { PanelPair } from '../../src/panel/tasks.ts';

const pairOf = (prompt: string, reply: string, parts?: Record<string, string>): PanelPair => ({
  pair: { prompt, reply, system: '', hasPrompt: true, turn: 1 },
  example: {
    at: { file: 'a.jsonl', line: 1 },
    split: 'train',
    format: 'test',
    messages: [],
    times: 1,
    hash: 1,
    group: 1,
    ...(parts && { parts }),
  },
});

describe('editedText', () => {
  const texts = ['The cat sat', 'A dog ran', 'Two birds sang', 'No fish spoke'];

  it('leaves out what all prompts begin and end with', () => {
    const pairs = texts.map((text) => pairOf(`Correct this text: ${text} (reply with the text only)`, text));
    const frame = frameOf(pairs);
    expect(frame).toEqual({ first: ['correct', 'this', 'text'], last: ['only', 'text', 'the', 'with', 'reply'] });
    expect(pairs.map((pair) => editedText(pair, frame))).toEqual(texts);
    expect(editedText(pairOf('Hello there', 'Hello'), frame)).toBe('Hello there');
  });

  it('keeps what the replies begin with too', () => {
    const pairs = texts.map((text) => pairOf(`well then ${text}`, `Well then, ${text}`));
    expect(editedText(pairs[0]!, frameOf(pairs))).toBe('well then The cat sat');
  });

  it('takes the part that is most like the reply', () => {
    const parts = { instruction: 'Add the marks', input: 'the cat sat' };
    expect(editedText(pairOf('Add the marks\nthe cat sat', 'The cat sat.', parts), { first: [], last: [] })).toBe('the cat sat');
    const turned = { input: 'the cat sat', instruction: 'Add the marks' };
    expect(editedText(pairOf('Add the marks\nthe cat sat', 'The cat sat.', turned), { first: [], last: [] })).toBe('the cat sat');
    const alone = { instruction: 'Fix: the cat sat', input: '' };
    expect(editedText(pairOf('Fix: the cat sat', 'The cat sat.', alone), { first: [], last: [] })).toBe('Fix: the cat sat');
  });

  it('does not take a part that this prompt does not hold', () =>
    expect(editedText(pairOf('and now', 'And now.', { input: 'the first turn' }), { first: [], last: [] })).toBe('and now'));

  it('reads the first part of a long text', () => {
    expect(firstPart('x'.repeat(9216))).toHaveLength(FIRST_PART);
    expect(editedText(pairOf('x'.repeat(9216), ''), { first: [], last: [] })).toHaveLength(FIRST_PART);
  });
});
