import { expect, it } from 'vitest';
import { pretty } from '../../src/reporters/pretty.ts';
import { columns } from '../../src/reporters/text.ts';
import type { Report } from '../../src/types.ts';
import { sample } from './sample.ts';

const report: Report = {
  ...sample,
  pictures: {
    'provider-limits': {
      kind: 'table',
      title: 'Upload',
      columns: ['provider', 'name', 'verdict', 'errors', 'warnings', 'rows dropped', 'rows cut', 'note'],
      rows: [
        ['openai', 'OpenAI', 'rejects the file', 2, 1, 0, 0, 'closed to new users since 2026-05-07'],
        ['together', 'Together', 'accepts', 0, 1, 0, 0, ''],
        ['mistral', 'Mistral', 'accepts', 0, 0, 0, 0, ''],
        ['trl', 'TRL', 'cuts rows', 0, 1, 0, 1200, 'unless max_length is raised'],
        ['llama-factory', 'LLaMA-Factory', 'drops rows', 1, 1, 3, 1, 'unless cutoff_len is raised'],
      ],
    },
  },
};
const upload = (text: string): string => text.slice(text.indexOf('Upload')).split('\n\n')[0]!;

it('tells a verdict each, before the findings', () => {
  expect(upload(pretty(report, { color: false, width: 80 }))).toMatchInlineSnapshot(`
    "Upload
      ✗ OpenAI         rejects the file (2 errors, 1 warning) – closed to new users
                       since 2026-05-07
      ! Together       takes it (1 warning)
      ✓ Mistral        takes it
      ! TRL            cuts 1,200 rows (1 warning) – unless max_length is raised
      ✗ LLaMA-Factory  drops 3 rows and cuts 1 row (1 error, 1 warning) – unless
                       cutoff_len is raised"
  `);
  const text = pretty(report, { color: false, width: 80 });
  expect(text.indexOf('Upload')).toBeLessThan(text.indexOf(sample.findings[0]!.ruleId, text.indexOf('Upload')));
});

it('keeps to the width, and colours the sign alone', () => {
  for (const line of upload(pretty(report, { color: false, width: 40 })).split('\n')) expect(columns(line)).toBeLessThanOrEqual(40);
  expect(upload(pretty(report, { color: true, width: 80 }))).toContain('\u001b[31m  ✗\u001b[39m OpenAI');
});

it('is not there where nobody asked', () => expect(pretty(sample, { color: false, width: 80 })).not.toContain('Upload'));
