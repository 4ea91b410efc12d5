/** One command of `lopsided`. Its file loads nothing of the engine until it runs. */
export interface Command {
  /** What `--help` prints: by example, within one screen. */
  readonly help: string;
  /** Runs it with the words after its name; gives the exit code. Throws a UserError for what the user can mend. */
  run(words: readonly string[]): Promise<number>;
}

/** What the process ends with. */
export const EXIT = {
  /** Nothing at or above --fail-on, and the score within --max-score. */
  ok: 0,
  findings: 1,
  /** Bad usage, or a named file that cannot be opened or yields no example. */
  usage: 2,
  /** A fault of lopsided or of a plugin: never 1, so that CI does not take it for a finding. */
  internal: 3,
  /** Stopped by Ctrl-C: 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;
