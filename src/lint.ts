import core from '../rules/index.ts';
import { formatsFor, forProviders, loadConfig, overlayRules, providersNamed, resolveRules, validateConfig } from './config.ts';
import { badRows, noInput, tokenizerAlone, unknownLintOption } from './errors.ts';
import { unknownShape } from './formats/index.ts';
import { loadLibraries } from './panel/libraries.ts';
import { expandInputs, peek } from './read/files.ts';
import { read, totalBytes } from './read/read.ts';
import { report } from './report/report.ts';
import { parseBatch, parseObject } from './scan/parse.ts';
import { scanInWorkers, workersFor } from './scan/pool.ts';
import { createScan, mergeScans, type Observer, observer, type Scan, type ScanData, type Sides, sidesOf } from './scan/scan.ts';
import type { WorkerSetup } from './scan/worker.ts';
import type { ActiveRule, Batch, Config, Format, Plugin, Report, Skip, Split } from './types.ts';

/** What is linted: a path, a glob, "-" for standard input, several of these; or the rows themselves. */
export type Input = string | readonly string[] | Iterable<object> | AsyncIterable<object>;

export interface Progress {
  /** Read from disk so far, of compressed files the compressed bytes. */
  readonly bytes: number;
  /** Absent where it cannot be known: standard input, rows in memory. */
  readonly totalBytes?: number;
  readonly examples: number;
}

export interface LintOptions {
  /** A configuration, or the path of a file that holds one. Plugins in an object cannot cross to a worker, so such a run has one thread; those of a file can. */
  readonly config?: Config | string;
  /** Held-out data: files or globs. */
  readonly eval?: string | readonly string[];
  /** Real prompts that the tuned model will meet: files or globs. */
  readonly reference?: string | readonly string[];
  /** Beat those of `config`. */
  readonly prompt?: string | readonly string[];
  readonly reply?: string;
  readonly provider?: Config['provider'];
  readonly tokenizer?: string;
  readonly panel?: number;
  readonly rules?: Config['rules'];
  /** Threads beside this one; 0 = none. Default: by size and cores. Changes nothing in the report. */
  readonly workers?: number;
  /** Aborted: the report is of what was read so far, and `parameters.partial` is true. */
  readonly signal?: AbortSignal;
  /** Called about once per megabyte. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called at the end with the files, of any split, in which there was no example: only the caller knows whether that matters. */
  readonly onEmptyFiles?: (files: readonly string[]) => void;
}

const PANEL = 20_000;

const OPTIONS: readonly string[] = Object.keys({
  config: 0,
  eval: 0,
  reference: 0,
  prompt: 0,
  reply: 0,
  provider: 0,
  tokenizer: 0,
  panel: 0,
  rules: 0,
  workers: 0,
  signal: 0,
  onProgress: 0,
  onEmptyFiles: 0,
} satisfies Record<keyof LintOptions, 0>);

/**
 * Lints a data set.
 *
 * @returns the report: the same bytes for the same data, whatever the workers, the order of lines and the cut into files (places aside)
 * @throws UserError for a mistake in options, configuration or files; RuleError where a rule of a plugin throws
 */
export async function lint(input: Input, options: LintOptions = {}): Promise<Report> {
  for (const name of Object.keys(options)) if (!OPTIONS.includes(name)) throw unknownLintOption(name, OPTIONS);
  const job = await jobOf(options);
  await lookAtFiles([input, options.eval, options.reference]);
  const side = async (split: 'eval' | 'reference'): Promise<Scan | undefined> =>
    options[split] === undefined ? undefined : scanOf(options[split], split, job, {}, options);
  const evalScan = await side('eval');
  const referenceScan = await side('reference');
  const sides = sidesOf({ ...(evalScan && { eval: evalScan }), ...(referenceScan && { reference: referenceScan }) });
  const scan = await scanOf(input, 'train', job, sides, options);
  await loadLibraries(job.rules);
  return report(scan, job.rules, {
    panelSize: job.panel,
    eval: evalScan,
    reference: referenceScan,
    sides,
    off: job.off,
    prompt: job.prompt,
    reply: job.reply,
    provider: job.provider,
    tokenizer: job.tokenizer,
    partial: options.signal?.aborted === true,
  });
}

/** Looks at the beginning of every file before anything is read, so that all that are no data are told at once, and the last of many shards does not fail late. */
async function lookAtFiles(inputs: readonly (Input | undefined)[]): Promise<void> {
  await peek((await Promise.all(inputs.map((input) => expandInputs(pathsOf(input) ?? [])))).flat());
}

/** The paths that were given; undefined where it was rows. */
function pathsOf(input: Input | undefined): readonly string[] | undefined {
  if (typeof input === 'string') return [input];
  return Array.isArray(input) && input.every((item) => typeof item === 'string') ? input : undefined;
}

/** A configuration with everything decided. */
interface Job {
  readonly rules: readonly ActiveRule[];
  readonly off: Awaited<ReturnType<typeof resolveRules>>['off'];
  readonly settings: NonNullable<Config['rules']>;
  readonly formats: readonly Format[];
  readonly plugins: readonly Plugin[];
  readonly configFile: string | undefined;
  readonly panel: number;
  readonly prompt: readonly string[] | undefined;
  readonly reply: string | undefined;
  readonly provider: readonly string[] | undefined;
  readonly tokenizer: string | undefined;
}

async function jobOf(options: LintOptions): Promise<Job> {
  const configFile = typeof options.config === 'string' ? options.config : undefined;
  const config: Config =
    configFile === undefined ? ((options.config as Config | undefined) ?? {}) : (await loadConfig({ file: configFile })).config;
  if (configFile === undefined && options.config) await validateConfig(config, 'the configuration');
  const plugins = config.plugins ?? [];
  const provider = providersNamed(options.provider ?? config.provider);
  const tokenizer = options.tokenizer ?? config.tokenizer;
  if (options.tokenizer !== undefined && !provider) throw tokenizerAlone();
  const own = overlayRules(config.rules, options.rules);
  const settings = provider ? forProviders(own, provider, tokenizer) : own;
  const { active, off } = await resolveRules({ plugins, rules: settings }, core);
  const named = options.prompt ?? config.prompt;
  const prompt = typeof named === 'string' ? [named] : named;
  const reply = options.reply ?? config.reply;
  return {
    rules: active,
    off,
    settings,
    formats: formatsFor({ prompt, reply }, plugins),
    plugins,
    configFile,
    panel: options.panel ?? config.panel ?? PANEL,
    prompt,
    reply,
    provider,
    tokenizer: provider && tokenizer,
  };
}

async function scanOf(input: Input, split: Split, job: Job, sides: Sides, options: LintOptions): Promise<Scan> {
  const scan = createScan(job.rules, job, split);
  const paths = pathsOf(input);
  if (paths?.length === 0) throw noInput();
  const isRows = typeof input === 'object' && input !== null && (Symbol.iterator in input || Symbol.asyncIterator in input);
  if (!paths && !isRows) throw badRows(input);
  if (paths) await scanFiles(paths, split, job, sides, options, scan);
  else await scanRows(input as Iterable<object> | AsyncIterable<object>, split, job, sides, options, scan);
  return scan;
}

async function scanFiles(paths: readonly string[], split: Split, job: Job, sides: Sides, options: LintOptions, scan: Scan): Promise<void> {
  const files = await expandInputs(paths);
  const total = await totalBytes(files);
  const progress = progressOf(options, total);
  const empty = new Set(files);
  const onExamples = (examples: number, file: string): void => {
    if (examples > 0) empty.delete(file);
    progress.addExamples(examples);
  };
  const batches = read(files, { ...(options.signal && { signal: options.signal }), onBytes: progress.addBytes });
  const seen = observer(scan, job.rules, sides);
  const workers = job.plugins.length > 0 && job.configFile === undefined ? 0 : (options.workers ?? workersFor(total));
  if (workers > 0) {
    const setup: WorkerSetup = {
      rules: job.settings,
      configFile: job.configFile,
      panel: job.panel,
      split,
      sides,
      prompt: job.prompt,
      reply: job.reply,
    };
    await scanInWorkers(batches, workers, setup, {
      onSkip: seen.skip,
      onExamples,
      onScan: (other: ScanData) => mergeScans(scan, other),
    });
  } else {
    await scanHere(batches, split, job, scan, seen, onExamples);
  }
  if (empty.size > 0 && !options.signal?.aborted) options.onEmptyFiles?.([...empty]);
}

async function scanHere(
  batches: AsyncIterable<Batch | Skip>,
  split: Split,
  job: Job,
  scan: Scan,
  seen: Observer,
  onExamples: (examples: number, file: string) => void,
): Promise<void> {
  const reading = { formats: job.formats, split, unknown: unknownShape };
  for await (const item of batches) {
    const before = scan.base.examples;
    if ('bytes' in item) {
      const { file } = item;
      if (item.table) (await import('./scan/parse-table.ts')).parseTable(item, item.table, reading, seen);
      else parseBatch(item, reading, seen);
      onExamples(scan.base.examples - before, file);
    } else {
      seen.skip(item);
    }
  }
}

async function scanRows(
  rows: Iterable<object> | AsyncIterable<object>,
  split: Split,
  job: Job,
  sides: Sides,
  options: LintOptions,
  scan: Scan,
): Promise<void> {
  const seen = observer(scan, job.rules, sides);
  const reading = { formats: job.formats, split, unknown: unknownShape };
  const progress = progressOf(options, undefined);
  let line = 0;
  for await (const row of rows) {
    if (options.signal?.aborted) break;
    line += 1;
    parseObject(row, { file: '(rows)', line }, reading, seen);
    if (line % 1000 === 0) progress.addExamples(1000);
  }
  progress.addExamples(line % 1000);
}

function progressOf({ onProgress }: LintOptions, totalBytes: number | undefined) {
  let bytes = 0;
  let examples = 0;
  const tell = () => onProgress?.({ bytes, examples, ...(totalBytes !== undefined && { totalBytes }) });
  return {
    addBytes(more: number): void {
      bytes += more;
    },
    addExamples(more: number): void {
      examples += more;
      tell();
    },
  };
}
