import { parseArgs } from 'node:util';
import { missingValue, needlessValue, unknownFlag } from './errors.ts';

/** What a flag takes: a value, or nothing. */
interface FlagSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
}
export type FlagSpecs = { readonly [name: string]: FlagSpec };

/** The flags that every command has. */
export const COMMON = {
  help: { type: 'boolean', short: 'h' },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
} as const satisfies FlagSpecs;

export interface Arguments<Name extends string> {
  readonly positionals: readonly string[];
  has(flag: Name): boolean;
  /** The last value given: later flags beat earlier ones. */
  one(flag: Name): string | undefined;
  all(flag: Name): readonly string[];
}

/** Reads the words after a command. Throws a UserError for an unknown flag, a missing or a needless value. */
export function readArguments<const Specs extends FlagSpecs>(
  command: string,
  words: readonly string[],
  specs: Specs,
): Arguments<keyof Specs & string> {
  // Not strict: its messages name neither the known flags nor the likeliest one, and change between versions of Node.
  const { tokens, positionals } = parseArgs({ args: [...words], options: specs, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (!spec)
      throw unknownFlag(
        token.rawName,
        command,
        Object.keys(specs).map((name) => `--${name}`),
      );
    const values = given.get(token.name) ?? [];
    given.set(token.name, values);
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw needlessValue(token.rawName, token.value);
      continue;
    }
    // "--config --help" is a forgotten value, not a file named "--help"; "-" alone is standard input.
    if (token.value === undefined || token.value === '' || (!token.inlineValue && /^-./.test(token.value)))
      throw missingValue(token.rawName);
    values.push(token.value);
  }
  return {
    positionals,
    has: (flag) => given.has(flag),
    one: (flag) => given.get(flag)?.at(-1),
    all: (flag) => given.get(flag) ?? [],
  };
}
