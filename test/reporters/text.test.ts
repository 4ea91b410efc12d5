import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/reporters/escape.ts';
import { columns, cutColumns, hang, pad, wrap } from '../../src/reporters/text.ts';
import { anyText } from './arbitrary.ts';

describe('columns', () => {
  // Widths by UAX #11 and by what xterm, kitty and Windows Terminal draw; sequences count as their parts, an upper bound.
  it.each([
    ['abc', 3],
    ['naïve', 5],
    ['e\u0301', 1],
    ['漢字', 4],
    ['かな', 4],
    ['カ\u3099', 2],
    ['ｶﾅ', 2],
    ['Ａ', 2],
    ['한글', 4],
    ['「」、。', 8],
    ['Привет', 6],
    ['שלום', 4],
    ['สวัสดี', 4],
    ['…–“”', 4],
    ['😀', 2],
    ['⌚', 2],
    ['☎', 1],
    ['❤️', 2],
    ['👩‍👧', 4],
    ['𠀀', 2],
    ['█·', 2],
    ['', 0],
  ])('%s takes %i', (text, width) => {
    expect(columns(text)).toBe(width);
  });
});

describe('cutColumns', () => {
  it('cuts with an ellipsis only what does not fit', () => {
    expect(cutColumns('hello', 5)).toBe('hello');
    expect(cutColumns('hello!', 5)).toBe('hell…');
    expect(cutColumns('hello world', 7)).toBe('hello…');
    expect(cutColumns('漢字漢字', 5)).toBe('漢字…');
    expect(cutColumns('漢字漢字', 6)).toBe('漢字…');
    expect(cutColumns('ab', 1)).toBe('…');
    expect(cutColumns('ab', 0)).toBe('');
  });

  it('never gives more than asked for', () => {
    fc.assert(fc.property(anyText, fc.integer({ min: 0, max: 60 }), (text, width) => columns(cutColumns(visible(text), width)) <= width));
  });
});

describe('wrap', () => {
  it('breaks between words', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('one two three', 13)).toEqual(['one two three']);
    expect(wrap('', 10)).toEqual(['']);
  });

  it('breaks within a word that is wider than a line', () => {
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
    expect(wrap('漢字漢字漢', 5)).toEqual(['漢字', '漢字', '漢']);
    expect(wrap('abe\u0301f', 3)).toEqual(['abe\u0301', 'f']);
  });

  it('loses nothing but blanks, and keeps to the width', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 60 }), (text, width) => {
        const shown = visible(text);
        const lines = wrap(shown, width);
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(shown.replaceAll(' ', ''));
      }),
    );
  });
});

it('hang indents what follows the first line', () => {
  expect(hang('> ', 'one two three', 9)).toEqual(['> one two', '  three']);
});

it('pad counts columns', () => {
  expect(pad('漢', 4)).toBe('漢  ');
  expect(pad('long', 2)).toBe('long');
});
