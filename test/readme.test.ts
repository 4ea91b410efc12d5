import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import core from '../rules/index.ts';
import type { Report } from '../src/types.ts';
import { random, sentence } from './generate.ts';

/** What README says is run here, in a folder that has lopsided installed. */
const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, text]) => ({ language: language!, text: text! }));
const js = (part: string): string => blocks.find(({ language, text }) => language === 'js' && text.includes(part))!.text;

let folder: string;
const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
const cli = resolve('dist/src/cli/main.js');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-readme-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/lopsided'));
  const r = random(1);
  const rows = Array.from({ length: 120 }, (_, i) => ({
    prompt: `${sentence(r)} ${i}`,
    completion: `${i % 4 ? '' : "I'm sorry, but "}${sentence(r, 10)}`,
  }));
  writeFileSync(join(folder, 'train.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('README', () => {
  it('lists every rule, each in its family', () => {
    for (const { meta } of core.rules!) expect(readme).toMatch(new RegExp(`\\| ${meta.family} \\|[^\\n]*\`${meta.id}\``));
  });

  it('has a worked rule of a third party that runs', () => {
    writeFileSync(join(folder, 'lopsided.config.mjs'), js('reply-apology'));
    const { stdout, status, stderr } = run(cli, 'check', 'train.jsonl', '--format', 'json', '--workers', '2', '--fail-on', 'never');
    rmSync(join(folder, 'lopsided.config.mjs'));
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Report;
    expect(report.findings.filter(({ ruleId }) => ruleId === 'acme/reply-apology')).toMatchObject([
      {
        severity: 'warn',
        message: '25% of replies apologise, expected at most 2%',
        suggestion: 'Rewrite about 28 replies without the apology',
      },
    ]);
    expect(status).toBe(0);
  });

  it('has a configuration that loads', () => {
    writeFileSync(join(folder, 'lopsided.config.mjs'), js("'reply-openings': 'info'"));
    const report = JSON.parse(run(cli, 'check', 'train.jsonl', '--format', 'json').stdout) as Report;
    rmSync(join(folder, 'lopsided.config.mjs'));
    expect(report.rules['prompt-length']!.severity).toBe('off');
    expect(report.parameters.rules['duplicate-examples']).toMatchObject({ warn: 0.02, error: 0.05 });
  });

  it('has library code that runs', () => {
    writeFileSync(join(folder, 'script.mjs'), js("await lint('train.jsonl')"));
    const { status, stderr } = run('script.mjs');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
