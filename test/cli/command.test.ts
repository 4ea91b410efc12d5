import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import core from '../../rules/index.ts';
import type { Report } from '../../src/types.ts';
import { count } from '../../src/wording.ts';

/** The built command, as users run it: `npm test` builds first. */
const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const CORE = pathToFileURL(fileURLToPath(new URL('../../dist/rules/index.js', import.meta.url))).href;
const SCHEMA: object = JSON.parse(readFileSync(new URL('../../dist/report.schema.json', import.meta.url), 'utf8'));

/**
 * A rule for these tests alone: its findings are the replies that begin with a severity ("warn: …"),
 * and its score is the share of them. All other rules are off, so that nothing else decides an exit code.
 */
const CONFIG = `
import core from ${JSON.stringify(CORE)};
const LEVELS = ['error', 'warn', 'info'];
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const mark = {
  meta: {
    id: 'mark', family: 'mapping', severity: 'error', exact: true,
    docs: { summary: 'Counts marked replies.', why: 'For tests.', score: 'Their share.', source: 'None.' },
    options: { warn: { type: 'number', default: 0.5, description: 'Warn' }, error: { type: 'number', default: 0.8, description: 'Error' } },
    measures: { share: { even: 0, worst: 1, scale: 'linear', warn: 'warn', error: 'error' } },
  },
  create: () => ({ examples: 0, slow: 0, error: 0, warn: 0, info: 0 }),
  observe(state, { messages }) {
    const reply = messages.at(-1).text;
    if (reply.startsWith('bug')) throw new TypeError('the rule broke');
    if (reply.startsWith('slow')) state.slow += 1;
    state.examples += 1;
    for (const level of LEVELS) if (reply.startsWith(level)) state[level] += 1;
  },
  finish: (state) => (state.slow > 0 && sleep(60_000), {
    score: (state.error + state.warn + state.info) / state.examples,
    findings: LEVELS.filter((level) => state[level] > 0).map((level) => ({
      key: level, level, message: state[level] + ' marked', suggestion: 'Unmark them', evidence: [], data: {},
    })),
  }),
};
export default {
  plugins: [{ name: 'test', rules: [mark] }],
  rules: Object.fromEntries(core.rules.map((rule) => [rule.meta.id, 'off'])),
};
`;

const rows = (...replies: readonly string[]): string =>
  Array.from({ length: 40 }, (_, i) => `${JSON.stringify({ prompt: `Question ${i}?`, completion: replies[i] ?? `Answer ${i}.` })}\n`).join(
    '',
  );

let folder: string;
const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, ...env } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lopsided-'));
  const files: Record<string, string> = {
    'lopsided.config.mjs': CONFIG,
    'even.jsonl': rows(),
    'error.jsonl': rows('error: x'),
    'warn.jsonl': rows('warn: x', 'warn: y'),
    'info.jsonl': rows('info: x'),
    'half.jsonl': rows(...Array.from({ length: 20 }, () => 'info: x')),
    'bug.jsonl': rows('fine', 'bug'),
    'rowless.jsonl': '{"a": 1}\n{"a": 2}\n',
    'strict/lopsided.config.json': JSON.stringify({ failOn: 'warn', maxScore: 10 }),
    'strict/even.jsonl': rows(),
    'broken/lopsided.config.json': '{ "rules": ',
    'unknown/lopsided.config.json': '{ "rule": {} }',
    'own-rows.jsonl': Array.from(
      { length: 40 },
      (_unused, i) => `${JSON.stringify({ q: `Question ${i}?`, context: 'c', a: `Answer ${i}.` })}\n`,
    ).join(''),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lopsided(words: readonly string[], options: { input?: string; env?: Record<string, string>; cwd?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: join(folder, options.cwd ?? '.'),
    env: { ...env, ...options.env },
    encoding: 'utf8',
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}
const reportIn = (text: string): Report => JSON.parse(text);
const check = (...words: string[]) => lopsided(['check', ...words]);

const CODES: readonly (readonly [words: readonly string[], code: number])[] = [
  [['even.jsonl'], 0],
  [['error.jsonl'], 1],
  [['warn.jsonl'], 0],
  [['warn.jsonl', '--fail-on', 'warn'], 1],
  [['info.jsonl', '--fail-on', 'warn'], 0],
  [['info.jsonl', '--fail-on', 'info'], 1],
  [['error.jsonl', '--fail-on', 'never'], 0],
  [['error.jsonl', '--rule', 'test/mark=warn'], 0],
  [['error.jsonl', '--rule', 'test/mark=warn', '--fail-on', 'warn'], 1],
  [['error.jsonl', '--rule', 'test/mark=off'], 0],
  [['error.jsonl', '--rule', 'test/mark=off', '--rule', 'test/mark=error'], 1],
  [['half.jsonl'], 0],
  [['half.jsonl', '--max-score', '50'], 0],
  [['half.jsonl', '--max-score', '49.9'], 1],
  [['half.jsonl', '--max-score', '49.9', '--fail-on', 'never'], 1],
  [['even.jsonl', '--max-score', '0'], 0],
  [['even.jsonl', 'error.jsonl'], 1],
  [['rowless.jsonl'], 2],
  [['rowless.jsonl', '--fail-on', 'never'], 2],
  [['even.jsonl', '--eval', 'rowless.jsonl'], 2],
  [['even.jsonl', '--eval', 'warn.jsonl'], 0],
  [['no-such.jsonl'], 2],
  [['even.jsonl', 'no-such.jsonl'], 2],
  [['even.jsonl', '--eval', 'no-such.jsonl'], 2],
  [['.'], 2],
  [['bug.jsonl'], 3],
  [['bug.jsonl', '--workers', '1'], 3],
];

/**
 * The exit code of each, by the command itself run again and again in one process: a process for each would take half a minute to start
 * them all. Every other test here starts its own.
 */
function exitCodes(): (number | string)[] {
  const script = `
    import { writeFileSync } from 'node:fs';
    const codes = [];
    for (const [i, words] of ${JSON.stringify(CODES.map(([words]) => words))}.entries()) {
      process.argv = [process.argv[0], 'lopsided', 'check', ...words];
      await import(${JSON.stringify(pathToFileURL(MAIN).href)} + '?' + i);
      codes.push(process.exitCode);
    }
    process.exitCode = 0;
    writeFileSync('codes.json', JSON.stringify(codes));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(readFileSync(join(folder, 'codes.json'), 'utf8')) as number[];
}

describe('exit codes of check', () => {
  let codes: (number | string)[];
  beforeAll(() => {
    codes = exitCodes();
  });

  it.each(CODES.map(([words, code], i) => [words, code, i] as const))('%j: %i', (_words, code, i) => expect(codes[i]).toBe(code));

  it('is that of a process of its own', () => {
    for (const [words, code] of [CODES[0], CODES[1], CODES.at(-1)] as typeof CODES) expect(check(...words).code).toBe(code);
  });

  it('a score that could not be judged is above no --max-score', () => {
    const few = `${JSON.stringify({ prompt: 'a', completion: 'b' })}\n`;
    expect(lopsided(['check', '-', '--max-score', '0'], { input: few })).toMatchObject({ code: 0, stderr: '' });
  });
});

const colored = (words: string[], more: Record<string, string> = {}): boolean =>
  lopsided(['check', 'warn.jsonl', ...words], { env: more }).stdout.includes('\u001b[');

describe('what goes where', () => {
  it('stdout carries the report and nothing else', () => {
    const { code, stdout, stderr } = check('warn.jsonl', '--format', 'json');
    expect([code, stderr]).toEqual([0, '']);
    const report = reportIn(stdout);
    expect(report.findings.map(({ ruleId, severity, message }) => [ruleId, severity, message])).toEqual([
      ['test/mark', 'warn', '2 marked'],
    ]);
    expect(new Ajv2020().compile(SCHEMA)(report)).toBe(true);
  });

  it('the report is printed where no example could be read, with a line on stderr', () => {
    const { stdout, stderr } = check('rowless.jsonl', '--format', 'json');
    expect(stderr).toBe('lopsided: no example in rowless.jsonl: no line could be read as one\n');
    expect(reportIn(stdout).skipped.count).toBe(2);
  });

  it('names each file without an example, whatever the others hold', () => {
    const { code, stderr } = check('warn.jsonl', 'rowless.jsonl');
    expect([code, stderr]).toEqual([2, 'lopsided: no example in rowless.jsonl: no line could be read as one\n']);
  });

  it('reports go to files too, several at once, and into new folders', () => {
    const { code, stdout } = check(
      'warn.jsonl',
      '--format',
      'json:out/deep/report.json',
      '--format',
      'pretty',
      '--format=pretty:out/report.txt',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warn +test\/mark\n/m);
    expect(reportIn(readFileSync(join(folder, 'out/deep/report.json'), 'utf8')).score).toBe(0.05);
    expect(readFileSync(join(folder, 'out/report.txt'), 'utf8')).toBe(stdout);
    expect(check('warn.jsonl', '--format', 'json:out/silent.json').stdout).toBe('');
  });

  it('never overwrites the data', () => {
    const { code, stderr } = check('even.jsonl', '--format', 'json:./even.jsonl');
    expect([code, stderr]).toEqual([
      2,
      'lopsided: Unexpected output ./even.jsonl, expected another file: this one is read as data, and the report would overwrite it\n',
    ]);
    expect(readFileSync(join(folder, 'even.jsonl'), 'utf8')).toBe(rows());
  });

  it('says why the score failed', () => {
    expect(check('half.jsonl', '--max-score', '49.9').stderr).toBe(
      'lopsided: lopsidedness 50 is above 49.9, the most that --max-score allows\n',
    );
  });

  it('reads standard input', () => {
    const { stdout } = lopsided(['check', '-', '--format', 'json'], { input: rows('warn: x') });
    expect(reportIn(stdout).examples.train).toBe(40);
  });

  it('reads rows of any shape by the fields that are named', () => {
    const { code, stdout } = check('own-rows.jsonl', '--prompt', 'q, context', '--reply', 'a', '--format', 'json');
    expect(code).toBe(0);
    expect(reportIn(stdout).parameters).toMatchObject({ prompt: ['q', 'context'], reply: 'a' });
  });

  it('gives the same bytes with workers', () => {
    const [none, two] = ['0', '2'].map((workers) => check('even.jsonl', 'warn.jsonl', '--format', 'json', '--workers', workers).stdout);
    expect(none).toBe(two);
    expect(none).toContain('"schemaVersion"');
  });

  it('a fault shows its stack, its rule and its place, and says whose it is', () => {
    const { code, stdout, stderr } = check('bug.jsonl', '--workers', '0');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^lopsided: a fault of lopsided or of one of its plugins, not of your data\n/);
    expect(stderr).toContain('Rule test/mark failed at bug.jsonl:2: the rule broke');
    expect(stderr).toMatch(/\n {4}at /);
  });

  it('colours for terminals and for who asks', () => {
    expect(colored([])).toBe(false);
    expect(colored(['--color'])).toBe(true);
    expect(colored([], { FORCE_COLOR: '1' })).toBe(true);
    expect(colored(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(colored(['--color', '--format', 'json'])).toBe(false);
  });

  it('is as wide as it is told', () => {
    const { stdout } = lopsided(['check', 'warn.jsonl'], { env: { COLUMNS: '40' } });
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  it('is quiet when its reader leaves early', async () => {
    const child = spawn(
      'sh',
      ['-c', `"$0" "$1" check half.jsonl --format json --format json --format json | head -c 10; exit 0`, process.execPath, MAIN],
      {
        cwd: folder,
        env,
      },
    );
    expect(await outcome(child)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('configuration', () => {
  it('beats the defaults, and flags beat it', () => {
    expect(lopsided(['check', 'even.jsonl'], { cwd: 'strict' }).code).toBe(
      lopsided(['check', 'even.jsonl', '--fail-on', 'warn', '--max-score', '10'], { cwd: 'strict' }).code,
    );
    const half = ['check', '../half.jsonl', '--config', '../lopsided.config.mjs'];
    expect(lopsided(half, { cwd: 'strict' }).code).toBe(0);
    expect(lopsided([...half, '--max-score', '10'], { cwd: 'strict' }).code).toBe(1);
  });

  it('is found from the working directory, never beside the data', () => {
    const { code } = lopsided(['check', 'broken/../strict/even.jsonl']);
    expect(code).toBe(0);
    expect(lopsided(['check', 'even.jsonl'], { cwd: 'broken' }).code).toBe(2);
  });

  it('is refused with the name of the mistake', () => {
    expect(check('even.jsonl', '--config', 'no-such.json')).toMatchObject({ code: 2, stdout: '' });
    const { code, stderr } = check('even.jsonl', '--config', 'unknown/lopsided.config.json');
    expect(code).toBe(2);
    expect(stderr).toContain('Unexpected key "rule"');
    expect(stderr).toContain('did you mean "rules"?');
  });
});

describe('mistakes on the command line', () => {
  it.each<[string[], string]>([
    [[], 'lopsided finds what makes'],
    [['chekc', 'a'], 'lopsided: Unexpected command "chekc" (did you mean check?), expected one of: check, explain, rules\n'],
    [['train.jsonl'], 'To check that file: lopsided check train.jsonl\n'],
    [['--workers', '2'], 'lopsided: Unexpected flag --workers, expected one of: --help, --version'],
    [['check'], 'lopsided: Nothing to check, expected a file, a glob or "-"'],
    [['check', 'even.jsonl', '--max-scroe', '5'], 'Unexpected flag --max-scroe (did you mean --max-score?)'],
    [['check', 'even.jsonl', '--max-score', '101'], 'Unexpected value "101" of --max-score, expected a number from 0 to 100\n'],
    [['check', 'even.jsonl', '--max-score=-1'], 'Unexpected value "-1" of --max-score'],
    [['check', 'even.jsonl', '--max-score', '0x10'], 'Unexpected value "0x10" of --max-score'],
    [['check', 'even.jsonl', '--workers', '1.5'], 'Unexpected value "1.5" of --workers, expected a whole number from 0 to 256\n'],
    [['check', 'even.jsonl', '--panel', '10'], 'Unexpected value "10" of --panel, expected a whole number, 100 or more\n'],
    [
      ['check', 'even.jsonl', '--fail-on', 'warning'],
      'Unexpected value "warning" of --fail-on (did you mean warn?), expected one of: error, warn, info, never\n',
    ],
    [
      ['check', 'even.jsonl', '--format', 'jsno'],
      'Unexpected value "jsno" of --format (did you mean json?), expected one of: pretty, json\n',
    ],
    [['check', 'even.jsonl', '--format', 'json:'], 'expected a file name after the colon'],
    [['check', 'even.jsonl', '--format', 'json:even.jsonl/x.json'], 'Could not write even.jsonl/x.json: '],
    [['check', 'even.jsonl', '--rule', 'test/mark'], 'Unexpected value "test/mark" of --rule, expected <rule>=off|info|warn|error'],
    [['check', 'even.jsonl', '--rule', 'test/mark=loud'], 'Unexpected value "loud" of --rule, expected one of: off, info, warn, error\n'],
    [['check', 'even.jsonl', '--rule', 'test/mrak=off'], 'Unexpected rule "test/mrak" (did you mean "test/mark"?)'],
    [['check', 'even.jsonl', '--preset', 'lax'], 'Unexpected value "lax" of --preset, expected one of: recommended, strict\n'],
    [['check', 'even.jsonl', '--prompt', 'q'], 'Missing --reply'],
    [['check', 'even.jsonl', '--prompt', 'q,', '--reply', 'a'], 'Unexpected value "q," of --prompt, expected field names'],
    [['explain'], 'lopsided: Nothing to explain, expected one of the rules: '],
    [['explain', 'test/mrak'], 'Unexpected rule "test/mrak" (did you mean "test/mark"?)'],
    [['explain', 'test/mark', 'more'], 'Unexpected argument "more" of "lopsided explain", expected one rule\n'],
    [['rules', 'test/mark'], 'Unexpected argument "test/mark" of "lopsided rules"'],
  ])('%j', (words, message) => {
    const { code, stdout, stderr } = lopsided(words);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('help, version, explain, rules', () => {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  it.each([[['--version']], [['-v']]])('%j prints the version', (words) => {
    expect(lopsided(words)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['--help']],
    [['-h']],
    [['help']],
    [['help', 'check']],
    [['check', '--help']],
    [['check', 'x', '-h']],
    [['explain', '-h']],
    [['rules', '--help']],
  ])('%j fits one screen', (words) => {
    const { code, stdout, stderr } = lopsided(words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^lopsided /);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(40);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('the help of check names every flag', () => {
    const flags = check('even.jsonl', '--x').stderr.match(/--[a-z-]+/g)!;
    expect(flags.length).toBeGreaterThan(15);
    const { stdout } = check('--help');
    for (const flag of new Set(flags)) if (!['--x', '--help'].includes(flag)) expect(stdout).toContain(flag);
  });

  it.each([[['--version']], [['--help']], [['check', '--help']]])('%j loads nothing of the engine', (words) => {
    const loaded = join(folder, 'loaded.txt');
    const hook = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(
      `import { appendFileSync } from 'node:fs';
       export async function load(url, context, next) { appendFileSync(${JSON.stringify(loaded)}, url + '\\n'); return next(url, context); }`,
    )}));`;
    writeFileSync(loaded, '');
    const { status } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, MAIN, ...words], {
      env,
    });
    expect(status).toBe(0);
    const urls = readFileSync(loaded, 'utf8');
    expect(urls).toContain('/cli/main.js');
    expect(urls).not.toMatch(/lint\.js|\/rules\/|\/scan\/|\/formats\/|node_modules/);
  });

  it('explain and rules know the rules of plugins', () => {
    const page = lopsided(['explain', 'test/mark']);
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(page.stdout).toContain('Counts marked replies.');
    expect(lopsided(['rules']).stdout).toMatch(/^test\/mark +mapping +error +yes$/m);
  });

  it('explain knows every rule that rules lists', () => {
    const ids = lopsided(['rules'])
      .stdout.split('\n')
      .slice(1)
      .filter((line) => /^\S/.test(line))
      .map((line) => line.split(' ')[0]!);
    expect(ids).toEqual(expect.arrayContaining(core.rules?.map(({ meta }) => meta.id) ?? []));
    for (const id of [ids[0]!, ids.at(-1)!]) expect(lopsided(['explain', id]).stdout.startsWith(`${id}\n`)).toBe(true);
  });
});

/** A run that has read some rows, and whose input is still open. */
async function running(completion: string, workers: string) {
  const child = spawn(process.execPath, [MAIN, 'check', '-', '--format', 'json', '--workers', workers], { cwd: folder, env });
  child.stdin.on('error', () => {}); // it stops reading
  const done = outcome(child);
  const some = `${JSON.stringify({ prompt: 'p', completion: completion + 'x'.repeat(2000) })}\n`.repeat(1000);
  // It is up and has read when 8 MB are gone, which no pipe holds.
  for (let i = 0; i < 4; i++) await new Promise((resolve) => child.stdin.write(some, resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (child.exitCode !== null) throw new Error(`Unexpected end of the run: ${(await done).stderr}`);
  return { child, done };
}

describe('Ctrl-C', () => {
  it.each(['0', '1'])('stops, prints what was read so far, says that it is partial, and exits with 130 (%s workers)', async (workers) => {
    const { child, done } = await running('', workers);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await done;
    const report = reportIn(stdout);
    expect(code).toBe(130);
    expect(report.parameters.partial).toBe(true);
    expect(stderr).toBe(`lopsided: stopped; the report is of the ${count(report.examples.train, 'example')} read so far\n`);
    expect(report.examples.train).toBeGreaterThan(0);
  });

  it('the second kills at once, in the middle of a rule', async () => {
    const { child, done } = await running('slow', '0');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill('SIGINT');
    expect(await done).toMatchObject({ code: null, stdout: '' });
    expect(child.signalCode).toBe('SIGINT');
  });
});

function outcome(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (part: string) => (text.stdout += part));
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (text.stderr += part));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}
