import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/report/schema.ts';
import { reporters } from '../../src/reporters/index.ts';
import type { Report } from '../../src/types.ts';
import { anyReport } from './arbitrary.ts';
import { quietReport, sample } from './sample.ts';

const style = { color: false, width: 80 };
const { json } = reporters;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(reportSchema);

function problems(report: unknown): string[] {
  return validate(report) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('json', () => {
  it('is the report, indented, with a newline at the end', () => {
    const text = json(sample, style);
    expect(JSON.parse(text)).toEqual(sample);
    expect(text.startsWith('{\n  "schemaVersion": 1,\n')).toBe(true);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  it('parses to the report whatever it holds, and sends no control characters to a terminal', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = json(report, style);
        // -0 is written as 0, in JSON as everywhere
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
        // oxlint-disable-next-line no-control-regex -- that is the point
        expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2060-\u206f\ufeff]/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the schema of a report', () => {
  it('takes reports', () => {
    expect(problems(sample)).toEqual([]);
    expect(problems(quietReport)).toEqual([]);
    expect(problems(JSON.parse(json(sample, style)))).toEqual([]);
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(problems(JSON.parse(json(report, style)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  const broken: [string, (report: any) => void][] = [
    [
      'another version of the schema',
      (report) => {
        report.schemaVersion = 2;
      },
    ],
    [
      'a score above 1',
      (report) => {
        report.score = 46;
      },
    ],
    [
      'a score that is no number',
      (report) => {
        report.score = '0.46';
      },
    ],
    [
      'no score',
      (report) => {
        delete report.score;
      },
    ],
    [
      'an unknown key',
      (report) => {
        report.time = 'now';
      },
    ],
    [
      'a missing family',
      (report) => {
        delete report.families.form;
      },
    ],
    [
      'an unknown family',
      (report) => {
        report.families.other = null;
      },
    ],
    [
      'an interval of one',
      (report) => {
        report.interval = [0.1];
      },
    ],
    [
      'an interval of three',
      (report) => {
        report.interval = [0.1, 0.2, 0.3];
      },
    ],
    [
      'a scored rule that does not say why it has no score',
      (report) => {
        delete report.rules['reply-balance'].notJudged;
      },
    ],
    [
      'a rule that is off but has a score',
      (report) => {
        report.rules['placeholder-text'].score = 0;
      },
    ],
    [
      'a rule of no family',
      (report) => {
        delete report.rules['edit-cue'].family;
      },
    ],
    [
      'an unknown severity',
      (report) => {
        report.findings[0].severity = 'warning';
      },
    ],
    [
      'a finding without a level',
      (report) => {
        delete report.findings[0].level;
      },
    ],
    [
      'an empty message',
      (report) => {
        report.findings[0].message = '';
      },
    ],
    [
      'a short fingerprint',
      (report) => {
        report.findings[0].fingerprint = '12';
      },
    ],
    [
      'figures that are null',
      (report) => {
        report.findings[0].data.share = null;
      },
    ],
    [
      'a place on line 0',
      (report) => {
        report.findings[0].evidence[0].line = 0;
      },
    ],
    [
      'evidence with more than a place and an excerpt',
      (report) => {
        report.findings[0].evidence[0].text = 'x';
      },
    ],
    [
      'a picture of an unknown kind',
      (report) => {
        report.pictures['prompt-length'].kind = 'pie';
      },
    ],
    [
      '21 skipped lines',
      (report) => {
        report.skipped.first = Array.from({ length: 21 }, () => report.skipped.first[0]);
      },
    ],
    [
      'an unknown kind of skip',
      (report) => {
        report.skipped.first[0].kind = 'bad';
      },
    ],
    [
      'half an example',
      (report) => {
        report.examples.train = 0.5;
      },
    ],
    [
      'partial: false',
      (report) => {
        report.parameters.partial = false;
      },
    ],
    [
      'workers among the parameters',
      (report) => {
        report.parameters.workers = 2;
      },
    ],
  ];
  it.each(broken)('refuses %s', (_, damage) => {
    const report = structuredClone<Report>(sample);
    damage(report);
    expect(problems(report)).not.toEqual([]);
  });
});
