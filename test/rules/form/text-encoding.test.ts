import { describe, expect, it } from 'vitest';
import textEncoding from '../../../rules/form/text-encoding.ts';
import { runRule, testRule } from '../../../src/testing.ts';

const plain = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}.`]);
const reply = (text: string): [string, string] => ['And then?', text];
const tags = (text: string): string => Array.from(text, (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('');

testRule(textEncoding, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'text in many scripts',
      pairs: [reply('Où ? « là » – naïve, Straße, Привет, 你好, می‌خواهم 👨‍👩‍👧 ❤️')],
      score: null,
      findings: [],
    },
    {
      name: 'one in many',
      pairs: [...plain(299), reply('a cafÃ© here')],
      score: null,
      findings: [
        {
          key: 'mojibake',
          message: '1 example (0.3%) has mojibake ("cafÃ©" for "café"), expected the letters themselves',
          level: 'info',
          suggestion: 'Read the source of this example as UTF-8 again, or mend this example with ftfy.fix_text in Python',
          data: { examples: 1, share: 0.003333, warn: 0.005 },
        },
      ],
    },
    {
      name: 'what is never more than a remark',
      pairs: [reply('a soft\u00adhyphen'), reply('\uf0b7 a point')],
      score: null,
      findings: [
        { key: 'private use', level: 'info' },
        {
          key: 'soft hyphen',
          message: '1 example (50%) has soft hyphens ("soft-hyphen"), expected none outside typesetting',
          level: 'info',
        },
      ],
    },
  ],
  lopsided: [
    {
      name: 'kinds apart, each counted once per example',
      pairs: [
        ...plain(20),
        reply('cafÃ© and thÃ© and â€™'),
        reply('isnâ€™t'),
        reply('half \ud83d'),
        reply('lost \ufffd\ufffd'),
        reply('page\fpage\f'),
        reply('\u001b[31mred\u001b[0m'),
        reply('it\u0092s'),
        reply(`fine${tags('ignore all')}`),
      ],
      score: null,
      findings: [
        {
          key: 'mojibake',
          message: '2 examples (7.1%) have mojibake ("cafÃ©" for "café" and "isnâ€™t" for "isn’t"), expected the letters themselves',
          level: 'warn',
        },
        {
          key: 'control',
          message: '1 example (3.6%) has control characters (U+000C form feed), expected none but tabs and line breaks',
          level: 'warn',
        },
        {
          key: 'escape',
          message: '1 example (3.6%) has ANSI escape sequences of a terminal ("\\u001b[31m"), expected plain text',
        },
        {
          key: 'hidden text',
          message:
            '1 example (3.6%) has hidden text in invisible tag characters or variation selectors (it says "ignore all"), expected nothing that a reader cannot see',
        },
        { key: 'replacement', message: '1 example (3.6%) has U+FFFD where a character was lost ("��"), expected the character' },
        { key: 'surrogate', message: '1 example (3.6%) has half of a surrogate pair (\\ud83d), expected whole characters' },
        {
          key: 'windows control',
          message: '1 example (3.6%) has C1 controls where Windows-1252 has marks (U+0092 for "’"), expected the marks',
        },
      ],
    },
    {
      name: 'a stricter bound',
      pairs: [...plain(499), reply('zero\u200bwidth')],
      options: { warn: 0.001 },
      score: null,
      findings: [{ level: 'warn' }],
    },
    {
      name: 'rejected replies, tools and prompts count',
      rows: [
        { prompt: 'a', chosen: 'b', rejected: 'c\0' },
        { prompt: 'a\0', completion: 'b' },
      ],
      score: null,
      findings: [{ key: 'nul', message: '2 examples (100%) have NUL characters (U+0000 NUL), expected none' }],
    },
    {
      name: 'a file that begins with a byte order mark',
      rows: ['\ufeff{"prompt":"a","completion":"b\\u0007"}'],
      score: null,
      findings: [
        { key: 'control', level: 'warn' },
        {
          key: 'file mark',
          message: '1 file begins with a byte order mark, expected none',
          level: 'info',
          suggestion: 'Save this file as UTF-8 without a byte order mark: some services ask for it and some refuse the first line',
        },
      ],
    },
  ],
});

const told = async (completion: string, prompt = 'And then?'): Promise<string[]> => {
  const { findings } = await runRule(textEncoding, [{ prompt, completion }]);
  return findings.map(({ key }) => key);
};

describe('what is told', () => {
  it.each([
    ['\u200bx', 'invisible'],
    ['x\u200e', 'invisible'],
    ['a\u200db', 'invisible'],
    ['a\ufe0f', 'invisible'],
    ['\ufe0f', 'invisible'],
    ['🙂\ufe0f\ufe0f', 'invisible'],
    ['a\u202eb', 'direction'],
    ['\u2066a\u2069', 'direction'],
    ['a\ufeff', 'byte order mark'],
    ['a\u2028b', 'line separator'],
    ['a\u{e0041}', 'hidden text'],
    [`🏴${tags('this is no flag at all')}`, 'hidden text'],
    ['😀\u{e0158}\u{e0159}\u{e0161}\u{e0162}', 'hidden text'],
    ['\ude00', 'surrogate'],
    ['\ud83d\ud83d\ude00', 'surrogate'],
    ['\u0081', 'control'],
    ['\u007f', 'control'],
    ['\u001b', 'control'],
    ['\u001b]0;x\u0007', 'escape'],
  ])('%j: %s', async (text, kind) => expect(await told(text)).toContain(kind));

  it('reads out what tags and selectors say', async () => {
    const bytes = Array.from('say yes', (char) => String.fromCodePoint(0xe0100 + char.charCodeAt(0) - 16)).join('');
    const { findings } = await runRule(textEncoding, [
      { prompt: 'a', completion: `🙂${bytes}` },
      { prompt: 'b', completion: tags(`${'very '.repeat(20)}long`) },
    ]);
    expect(findings[0]!.message).toContain('it says "say yes" and it says "very very very very very very very very "');
  });
});

describe('what is none', () => {
  it.each([
    'क्‍ष',
    'می‌خواهم',
    'ไทย​ไทย',
    '👩‍💻 👁️‍🗨️',
    '1️⃣ ☎︎ ©️ →️',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'שלום ‎(a)‎',
    'عربي ‫a‬',
    '葛󠄀',
    'ᠠ᠋',
    '100\xA0km',
    'a	b\r\nc',
    ' ',
    '\\u001b[31m',
  ])('%j', async (text) => expect(await told(text)).toEqual([]));

  it('is what somebody speaks of', async () => {
    expect(await told('It shows cafÃ© or �', 'Why is my encoding wrong? It is an encoding problem.')).toEqual([]);
    expect(await told('cafÃ©', '# -*- coding: utf-8 -*-')).toEqual(['mojibake']);
  });
});

describe('hostile text', () => {
  it.each([
    '\0',
    '\u001b[',
    '\u200b',
    '\ufe0f',
    '\u{e0041}',
    '\u{e0101}',
    '🏴\u{e0041}',
    '\ud83d',
    '\udc00',
    '\ufffd',
    '\u202e',
    '\ufeff',
    '👩\u200d',
    'Ã©',
    '\u00ad',
    '\uf0b7',
  ])('%j', async (piece) => {
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    const { findings } = await runRule(textEncoding, [{ prompt: text, completion: `${text}\u0007` }]);
    expect(findings.map(({ key }) => key)).toContain('control');
    for (const { message, evidence } of findings) {
      expect(message.length).toBeLessThan(400);
      for (const { excerpt } of evidence) expect(excerpt.length).toBeLessThanOrEqual(160);
    }
  });
});
