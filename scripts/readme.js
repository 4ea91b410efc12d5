// Puts the real report of the bundled example into README.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const EXAMPLE = 'fixtures/examples/punctuation.jsonl';
const BLOCK = /(<!-- report: [^\n]*-->\n)[\s\S]*?(<!-- \/report -->)/;

const run = spawnSync(process.execPath, ['dist/src/cli/main.js', 'check', EXAMPLE, '--no-progress'], {
  encoding: 'utf8',
  env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
});
if (run.status !== 1) throw new Error(`Unexpected exit code ${run.status} on ${EXAMPLE}, expected 1: ${run.stderr}`);

const readme = readFileSync('README.md', 'utf8');
if (!BLOCK.test(readme)) throw new Error('README.md has no place for the report');
writeFileSync(
  'README.md',
  readme.replace(BLOCK, (_, open, close) => `${open}\`\`\`\n${run.stdout.trimEnd()}\n\`\`\`\n${close}`),
);
