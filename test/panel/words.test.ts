import { describe, expect, it } from 'vitest';
import { sketch } from '../../src/features/sketch.ts';
import { words } from '../../src/panel/words.ts';
import { random, sentence } from '../generate.ts';

describe('words', () => {
  it.each([
    ['The cat sat, on the mat!', ['the', 'cat', 'sat', 'on', 'the', 'mat']],
    ["It's John's; don't 'quote' rock'n'roll", ["it's", "john's", "don't", 'quote', "rock'n", 'roll']],
    ['It’s typographic', ["it's", 'typographic']],
    ['3.14 and 1,000 in 2026', ['3', '14', 'and', '1', '000', 'in', '2026']],
    ['naïve café', ['naïve', 'café']],
    ['cafe\u0301', ['café']], // a combining accent is no word end
    ['ＦＵＬＬ　ｗｉｄｔｈ', ['full', 'width']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['direct_deposit', ['direct', 'deposit']],
    ['👍 !!!', []],
    ['', []],
  ])('%j', (text, expected) => expect(words(text)).toEqual(expected));

  // which words exactly is the dictionary's business, and differs between versions of Node
  it.each([
    ['Chinese', '我今天想去北京看我的朋友'],
    ['Japanese', 'これは日本語の文章です'],
    ['Thai', 'ฉันรักประเทศไทย'],
    ['Khmer', 'ខ្ញុំស្រឡាញ់ប្រទេសកម្ពុជា'],
  ])('never takes a sentence of %s for one word', (_, text) => {
    const found = words(text);
    expect(found.join('')).toBe(text.normalize('NFKC'));
    expect(found.length).toBeGreaterThan(2);
  });

  it('mixes scripts', () => expect(words('My iPhone 手机 broke')).toEqual(['my', 'iphone', '手机', 'broke']));

  it('stops where it is told, in any script', () => {
    expect(words('one two three', 2)).toEqual(['one', 'two']);
    expect(words('我今天想去北京', 2)).toEqual(['我', '今天']);
  });

  it('counts as the streamed sketch does', () => {
    const r = random(1);
    for (let i = 0; i < 50; i++) {
      const text = `${sentence(r, 12)} Don't — naïve élan's 12,5 x²`;
      expect(words(text).length).toBe(sketch(text).wordCount);
    }
  });

  it.each([
    ['a run of letters', 'a'.repeat(5e6)],
    ['apostrophes', "a'".repeat(2e6)],
    ['marks', '.'.repeat(5e6)],
    ['a ligature that NFKC makes 18 times as long', 'ﷺ'.repeat(1e6)],
    ['Han without an end', '我'.repeat(1e6)],
  ])('takes %s', (_, text) => {
    expect(words(text).length).toBeLessThanOrEqual(2000);
  });
});
