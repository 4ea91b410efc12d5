import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Report, Reporter, ReportStyle, RuleSetting, Severity } from '../types.ts';
import { count } from '../wording.ts';
import { type Arguments, COMMON, readArguments } from './arguments.ts';
import { type Command, EXIT } from './command.ts';
import { badChoice, badNumber, badRuleFlag, cannotWrite, emptyOutput, noFiles, outputIsInput } from './errors.ts';
import { progressLine } from './progress.ts';
import { colorFlag, print, styleOf, tell } from './terminal.ts';

const FLAGS = {
  eval: { type: 'string' },
  reference: { type: 'string' },
  prompt: { type: 'string' },
  reply: { type: 'string' },
  provider: { type: 'string' },
  tokenizer: { type: 'string' },
  config: { type: 'string' },
  rule: { type: 'string' },
  preset: { type: 'string' },
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  'max-score': { type: 'string' },
  panel: { type: 'string' },
  workers: { type: 'string' },
  'no-progress': { type: 'boolean' },
  ...COMMON,
} as const;
type CheckArguments = Arguments<keyof typeof FLAGS>;

const help = `lopsided check <files|globs|->   looks at data before anybody trains on it

  lopsided check train.jsonl
  lopsided check 'data/*.jsonl.gz' --eval eval.jsonl
  cat train.jsonl | lopsided check - --format json
  lopsided check rows.jsonl --prompt question,context --reply answer
  lopsided check train.jsonl --provider openai,trl --format json:report.json

Data: JSONL, CSV, TSV (each also .gz), Parquet
  --eval <file>        held-out data: is it in the training data? repeatable
  --reference <file>   real prompts that the tuned model will meet; repeatable
  --prompt <a[,b]>     the fields that make the prompt, for rows of any shape
  --reply <field>      the field that holds the reply
  --provider <a[,b]>   who must take it: openai azure together fireworks gemini
                       bedrock-nova bedrock-claude mistral trl axolotl
                       llama-factory unsloth, or all; repeatable
  --tokenizer <name>   gpt-tokenizer: exact tokens, where installed
Rules
  --rule <id>=<off|info|warn|error>
                       the most that a rule's findings count as; repeatable
  --preset <recommended|strict>
                       strict warns half-way, and fails where others warn
  --config <file>      default: lopsided.config.{js,mjs,ts,json} or package.json
                       in this folder or one above
  --panel <n>          examples in the fair sample of slow rules (default 20000)
Report
  --format <pretty|json>[:file]
                       to stdout, or into the file; repeatable
  --fail-on <error|warn|info|never>
                       the least severity that fails (default error)
  --max-score <0-100>  fail when lopsidedness is above
  --workers <n>        threads beside the main one; the report stays the same
  --color, --no-color, --no-progress

Exit code: 0 passed; 1 failed by --fail-on or --max-score; 2 bad usage, or no
example to read; 3 a fault of lopsided or a plugin; 130 stopped by Ctrl-C, which
reports what was read so far
`;

/** The main job: reads data, prints the report, and says by its exit code whether the data passed. */
export const check: Command = {
  help,
  async run(words) {
    const args = readArguments('check', words, FLAGS);
    const { positionals: inputs } = args;
    if (inputs.length === 0) throw noFiles();
    const given = readFlags(args);
    // Only now the engine: wrong flags are told at once.
    const { lint, loadConfig, presets, reporters } = await import('../index.ts');
    const { overlayRules } = await import('../config.ts');
    const outputs = await openOutputs(args.all('format'), reporters, [...inputs, ...args.all('eval'), ...args.all('reference')]);
    const loaded = await loadConfig(given.config === undefined ? {} : { file: given.config });
    const preset = presets[given.preset ?? 'recommended'];
    // A preset is what one starts from: the settings of the file lie over it, and those of --rule over both.
    const rules = overlayRules(overlayRules(preset.rules, loaded.config.rules), given.rules);

    const stop = new AbortController();
    const onInterrupt = () => stop.abort();
    // Once: a second Ctrl-C meets no handler of ours and kills the process, whatever it is doing.
    process.once('SIGINT', onInterrupt);
    const progress = args.has('no-progress') ? undefined : progressLine(process.stderr);
    let report: Report;
    const empty: string[] = [];
    try {
      report = await lint(inputs, {
        ...(loaded.file !== undefined && { config: loaded.file }),
        rules,
        ...side('eval', args),
        ...side('reference', args),
        ...(given.prompt && { prompt: given.prompt }),
        ...(given.reply !== undefined && { reply: given.reply }),
        ...(given.provider && { provider: given.provider }),
        ...(given.tokenizer !== undefined && { tokenizer: given.tokenizer }),
        ...(given.panel !== undefined && { panel: given.panel }),
        ...(given.workers !== undefined && { workers: given.workers }),
        signal: stop.signal,
        onEmptyFiles: (files) => empty.push(...files),
        ...(progress && { onProgress: progress.update }),
      });
    } finally {
      progress?.clear();
      process.removeListener('SIGINT', onInterrupt);
    }

    const style = styleOf(colorFlag(args), process.stdout, process.env);
    const fileStyle: ReportStyle = { color: args.has('color') && !args.has('no-color'), width: 80 };
    for (const { reporter, path } of outputs) {
      const text = reporter(report, path === undefined ? style : fileStyle);
      if (path === undefined) await print(text);
      else await writeFile(path, text).catch((cause: unknown) => Promise.reject(cannotWrite(path, cause)));
    }
    if (stop.signal.aborted) {
      tell(`stopped; the report is of the ${count(report.examples.train, 'example')} read so far`);
      return EXIT.interrupted;
    }
    return exitCode(report, empty, {
      failOn: given.failOn ?? loaded.config.failOn ?? preset.failOn ?? 'error',
      maxScore: given.maxScore ?? loaded.config.maxScore ?? preset.maxScore,
    });
  },
};

function readFlags(args: CheckArguments) {
  const rules: { [id: string]: RuleSetting } = {};
  for (const value of args.all('rule')) {
    const at = value.lastIndexOf('=');
    if (at < 1) throw badRuleFlag(value);
    const severity = value.slice(at + 1);
    rules[value.slice(0, at)] = choice('--rule', severity, ['off', 'info', 'warn', 'error']);
  }
  const prompt = args
    .one('prompt')
    ?.split(',')
    .map((field) => field.trim());
  if (prompt?.includes(''))
    throw badNumber('--prompt', args.one('prompt')!, 'field names with a comma between, like --prompt question,context');
  const choiceOf = <const Known extends string>(flag: 'preset' | 'fail-on', known: readonly Known[]): Known | undefined => {
    const value = args.one(flag);
    return value === undefined ? undefined : choice(`--${flag}`, value, known);
  };
  return {
    rules,
    prompt,
    reply: args.one('reply'),
    provider: args.has('provider') ? args.all('provider').flatMap((value) => value.split(',').map((id) => id.trim())) : undefined,
    tokenizer: args.one('tokenizer'),
    config: args.one('config'),
    preset: choiceOf('preset', ['recommended', 'strict']),
    failOn: choiceOf('fail-on', ['error', 'warn', 'info', 'never']),
    maxScore: numberFlag('--max-score', args.one('max-score'), { min: 0, max: 100, expected: 'a number from 0 to 100' }),
    panel: numberFlag('--panel', args.one('panel'), { min: 100, whole: true, expected: 'a whole number, 100 or more' }),
    workers: numberFlag('--workers', args.one('workers'), { min: 0, max: 256, whole: true, expected: 'a whole number from 0 to 256' }),
  };
}

function choice<const Known extends string>(flag: string, value: string, known: readonly Known[]): Known {
  const found = known.find((each) => each === value);
  if (found === undefined) throw badChoice(flag, value, known);
  return found;
}

function numberFlag(
  flag: string,
  value: string | undefined,
  { min, max = Number.MAX_SAFE_INTEGER, whole = false, expected }: { min: number; max?: number; whole?: boolean; expected: string },
): number | undefined {
  if (value === undefined) return undefined;
  // Plain decimals only: Number() alone takes "0x10", "1e3" and " ".
  const number = /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max) || (whole && !Number.isInteger(number))) throw badNumber(flag, value, expected);
  return number;
}

const side = (name: 'eval' | 'reference', args: CheckArguments) => (args.has(name) ? { [name]: args.all(name) } : {});

interface Output {
  readonly reporter: Reporter;
  /** Absent: stdout. */
  readonly path?: string;
}

/** Reads `--format` and makes sure that the files can be written, before minutes of reading. */
async function openOutputs(
  given: readonly string[],
  known: { readonly [name: string]: Reporter },
  inputs: readonly string[],
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  for (const value of given.length === 0 ? ['pretty'] : given) {
    const at = value.indexOf(':');
    const name = at < 0 ? value : value.slice(0, at);
    const reporter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!reporter) throw badChoice('--format', name, Object.keys(known));
    if (at < 0) {
      outputs.push({ reporter });
      continue;
    }
    const path = value.slice(at + 1);
    if (path === '') throw emptyOutput(value);
    if (inputs.some((input) => resolve(input) === resolve(path))) throw outputIsInput(path);
    try {
      await mkdir(dirname(path), { recursive: true });
      await access(dirname(path), constants.W_OK);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
    outputs.push({ reporter, path });
  }
  return outputs;
}

const WEIGHT: Readonly<Record<Severity | 'never', number>> = { info: 0, warn: 1, error: 2, never: 3 };

function exitCode(
  report: Report,
  empty: readonly string[],
  { failOn, maxScore }: { failOn: Severity | 'never'; maxScore: number | undefined },
): number {
  const { findings, score } = report;
  if (empty.length > 0) tell(`no example in ${empty.join(', ')}: no line could be read as one`);
  if (empty.length > 0) return EXIT.usage;

  // Rounded, because .07 * 100 is 7.000000000000001, which is not above 7.
  const figure = score === null ? null : Number((score * 100).toPrecision(4));
  const above = figure !== null && maxScore !== undefined && figure > maxScore;
  if (above) tell(`lopsidedness ${figure} is above ${maxScore}, the most that --max-score allows`);
  return above || findings.some(({ severity }) => WEIGHT[severity] >= WEIGHT[failOn]) ? EXIT.findings : EXIT.ok;
}
