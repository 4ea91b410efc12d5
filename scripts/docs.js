// Writes rules/README.md from the rules' meta and from what they say of their fixtures. Run it after a build;
// CI runs it too, and fails when the page in the repository is another.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import core from '../dist/rules/index.js';
import { rulesPage } from '../dist/src/docs.js';
import { lint } from '../dist/src/lint.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url))); // places in the output are relative to the root

const documented = [];
for (const rule of core.rules) {
  const { id } = rule.meta;
  const rules = Object.fromEntries(core.rules.filter((other) => other !== rule).map((other) => [other.meta.id, 'off']));
  // what is asked of a rule that runs on request
  const file = `fixtures/${id}/options.json`;
  const options = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  if (options) rules[id] = [rule.meta.severity, options];
  const heldOut = existsSync(`fixtures/${id}/eval.jsonl`) ? { eval: `fixtures/${id}/eval.jsonl` } : {};
  const reportOf = (name) => lint(`fixtures/${id}/${name}.jsonl`, { config: { rules }, workers: 0, ...heldOut });
  documented.push({ rule, ...(options && { options }), even: await reportOf('even'), lopsided: await reportOf('lopsided') });
}
writeFileSync('rules/README.md', rulesPage(documented));
