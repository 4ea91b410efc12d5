import { describe, expect, it } from 'vitest';
import { mojibake } from '../../src/features/mojibake.ts';

const of = (text: string): string | undefined => {
  const found = mojibake(text);
  return found && `${found.stretch} → ${found.mended} (${found.encoding})`;
};

/** UTF-8 read by a table of the encoding of this platform, which is not the one under test. */
const misread = (text: string, encoding: string): string => {
  const decoder = new TextDecoder(encoding);
  return Array.from(new TextEncoder().encode(text), (byte) =>
    byte === 0x98 && encoding === 'windows-1251' ? '\u0098' : decoder.decode(new Uint8Array([byte])),
  ).join('');
};

describe('what is mojibake', () => {
  it.each([
    ['the cafÃ© is', 'cafÃ© → café (Windows-1252)'],
    ['itâ€™s', 'itâ€™s → it’s (Windows-1252)'],
    ['itâ\u0080\u0099s', 'itâ\u0080\u0099s → it’s (Windows-1252)'],
    ['cafÃƒÂ©', 'cafÃƒÂ© → café (Windows-1252)'],
    ['ÃƒÆ’Ã‚Â©', 'ÃƒÆ’Ã‚Â© → é (Windows-1252)'],
    ['Â£5', 'Â£5 → £5 (Windows-1252)'],
    ['ðŸ˜€ yes', 'ðŸ˜€ → 😀 (Windows-1252)'],
    ['siÄ™ nie', 'siÄ™ → się (Windows-1252)'],
    ['ÐŸÑ€Ð¸Ð²ÐµÑ‚', 'ÐŸÑ€Ð¸Ð²ÐµÑ‚ → Привет (Windows-1252)'],
    ['РџСЂРёРІРµС‚', 'РџСЂРёРІРµС‚ → Привет (Windows-1251)'],
    ['itвЂ™s', 'itвЂ™s → it’s (Windows-1251)'],
    ['a‚Äôb', 'a‚Äôb → a’b (Mac Roman)'],
    ['caf√©', 'caf√© → café (Mac Roman)'],
    ['ĹĽĂłĹ‚w', 'ĹĽĂłĹ‚w → żółw (Windows-1250)'],
    ['DIE STRAÃŸE', 'STRAÃŸE → STRAßE (Windows-1252)'],
    ['ä½\u00a0å¥½', 'ä½\u00a0å¥½ → 你好 (Windows-1252)'],
  ])('%s', (text, told) => expect(of(text)).toBe(told));
});

describe('what is none', () => {
  it.each([
    'plain',
    '',
    'é',
    'Ã',
    'â€',
    'NÃO, MAÇÃ”',
    'L’ÂGE',
    '« Â »',
    '«\xA0é\xA0»',
    'MENÜ…',
    '“LIBERTÉ”',
    'CAFÉ®',
    'AÑO…',
    'BLÅ”',
    '1 Å–2 Å',
    '5 Å³',
    'VÝŠKA NÍŽE',
    'Рік, СІЛЬ, дії',
    'СССР»',
    'РЁБРА',
    '‚Änderung‘',
    '√π ≈ 1.77, √±2',
    '¬p ∨ q',
    '│ ├ └ ┌',
    'ˈkæfeɪ',
    'naïve… “Zoë”',
    '😀🎉',
    '\ud83d',
  ])('%s', (text) => expect(of(text)).toBeUndefined());
});

// names in many languages, as the platform has them: nobody wrote them to suit the detector
const NAMES = 'fr de es pt pl cs tr vi ro hu ru uk el he ar zh ja ko hi th'.split(' ').flatMap((language) => {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return 'FR DE ES BR PL CZ TR VN RO HU RU UA GR IL EG CN JP KR IN TH AX CI ST BL'
    .split(' ')
    .map((region) => names.of(region) ?? '')
    .filter((name) => /[^\0-\x7f]/.test(name));
});

it('finds nothing in the names of countries, quoted, cut off or in capitals', () => {
  expect(NAMES.length).toBeGreaterThan(250);
  for (const name of NAMES)
    for (const text of [
      name,
      name.toUpperCase(),
      `« ${name} »`,
      `«\u00a0${name}\u00a0»`,
      `“${name.toUpperCase()}”…`,
      `${name}™`,
      `„${name}“—`,
    ])
      expect(of(text)).toBeUndefined();
});

it.each([
  ['windows-1252', 0.98],
  ['windows-1251', 0.85],
  ['windows-1250', 0.95],
  ['iso-8859-2', 0.9],
  ['macintosh', 0.85],
])('finds and mends names misread in %s', (encoding, least) => {
  const found = NAMES.filter((name) => mojibake(misread(name, encoding)));
  expect(found.length / NAMES.length).toBeGreaterThan(least);
  const mended = found.filter((name) => name.includes(mojibake(misread(name, encoding))!.mended) || name.length > 12);
  expect(mended.length / found.length).toBeGreaterThan(0.9);
});

describe('hostile text', () => {
  it.each(['Ã', 'Ã©', 'Ã ', 'Å…', 'â€', 'é»', 'РЎ', 'дії', '√', '‚Ä', 'ð', 'Â»Â', '\u0080', 'ÐÑ', '\ud83d'])('%j', (piece) => {
    const text = piece.repeat(Math.ceil((1 << 20) / piece.length));
    const found = mojibake(text);
    expect(found === undefined || found.stretch.length <= 200).toBe(true);
    expect(mojibake(`${piece.repeat(4000)} cafÃ©`)).toBeDefined();
  });
});
