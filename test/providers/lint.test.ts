import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lint, presets } from '../../dist/src/index.js';
import { forProviders, providersNamed } from '../../src/config.ts';

/** What `--provider` and `--tokenizer` do from end to end; with workers it needs a build. */
let folder: string;
let train: string;
let held: string;
const chat = (prompt: string, reply: string, role = 'assistant') =>
  JSON.stringify({
    messages: [
      { role: 'user', content: prompt },
      { role, content: reply },
    ],
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-provider-'));
  train = join(folder, 'train.jsonl');
  held = join(folder, 'eval.jsonl');
  const rows = Array.from({ length: 400 }, (_, i) =>
    i % 50 === 3
      ? chat(`q ${i}`, 'a', 'model')
      : i % 70 === 5
        ? `{"text": "row ${i}"}`
        : i === 77
          ? '{"cut": '
          : chat(`q ${i}`, `word `.repeat(i * 4)),
  );
  writeFileSync(train, rows.join('\n'));
  writeFileSync(held, Array.from({ length: 30 }, (_, i) => chat(`e ${i}`, 'b')).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (...args: string[]) =>
  spawnSync(process.execPath, [resolve('dist/src/cli/main.js'), 'check', train, '--no-progress', ...args], {
    encoding: 'utf8',
    cwd: folder,
  });

describe('lint', () => {
  it.each([undefined, 'gpt-tokenizer'])('gives the same report with 0 and 2 workers (tokenizer %s)', async (tokenizer) => {
    const run = (workers: number) => lint(train, { eval: held, provider: 'all', ...(tokenizer && { tokenizer }), workers });
    const [alone, two] = [await run(0), await run(2)];
    expect(JSON.stringify(two)).toBe(JSON.stringify(alone));
    expect(alone.findings.filter(({ ruleId }: { ruleId: string }) => ruleId === 'provider-limits').length).toBeGreaterThan(5);
    expect(alone.parameters).toMatchObject({ provider: expect.arrayContaining(['openai', 'unsloth']) });
    expect(alone.parameters.tokenizer).toBe(tokenizer);
  });

  it('does not run the rule where no provider is named, and says so', async () => {
    const { rules, parameters, pictures } = await lint(train, { workers: 0 });
    expect(rules['provider-limits']).toMatchObject({ severity: 'off', notJudged: 'no provider named' });
    expect('provider' in parameters || 'provider-limits' in parameters.rules || 'provider-limits' in pictures).toBe(false);
  });

  it('takes them from a configuration, which options beat', async () => {
    const config = { provider: ['trl', 'openai'], tokenizer: 'gpt-tokenizer/cl100k_base' };
    expect((await lint(train, { config, workers: 0 })).parameters).toMatchObject({
      provider: ['openai', 'trl'],
      tokenizer: config.tokenizer,
    });
    expect((await lint(train, { config, provider: 'gemini', workers: 0 })).parameters.provider).toEqual(['gemini']);
    const rules = { ...presets.strict.rules, 'provider-limits': ['warn', { providers: ['openai'] }] } as const;
    const report = await lint(train, { config: { rules }, workers: 0 });
    expect(report.rules['provider-limits']!.severity).toBe('warn');
    expect(
      report.findings.filter(
        ({ ruleId, severity }: { ruleId: string; severity: string }) => ruleId === 'provider-limits' && severity === 'error',
      ),
    ).toEqual([]);
  });

  it.each<[options: object, message: RegExp]>([
    [
      { provider: 'opneai' },
      /^Unexpected provider "opneai" \(did you mean "openai"\?\), expected "all" or one of: openai, azure, .*, unsloth$/,
    ],
    [{ provider: ['openai', 'claude'] }, /^Unexpected provider "claude"/],
    [{ provider: 'openai', tokenizer: 'tiktoken' }, /^Unexpected tokenizer "tiktoken".*, expected one of: gpt-tokenizer, /],
    [{ tokenizer: 'gpt-tokenizer' }, /^Missing --provider/],
    [{ provider: 'openai', rules: { 'provider-limits': 'off' } }, /^Unexpected --provider while the rule provider-limits is off/],
  ])('refuses %j', async (options, message) => {
    await expect(lint(train, { ...options, workers: 0 })).rejects.toThrow(message);
  });
});

describe('--provider', () => {
  it('prints a verdict each', () => {
    const { stdout, stderr, status } = cli('--provider', 'openai,trl', '--provider', 'gemini');
    expect(stderr).toBe('');
    expect(status).toBe(1);
    const block = stdout.slice(stdout.indexOf('Upload\n')).split('\n\n')[0]!;
    expect(block.split('\n').map((line) => line.trim())).toEqual([
      'Upload',
      expect.stringMatching(/^✗ OpenAI {2}rejects the file \(3 errors\) – closed to new users/),
      expect.stringMatching(/^✗ Gemini {2}rejects the file \(\d errors\)/),
      expect.stringMatching(/^✗ TRL {5}stops with an error \(1 error, 1 warning\)$/),
    ]);
  });

  it('says how to install the tokenizer where it is not', () => {
    const hide = join(folder, 'hide.mjs');
    writeFileSync(
      hide,
      `import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`export const resolve = (name, context, next) => {
  if (name.startsWith('gpt-tokenizer')) throw new Error('not here');
  return next(name, context);
}\`));`,
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', hide, resolve('dist/src/cli/main.js'), 'check', train, '--provider', 'trl', '--tokenizer', 'gpt-tokenizer'],
      { encoding: 'utf8', cwd: folder },
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^[^\n]*Could not load the tokenizer gpt-tokenizer: install it \(npm install gpt-tokenizer\)\n$/);
  });

  it('exits with 2 and one line for what it does not know', () => {
    const { stderr, status, stdout } = cli('--provider', 'openai,togther');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^.*Unexpected provider "togther" \(did you mean "together"\?\).*\n$/);
  });
});

describe('the names', () => {
  it('are put in order, once each', () => {
    expect(providersNamed(undefined)).toBeUndefined();
    expect(providersNamed(['trl', 'openai', 'trl'])).toEqual(['openai', 'trl']);
    expect(providersNamed('all')).toHaveLength(12);
    expect(providersNamed(['all', 'trl'])).toHaveLength(12);
  });

  it('keep what else the rule was told', () => {
    expect(forProviders({ 'provider-limits': ['warn', { tokenizer: 'gpt-tokenizer' }] }, ['trl'], undefined)).toEqual({
      'provider-limits': ['warn', { tokenizer: 'gpt-tokenizer', providers: ['trl'] }],
    });
    expect(forProviders({ a: 'off' }, ['trl'], 'gpt-tokenizer')).toEqual({
      a: 'off',
      'provider-limits': ['error', { providers: ['trl'], tokenizer: 'gpt-tokenizer' }],
    });
  });
});

it.each([
  ['fixtures/tables/chat.csv', 'rejects the file'],
  ['fixtures/tables/chat.parquet', 'rejects the file'],
  ['fixtures/tables/chat.jsonl', 'accepts'],
])('%s: a service %s, where a trainer takes them all', async (file, verdict) => {
  const { pictures } = await lint(file, { provider: ['mistral', 'trl'], workers: 0 });
  const picture = pictures['provider-limits'];
  if (picture?.kind !== 'table') throw new Error('expected a table');
  expect(picture.rows.map((row) => [row[0], row[2]])).toEqual([
    ['mistral', verdict],
    ['trl', 'accepts'],
  ]);
});

it('knows providers in capitals, and by what else they are called', () => {
  expect(providersNamed([' OpenAI', 'TRL'])).toEqual(['openai', 'trl']);
  expect(() => providersNamed('claude')).toThrow('bedrock-claude');
  expect(() => providersNamed('vertex')).toThrow(/did you mean "gemini"/);
});
