import { describe, expect, it } from 'vitest';
import * as marks from '../../src/panel/marks.ts';

const { marksOf, caseOf, SENTENCE_END, COMMA, LINE_BREAK, QUOTE, ANY_END, DOUBLE_BLANK, INVISIBLE, ODD, CAPITAL, ALL_CAPS } = marks;

/** The marks between the two words of "<word><gap>b". */
const between = (gap: string, word = 'day') => marksOf(`${word}${gap}b`, word.length, word.length + gap.length);

describe('marksOf', () => {
  it.each([
    [' ', 0],
    ['. ', SENTENCE_END | ANY_END],
    ['.', ANY_END],
    ['?” ', SENTENCE_END | ANY_END | QUOTE],
    ['… ', SENTENCE_END | ANY_END],
    ['。', SENTENCE_END | ANY_END],
    ['.\u00a0', SENTENCE_END | ANY_END | INVISIBLE],
    [', ', COMMA],
    ['., ', COMMA | ANY_END], // etc., and
    [' - ', COMMA],
    ['-', 0],
    ['、', COMMA],
    [' "', QUOTE],
    ['.\n\n', SENTENCE_END | ANY_END | LINE_BREAK],
    ['  ', DOUBLE_BLANK],
    ['\n  ', LINE_BREAK],
    [' \u200b', INVISIBLE],
    [' ~ ', ODD],
    [' (', 0],
    [' 🎉 ', 0],
  ])('reads %j', (gap, expected) => expect(between(gap)).toBe(expected));

  it.each([
    ['B', ANY_END],
    ['É', ANY_END],
    ['I', SENTENCE_END | ANY_END],
    ['b', SENTENCE_END | ANY_END],
    ['USB', SENTENCE_END | ANY_END],
  ])('tells after %j an initial from a sentence end', (word, expected) => expect(between('. ', word)).toBe(expected));
});

it.each([
  ['word', 0],
  ['Word', CAPITAL],
  ['Éva', CAPITAL],
  ['A', CAPITAL],
  ['WORD', CAPITAL | ALL_CAPS],
  ['ÉVA', CAPITAL | ALL_CAPS],
  ['McX', CAPITAL],
  ['iPhone', 0],
  ['3D', 0],
  ['𝐀𝐁', CAPITAL | ALL_CAPS],
])('caseOf reads %j', (word, expected) => expect(caseOf(`a ${word} b`, 2, 2 + word.length)).toBe(expected));
