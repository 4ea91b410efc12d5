import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import core from '../../rules/index.ts';
import { judge } from '../../src/judge.ts';
import { createScan } from '../../src/scan/scan.ts';
import { runRule } from '../../src/testing.ts';
import type { Measure, OptionSpecs, Rule } from '../../src/types.ts';

/** What every registered rule owes, so that a new one is under contract from its first commit. */
const rules = core.rules as readonly Rule[];
const files = readdirSync('rules', { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/') && name.endsWith('.ts'));

it('rules/index.ts lists each rule file once', () => {
  expect(rules.map(({ meta }) => `${meta.family}/${meta.id}.ts`).sort()).toEqual(files.sort());
});

describe.each(rules.map((rule) => [rule.meta.id, rule] as const))('%s', (id, rule) => {
  const { meta } = rule;
  const specs = meta.options as OptionSpecs;
  const defaults = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
  const fixture = (name: 'even' | 'lopsided' | 'eval'): readonly (object | string)[] =>
    readFileSync(`fixtures/${id}/${name}.jsonl`, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        try {
          return JSON.parse(line) as object;
        } catch {
          return line; // readable-lines has lines that are none
        }
      });

  /** A rule that runs on request, or that says more when asked, says in its fixtures what is asked of it. */
  const optionsFile = `fixtures/${id}/options.json`;
  const asked = existsSync(optionsFile) ? (JSON.parse(readFileSync(optionsFile, 'utf8')) as Record<string, unknown>) : {};

  /** What a rule on held-out data is run against. */
  const heldOut = existsSync(`fixtures/${id}/eval.jsonl`) ? fixture('eval') : undefined;

  it('has a test, a fixture pair, and is named thing-then-property', () => {
    expect(existsSync(`test/rules/${meta.family}/${id}.test.ts`)).toBe(true);
    expect(existsSync(`fixtures/${id}/even.jsonl`) && existsSync(`fixtures/${id}/lopsided.jsonl`)).toBe(true);
    expect(id).toMatch(/^(?!no-|check-)[a-z]+(-[a-z]+)*$/);
  });

  it('documents itself in sentences', () => {
    expect(meta.docs.summary).toMatch(/^[A-Z][a-z]+s [^.]+\.$/);
    for (const text of [meta.docs.why, meta.docs.score, meta.docs.source]) expect(text).toMatch(/[.)]$|https?:\S+$/);
    if (!meta.measures) expect(meta.docs.score).toContain('Not scored');
    for (const spec of Object.values(specs)) expect(spec.description).toMatch(/^[A-Z].*\.$/);
  });

  it('has bounds that are options, in order from even to worst', () => {
    for (const measure of Object.values<Measure>(meta.measures ?? {})) {
      const warn = defaults[measure.warn] as number;
      expect(typeof warn).toBe('number');
      expect(judge(measure, measure.even, defaults)).toEqual({ score: 0, level: undefined });
      expect(judge(measure, warn, defaults)).toEqual({ score: 0.5, level: 'warn' });
      if (measure.error === undefined) continue;
      expect(judge(measure, defaults[measure.error] as number, defaults)).toEqual({ score: 0.8, level: 'error' });
      expect(judge(measure, measure.worst, defaults)).toEqual({ score: 1, level: 'error' });
    }
  });

  it('starts from a state of counts and Stats, which structured cloning keeps', () => {
    for (const value of Object.values(rule.create(defaults) as object)) {
      expect(typeof value === 'number' || typeof (value as { merge?: unknown }).merge === 'function').toBe(true);
      expect(() => structuredClone(value)).not.toThrow();
    }
  });

  it('says nothing loud of its even fixture, and something of its lopsided one', async () => {
    const even = await runRule(rule, fixture('even'), asked, heldOut);
    const lopsided = await runRule(rule, fixture('lopsided'), asked, heldOut);
    expect(even.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    // a rule whose ceiling is info cannot be loud
    expect(lopsided.findings.some(({ severity }) => severity !== 'info' || meta.severity === 'info')).toBe(true);
    if (meta.measures) {
      expect(even.rules[id]!.score).toBeLessThan(0.5);
      expect(lopsided.rules[id]!.score).toBeGreaterThanOrEqual(0.5);
    } else {
      expect(lopsided.rules[id]!.score).toBeNull();
    }
  });

  it('speaks in one sentence and gives an order, with places', async () => {
    const { findings } = await runRule(rule, fixture('lopsided'), asked, heldOut);
    const keys = findings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { message, suggestion, evidence, key, severity } of findings) {
      expect(message).not.toMatch(/[.!]$|\n/);
      expect(message).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
      if (severity !== 'info') expect(message).toMatch(/, expected /);
      expect(suggestion).toMatch(/^[A-Z][a-z]+/);
      expect(suggestion).not.toMatch(/\.$|NaN|undefined|\n/);
      expect(key).not.toMatch(/\d{2,}/);
      expect(evidence.length).toBeGreaterThan(0);
      for (const { excerpt } of evidence) expect(excerpt.length).toBeLessThanOrEqual(160);
    }
  });

  it('cannot judge nothing, and says why', async () => {
    const { rules: judged, findings } = await runRule(rule, []);
    expect(judged[id]!.score).toBeNull();
    expect(findings).toEqual([]);
    if (meta.onRequest) {
      expect(judged[id]).toMatchObject({ severity: 'off', notJudged: meta.onRequest.otherwise });
      const { rules: ran, findings: told } = await runRule(rule, [], asked);
      expect(ran[id]!.severity).toBe(meta.severity);
      expect(told).toEqual([]);
    }
    const verdict = rule.finish(
      createScan([{ id, rule, severity: 'error', options: defaults }], { panel: 100 }).states[id],
      defaults,
      { train: [], eval: [], reference: [], whole: true },
      {},
    );
    expect(verdict.score).toBeNull();
    if (meta.measures) expect(verdict.notJudged).toMatch(/^[a-z].*[^.]$/);
  });
});
