import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, overlayRules, resolveRules, strictRules } from '../src/config.ts';
import { configLoadFailed } from '../src/errors.ts';
import { defineRule } from '../src/kit.ts';
import type { Config, Plugin } from '../src/types.ts';

const rule = defineRule({
  meta: {
    id: 'reply-tone',
    family: 'spread',
    severity: 'error',
    docs: { summary: '', why: '', score: '', source: '' },
    options: {
      warn: { type: 'number', default: 0.2, minimum: 0, maximum: 1, description: '' },
      error: { type: 'number', default: 0.5, minimum: 0, maximum: 1, description: '' },
      words: { type: 'array', items: { type: 'string' }, default: ['please'], description: '' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a', description: '' },
      tones: { type: 'array', items: { type: 'string', enum: ['warm', 'cold'] }, default: [], description: '' },
    },
    measures: { share: { even: 0.1, worst: 1, scale: 'linear', warn: 'warn', error: 'error' } },
  },
  create: () => ({ n: 0 }),
  finish: () => ({ score: null, findings: [] }),
});
const core: Plugin = { name: 'core', rules: [rule] };
const settle = async (config: Config) =>
  (await resolveRules(config, core)).active.map(({ id, severity, options }) => ({ id, severity, options }));
const defaults = { warn: 0.2, error: 0.5, words: ['please'], mode: 'a', tones: [] };

describe('resolveRules', () => {
  it('gives every rule its defaults', async () =>
    expect(await settle({})).toEqual([{ id: 'reply-tone', severity: 'error', options: defaults }]));
  it('takes a ceiling, options, and off', async () => {
    expect(await settle({ rules: { 'reply-tone': 'info' } })).toEqual([{ id: 'reply-tone', severity: 'info', options: defaults }]);
    expect(await settle({ rules: { 'reply-tone': ['warn', { warn: 0.3 }] } })).toEqual([
      { id: 'reply-tone', severity: 'warn', options: { ...defaults, warn: 0.3 } },
    ]);
    expect(await settle({ rules: { 'reply-tone': 'off' } })).toEqual([]);
    expect((await resolveRules({ rules: { 'reply-tone': 'off' } }, core)).off.map(({ id }) => id)).toEqual(['reply-tone']);
  });
  it('puts a plugin before its rules', async () => {
    expect((await settle({ plugins: [{ name: 'acme', rules: [rule] }] })).map(({ id }) => id)).toEqual(['reply-tone', 'acme/reply-tone']);
  });

  it.each<[string, Config, string]>([
    [
      'an unknown rule',
      { rules: { 'reply-tones': 'warn' } },
      'Unexpected rule "reply-tones" (did you mean "reply-tone"?), expected one of: reply-tone',
    ],
    [
      'an unknown option',
      { rules: { 'reply-tone': ['warn', { wran: 1 }] } },
      'Unexpected option "wran" for rule "reply-tone" (did you mean "warn"?), expected one of: warn, error, words, mode, tones',
    ],
    [
      'a value of the wrong type',
      { rules: { 'reply-tone': ['warn', { warn: 'high' }] } },
      'Unexpected value "high" for option "warn" of rule "reply-tone": it must be number (default: 0.2)',
    ],
    [
      'a value out of range',
      { rules: { 'reply-tone': ['warn', { warn: 7 }] } },
      'Unexpected value 7 for option "warn" of rule "reply-tone": it must be <= 1 (default: 0.2)',
    ],
    [
      'a list with a number',
      { rules: { 'reply-tone': ['warn', { words: ['a', 1] as never }] } },
      'Unexpected value ["a",1] for option "words" of rule "reply-tone": it must be string (default: ["please"])',
    ],
    [
      'a value that is none of those known',
      { rules: { 'reply-tone': ['warn', { mode: 'aa' }] } },
      'Unexpected "aa" in option "mode" of rule "reply-tone" (did you mean "a"?), expected one of: a, b',
    ],
    [
      'an item of a list that is none of those known',
      { rules: { 'reply-tone': ['warn', { tones: ['warm', 'col'] }] } },
      'Unexpected "col" in option "tones" of rule "reply-tone" (did you mean "cold"?), expected one of: warm, cold',
    ],
    [
      'bounds the wrong way round',
      { rules: { 'reply-tone': ['warn', { warn: 0.6 }] } },
      'Unexpected bounds for rule "reply-tone": warn (0.6) lies beyond error (0.5), expected warnings to begin before errors',
    ],
    [
      'a severity that is none',
      { rules: { 'reply-tone': 'fatal' as never } },
      'Unexpected setting "fatal" for rule "reply-tone", expected "off", "info", "warn", "error" or [severity, options]',
    ],
    [
      'two plugins of one name',
      {
        plugins: [
          { name: 'acme', rules: [rule] },
          { name: 'acme', rules: [rule] },
        ],
      },
      'Unexpected second rule named "acme/reply-tone", expected each plugin to have a name of its own and to name its rules apart',
    ],
    ['a plugin without a name', { plugins: [{} as never] }, 'Unexpected plugin {}, expected an object made by definePlugin, with a name'],
    [
      'a rule of an unknown family',
      { plugins: [{ name: 'acme', rules: [{ ...rule, meta: { ...rule.meta, family: 'spred' as never } }] }] },
      'Unexpected family "spred" of rule "acme/reply-tone" (did you mean "spread"?), expected one of: clustering, leakage, spread, adversarial, mapping, form',
    ],
  ])('refuses %s', async (_, config, message) => {
    await expect(resolveRules(config, core)).rejects.toMatchObject({ name: 'UserError', message });
  });
});

describe('presets and flags', () => {
  it('strict warns half-way and errs where the default warns', () =>
    expect(strictRules([rule])).toEqual({ 'reply-tone': ['error', { warn: expect.closeTo(0.15), error: 0.2 }] }));
  it('a flag keeps the options of the file', () => {
    expect(overlayRules({ a: ['error', { warn: 1 }], b: 'off' }, { a: 'info', c: 'off' })).toEqual({
      a: ['info', { warn: 1 }],
      b: 'off',
      c: 'off',
    });
  });
});

describe('loadConfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lopsided-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const at = (name: string, files: Record<string, string>): string => {
    const cwd = join(folder, name);
    mkdirSync(join(cwd, 'deep/er'), { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
    return cwd;
  };

  it.each([
    ['json', 'lopsided.config.json', '{"failOn": "warn"}'],
    ['mjs', 'lopsided.config.mjs', 'export default { failOn: "warn" };'],
    ['ts', 'lopsided.config.ts', 'interface C { failOn: string }\nexport default { failOn: "warn" } satisfies C;'],
    ['package', 'package.json', '{"name": "x", "lopsided": {"failOn": "warn"}}'],
  ])('finds %s from a folder below', async (name, file, text) => {
    const cwd = at(name, { [file]: text });
    expect(await loadConfig({ cwd: join(cwd, 'deep/er') })).toEqual({ config: { failOn: 'warn' }, file: join(cwd, file) });
    expect((await loadConfig({ file, cwd })).config).toEqual(file === 'package.json' ? { failOn: 'warn' } : { failOn: 'warn' });
  });

  it('names what is wrong with one', async () => {
    const cwd = at('wrong', {
      'a.json': '{"failON": "warn"}',
      'b.json': '{"maxScore": 101}',
      'c.json': '{',
      'd.mjs': 'throw new Error("boom")',
    });
    await expect(loadConfig({ cwd, file: 'a.json' })).rejects.toThrow(
      /Unexpected key "failON" in .*a\.json \(did you mean "failOn"\?\), expected one of: plugins, /,
    );
    await expect(loadConfig({ cwd, file: 'b.json' })).rejects.toThrow(/Unexpected configuration in .*b\.json: maxScore must be <= 100/);
    await expect(loadConfig({ cwd, file: 'c.json' })).rejects.toThrow(/Could not load c\.json/);
    await expect(loadConfig({ cwd, file: 'd.mjs' })).rejects.toThrow(/Could not load d\.mjs: boom/);
    await expect(loadConfig({ cwd, file: 'none.json' })).rejects.toThrow(/Could not load none\.json/);
  });

  it('says how to mend the two mistakes that everybody makes', () => {
    const message = (cause: string) => configLoadFailed('lopsided.config.js', new Error(cause)).message;
    expect(message('Cannot use import statement outside a module\n    at …')).toBe(
      'Could not load lopsided.config.js: Cannot use import statement outside a module; name it lopsided.config.mjs, or set "type": "module" in package.json',
    );
    expect(message("Cannot find package 'lopsided' imported from x")).toMatch(
      /install lopsided beside it \(npm install --save-dev lopsided\)/,
    );
  });
});
