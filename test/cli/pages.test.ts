import { describe, expect, it } from 'vitest';
import { rulePage } from '../../src/cli/explain.ts';
import { rulesTable } from '../../src/cli/rules.ts';
import { rulesPage } from '../../src/docs.ts';
import { columns } from '../../src/reporters/text.ts';
import type { Finding, Report, Rule, RuleMeta } from '../../src/types.ts';
import { sample } from '../reporters/sample.ts';

const meta: RuleMeta = {
  id: 'reply-openings',
  family: 'clustering',
  severity: 'warn',
  docs: {
    summary: 'Measures how often replies open with the same three words | or marks.',
    why: 'A model tuned on replies that open alike opens alike, whatever it is asked.',
    score: '0 where no opening is on more than 7.5% of replies, 1 where all open alike.',
    source: 'Counting "<noinput>" by hand.',
  },
  options: {
    warn: {
      type: 'number',
      default: 0.15,
      minimum: 0,
      maximum: 1,
      description: 'Share of replies from which a common opening is a warning',
    },
    places: { type: 'integer', default: 3, minimum: 1, description: 'Places to name' },
    unit: { type: 'string', default: 'words', enum: ['words', 'tokens'], description: 'What is counted' },
    ignore: { type: 'array', items: { type: 'string' }, default: [], description: 'Openings that are wanted' },
  },
  measures: { share: { even: 0.075, worst: 1, scale: 'linear', warn: 'warn' } },
};
const rule: Rule = { meta, create: () => ({}), finish: () => ({ score: 0, findings: [] }) };
const bare: Rule = { ...rule, meta: { ...meta, id: 'readable-lines', family: 'form', severity: 'error', options: {} } };
delete (bare.meta as { measures?: unknown }).measures;

describe('lopsided explain', () => {
  it('tells all that a user may ask', () => {
    expect(rulePage('reply-openings', meta, { color: false, width: 80 })).toMatchInlineSnapshot(`
      "reply-openings
      clustering; warn by default; scored

      Measures how often replies open with the same three words | or marks.

      Why it matters
        A model tuned on replies that open alike opens alike, whatever it is asked.

      Score
        0 where no opening is on more than 7.5% of replies, 1 where all open alike.

      Options
        warn    Share of replies from which a common opening is a warning (number 0–1,
                default 0.15)
        places  Places to name (integer from 1, default 3)
        unit    What is counted (one of words, tokens, default "words")
        ignore  Openings that are wanted (list of strings, default [])

      Set it
        off        --rule reply-openings=off
        softer     --rule reply-openings=info
        in a file  { "rules": { "reply-openings": ["warn",{"warn":0.15}] } }

      Source
        Counting "<noinput>" by hand.
      "
    `);
  });

  it('keeps to the width and prints nothing raw', () => {
    const hostile = { ...meta, docs: { ...meta.docs, why: 'red \u001b[31m text '.repeat(20) } };
    for (const width of [40, 60, 100]) {
      const page = rulePage('acme/\u202ereply', hostile, { color: false, width });
      for (const line of page.split('\n')) expect(columns(line)).toBeLessThanOrEqual(width);
      for (const raw of ['\u001b', '\u202e']) expect(page).not.toContain(raw);
    }
  });

  it('says where there is nothing to set', () => {
    expect(rulePage('readable-lines', bare.meta, { color: false, width: 80 })).toContain('Options\n  none\n');
  });
});

it('lopsided rules has a line of facts for each, by family', () => {
  const known = new Map([
    ['readable-lines', bare],
    ['acme/brand-voice', rule],
    ['reply-openings', rule],
  ]);
  const lines = rulesTable(known, { color: false, width: 80 }).split('\n');
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    'rule              family       default  scored',
    'acme/brand-voice  clustering   warn     yes',
    'reply-openings    clustering   warn     yes',
    'readable-lines    form         error    no',
    '',
  ]);
  expect(lines[2]).toBe('    Measures how often replies open with the same three words | or marks.');
});

const reportOf = (findings: readonly Finding[], score: number | null): Report => ({
  ...sample,
  findings,
  rules: {
    'reply-openings': { family: 'clustering', severity: 'warn', scored: true, score, ...(score === null && { notJudged: 'no replies' }) },
  },
});

describe('rules/README.md', () => {
  const finding = {
    ...sample.findings[2]!,
    evidence: [{ file: 'fixtures/reply-openings/lopsided.jsonl', line: 1, excerpt: 'Use ``` for code\u001b' }],
  };
  const page = rulesPage([
    { rule: bare, even: reportOf([], null), lopsided: reportOf([], null) },
    { rule, even: reportOf([], null), lopsided: reportOf([finding], 0.6) },
  ]);

  it('has a table and a section per family, in the order of the report', () => {
    expect(page.match(/^##+ .*$/gm)).toEqual([
      '## clustering: do the darts land in one spot?',
      '### reply-openings',
      '## form: garbage in, garbage out',
      '### readable-lines',
    ]);
    expect(page).toContain(
      '| [`reply-openings`](#reply-openings) | warn | yes | Measures how often replies open with the same three words \\| or marks. |',
    );
    expect(page).toContain('| `ignore` | list of strings | `[]` | Openings that are wanted |');
    expect(page).toContain('| `unit` | `words`, `tokens` | `"words"` | What is counted |');
    expect(page).toContain('No options.');
    expect(page).toContain('**Source.** Counting "\\<noinput>" by hand.');
  });

  it('shows the real output of both fixtures, in a fence that the data cannot close', () => {
    expect(page).toContain('lopsided.jsonl) (score 0.6):\n\n````text\nwarn   reply-openings\n');
    expect(page).toContain('lopsided.jsonl:1  Use ``` for code\\u001b\n````\n');
    expect(page).toContain('even.jsonl) (not judged: no replies):\n\n```text\nNo findings.\n```\n');
  });
});
