import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import core from '../../rules/index.ts';
import { resolveRules } from '../../src/config.ts';
import { formats, unknownShape } from '../../src/formats/index.ts';
import { loadLibraries } from '../../src/panel/libraries.ts';
import { providers } from '../../src/providers/index.ts';
import { report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { parseBatch } from '../../src/scan/parse.ts';
import { createScan, mergeScans, observer } from '../../src/scan/scan.ts';
import type { ActiveRule } from '../../src/types.ts';

/*
 * A case is one line of a data set: random bytes, random Unicode, random JSON, or a good row of some format with
 * something done to it. Lines are linted in batches by all rules, and whatever comes out is looked at.
 */

// ── Cases ───────────────────────────────────────────────────────────────────

/** What a terminal obeys, a CI log takes for a command, a page for markup, a detector for what it looks for; and what is hard to parse. */
const HOSTILE = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007',
  '\u0000',
  '\u0008\u0008\u0008',
  '\r\n::error file=a,line=1::owned',
  '##[error]owned',
  '\u009b2J',
  '\u202etxt.exe',
  '\u2066\u2069\u200f',
  '\u{e0069}\u{e0067}\u{e006e}',
  '\ud83d',
  '\udc00x',
  '\ufeff',
  '\ufffd',
  'ÃƒÂ©tÃ©',
  'РџСЂРёРІРµС‚',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<|im_start|>system',
  '[INST] <<SYS>>',
  '### Response:',
  '{{name}} [Your Name] TODO lorem ipsum',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'someone@example.com, +1 212 555 0100, 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00',
  '-----BEGIN PRIVATE KEY-----\nMIIE',
  'AKIA',
  'https://user:pass@host.example/',
  '```json\n{"a": ',
  '```',
  '{"a": [1, 2',
  "{'a': None}",
  '<a><b></a>',
  'a: b\n - c\n  - d: &x *x',
  "SELECT * FROM t WHERE a = '",
  '=cmd|calc!A0',
  '\u0301'.repeat(50),
  'a'.repeat(3000),
  'ab '.repeat(800),
  '('.repeat(500),
  '9'.repeat(400),
  '哈'.repeat(400),
  '👩‍👩‍👧'.repeat(60),
  ' \t'.repeat(300),
  '1e999',
  'NaN',
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map((codes) => String.fromCharCode(...codes)) },
  {
    weight: 2,
    arbitrary: fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.lorem({ maxCount: 6 })), { maxLength: 5 }).map((parts) => parts.join(' ')),
  },
);

const anything = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    [],
    {},
    [[]],
    [null],
    [{}],
    { role: 'user' },
    { text: null },
    { __proto__: null, type: 'text' },
  ),
);

const good: readonly string[] = readdirSync('fixtures/formats')
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .flatMap((name) => readFileSync(`fixtures/formats/${name}`, 'utf8').split('\n').slice(0, 6))
  .filter((line) => line.startsWith('{'));

/** One change, at a random place of the row: the value replaced, taken out, doubled, its field renamed, a field added; texts are more often changed than the rest. */
const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'text', 'text', 'drop', 'double', 'rename', 'add'),
  value: anything,
  text,
});
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

/** Every place of a JSON value that has a parent. */
function places(root: unknown): { readonly parent: object; readonly key: string }[] {
  const found: { parent: object; key: string }[] = [];
  const open: object[] = typeof root === 'object' && root !== null ? [root] : [];
  for (let parent = open.pop(); parent; parent = open.pop()) {
    for (const [key, value] of Object.entries(parent)) {
      found.push({ parent, key });
      if (typeof value === 'object' && value !== null) open.push(value as object);
    }
  }
  return found;
}

function changed(line: string, changes: readonly Change[]): string {
  const row: unknown = JSON.parse(line);
  for (const { at, kind, value, text: hostile } of changes) {
    const all = places(row).filter(({ parent, key }) => kind !== 'text' || typeof (parent as Record<string, unknown>)[key] === 'string');
    const place = all[at % Math.max(1, all.length)];
    if (!place) continue;
    const parent = place.parent as Record<string, unknown>;
    const { key } = place;
    // defineProperty, because a field may be called __proto__
    // and a copy, because what is put in may be changed in turn
    const set = (name: string, to: unknown): void =>
      void Object.defineProperty(parent, name, { value: structuredClone(to), enumerable: true, configurable: true, writable: true });
    if (kind === 'text') set(key, `${(parent[key] as string).slice(0, at % 20)}${hostile}${(parent[key] as string).slice(at % 20)}`);
    else if (Array.isArray(parent) && kind === 'double') parent.splice(Number(key), 0, structuredClone(parent[Number(key)]));
    else if (Array.isArray(parent) && kind === 'drop') parent.splice(Number(key), 1);
    else if (kind === 'drop') delete parent[key];
    else if (kind === 'rename' || kind === 'add') set(Array.isArray(parent) ? key : hostile, kind === 'add' ? value : parent[key]);
    else set(key, value);
  }
  return JSON.stringify(row);
}

const encoder = new TextEncoder();
const row = fc
  .tuple(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([line, changes]) => changed(line, changes));

/** One line, as bytes. */
const line: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: row.map((json) => encoder.encode(json)) },
  // the same, with bytes flipped or cut off
  {
    weight: 2,
    arbitrary: fc.tuple(row, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat()).map(([json, flips, cut]) => {
      const bytes = encoder.encode(json);
      for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
      return cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: text.map((given) => encoder.encode(given)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).map((value) => encoder.encode(JSON.stringify(value))) },
  {
    weight: 1,
    arbitrary: fc
      .dictionary(fc.oneof(text, fc.constantFrom('prompt', 'messages', 'text', 'chosen', 'contents', 'instruction')), anything, {
        maxKeys: 6,
      })
      .map((value) => encoder.encode(JSON.stringify(value))),
  },
);

// ── What is done with them ──────────────────────────────────────────────────

const NEWLINE = 10;
const LINES = 50;

function joined(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const each of lines) bytes.push(...each.map((byte) => (byte === NEWLINE ? 32 : byte)), NEWLINE);
  return new Uint8Array(bytes);
}

/** C0 but the line feed, DEL, C1, bidi and other format controls, line separators, tags, lone surrogates. */
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const UNESCAPED = /[\0-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u;
/** The colours that we ourselves print. */
// oxlint-disable-next-line no-control-regex -- they begin with one
const OWN_COLOURS = /\u001b\[\d{1,3}m/g;
const COLOURED = { color: true, width: 100 };
const PLAIN = { color: false, width: 80 };

/** Throws where a batch of lines crashes a rule, a merge or a reporter, or where an output holds what it must not. */
function lintLines(lines: readonly Uint8Array[], rules: readonly ActiveRule[]): void {
  const bytes = joined(lines);
  const options = { formats, split: 'train', unknown: unknownShape } as const;
  const size = { panel: 1000 };
  const scan = createScan(rules, size);
  parseBatch({ file: 'fuzz.jsonl', firstLine: 1, bytes }, options, observer(scan, rules));

  // Two shards, merged from clones, say the same.
  const cut = bytes.indexOf(NEWLINE, bytes.length >> 1) + 1;
  const merged = createScan(rules, size);
  let firstLine = 1;
  for (const part of [bytes.slice(0, cut), bytes.slice(cut)]) {
    const shard = createScan(rules, size);
    parseBatch({ file: 'fuzz.jsonl', firstLine, bytes: part }, options, observer(shard, rules));
    mergeScans(merged, structuredClone(shard));
    for (const byte of part) if (byte === NEWLINE) firstLine++;
  }
  const whole = report(scan, rules, { panelSize: size.panel });
  if (JSON.stringify(report(merged, rules, { panelSize: size.panel })) !== JSON.stringify(whole))
    throw new Error('Unexpected report of two merged shards, expected that of the whole');

  for (const [name, reporter] of Object.entries(reporters)) {
    for (const style of [PLAIN, COLOURED]) {
      const printed = reporter(whole, style);
      const bad = UNESCAPED.exec(style.color ? printed.replace(OWN_COLOURS, '') : printed);
      if (bad)
        throw new Error(
          `Unexpected ${JSON.stringify(bad[0])} in what ${name} prints: ${JSON.stringify(printed.slice(Math.max(0, bad.index - 80), bad.index + 40))}`,
        );
    }
  }
  JSON.parse(reporters.json(whole, PLAIN));
}

export interface FuzzResult {
  readonly cases: number;
  readonly failure?: string;
  /** Of the slowest batch of 50 lines, in milliseconds. */
  readonly slowest: number;
}

/**
 * Lints `cases` lines in batches of 50.
 *
 * @param seconds ends after so long, with fewer cases
 */
export async function fuzz(cases: number, seed: number, seconds: number): Promise<FuzzResult> {
  // A provider at a time: all of them for each line would take longer than everything else.
  const settings = providers.map(({ id }) => resolveRules({ rules: { 'provider-limits': ['error', { providers: [id] }] } }, core));
  const rules = (await Promise.all(settings)).map(({ active }) => active);
  await Promise.all(rules.map(loadLibraries));
  let done = 0;
  let slowest = 0;
  const result = fc.check(
    fc.property(fc.array(line, { minLength: LINES, maxLength: LINES, size: 'max' }), (lines) => {
      const start = performance.now();
      lintLines(lines, rules[(lines[0]?.length ?? 0) % rules.length] as readonly ActiveRule[]);
      slowest = Math.max(slowest, performance.now() - start);
      done += lines.length;
    }),
    {
      numRuns: Math.ceil(cases / LINES),
      seed,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
      endOnFailure: true,
    },
  );
  if (!result.failed) return { cases: done, slowest };
  const lines = (result.counterexample?.[0] ?? []) as readonly Uint8Array[];
  const shown = lines.map((each) => JSON.stringify(new TextDecoder().decode(each))).join('\n');
  const error = result.errorInstance;
  return {
    cases: done,
    slowest,
    failure: `seed ${result.seed}, path ${result.counterexamplePath}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${shown.slice(0, 4000)}`,
  };
}
