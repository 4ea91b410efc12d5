import { describe, expect, it } from 'vitest';
import { type Surface, surfaceOf } from '../../src/panel/surface.ts';

describe('surfaceOf', () => {
  it.each<[string, Partial<Surface>]>([
    ['', { words: 0, lines: 1, first: 'none', end: 'nothing', script: 'no letters', blanksAtEnds: 'none' }],
    ['  ', { words: 0, end: 'nothing', blanksAtEnds: 'both' }],
    ['Is this it?', { words: 3, capitals: 0, first: 'a capital', end: '?', questions: 1 }],
    ['the cat saw Anna and BOB.', { capitals: 2, allCaps: 1, first: 'lower case', end: '.' }],
    ['USA wins', { allCaps: 1, capitals: 0, first: 'capitals' }],
    ['I am', { first: 'a capital', allCaps: 0 }],
    ['pay 1,000.50 or 3%', { digits: 2, commas: 1, end: 'another mark' }],
    ["it's 'so' — really", { typography: 'plain', dashes: 1 }],
    ['“so” it’s', { quotes: 2, typography: 'typographic' }],
    ["“so” it's", { typography: 'both', end: 'a letter or digit' }],
    ['end”', { end: '"' }],
    ['很好！', { end: '！', exclamations: 1 }],
    ['好吗？不，好。', { end: '。', questions: 1, commas: 1 }],
    ['अच्छा।', { end: '।' }],
    ['a two-factor login - now', { dashes: 1 }],
    [' a  b\n', { doubleBlanks: 1, blanksAtEnds: 'both', lines: 1 }],
    ['one\ntwo\n\nthree', { lines: 4 }],
    ['- a\n- b **c** `d`', { markup: 'bold+bullets+code' }],
    ['# T\n1. a <b>', { markup: 'headings+numbering+tags' }],
    ['see https://x.org now', { address: 'link' }],
    ['mail a@b.c', { address: 'at' }],
    ['so #great', { address: 'hash' }],
    ['nice 🙂', { emoji: true, words: 1 }],
    ['soooo good', { drawnOut: true }],
    ['so good -----', { drawnOut: false }],
    ['no!!!', { drawnOut: true, exclamations: 3, end: '!' }],
    ['Привет мир', { script: 'Cyrillic', words: 2, first: 'a capital' }],
    ['你好', { script: 'Chinese or Japanese', first: 'another script' }],
    ['naïve Élan', { words: 2, capitals: 1 }],
  ])('%j', (text, expected) => expect(surfaceOf(text)).toMatchObject(expected));

  it('looks at the beginning of a long text only', () => {
    const { words, blanksAtEnds } = surfaceOf('ab '.repeat(1e6));
    expect([words, blanksAtEnds]).toEqual([3072, 'none']);
  });
});
