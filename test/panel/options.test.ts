import { describe, expect, it } from 'vitest';
import { choiceOf, optionLists } from '../../src/panel/options.ts';

const of = (prompt: string) => optionLists(prompt).map(({ style, marks, texts }) => [style, marks.join(''), texts]);

describe('optionLists', () => {
  it.each([
    ['in lines', 'Which?\nA) red\nB) blue\nC) green', [['letters', 'ABC', ['red', 'blue', 'green']]]],
    ['in brackets, inline', 'Which? (A) red (B) light blue (C)green', [['letters', 'ABC', ['red', 'light blue', 'green']]]],
    ['with full stops, inline', 'Which? A. red B. blue C. green Answer:', [['letters', 'ABC', ['red', 'blue', 'green']]]],
    ['small letters', 'Which?\na) red\nb) blue', [['letters', 'ab', ['red', 'blue']]]],
    ['in bold', 'Which?\n**A.** red\n**B.** blue\n', [['letters', 'AB', ['red', 'blue']]]],
    ['with dashes', 'Which?\nA - red\nB - blue\n', [['letters', 'AB', ['red', 'blue']]]],
    ['by numbers', 'Which?\n1. red\n2. blue\n\nAnswer:', [['numbers', '12', ['red', 'blue']]]],
    ['by bullets', 'OPTIONS:\n- red\n- blue\n- green\nAnswer:', [['bullets', '123', ['red', 'blue', 'green']]]],
    ['texts of several lines', 'Which?\nA. red\nor so\nB. blue\n\nNow say.', [['letters', 'AB', ['red\nor so', 'blue']]]],
    ['two on a line', 'Which?\nA) red B) blue\nC) green D) grey', [['letters', 'ABCD', ['red', 'blue', 'green', 'grey']]]],
    ['a list in the last option', '(A) red (B) blue (C) both (A) and (B)', [['letters', 'ABC', ['red', 'blue', 'both (A) and (B)']]]],
    ['the last of several', 'A) one\nB) two\nAnswer: B\n\nA) red\nB) blue\nAnswer:', [['letters', 'AB', ['red', 'blue']]]],
    ['texts after a name', 'Which is better?\n[Response A]\nShort.\n[Response B]\nLonger.\n', [['names', 'AB', ['Short.', 'Longer.']]]],
    [
      'as a judge sees them',
      "[The Start of Assistant A's Answer]\nHi\n[The Start of Assistant B's Answer]\nHo",
      [['names', 'AB', ['Hi', 'Ho']]],
    ],
    ['tags', '<response_a>\nHi\n<response_b>\nHo', [['names', 'ab', ['Hi', 'Ho']]]],
    ['no list', 'What is vitamin A. Tell me of plan B. please', []],
    ['one only', 'A) red', []],
    ['out of order', 'B) red\nA) blue\nC) green', []],
    ['a sentence', 'I have a. cat b. dog', []],
  ])('%s', (_, prompt, expected) => expect(of(prompt)).toEqual(expected));

  it('takes hostile texts in linear time', () => {
    for (const text of [
      'A) '.repeat(1e5),
      '(A) (B) '.repeat(1e5),
      `A)${' '.repeat(1e6)}`,
      '- '.repeat(1e6),
      `A. ${'*'.repeat(1e6)}\nB. `,
      'response '.repeat(1e5),
    ])
      expect(optionLists(text).length).toBeLessThan(4);
  });
});

const LETTERS = 'Which?\nA) red\nB) light blue\nC) green\nD) none';
const NUMBERS = 'Which?\n1) red\n2) light blue\n3) green';
const JUDGED = 'Response A: hello there\nResponse B: A. one\nB. two\nC. three';

describe('choiceOf', () => {
  it.each([
    [LETTERS, 'B', 1],
    [LETTERS, ' (b)', 1],
    [LETTERS, '[[C]]', 2],
    [LETTERS, 'C) green', 2],
    [LETTERS, 'C. Because grass is.', 2],
    [LETTERS, '**C**', 2],
    [LETTERS, 'The correct answer is (D).', 3],
    [LETTERS, 'Answer: A', 0],
    [LETTERS, 'Option B is right, for the sky is.', 1],
    [LETTERS, 'Answer: A dog is red.', undefined],
    [LETTERS, 'light blue', 1],
    [LETTERS, 'Light blue.', undefined],
    [LETTERS, 'Skies are blue.\nSo the answer is B.', 1],
    [LETTERS, 'Skies are blue.\n#### B', 1],
    [LETTERS, 'Skies are blue.\nB', 1],
    [LETTERS, 'Let us see: \\boxed{B}', undefined],
    [LETTERS, '{"answer": "B"}', 1],
    [LETTERS, '<answer>B</answer>', 1],
    [LETTERS, 'E', undefined],
    [LETTERS, 'A dog', undefined],
    [LETTERS, 'A. red is warm\nB. blue is cold', undefined],
    [LETTERS, 'B: I am fine, thanks', undefined],
    [LETTERS, '2', undefined],
    [NUMBERS, '2', 1],
    [NUMBERS, '2) light blue', 1],
    [NUMBERS, 'Option 3', 2],
    [NUMBERS, '2. Stir well', undefined],
    [NUMBERS, 'light blue', 1],
    ['- red\n- blue', 'blue', 1],
    ['- red\n- red', 'red', undefined],
    [JUDGED, '[[B]]', 1],
    [JUDGED, 'Response A is kinder.', 0],
    [JUDGED, 'tie', undefined],
    ['Tell me of red.', 'B', undefined],
  ])('%j, %j: %s', (prompt, reply, expected) => expect(choiceOf(prompt, reply)?.index).toBe(expected));
});
