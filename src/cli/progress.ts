import type { Progress } from '../lint.ts';
import { cutColumns } from '../reporters/text.ts';
import { count, integer } from '../wording.ts';
import type { Environment, Stream } from './terminal.ts';

/** A run that ends sooner needs no progress line. */
const PATIENCE_MS = 1000;
const REPAINT_MS = 100;

export interface ProgressLine {
  readonly update: (progress: Progress) => void;
  /** Wipes the line, so that the report or an error stands alone. */
  readonly clear: () => void;
}

/**
 * One line on stderr: share of bytes, examples, examples per second, time left.
 * Silent unless `stream` is a terminal, and for the first second.
 */
export function progressLine(
  stream: Stream & { write(text: string): unknown },
  env: Environment = process.env,
  now: () => number = () => performance.now(),
): ProgressLine {
  if (!stream.isTTY || env.TERM === 'dumb') return { update() {}, clear() {} };
  const start = now();
  let painted = 0;
  let shown = false;
  let finished: number | undefined;
  return {
    update(progress) {
      const time = now();
      const elapsed = time - start;
      const done = progress.totalBytes !== undefined && progress.bytes >= progress.totalBytes;
      // What comes after the last byte blocks this thread: paint that line whenever it is new, for nobody will repaint it.
      const due = time - painted >= REPAINT_MS || (done && finished !== progress.totalBytes);
      if (elapsed < PATIENCE_MS || !due) return;
      finished = done ? progress.totalBytes : undefined;
      painted = time;
      shown = true;
      stream.write(`\r${cutColumns(progressText(progress, elapsed), Math.max(10, (stream.columns || 80) - 1))}\u001b[K`);
    },
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}

/** The words of the line; exported for its test. */
export function progressText({ bytes, totalBytes, examples }: Progress, elapsedMs: number): string {
  const seconds = elapsedMs / 1000;
  const read = `${count(examples, 'example')}, ${integer(examples / seconds)} a second`;
  if (totalBytes === undefined || totalBytes === 0) return `Reading: ${integer(bytes / 1e6)} MB, ${read}`;
  if (bytes >= totalBytes) return `Judging: ${count(examples, 'example')}`;
  const share = bytes / totalBytes;
  const left = share > 0 ? `, ${duration((seconds * (1 - share)) / share)} left` : '';
  return `Reading: ${String(Math.floor(share * 100)).padStart(2)}%, ${read}${left}`;
}

/** "8 s", "3 min 20 s", "2 h 5 min". */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
