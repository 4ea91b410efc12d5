import { parentPort, workerData } from 'node:worker_threads';
import core from '../../rules/index.ts';
import { formatsFor, loadConfig, resolveRules } from '../config.ts';
import { RuleError, UserError } from '../errors.ts';
import { unknownShape } from '../formats/index.ts';
import type { Config, Split } from '../types.ts';
import { parseBatch } from './parse.ts';
import type { FromWorker, ToWorker } from './pool.ts';
import { createScan, observer, type Scan, type Sides } from './scan.ts';

/** All that a worker needs, as plain data. Plugins are functions, so they are imported again from `configFile`. */
export interface WorkerSetup {
  readonly rules: NonNullable<Config['rules']>;
  readonly configFile?: string | undefined;
  readonly panel: number;
  readonly split: Split;
  readonly sides: Sides;
  readonly prompt?: readonly string[] | undefined;
  readonly reply?: string | undefined;
}

const port = parentPort!;
const say = (message: FromWorker): void => port.postMessage(message);

try {
  const setup = workerData as WorkerSetup;
  const plugins = setup.configFile === undefined ? [] : ((await loadConfig({ file: setup.configFile })).config.plugins ?? []);
  const { active } = await resolveRules({ plugins, rules: setup.rules }, core);
  const reading = { formats: formatsFor(setup, plugins), split: setup.split, unknown: unknownShape };
  const scan = createScan(active, setup, setup.split);
  const seen = observer(scan, active, setup.sides);

  const take = async (message: ToWorker): Promise<void> => {
    try {
      if (message.kind === 'batch') {
        const { table } = message.batch;
        const parseTable = table && (await import('./parse-table.ts')).parseTable;
        const before = scan.base.examples;
        if (table) parseTable?.(message.batch, table, reading, seen);
        else parseBatch(message.batch, reading, seen);
        say({ kind: 'read', file: message.batch.file, examples: scan.base.examples - before });
      } else {
        port.postMessage({ kind: 'scan', scan } satisfies FromWorker, buffersOf(scan));
      }
    } catch (error) {
      fail(error);
    }
  };
  let taken = Promise.resolve(); // one after the other: loading the reader of tables takes a moment, and nothing may pass it
  port.on('message', (message: ToWorker) => {
    taken = taken.then(() => take(message));
  });
} catch (error) {
  fail(error);
}

/** The memory of all typed arrays: handed over instead of copied. */
function buffersOf({ base, states }: Scan): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const state of [base, ...Object.values(states)]) {
    for (const stat of Object.values(state)) {
      if (typeof stat !== 'object') continue;
      for (const value of Object.values(stat as object)) if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    }
  }
  return [...buffers];
}

function fail(error: unknown): void {
  const cause = error instanceof RuleError ? error.cause : error;
  say({
    kind: 'failed',
    user: error instanceof UserError,
    ...(error instanceof RuleError && { ruleId: error.ruleId, place: error.place }),
    message: cause instanceof Error ? cause.message : String(cause),
    stack: cause instanceof Error ? (cause.stack ?? '') : '',
  });
}
