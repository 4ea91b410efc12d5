import { UserError } from '../errors.ts';
import { nearest } from '../libraries/natural.ts';

/** Mistakes on the command line. What only the command can get wrong is worded here, all else in src/errors.ts. */

const bare = (name: string): string => name.replace(/^--?/, '');

/** The dashes of flags are left out of the comparison: as a common beginning they would make all flags alike. */
const suggest = (given: string, known: readonly string[]): string => {
  const near = nearest(bare(given), known.map(bare));
  return near === undefined ? '' : ` (did you mean ${known.find((name) => bare(name) === near)}?)`;
};

export const unknownCommand = (given: string, known: readonly string[]): UserError =>
  /[./\\*]/.test(given)
    ? new UserError(`Unexpected command "${given}", expected one of: ${known.join(', ')}. To check that file: lopsided check ${given}`)
    : new UserError(`Unexpected command "${given}"${suggest(given, known)}, expected one of: ${known.join(', ')}`);

export const unknownFlag = (given: string, command: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected flag ${given}${suggest(given, known)}, expected one of: ${known.join(', ')} (lopsided ${command} --help)`);

export const missingValue = (flag: string): UserError => new UserError(`Missing value of ${flag}, expected "${flag} <value>"`);

export const needlessValue = (flag: string, value: string): UserError =>
  new UserError(`Unexpected value "${value}" of ${flag}, expected ${flag} alone: it is a switch`);

export const badChoice = (flag: string, value: string, known: readonly string[]): UserError =>
  new UserError(`Unexpected value "${value}" of ${flag}${suggest(value, known)}, expected one of: ${known.join(', ')}`);

export const badNumber = (flag: string, value: string, expected: string): UserError =>
  new UserError(`Unexpected value "${value}" of ${flag}, expected ${expected}`);

export const badRuleFlag = (value: string): UserError =>
  new UserError(`Unexpected value "${value}" of --rule, expected <rule>=off|info|warn|error, like --rule reply-openings=warn`);

export const extraArgument = (command: string, given: string, expected: string): UserError =>
  new UserError(`Unexpected argument "${given}" of "lopsided ${command}", expected ${expected}`);

export const noFiles = (): UserError =>
  new UserError('Nothing to check, expected a file, a glob or "-" for standard input, like: lopsided check train.jsonl');

export const noRuleNamed = (known: readonly string[]): UserError =>
  new UserError(`Nothing to explain, expected one of the rules: ${known.join(', ')}`);

export const emptyOutput = (value: string): UserError =>
  new UserError(`Unexpected value "${value}" of --format, expected a file name after the colon, like --format json:report.json`);

export const outputIsInput = (path: string): UserError =>
  new UserError(`Unexpected output ${path}, expected another file: this one is read as data, and the report would overwrite it`);

export const cannotWrite = (path: string, cause: unknown): UserError =>
  new UserError(`Could not write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
