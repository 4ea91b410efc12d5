// npm run bench [-- --rows 200000] [--runs 3] [--file data.jsonl]
// Whole process and per stage, against reading and JSON.parse of every line in the same run, on data it generates.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import core from '../dist/rules/index.js';
import { resolveRules } from '../dist/src/config.js';
import { formats, unknownShape } from '../dist/src/formats/index.js';
import { loadLibraries } from '../dist/src/panel/libraries.js';
import { lines } from '../dist/src/read/lines.js';
import { read } from '../dist/src/read/read.js';
import { report } from '../dist/src/report/report.js';
import { parseBatch } from '../dist/src/scan/parse.js';
import { createScan, observer } from '../dist/src/scan/scan.js';
import { generate } from './generate.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '200000' }, runs: { type: 'string', default: '3' }, file: { type: 'string' } },
});
const runs = Number(values.runs);
const file = values.file ?? `.bench/${values.rows}.jsonl`;
if (!existsSync(file)) generate(file, Number(values.rows));
const megabytes = statSync(file).size / 1e6;
const panel = 20_000;

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const pass = { formats, split: 'train', unknown: unknownShape };
const { active } = await resolveRules({}, core);
await loadLibraries(active);

/** Read blocks, split at newlines, decode and JSON.parse every line: the yardstick. */
function parseOnly() {
  const fd = openSync(file, 'r');
  const block = Buffer.alloc(1 << 20);
  let rest = Buffer.alloc(0);
  let rows = 0;
  for (let size = readSync(fd, block); size > 0; size = readSync(fd, block)) {
    const bytes = rest.length === 0 ? block.subarray(0, size) : Buffer.concat([rest, block.subarray(0, size)]);
    let at = 0;
    for (let end = bytes.indexOf(10, at); end >= 0; end = bytes.indexOf(10, at)) {
      if (JSON.parse(bytes.utf8Slice(at, end))) rows++;
      at = end + 1;
    }
    rest = Buffer.from(bytes.subarray(at));
  }
  closeSync(fd);
  return rows;
}

async function scanWith(rules) {
  const scan = createScan(rules, { panel });
  const seen = observer(scan, rules);
  for await (const batch of read([file], {})) parseBatch(batch, pass, seen);
  return scan;
}

async function timed(work) {
  const times = [];
  let result;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    result = await work();
    times.push(performance.now() - started);
  }
  return { ms: median(times), result };
}

const { ms: P, result: rows } = await timed(parseOnly);
console.log(
  `${rows} rows, ${megabytes.toFixed(0)} MB; Node ${process.version}, ${cpus().length} cores (${cpus()[0].model.trim()}); median of ${runs}`,
);
const line = (name, ms, extra = '') =>
  console.log(`${name.padEnd(44)} ${(ms / 1000).toFixed(2).padStart(7)} s  ${(ms / P).toFixed(2).padStart(6)} P  ${extra}`);
line('P: read, split, decode, JSON.parse', P, `${(megabytes / (P / 1000)).toFixed(0)} MB/s`);

console.log('\nstages, one thread, each with all before it');
const { ms: readMs } = await timed(async () => {
  for await (const batch of read([file], {})) lines(batch, () => {});
});
line('read/: batches and lines', readMs);
const { ms: parseMs } = await timed(async () => {
  for await (const batch of read([file], {})) parseBatch(batch, pass, { example: () => {}, skip: () => {} });
});
line('scan/parse: JSON.parse, formats', parseMs);
const { ms: baseMs } = await timed(() => scanWith([]));
line('scan/: pairs, hashes, panel, no rules', baseMs);
const { ms: noFormMs } = await timed(() => scanWith(active.filter(({ rule }) => rule.meta.family !== 'form')));
line('scan/: all rules but the family form', noFormMs);
const { ms: cluesMs } = await timed(() => scanWith(active.filter(({ rule }) => ['leakage', 'mapping'].includes(rule.meta.family))));
line('scan/: leakage and mapping alone', cluesMs, `adds ${((cluesMs - baseMs) / P).toFixed(2)} P`);
const { ms: allMs, result: scan } = await timed(() => scanWith(active));
line('scan/: all rules', allMs);
const { ms: reportMs } = await timed(() => report(scan, active, { panelSize: panel }));
line('report/: panel stage, verdicts (alone)', reportMs);

console.log('\nrules, each alone, over no rules; and its finish');
for (const rule of active) {
  const { ms, result } = await timed(() => scanWith([rule]));
  const { ms: finish } = await timed(() => report(result, [rule], { panelSize: panel }));
  line(`  ${rule.id}`, Math.max(0, ms - baseMs), `finish ${(finish / 1000).toFixed(2)} s`);
}

console.log('\nthe command, whole process');
const child = (name, args) => {
  const times = [];
  let peak = 0;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    times.push(performance.now() - started);
    peak = Math.max(peak, Number(/peak-kilobytes (\d+)/.exec(run.stderr)?.[1] ?? 0));
    if (run.error || (run.status ?? 9) > 1) throw new Error(`${name}: exit ${run.status} ${run.stderr}`);
  }
  line(name, median(times), peak ? `${(peak / 1024).toFixed(0)} MiB` : '');
};
const cli = ['--import', './bench/rss.js', 'dist/src/cli/main.js'];
child('node -e 0', ['-e', '0']);
child('lopsided --version', [...cli, '--version']);
child('lopsided check, a file of 100 lines', [...cli, 'check', 'fixtures/prompt-length/even.jsonl', '--no-progress', '--fail-on', 'never']);
for (const workers of ['0', '1', '2']) {
  child(`lopsided check --workers ${workers}`, [
    ...cli,
    'check',
    file,
    '--workers',
    workers,
    '--no-progress',
    '--fail-on',
    'never',
    '--format',
    'json',
  ]);
}
