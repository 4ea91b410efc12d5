import * as fc from 'fast-check';
import type { Finding, Report, Skip } from '../../src/types.ts';

/** Characters that a report must survive: everything a terminal would obey or a reader could not see, and all widths. */
const NASTY = [
  ...'\u0000\u0007\b\t\n\u000b\f\r\u001b\u007f\u0085\u009b\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\u3164\ufe0f\ufeff\uffa0\uffff'.split(
    '',
  ),
  '\ud800',
  '\udfff',
  '\u{e0041}',
  '\u{10ffff}',
  '\u0301',
  '\u0301\u0302\u0303\u0304\u0305\u0306\u0307',
  '\u001b[31m',
  '\u001b]8;;https://example.org\u0007',
  '漢字',
  'ｶ',
  '한글',
  '👩‍👩‍👧',
  '❤️',
  '🇫🇷',
  '👍🏽',
  'می‌خواهم',
  'क्‍ष',
  '`',
  '|',
];

/** Any text: random UTF-16 (lone surrogates too), the nasty ones, and words, so that there is something to wrap. */
const text = fc
  .array(
    fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 }), fc.stringMatching(/^[a-z]{1,30}$/), fc.constant(' ')),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''));

const lone = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
export const anyText = fc.oneof(
  text,
  fc.array(lone, { maxLength: 60 }).map((codes) => codes.join('')),
);
const named = anyText.filter((value) => value !== '' && value !== '__proto__');

const family = fc.constantFrom('clustering', 'leakage', 'mapping', 'spread', 'adversarial', 'form');
const severity = fc.constantFrom('info', 'warn', 'error');
const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
const line = fc.integer({ min: 1, max: 2_000_000_000 });
const count = fc.integer({ min: 0, max: 2_000_000_000 });

const finding = fc.record({
  ruleId: named,
  family,
  severity,
  level: severity,
  key: named,
  message: named,
  suggestion: anyText,
  evidence: fc.array(fc.record({ file: anyText, line, excerpt: anyText }), { maxLength: 4 }),
  data: fc.dictionary(named, fc.oneof(anyText, fc.double({ noNaN: true, noDefaultInfinity: true }))),
  fingerprint: fc.stringMatching(/^[0-9a-f]{14}$/),
}) as fc.Arbitrary<Finding>;

const skip = fc.record(
  {
    at: fc.record({ file: anyText, line }),
    column: line,
    kind: fc.constantFrom('not-json', 'bad-shape'),
    reason: named,
    excerpt: anyText,
    keys: fc.array(anyText),
  },
  { requiredKeys: ['at', 'kind', 'reason'] },
) as fc.Arbitrary<Skip>;

/** Any report that the types allow. */
export const anyReport: fc.Arbitrary<Report> = fc.record({
  schemaVersion: fc.constant(1 as const),
  version: anyText,
  score,
  families: fc.record({ clustering: score, leakage: score, mapping: score, spread: score, adversarial: score, form: fc.constant(null) }),
  rules: fc.dictionary(
    named,
    fc.record({ family, severity: fc.constantFrom('info', 'warn', 'error'), scored: fc.boolean(), score, notJudged: named }),
    {
      maxKeys: 8,
    },
  ),
  findings: fc.array(finding, { maxLength: 8 }),
  pictures: fc.constant({}),
  examples: fc.record({ train: count, eval: count, reference: count, pairs: count }),
  skipped: fc.record({ count, first: fc.array(skip, { maxLength: 4 }) }),
  parameters: fc.record({
    rules: fc.constant({}),
    panel: fc.record({ size: count, examples: count, whole: fc.boolean() }),
    formats: fc.dictionary(named, count, { maxKeys: 4 }),
  }),
});
