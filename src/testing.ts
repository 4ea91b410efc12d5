import assert from 'node:assert/strict';
import { resolveRules } from './config.ts';
import { formats, unknownShape } from './formats/index.ts';
import { loadLibraries } from './panel/libraries.ts';
import { report } from './report/report.ts';
import { parseBatch, parseObject } from './scan/parse.ts';
import { createScan, mergeScans, type Observer, observer, type Scan, type Sides, sidesOf } from './scan/scan.ts';

export { random } from './stats/random.ts';

import type { ActiveRule, Finding, Place, Remark, Report, Rule, Split } from './types.ts';

/** One data set, and what the rule must make of it. */
export interface RuleCase {
  readonly name: string;
  /** Prompts and replies; run as prompt/completion rows, and again as chat rows, with the same verdict. */
  readonly pairs?: readonly (readonly [prompt: string, reply: string])[];
  /** Parsed rows of any format; a string is a raw line. */
  readonly rows?: readonly (object | string)[];
  readonly options?: { readonly [option: string]: unknown };
  /** Held-out rows, as `--eval` gives them. */
  readonly eval?: readonly (object | string)[];
  /** At three decimals. */
  readonly score: number | null;
  readonly notJudged?: string;
  /** All findings, in order; each given field must be equal (`level` is compared with what is reported). */
  readonly findings?: readonly Partial<Pick<Remark, 'key' | 'message' | 'level' | 'suggestion' | 'data'>>[];
}

export interface RuleCases {
  /** No finding at warn or error. */
  readonly even: readonly RuleCase[];
  /** At least one finding, of any level; all are listed. */
  readonly lopsided: readonly RuleCase[];
}

interface Runner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void | Promise<void>): void;
}

/**
 * Tests a rule against a table of data sets, with whatever test runner has `describe` and `it` as
 * globals (vitest with `globals: true`, Jest, Mocha, `node:test` put there by hand).
 *
 * Every case is run whole, and again cut into 2, 3 and n shards that are cloned as a thread would and
 * merged in another order; all reports must be deeply equal. So a rule whose state does not merge fails.
 */
export function testRule(rule: Rule, cases: RuleCases): void {
  const { describe, it } = globalThis as unknown as Partial<Runner>;
  assert.ok(describe && it, 'Unexpected test runner without global describe and it, expected vitest with globals, Jest or Mocha');
  describe(rule.meta.id, () => {
    const seen = new Set<string>();
    for (const kind of ['even', 'lopsided'] as const) {
      it(`has ${kind} cases`, () => assert.ok(cases[kind].length > 0));
      for (const test of cases[kind]) {
        const key = JSON.stringify([test.pairs, test.rows, test.options, test.eval]);
        it(`${kind}: ${test.name}`, async () => {
          assert.ok(!seen.has(key), 'Unexpected case equal to an earlier one');
          seen.add(key);
          for (const rows of rowsOf(test)) await checkCase(rule, kind, test, rows);
        });
      }
    }
  });
}

/** Runs one rule over rows, beside held-out rows where there are any, and returns the report: for tests that ask something `testRule` does not. */
export async function runRule(
  rule: Rule,
  rows: readonly (object | string)[],
  options: RuleCase['options'] = {},
  heldOut?: readonly (object | string)[],
): Promise<Report> {
  const { active: rules, off } = await activeRules(rule, options);
  const { sides, eval: held } = sideOf(rules, heldOut);
  const scan = createScan(rules, SIZE);
  const seen = observer(scan, rules, sides);
  rows.forEach((row, i) => show(seen, row, { file: 'test.jsonl', line: i + 1 }));
  return report(scan, rules, { panelSize: SIZE.panel, off, sides, eval: held });
}

/** The rule alone, with what it needs loaded. */
async function activeRules(rule: Rule, options: RuleCase['options'] = {}): Promise<Awaited<ReturnType<typeof resolveRules>>> {
  const resolved = await resolveRules({ rules: { [rule.meta.id]: [rule.meta.severity, options] } }, { name: 'test', rules: [rule] });
  await loadLibraries(resolved.active);
  return resolved;
}

function sideOf(rules: readonly ActiveRule[], heldOut: RuleCase['eval']): { readonly sides: Sides; readonly eval?: Scan } {
  if (!heldOut) return { sides: {} };
  const scan = createScan(rules, SIZE, 'eval');
  const seen = observer(scan, rules);
  heldOut.forEach((row, i) => show(seen, row, { file: 'eval.jsonl', line: i + 1 }, 'eval'));
  return { sides: sidesOf({ eval: structuredClone(scan) }), eval: scan };
}

const SIZE = { panel: 20_000 };

function rowsOf({ pairs, rows, name }: RuleCase): (readonly (object | string)[])[] {
  if (rows) return [rows];
  assert.ok(pairs, `Unexpected case "${name}" without data, expected pairs or rows`);
  return [
    pairs.map(([prompt, completion]) => ({ prompt, completion })),
    pairs.map(([prompt, reply]) => ({
      messages: [
        { role: 'user', content: prompt },
        { role: 'assistant', content: reply },
      ],
    })),
  ];
}

async function checkCase(rule: Rule, kind: keyof RuleCases, test: RuleCase, rows: readonly (object | string)[]): Promise<void> {
  const { active: rules, off } = await activeRules(rule, test.options);
  const { sides, eval: held } = sideOf(rules, test.eval);
  const whole = await runRule(rule, rows, test.options, test.eval);
  const judged = whole.rules[rule.meta.id]!;

  assert.deepEqual(
    whole.findings.map((finding, i) => only(finding, test.findings?.[i])),
    test.findings ?? [],
  );
  if (kind === 'even')
    assert.deepEqual(
      whole.findings.filter(({ severity }) => severity !== 'info'),
      [],
    );
  else assert.ok(whole.findings.length > 0, 'Unexpected silence, expected a finding');
  assert.equal(judged.score === null ? null : Math.round(judged.score * 1000) / 1000, test.score);
  if (test.notJudged !== undefined) assert.equal(judged.notJudged, test.notJudged);

  for (const shards of new Set([2, 3, Math.min(rows.length, 50)])) {
    const scans = Array.from({ length: shards }, () => createScan(rules, SIZE));
    const observers = scans.map((scan) => observer(scan, rules, sides));
    rows.forEach((row, i) => show(observers[(i * 7) % shards]!, row, { file: 'test.jsonl', line: i + 1 }));
    const merged = createScan(rules, SIZE);
    for (const scan of scans.reverse()) mergeScans(merged, structuredClone(scan));
    assert.deepEqual(
      report(merged, rules, { panelSize: SIZE.panel, off, sides, eval: held }),
      whole,
      `Unexpected report of ${shards} merged shards, expected that of the whole`,
    );
  }
}

/** The fields of a finding that the expectation names; all that matter where it names none. */
function only(finding: Finding, expected: object | undefined): object {
  const { message, severity, suggestion, key, data } = finding;
  const all = { message, level: severity, suggestion, key, data };
  return expected
    ? Object.fromEntries(Object.keys(expected).map((name) => [name, all[name as keyof typeof all]]))
    : { message, level: severity };
}

function show(seen: Observer, row: object | string, at: Place, split: Split = 'train'): void {
  if (typeof row === 'string') {
    parseBatch(
      { file: at.file, firstLine: at.line, bytes: new TextEncoder().encode(row) },
      { formats, split, unknown: unknownShape },
      seen,
    );
    return;
  }
  parseObject(row, at, { formats, split, unknown: unknownShape }, seen);
}
