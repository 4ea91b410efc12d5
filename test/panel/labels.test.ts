import { describe, expect, it } from 'vitest';
import { areLabels, foldLabel, isShort } from '../../src/panel/labels.ts';

describe('isShort', () => {
  it.each([
    ['yes', true],
    [' B. ', true],
    ['👍', true],
    ['not sure at all, sorry', true],
    ['this one has six words altogether', false],
    ['what_can_i_ask_you_about_this', true], // the name of a class is one word
    ['非常好', true],
    ['这是一个很长的句子不是标签', false],
    ['a'.repeat(81), false],
    ['', false],
    [' \n', false],
  ])('%j: %s', (reply, expected) => expect(isShort(reply)).toBe(expected));

  it('takes a long text', () => {
    expect(isShort(' '.repeat(1e7))).toBe(false);
  });
});

describe('foldLabel', () => {
  it.each([
    [' Yes', 'yes'],
    ['YES.', 'yes'],
    ['yes!!', 'yes'],
    ['Ｙｅｓ', 'yes'],
    ['not  sure', 'not sure'],
    ['?', '?'],
    ['...', '...'],
    ['+', '+'],
  ])('%j is %j', (spelling, label) => expect(foldLabel(spelling)).toBe(label));
});

describe('areLabels', () => {
  it.each([
    ['two labels of a hundred replies', 100, 100, 2, true],
    ['as many as 5 %', 4000, 4000, 200, true],
    ['more than 200', 100_000, 100_000, 201, false],
    ['more than 5 %', 400, 400, 21, false],
    ['five labels of a small set', 30, 30, 5, true],
    ['six of them', 30, 30, 6, false],
    ['five of a tiny one', 12, 12, 5, false],
    ['stray long replies', 1000, 950, 3, true],
    ['many long replies', 1000, 949, 3, false],
    ['nothing', 0, 0, 0, false],
  ])('%s', (_, replies, short, distinct, expected) => expect(areLabels(replies, short, distinct)).toBe(expected));
});
