// npm run fuzz [-- --cases 100000] [--seed 1] [--seconds 600]: lints hostile lines by all rules, and looks for crashes,
// hangs, reports that depend on the cut into shards, and control characters in what is printed.
import { parseArgs } from 'node:util';
import { createJiti } from 'jiti';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string' }, seconds: { type: 'string', default: '600' } },
});
const seed = values.seed === undefined ? Math.floor(Date.now() / 86_400_000) : Number(values.seed); // another one each day, the same in a day
const { fuzz } = await createJiti(import.meta.url).import('../test/fuzz/fuzz.ts');
const started = performance.now();
const { cases, failure, slowest } = await fuzz(Number(values.cases), seed, Number(values.seconds));
const seconds = (performance.now() - started) / 1000;
console.log(`${cases} lines in ${seconds.toFixed(0)} s, seed ${seed}; slowest 50 lines ${slowest.toFixed(0)} ms`);
if (failure !== undefined) console.log(failure);
else if (cases < Number(values.cases)) console.log(`stopped after ${values.seconds} s, expected ${values.cases} lines`);
if (failure !== undefined || cases < Number(values.cases) || slowest > 20_000) process.exitCode = 1;
