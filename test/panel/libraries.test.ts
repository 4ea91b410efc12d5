import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** In a process of its own: another test may have loaded the libraries already. */
const script = `
import core from './dist/rules/index.js';
import { readGrammar } from './dist/src/kit.js';
import { runRule } from './dist/src/testing.js';
const rows = Array.from({ length: 40 }, (_, i) => ({ prompt: \`Is \${i} even?\`, completion: i % 2 === 0 ? 'yes' : 'no' }));
const needs = (rule) => rule.meta.needs?.includes('compromise') ?? false;
const words = () => {
  try {
    return readGrammar('It rains.')[0].terms.length;
  } catch ({ message }) {
    return message;
  }
};
for (const rule of core.rules.filter((one) => !needs(one))) await runRule(rule, rows);
console.log(words());
await runRule(core.rules.find(needs), rows);
console.log(words());
`;

it('loads a library for the rules that need it only, and before they finish', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe("Unexpected use of compromise, expected needs: ['compromise'] in the rule's meta\n2\n");
});

it('imports them in one place only', () => {
  const importing = ['src', 'rules'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /import(?! type)[^;]*libraries\/(?:compromise|stems)\.ts/.test(readFileSync(`${folder}/${name}`, 'utf8')))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  expect(importing).toEqual(['src/panel/libraries.ts']);
  expect(readFileSync('src/panel/libraries.ts', 'utf8')).not.toMatch(/^import (?!type)/m);
});
