import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pretty, prettyFindings } from '../../src/reporters/pretty.ts';
import { columns } from '../../src/reporters/text.ts';
import type { Finding, Report } from '../../src/types.ts';
import { anyReport } from './arbitrary.ts';
import { quietReport, sample } from './sample.ts';

const at = (width: number, report: Report = sample) => pretty(report, { color: false, width });
const [first] = sample.findings;
const many = (n: number, over: Partial<Finding>): Finding[] =>
  Array.from({ length: n }, (_, i) => ({ ...first!, message: `message ${i + 1}`, ...over }));

describe('pretty', () => {
  it('is one screen at 80 columns', () => {
    expect(at(80)).toMatchInlineSnapshot(`
      "Lopsidedness 46 of 100 (0 is even, 95% interval 41 to 52)

                     even                warn        error
        clustering   ████████████████████████················  61  reply-openings
        leakage      █████████████████████████████████████···  92  edit-cue
        mapping      ██████··································  14  conflicting-replies
        spread       ········································   0
        adversarial  no rules yet
        form         1 error (a gate, not scored)

      error  edit-cue
             A capital letter in the prompt gives away 97% of the sentence ends that
             the replies insert (U 0.40), expected under U 0.10
           > Lower-case the prompts of about 1,180 examples, so that the model has to
             read the words
               data/train.jsonl:1     the storm passed overnight In the morning the
                                      harbour was calm Nobody had slept much
               data/train.jsonl:3     she asked for the keys He had left them\\nby the
                                      door
               data/train.jsonl:1204  駅に着いたとき雨が降っていた
                                      彼は傘を持っていなかった 駅に着いたとき雨が降っ…

      error  readable-lines
             3 lines are not JSON (a comma after the last field), expected none
           > Repair or drop these 3 lines: they are missing from every other figure of
             this report
               data/train.jsonl:77  {"prompt": "hello", "completion": "hi",}

      warn   reply-openings
             33% of replies open with "sure here is", expected at most 15%
           > Rewrite or drop about 230 replies that open this way
               data/train.jsonl:9  Sure, here is a list of \\u001b[31mred\\u001b[0m
                                   things

      info   conflicting-replies
             2 prompts have 2 or more different replies, expected one reply each
           > Decide for one reply in each of these 2 groups
               data/train.jsonl:12  What is the capital of Australia?
               data/train.jsonl:40  What is the capital of Australia?

      Not judged
        no task has label-like replies: reply-balance, reply-closings
        no rule looks at it yet: coverage of --reference
        switched off: placeholder-text

      2 errors, 1 warning, 1 hint. 8 of 10 rules could judge this data.
      Read: 1,204 examples (chat 1,200, alpaca 4); 1,398 prompt–reply pairs; 100 in
      --eval; 40 in --reference; 3 lines skipped.
      Wording and tasks were measured on a fair sample of 1,000 distinct examples.
      "
    `);
  });

  it('uses the room at 120 columns', () => {
    expect(at(120)).toMatchInlineSnapshot(`
      "Lopsidedness 46 of 100 (0 is even, 95% interval 41 to 52)

                     even                warn        error
        clustering   ████████████████████████················  61  reply-openings
        leakage      █████████████████████████████████████···  92  edit-cue
        mapping      ██████··································  14  conflicting-replies
        spread       ········································   0
        adversarial  no rules yet
        form         1 error (a gate, not scored)

      error  edit-cue
             A capital letter in the prompt gives away 97% of the sentence ends that the replies insert (U 0.40), expected
             under U 0.10
           > Lower-case the prompts of about 1,180 examples, so that the model has to read the words
               data/train.jsonl:1     the storm passed overnight In the morning the harbour was calm Nobody had slept much
               data/train.jsonl:3     she asked for the keys He had left them\\nby the door
               data/train.jsonl:1204  駅に着いたとき雨が降っていた 彼は傘を持っていなかった 駅に着いたとき雨が降っていた
                                      彼は傘を持っていなかった

      error  readable-lines
             3 lines are not JSON (a comma after the last field), expected none
           > Repair or drop these 3 lines: they are missing from every other figure of this report
               data/train.jsonl:77  {"prompt": "hello", "completion": "hi",}

      warn   reply-openings
             33% of replies open with "sure here is", expected at most 15%
           > Rewrite or drop about 230 replies that open this way
               data/train.jsonl:9  Sure, here is a list of \\u001b[31mred\\u001b[0m things

      info   conflicting-replies
             2 prompts have 2 or more different replies, expected one reply each
           > Decide for one reply in each of these 2 groups
               data/train.jsonl:12  What is the capital of Australia?
               data/train.jsonl:40  What is the capital of Australia?

      Not judged
        no task has label-like replies: reply-balance, reply-closings
        no rule looks at it yet: coverage of --reference
        switched off: placeholder-text

      2 errors, 1 warning, 1 hint. 8 of 10 rules could judge this data.
      Read: 1,204 examples (chat 1,200, alpaca 4); 1,398 prompt–reply pairs; 100 in --eval; 40 in --reference; 3 lines
      skipped.
      Wording and tasks were measured on a fair sample of 1,000 distinct examples.
      "
    `);
  });

  it('still reads at 40', () => {
    expect(at(40)).toMatchInlineSnapshot(`
      "Lopsidedness 46 of 100 (0 is even, 95%
      interval 41 to 52)

                     even      warn  error
        clustering   ████████████········  61
        leakage      ██████████████████··  92
        mapping      ███·················  14
        spread       ····················   0
        adversarial  no rules yet
        form         1 error

      error  edit-cue
             A capital letter in the prompt
             gives away 97% of the sentence
             ends that the replies insert (U
             0.40), expected under U 0.10
           > Lower-case the prompts of about
             1,180 examples, so that the model
             has to read the words
               data/train.jsonl:1
                 the storm passed overnight In
                 the morning the harbour was…
               data/train.jsonl:3
                 she asked for the keys He had
                 left them\\nby the door
               data/train.jsonl:1204
                 駅に着いたとき雨が降っていた
                 彼は傘を持っていなかった 駅…

      error  readable-lines
             3 lines are not JSON (a comma
             after the last field), expected
             none
           > Repair or drop these 3 lines:
             they are missing from every other
             figure of this report
               data/train.jsonl:77
                 {"prompt": "hello",
                 "completion": "hi",}

      warn   reply-openings
             33% of replies open with "sure
             here is", expected at most 15%
           > Rewrite or drop about 230 replies
             that open this way
               data/train.jsonl:9
                 Sure, here is a list of
                 \\u001b[31mred\\u001b[0m things

      info   conflicting-replies
             2 prompts have 2 or more
             different replies, expected one
             reply each
           > Decide for one reply in each of
             these 2 groups
               data/train.jsonl:12
                 What is the capital of
                 Australia?
               data/train.jsonl:40
                 What is the capital of
                 Australia?

      Not judged
        no task has label-like replies:
        reply-balance, reply-closings
        no rule looks at it yet: coverage of
        --reference
        switched off: placeholder-text

      2 errors, 1 warning, 1 hint. 8 of 10
      rules could judge this data.
      Read: 1,204 examples (chat 1,200, alpaca
      4); 1,398 prompt–reply pairs; 100 in
      --eval; 40 in --reference; 3 lines
      skipped.
      Wording and tasks were measured on a
      fair sample of 1,000 distinct examples.
      "
    `);
    expect(at(10)).toBe(at(40));
    expect(at(Number.NaN)).toBe(at(40));
  });

  it('says honestly that nothing was found and how little was judged', () => {
    expect(at(80, quietReport)).toMatchInlineSnapshot(`
      "Lopsidedness not judged: fewer than 30 examples

        clustering   not judged
        leakage      not judged
        mapping      no rules yet
        spread       no rules yet
        adversarial  no rules yet
        form         no findings (a gate, not scored)

      Not judged
        fewer than 30 examples: edit-cue, reply-openings

      No findings. 1 of 3 rules could judge this data.
      Read: 1 example (chat).
      "
    `);
    expect(at(80, quietReport)).not.toMatch(/clean|safe|perfect/i);
  });

  it('is wider than 120 columns for nobody', () => {
    expect(at(400)).toBe(at(120));
  });

  it('prints the severities as --rule has them, so that people can search for them', () => {
    expect(at(80).match(/^(error|warn|info) +\S+$/gm)).toEqual([
      'error  edit-cue',
      'error  readable-lines',
      'warn   reply-openings',
      'info   conflicting-replies',
    ]);
  });

  it('puts the worst first, whatever order it gets', () => {
    const reversed = { ...sample, findings: sample.findings.toReversed() };
    expect(at(80, reversed).match(/^(error|warn|info) /gm)).toEqual(['error ', 'error ', 'warn ', 'info ']);
  });

  it('never rounds a score onto a line that it has not reached', () => {
    const families = { ...sample.families, clustering: 0.7996, leakage: 0.4999, mapping: 0.9999, spread: 0.0001 };
    const figures = [...at(80, { ...sample, families }).matchAll(/^ {2}\w+ +[█·]+ +(\d+)/gm)].map(([, figure]) => figure);
    expect(figures).toEqual(['79', '49', '99', '1']);
  });

  it('names the family that holds the total at 40', () => {
    expect(at(80, { ...sample, score: 0.4 })).toContain('Held at 40 because leakage is past the error line.');
    expect(at(80, { ...sample, score: 0.41 })).not.toContain('Held at 40');
  });

  it('says that it is partial', () => {
    const partial = { ...sample, parameters: { ...sample.parameters, partial: true as const } };
    expect(at(120, partial)).toContain('Partial: the run was stopped after 1,204 examples.');
    expect(at(120, { ...partial, examples: { train: 0, eval: 0, reference: 0, pairs: 0 } })).toContain(
      'stopped before any training example was read',
    );
  });

  it('shows every error and warning, but one place only of the fourth of a rule and later ones', () => {
    const text = at(80, { ...sample, findings: many(5, { severity: 'error' }) });
    for (let i = 1; i <= 5; i++) expect(text).toContain(`message ${i}\n`);
    expect(text.match(/train\.jsonl:1 /g)).toHaveLength(5);
    expect(at(80, { ...sample, findings: many(20, { severity: 'error' }) }).match(/train\.jsonl:1 /g)).toHaveLength(12);
  });

  it('counts the hints that it leaves out, by rule', () => {
    const hints = [...many(6, { severity: 'info', ruleId: 'reply-phrases' }), ...many(1, { severity: 'info', ruleId: 'intents' })];
    expect(at(80, { ...sample, findings: hints })).toContain('And 3 hints more (reply-phrases 2, intents): --format json has them all.');
  });

  it('does not flood the screen with ten thousand errors', () => {
    const text = at(80, { ...sample, findings: many(10_000, { severity: 'error' }) });
    expect(text.split('\n').length).toBeLessThan(300);
    expect(text).toContain('And 9,960 errors more (edit-cue 9,960): --format json has them all.');
  });

  it('lists the first unreadable lines where nothing was read and no rule told them', () => {
    const empty = { ...quietReport, examples: { train: 0, eval: 0, reference: 0, pairs: 0 }, skipped: sample.skipped };
    expect(at(80, empty)).toContain('  data/train.jsonl:77  a comma after the last field\n');
  });

  it('says that no verbatim overlap was found, where it was looked for and none was', () => {
    const overlap = (score: number | null): Report => ({
      ...sample,
      rules: { ...sample.rules, 'eval-overlap': { family: 'leakage', severity: 'error', scored: true, score } },
    });
    expect(at(120, overlap(0))).toContain('100 in --eval, no verbatim overlap found;');
    expect(at(120, overlap(null))).not.toContain('verbatim');
    expect(at(120, overlap(0.5))).not.toContain('verbatim');
    const told = { ...overlap(0), findings: [{ ...first!, ruleId: 'eval-overlap' }] };
    expect(at(120, told)).not.toContain('verbatim');
  });

  it('groups the rules that could not judge by reason', () => {
    expect(at(80)).toContain(
      'Not judged\n  no task has label-like replies: reply-balance, reply-closings\n  no rule looks at it yet: coverage of --reference\n  switched off: placeholder-text\n',
    );
  });

  it('puts long file names above their excerpt', () => {
    const file = `${'a-long-folder/'.repeat(6)}train.jsonl`;
    const text = at(80, { ...sample, findings: [{ ...first!, evidence: [{ file, line: 5, excerpt: 'the excerpt' }] }] });
    expect(text.replaceAll(/\n {9}(?=\S)/g, '')).toContain(`${file}:5\n           the excerpt\n`);
  });

  it('shows control characters instead of sending them', () => {
    expect(at(80)).toContain('\\u001b[31mred\\u001b[0m');
    expect(at(80)).not.toContain('\u001b');
  });

  it('colours by theme colours only, and says the same with and without colour', () => {
    const colored = pretty(sample, { color: true, width: 80 });
    // oxlint-disable-next-line no-control-regex -- it looks for the colours
    expect(new Set([...colored.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => code))).toEqual(
      new Set(['1', '2', '22', '31', '33', '36', '39']),
    );
    // oxlint-disable-next-line no-control-regex -- it takes the colours off
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(at(80));
  });

  it('sends nothing raw and keeps to the width, whatever the report holds', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 0, max: 200 }), (report, width) => {
        const text = pretty(report, { color: false, width });
        expect(text.endsWith('\n')).toBe(true);
        for (const line of text.slice(0, -1).split('\n')) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff]/u);
          expect(columns(line)).toBeLessThanOrEqual(Math.max(40, Math.min(120, width)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is a function of the report alone', () => {
    fc.assert(
      fc.property(
        anyReport,
        (report) => pretty(report, { color: true, width: 80 }) === pretty(structuredClone(report), { color: true, width: 80 }),
      ),
      { numRuns: 50 },
    );
  });
});

it('prettyFindings prints the findings alone', () => {
  const text = prettyFindings(sample.findings, { color: false, width: 80 });
  expect(at(80)).toContain(`\n\n${text}\n\n`);
});
