import { describe, expect, it } from 'vitest';
import personalData from '../../../rules/form/personal-data.ts';
import { personalIn } from '../../../src/privacy/personal.ts';
import { testRule } from '../../../src/testing.ts';

const plain = (n: number): [string, string][] => Array.from({ length: n }, (_, i) => [`Question ${i}?`, `Answer ${i}.`]);
const mail = 'marit.solberg@fjordpost.no';

testRule(personalData, {
  even: [
    { name: 'plain text', pairs: plain(30), score: null, findings: [] },
    {
      name: 'roles, examples, test numbers',
      pairs: [
        ['Whom do I ask?', 'support@fjordpost.no or john.doe@example.com, or call (555) 123-4567.'],
        ['Which card?', '4242 4242 4242 4242'],
        ['Which account?', 'DE89 3704 0044 0532 0130 00'],
        ['What is 12345678 times 87654321?', '1082152022374638'],
      ],
      score: null,
      findings: [],
    },
    {
      name: 'one in two hundred',
      pairs: [...plain(199), ['Who wrote?', `Marit, ${mail}.`]],
      score: null,
      findings: [
        {
          key: 'e-mail address',
          message: '1 example (0.5%) holds an e-mail address, expected none',
          level: 'info',
          suggestion: 'Put invented e-mail addresses into this example, or make sure that you may train on real ones',
          data: { examples: 1, share: 0.005, warn: 0.01 },
        },
      ],
    },
    {
      name: 'a softer bound',
      pairs: [...plain(9), ['Who wrote?', mail]],
      options: { warn: 0.2 },
      score: null,
      findings: [{ key: 'e-mail address', level: 'info' }],
    },
  ],
  lopsided: [
    {
      name: 'several kinds',
      pairs: [
        ...plain(7),
        [`From: ${mail}, ${mail}`, 'Tel. 030 84729361'],
        ['Where to?', 'DE44 5001 0517 5407 3249 31'],
        ['Who?', 'a.reuter@wattmail.de'],
      ],
      score: null,
      findings: [
        {
          key: 'e-mail address',
          message: '2 examples (20%) hold e-mail addresses, expected none',
          level: 'warn',
          suggestion: 'Put invented e-mail addresses into these 2 examples, or make sure that you may train on real ones',
        },
        { key: 'bank account', message: '1 example (10%) holds a bank account, expected none', level: 'warn' },
        { key: 'phone number', message: '1 example (10%) holds a phone number, expected none', level: 'warn' },
      ],
    },
    {
      name: 'in fields that no format reads',
      rows: [{ prompt: 'Hi', completion: 'Hi.', author: { mail } }],
      score: null,
      findings: [{ key: 'e-mail address', level: 'warn' }],
    },
  ],
});

describe('personalIn', () => {
  it.each([
    ['write to anna.bergmann@posteo.de, please', 'anna.bergmann@posteo.de'],
    ['<a.b+news@sub.fjordpost.co.uk>', 'a.b+news@sub.fjordpost.co.uk'],
    ['Tel. +49 151 23948576.', '+49 151 23948576'],
    ['Tel. 030/84 72-93 61', '030/84 72-93 61'],
    ['ring (415) 867-2309 now', '(415) 867-2309'],
    ['phone: 415-867-2309', '415-867-2309'],
    ['手机：13875822044', '13875822044'],
    ['my visa 4539148803436467', '4539148803436467'],
    ['IBAN DE44 5001 0517 5407 3249 31 BIC COBADEFF', 'DE44 5001 0517 5407 3249 31'],
    ['SSN 536-90-4399', '536-90-4399'],
    ['CPF 529.982.247-25', '529.982.247-25'],
  ])('finds in %j', (text, value) => {
    expect(personalIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([value]);
    expect(personalIn(`${'x '.repeat(5000)}${text}${' y'.repeat(5000)}`).map(({ end, start }) => end - start)).toEqual([value.length]);
  });

  it.each([
    'support@fjordpost.no',
    'a@b.T',
    'X@W.shape',
    'foo@1.2.3',
    'git@github.com:a/b',
    'https://jo@fjordpost.no/x',
    'logo@2x.png',
    'IBAN DE45 5001 0517 5407 3249 31',
    '4539 1488 0343 6468',
    '4539148803436467',
    'SSN 666-90-4399',
    '536-90-4399',
    '415-867-2309',
    '+1 234 567 8900',
    '2024-01-02 2024-01-03',
  ])('finds nothing in %j', (text) => expect(personalIn(text)).toEqual([]));

  const size = 1 << 19;
  it.each([
    '@',
    'a@',
    'a.b@c.de ',
    '+1',
    '+12025550',
    '1',
    '1 ',
    'DE44',
    'DE44 ',
    'tel ',
    'call 1',
    '(2',
    '4539 1488 0343 6467 ',
    'a1 ',
    '+4915123948576 ',
    '1.',
    '12-',
    '@.',
  ])('%j over and over ends', (unit) => {
    const found = personalIn(unit.repeat(Math.ceil(size / unit.length)).slice(0, size));
    expect(found.every(({ start, end }, i) => start < end && end <= size && (i === 0 || start >= found[i - 1]!.end))).toBe(true);
  });
});
