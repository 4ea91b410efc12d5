// npm run hostile [-- --megabytes 64] [--only name]: one line of 64 MiB for each of these patterns, through all rules; and where
// that takes more than a moment a quarter of it: time must grow no faster than the line. Then 120 examples whose prompts (and 120 whose
// replies) are 8 kB of the pattern, for what looks at the panel; and where that takes more than a moment, 2 kB of it. Processor time is
// counted, so that a busy machine makes no difference.
import { parseArgs } from 'node:util';
import core from '../dist/rules/index.js';
import { resolveRules } from '../dist/src/config.js';
import { formats, unknownShape } from '../dist/src/formats/index.js';
import { loadLibraries } from '../dist/src/panel/libraries.js';
import { report } from '../dist/src/report/report.js';
import { reporters } from '../dist/src/reporters/index.js';
import { parseBatch } from '../dist/src/scan/parse.js';
import { createScan, observer } from '../dist/src/scan/scan.js';

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '64' }, only: { type: 'string' } } });
const MIB = 1 << 20;
/** What takes no longer, in seconds, is not measured twice: a step that is not linear would take hours. */
const QUICK = 3;

/** Repeated until the line is full. Each is what some detector starts at, and never finds the end of. */
const PATTERNS = {
  letter: 'a',
  words: 'one two three ',
  'distinct words': undefined,
  blanks: ' ',
  newlines: '\\n',
  'blank lines': ' \\n\\t',
  digits: '7',
  'digits and dashes': '12-34 ',
  'phone numbers': '+1 212 555 0142 ',
  'card numbers': '4111 1111 1111 1111 ',
  'e-mail addresses': 'ann@example.org ',
  'at signs': '@',
  'dotted at': 'a.b@',
  'key prefixes': 'AKIA',
  'more key prefixes': 'sk-ghp_xoxb-AIza',
  'keys to assign': 'api_key=',
  'private keys': '-----BEGIN RSA PRIVATE KEY-----',
  urls: 'https://a:b@',
  dashes: '-',
  braces: '{',
  'double braces': '{{name ',
  brackets: '[',
  'blanks to fill': '[your name] ',
  tags: '<a>',
  'less-than signs': '<',
  'special tokens': '<|im_start|>',
  'open tokens': '<|',
  instructions: '[INST]',
  speakers: '\\nHuman: ',
  headings: '### Response:\\n',
  backticks: '`',
  fences: '```json\\n{',
  quotes: '\\"',
  backslashes: '\\\\',
  'python dicts': "{'a': ",
  'json lists': '[1,',
  yaml: 'a: - b: ',
  sql: 'SELECT (',
  mojibake: 'Ã©',
  'double mojibake': 'ÃƒÂ©',
  'mojibake leads': 'Ã',
  curly: 'â€œ',
  cyrillic: 'РџСЂ',
  'combining marks': '\u0301',
  'zero-width': '\u200b',
  tagsmuggling: '\u{e0041}',
  emoji: '👩\u200d👩',
  'lone surrogates': '\\ud83d',
  replacement: '\ufffd',
  controls: '\\u0001',
  escapes: '\\u001b[31m',
  chinese: '今天天气很好',
  stops: '。',
  'full stops': '.',
  'todo notes': 'TODO ',
  filler: 'Lorem ipsum ',
};

function lineOf(pattern, bytes) {
  const head = Buffer.from('{"messages":[{"role":"user","content":"Go on."},{"role":"assistant","content":"');
  const tail = Buffer.from('"}]}\n');
  const one = pattern === undefined ? Buffer.from(Array.from({ length: 4000 }, (_, i) => `w${i}x`).join(' ')) : Buffer.from(pattern);
  const times = Math.floor((bytes - head.length - tail.length) / one.length);
  return new Uint8Array(Buffer.concat([head, Buffer.alloc(times * one.length, one), tail]));
}

const { active } = await resolveRules({}, core);
await loadLibraries(active);
const reading = { formats, split: 'train', unknown: unknownShape };

function timed(pattern, bytes) {
  const batch = { file: 'hostile.jsonl', firstLine: 1, bytes: lineOf(pattern, bytes) };
  return lint(batch);
}

function lint(batch) {
  const started = process.cpuUsage();
  const scan = createScan(active, { panel: 20_000 });
  parseBatch(batch, reading, observer(scan, active));
  reporters.pretty(report(scan, active, { panelSize: 20_000 }), { color: false, width: 80 });
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** Labels as replies to prompts of the pattern, and replies of the pattern to short prompts: tasks that rules judge. */
function timedOnPanel(pattern, characters) {
  const text = (pattern ?? 'one two ').repeat(Math.ceil(characters / (pattern ?? 'one two ').length));
  const rows = Array.from({ length: 240 }, (_, i) =>
    i % 2 === 0
      ? `{"prompt":"Say which (${i}): ${text}","completion":"${i % 4 === 0 ? 'yes' : 'no'}"}\n`
      : `{"prompt":"Go on with number ${i}.","completion":"${text} ${i}"}\n`,
  );
  return lint({ file: 'hostile.jsonl', firstLine: 1, bytes: new Uint8Array(Buffer.from(rows.join(''))) });
}

const size = Number(values.megabytes);
timed('warm up ', MIB);
timedOnPanel('warm up ', 2000);
let slow = 0;
/** A pass that is linear grows fourfold; caches and the garbage collector add to it. */
const MOST = 10;
function table(what, [less, more], time) {
  console.log(`\n${what.padEnd(20)}${less.padStart(10)}${more.padStart(10)}   growth`);
  for (const [name, pattern] of Object.entries(PATTERNS)) {
    if (values.only !== undefined && values.only !== name) continue;
    const whole = time(pattern, 1);
    if (whole <= QUICK) {
      console.log(`${name.padEnd(20)}${''.padStart(10)}${whole.toFixed(2).padStart(10)}`);
      continue;
    }
    const quarter = time(pattern, 1 / 4);
    const bad = whole / quarter > MOST;
    if (bad) slow++;
    console.log(
      `${name.padEnd(20)}${quarter.toFixed(2).padStart(10)}${whole.toFixed(2).padStart(10)}   ${(whole / quarter).toFixed(1)}${bad ? '   more than linear' : ''}`,
    );
  }
}
table('one line', [`${size / 4} MiB`, `${size} MiB`], (pattern, share) => timed(pattern, share * size * MIB));
table('240 examples', ['2 kB', '8 kB'], (pattern, share) => timedOnPanel(pattern, share * 8000));
if (slow > 0) process.exitCode = 1;
