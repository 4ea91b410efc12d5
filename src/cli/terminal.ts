import { visible } from '../reporters/escape.ts';
import type { ReportStyle } from '../types.ts';

/** What the decisions below are made from; `process.stdout` and `process.env` fit. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}
export interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * Whether to colour: the flag decides, then FORCE_COLOR, then NO_COLOR (https://no-color.org, any
 * value but the empty one), then whether the text goes to a terminal that can.
 */
export function wantsColor(flag: boolean | undefined, stream: Stream, env: Environment): boolean {
  if (flag !== undefined) return flag;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns where the text does not go to a terminal: what mails, logs and code reviews show whole. */
const USUAL = 80;

export function styleOf(flag: boolean | undefined, stream: Stream, env: Environment): ReportStyle {
  const given = Number(env.COLUMNS);
  const width = stream.isTTY && stream.columns ? stream.columns : Number.isInteger(given) && given > 0 ? given : USUAL;
  return { color: wantsColor(flag, stream, env), width };
}

/** `--color`, `--no-color` (which wins) or neither. */
export function colorFlag(args: { has(flag: 'color' | 'no-color'): boolean }): boolean | undefined {
  return args.has('no-color') ? false : args.has('color') ? true : undefined;
}

/** Writes to stdout and waits until it is gone. A reader that left early (`| head`) is no failure. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? reject(error) : resolve()));
  });
}

/** A message on stderr, marked as ours; what it quotes of files and data is made visible. */
export function tell(message: string): void {
  process.stderr.write(`lopsided: ${message.split('\n').map(visible).join('\n')}\n`);
}
