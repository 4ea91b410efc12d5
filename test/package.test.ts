import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { version } from '../src/version.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; dependencies: Record<string, string> };

it('has one version', () => expect(version).toBe(manifest.version));

it('keeps natural out of what users install', () => {
  expect(Object.keys(manifest.dependencies).sort()).toEqual(['ajv', 'csv-parse', 'jiti', 'lilconfig', 'tinyglobby']);
  expect(readFileSync('dist/src/libraries/natural.js', 'utf8')).not.toMatch(/from ["']natural|require\(["']natural/);
  expect(readFileSync('dist/src/libraries/LICENSES.txt', 'utf8')).toContain('Chris Umbel');
});

it('importing it prints nothing and leaves the environment alone', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'lopsided-env-'));
  writeFileSync(join(cwd, '.env'), 'LOPSIDED_LEAK=1\n');
  const script = `await import(${JSON.stringify(resolve('dist/src/index.js'))}); process.stdout.write(String(process.env.LOPSIDED_LEAK));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd, encoding: 'utf8' });
  rmSync(cwd, { recursive: true });
  expect(run.stderr).toBe('');
  expect(run.stdout).toBe('undefined');
});

it('bundles its libraries so that they work', async () => {
  const from = (name: string) => import(pathToFileURL(resolve(`dist/src/libraries/${name}.js`)).href);
  const { isCardNumber, isBankAccount, isTaxNumber, isIdentityNumber } = await from('identity');
  expect([isCardNumber('4111 1111 1111 1111'), isCardNumber('4111 1111 1111 1112')]).toEqual([true, false]);
  expect([isBankAccount('GB82 WEST 1234 5698 7654 32'), isBankAccount('GB82 WEST 1234 5698 7654 33')]).toEqual([true, false]);
  expect([isTaxNumber('111.444.777-35', 'pt-BR'), isIdentityNumber('12345678Z', 'ES')]).toEqual([true, true]);
  expect((await from('natural')).nearest('promt', ['reply', 'prompt'])).toBe('prompt');
  for (const name of readdirSync('dist/src/libraries').filter((file) => file.endsWith('.js'))) {
    expect(readFileSync(`dist/src/libraries/${name}`, 'utf8'), name).not.toMatch(/^import .* from ["'](?!\.)/m);
    expect(Object.keys((await from(name.slice(0, -3))) as object).length).toBeGreaterThan(0);
  }
});
