import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../src/reporters/escape.ts';
import { anyText } from './arbitrary.ts';

const hex = (code: number) => (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('visible', () => {
  it('leaves what can be seen as it is', () => {
    for (const text of [
      '',
      'plain text',
      'Größe, naïve – “quoted”…',
      '漢字かな',
      'Привет',
      'שלום',
      'مرحبا',
      'é',
      'C:\\new\\train',
      '{"a": "b\\n"}',
      '👍🏽 🇫🇷',
    ]) {
      expect(visible(text)).toBe(text);
    }
  });

  it('names newlines and tabs', () => {
    expect(visible('a\nb\r\nc\td')).toBe('a\\nb\\r\\nc\\td');
  });

  it('shows every control of C0, DEL and C1', () => {
    for (const code of [...range(0, 0x1f), ...range(0x7f, 0x9f)]) {
      const shown = visible(`a${String.fromCharCode(code)}b`);
      expect(shown).toBe(`a${{ 9: '\\t', 10: '\\n', 13: '\\r' }[code] ?? hex(code)}b`);
    }
    expect(visible('\u001b[2J\u001b]0;owned\u0007')).toBe('\\u001b[2J\\u001b]0;owned\\u0007');
  });

  it('shows bidi controls, zero-width and filler characters, separators, tags', () => {
    const unseen = [
      0xad,
      0x34f,
      0x61c,
      0x115f,
      0x1160,
      0x17b4,
      0x180e,
      ...range(0x200b, 0x200f),
      ...range(0x2028, 0x202e),
      ...range(0x2060, 0x206f),
      0x3164,
      0xfe00,
      0xfe0f,
      0xfeff,
      0xffa0,
      0xfff9,
      0xffff,
      0xe000,
      0xe0001,
      0xe0041,
      0xe0100,
      0x10ffff,
    ];
    for (const code of unseen) expect(visible(`a${String.fromCodePoint(code)}b`)).toBe(`a${hex(code)}b`);
  });

  it('shows lone surrogates, and leaves pairs', () => {
    expect(visible('a\ud83db')).toBe('a\\ud83db');
    expect(visible('\ude00a')).toBe('\\ude00a');
    expect(visible('😀')).toBe('😀');
  });

  it('keeps joiners where they make what is seen, and only there', () => {
    for (const text of ['👩‍👩‍👧', '❤️', '❤️‍🔥', '👩🏽‍🚀', 'می‌خواهم', 'क्‍ष']) expect(visible(text)).toBe(text);
    expect(visible('pay\u200dpal')).toBe('pay\\u200dpal');
    expect(visible('pay\u200cpal')).toBe('pay\\u200cpal');
    expect(visible('a\ufe0f')).toBe('a\\ufe0f');
    expect(visible('❤\ufe0f\ufe0f')).toBe('❤\ufe0f\\ufe0f');
    expect(visible('\u200d👧')).toBe('\\u200d👧');
    expect(visible('👧\u200d')).toBe('👧\\u200d');
  });

  it('cuts floods of combining marks, and gives a bare one something to stand on', () => {
    const marks = '\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308';
    expect(visible(`a${marks}b`)).toBe('a\u0301\u0302\u0303\u0304…b');
    expect(visible(`a${'\u0489'.repeat(100_000)}`).length).toBe(6);
    expect(visible(`क${'\u094d\u200d'.repeat(1000)}ष`).length).toBeLessThan(20);
    expect(visible('\u0301a')).toBe('\u25cc\u0301a');
    expect(visible('ệ')).toBe('ệ');
  });

  it('is idempotent, and leaves nothing unseen, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text);
        expect(visible(shown)).toBe(shown);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff\u00ad]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes long floods of what is escaped', () => {
    for (const unit of ['\u0301', '\u200d', '👩\u200d', '\u001b[', '\ud800']) {
      expect(visible(unit.repeat(200_000))).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }
  });
});
