import { nearest } from './libraries/natural.ts';
import type { OptionSpec, Place } from './types.ts';

/** A mistake the user can mend. The command prints its message alone, without a stack, and exits with 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A rule threw. The run stops: a linter that hides its failures lies. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly ruleId: string;
  readonly place: Place | undefined;

  constructor(ruleId: string, place: Place | undefined, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`Rule ${ruleId} failed${place ? ` at ${place.file}:${place.line}` : ''}: ${what}`, { cause });
    this.ruleId = ruleId;
    this.place = place;
    if (cause instanceof Error && cause.stack) this.stack = `${this.message}\n${cause.stack}`;
  }
}

const shown = (value: unknown): string => {
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

const suggest = (given: string, known: readonly string[]): string => {
  const near = nearest(given, known);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
};

// ── Configuration ───────────────────────────────────────────────────────────

export const configLoadFailed = (file: string | undefined, cause: unknown): UserError => {
  const what = cause instanceof Error ? cause.message : String(cause);
  const way = /import statement outside a module|Unexpected token 'export'/.test(what)
    ? '; name it lopsided.config.mjs, or set "type": "module" in package.json'
    : /Cannot find package 'lopsided'/.test(what)
      ? '; install lopsided beside it (npm install --save-dev lopsided), or export a plain object'
      : '';
  return new UserError(`Could not load ${file ?? 'the configuration'}: ${what.split('\n')[0]}${way}`, { cause });
};

export const badConfig = (
  from: string,
  error: { readonly instancePath?: string; readonly message?: string; readonly params?: { readonly additionalProperty?: string } },
  known: readonly string[],
): UserError => {
  const extra = error.params?.additionalProperty;
  return extra === undefined
    ? new UserError(`Unexpected configuration in ${from}: ${error.instancePath?.slice(1) || 'it'} ${error.message ?? 'is not valid'}`)
    : new UserError(`Unexpected key "${extra}" in ${from}${suggest(extra, known)}, expected one of: ${known.join(', ')}`);
};

export const badPlugin = (plugin: unknown): UserError =>
  new UserError(`Unexpected plugin ${shown(plugin)}, expected an object made by definePlugin, with a name`);

export const badRuleMeta = (id: string, field: string, given: unknown, known: readonly string[]): UserError =>
  new UserError(
    `Unexpected ${field} ${shown(given)} of rule "${id}"${suggest(String(given), known)}, expected one of: ${known.join(', ')}`,
  );

export const badRuleState = (id: string, field: string, given: unknown): UserError =>
  new UserError(
    `Unexpected state of rule "${id}": ${field} is ${shown(given)}, expected a count (a number) or a Stat (something with merge)`,
  );

export const duplicateRule = (id: string): UserError =>
  new UserError(`Unexpected second rule named "${id}", expected each plugin to have a name of its own and to name its rules apart`);

export const unknownRule = (id: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected rule "${id}"${suggest(id, known)}, expected one of: ${known.join(', ')}`);

export const badSetting = (id: string, setting: unknown): UserError =>
  new UserError(`Unexpected setting ${shown(setting)} for rule "${id}", expected "off", "info", "warn", "error" or [severity, options]`);

export const unknownOption = (id: string, name: string, known: readonly string[]): UserError =>
  new UserError(
    known.length === 0
      ? `Unexpected option "${name}" for rule "${id}", expected none: the rule has no options`
      : `Unexpected option "${name}" for rule "${id}"${suggest(name, known)}, expected one of: ${known.join(', ')}`,
  );

export const badOption = (id: string, name: string, value: unknown, problem: string, spec: OptionSpec): UserError => {
  const known = spec.type === 'array' ? spec.items.enum : spec.type === 'string' ? spec.enum : undefined;
  const odd = known && [value].flat().find((item) => typeof item === 'string' && !known.includes(item));
  if (known && typeof odd === 'string') {
    return new UserError(
      `Unexpected ${shown(odd)} in option "${name}" of rule "${id}"${suggest(odd, known)}, expected one of: ${known.join(', ')}`,
    );
  }
  return new UserError(
    `Unexpected value ${shown(value)} for option "${name}" of rule "${id}": it ${problem} (default: ${shown(spec.default)})`,
  );
};

export const badBounds = (id: string, warn: string, warnAt: number, error: string, errorAt: number): UserError =>
  new UserError(
    `Unexpected bounds for rule "${id}": ${warn} (${warnAt}) lies beyond ${error} (${errorAt}), expected warnings to begin before errors`,
  );

// ── Input ───────────────────────────────────────────────────────────────────

export const noInput = (): UserError => new UserError('Nothing to read, expected at least one file, glob or "-" for standard input');

export const halfMapping = (missing: '--prompt' | '--reply'): UserError =>
  new UserError(`Missing ${missing}, expected both: --prompt names the fields that make the prompt, --reply the one that holds the reply`);

export const badRows = (input: unknown): UserError =>
  new UserError(`Unexpected input ${shown(input)}, expected a path, a glob, a list of these, or an iterable of rows`);

export const unknownLintOption = (name: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected option "${name}" for lint${suggest(name, known)}, expected one of: ${known.join(', ')}`);

// ── Services and trainers ───────────────────────────────────────────────────

/** @param meant a name that is likelier to be near a known one */
export const unknownProvider = (given: string, meant: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected provider "${given}"${suggest(meant, known)}, expected "all" or one of: ${known.join(', ')}`);

export const providersOff = (): UserError =>
  new UserError('Unexpected --provider while the rule provider-limits is off, expected it on: without it no provider is checked');

export const tokenizerAlone = (): UserError =>
  new UserError('Missing --provider, expected it beside --tokenizer: tokens are counted for the limits of services and trainers');

export const unknownTokenizer = (given: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected tokenizer "${given}"${suggest(given, known)}, expected one of: ${known.join(', ')}`);

export const missingTokenizer = (name: string, cause: unknown): UserError =>
  new UserError(`Could not load the tokenizer ${name}: install it (npm install gpt-tokenizer)`, { cause });
