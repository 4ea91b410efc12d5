// npm run regexes: checks that every regular expression of ours takes linear time in the worst case, with recheck
// (https://makenowjust-labs.github.io/recheck/). A data set is hostile text: one slow pattern is a way to hang whoever
// lints it. Looked at is what ships, dist/; the bundled libraries get texts of bounded length only, so theirs are not.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';
import { checkSync } from 'recheck';

const files = ['src', 'rules'].flatMap((folder) =>
  readdirSync(`dist/${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `dist/${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.js') && !name.startsWith('dist/src/libraries/') && !name.startsWith('dist/src/cli/')),
);
const found = new Map();
let problems = 0;
const problem = (text) => {
  problems++;
  console.log(text);
};

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const tree = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const at = file.replace('dist/', '').replace(/\.js$/, '.ts');
  const build = (node) => {
    if (node.callee.type === 'Identifier' && node.callee.name === 'RegExp')
      problem(`${at}: new RegExp(…), expected a literal, which can be checked`);
  };
  simple(tree, {
    Literal(node) {
      if (node.regex) found.set(`/${node.regex.pattern}/${node.regex.flags}`, { ...node.regex, at });
    },
    NewExpression: build,
    CallExpression: build,
  });
}

let linear = 0;
for (const [source, { pattern, flags, at }] of found) {
  // a sticky pattern is tried at one place; g changes where a search begins, not how long it takes
  const checked = flags.includes('y') ? `^(?:${pattern})` : pattern;
  const { status, complexity, error } = checkSync(checked, flags.replace(/[gy]/g, ''), { timeout: 20_000 });
  if (status === 'safe') linear++;
  else if (status === 'vulnerable') problem(`${at}: ${source} takes ${complexity.summary} time, expected linear`);
  else problem(`${at}: ${source} could not be checked (${error.kind}), expected a simpler one`);
}
console.log(`${found.size} regular expressions, ${linear} of them linear`);
if (problems > 0 || found.size < 100) process.exitCode = 1;
