import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { RuleError, UserError } from '../errors.ts';
import type { Batch, Place, Skip } from '../types.ts';
import type { ScanData } from './scan.ts';
import type { WorkerSetup } from './worker.ts';

/** What a worker says. */
export type FromWorker =
  | { readonly kind: 'read'; readonly file: string; readonly examples: number }
  | { readonly kind: 'scan'; readonly scan: ScanData }
  | {
      readonly kind: 'failed';
      readonly user: boolean;
      readonly ruleId?: string;
      readonly place?: Place | undefined;
      readonly message: string;
      readonly stack: string;
    };

export type ToWorker = { readonly kind: 'batch'; readonly batch: Batch } | { readonly kind: 'finish' };

const SMALL = 24_000_000;
/** Batches under way per worker: one at work and one waiting, so that none idles and memory stays flat. */
const UNDER_WAY = 2;

/** How many workers pay: none for data that one thread reads before another has started (about 24 MB), else one per core, at most 8. */
export function workersFor(totalBytes: number | undefined): number {
  const cores = Math.min(availableParallelism(), 8);
  return cores < 2 || (totalBytes ?? Infinity) < SMALL ? 0 : cores;
}

/**
 * Shares batches out among worker threads; calls `onScan` with what each saw, in no particular order (see Stat),
 * and `onSkip` with what the reader itself could not cut into lines. Rejects with the first error of any worker.
 */
export async function scanInWorkers(
  input: AsyncGenerator<Batch | Skip>,
  workers: number,
  setup: WorkerSetup,
  {
    onSkip,
    onExamples,
    onScan,
  }: { onSkip(skip: Skip): void; onExamples(examples: number, file: string): void; onScan(scan: ScanData): void },
): Promise<void> {
  const threads: Worker[] = [];
  let failed: unknown;
  let nextBatch: Promise<Batch | undefined> = Promise.resolve(undefined);
  const next = (): Promise<Batch | undefined> => {
    // one after the other, so that a skip between two batches is told once, by whoever asked first
    nextBatch = nextBatch.then(async () => {
      for (;;) {
        const item = failed ? undefined : await input.next();
        if (item === undefined || item.done) return undefined;
        if ('bytes' in item.value) return item.value;
        onSkip(item.value);
      }
    });
    return nextBatch;
  };

  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const thread = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
      threads.push(thread);
      let finishing = false;
      let finished = false;
      const feed = async (): Promise<void> => {
        const batch = await next();
        if (batch) {
          thread.postMessage({ kind: 'batch', batch } satisfies ToWorker, [batch.bytes.buffer]);
        } else if (!finishing) {
          finishing = true;
          thread.postMessage({ kind: 'finish' } satisfies ToWorker); // messages keep their order: whatever is under way is seen first
        }
      };
      thread.on('message', (message: FromWorker) => {
        if (message.kind === 'read') {
          onExamples(message.examples, message.file);
          if (!finishing) feed().catch(reject);
        } else if (message.kind === 'scan') {
          finished = true;
          // gone before its scan is merged: its heap and ours need not stand side by side
          thread
            .terminate()
            .then(() => onScan(message.scan))
            .then(resolve, reject);
        } else {
          reject(revive(message));
        }
      });
      thread.on('error', reject);
      thread.on('exit', (code) => {
        if (!finished) reject(new Error(`A worker ended early (exit code ${code})`));
      });
      for (let i = 0; i < UNDER_WAY; i++) feed().catch(reject);
    });

  try {
    await Promise.all(Array.from({ length: workers }, run));
  } catch (error) {
    failed = error;
    throw error;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function revive(failure: Extract<FromWorker, { kind: 'failed' }>): Error {
  if (failure.user) return new UserError(failure.message);
  const cause = Object.assign(new Error(failure.message), { stack: failure.stack });
  return failure.ruleId === undefined ? cause : new RuleError(failure.ruleId, failure.place, cause);
}
