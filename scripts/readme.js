// Puts real output into README.md: the report of the bundled example, and what single rules find in their fixtures.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { prettyFindings } from '../dist/src/reporters/pretty.js';

const EXAMPLE = 'fixtures/examples/punctuation.jsonl';
const REPORT = /(<!-- report: [^\n]*-->\n)[\s\S]*?(<!-- \/report -->)/;
/** `<!-- findings of RULE in FILE …: -->`, where more arguments of the command may follow the file. */
const FINDINGS = /(<!-- findings of ([a-z-]+) in ([^:\n]+): [^\n]*-->\n)[\s\S]*?(<!-- \/findings -->)/g;

function check(args, expected) {
  const run = spawnSync(process.execPath, ['dist/src/cli/main.js', 'check', ...args, '--no-progress'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
  });
  if (run.status !== expected)
    throw new Error(`Unexpected exit code ${run.status} on ${args.join(' ')}, expected ${expected}: ${run.stderr}`);
  return run.stdout.trimEnd();
}
const block = (open, text, close) => `${open}\`\`\`\n${text}\n\`\`\`\n${close}`;

const readme = readFileSync('README.md', 'utf8');
if (!REPORT.test(readme)) throw new Error('README.md has no place for the report');
const withReport = readme.replace(REPORT, (_, open, close) => block(open, check([EXAMPLE], 1), close));
const withFindings = withReport.replace(FINDINGS, (_, open, rule, args, close) => {
  const report = JSON.parse(check([...args.split(' '), '--format', 'json', '--fail-on', 'never'], 0));
  const findings = report.findings.filter(({ ruleId }) => ruleId === rule);
  if (findings.length === 0) throw new Error(`README.md shows what ${rule} finds in ${args}, which is nothing`);
  return block(open, prettyFindings(findings, { color: false, width: 100 }), close);
});
writeFileSync('README.md', withFindings);
