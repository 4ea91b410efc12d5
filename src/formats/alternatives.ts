import type { Raw } from './problem.ts';

/**
 * The schema of a value that goes by several names: the first field that is there, and is not null, must be a `value`.
 * Where all are null, the error is about the first of these; where none is there, the first name is missing.
 */
export function alternatives(names: readonly string[], value: object): object {
  let schema: object = { required: [names[0]] };
  for (const name of names.toReversed()) schema = when({ required: [name] }, { properties: { [name]: value } }, schema);
  for (const name of names.toReversed()) schema = when(present(name), { properties: { [name]: value } }, schema);
  return schema;
}

/** A schema that depends on what is found, so that an error is about the branch that was meant. Keywords to spread beside others. */
export function when(
  condition: object,
  met: object,
  otherwise: object = {},
): { readonly if: object; readonly then: object; readonly else: object } {
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  return { if: condition, then: met, else: otherwise };
}

/** A condition: the field is there and is not null. */
export function present(name: string): object {
  return { required: [name], properties: { [name]: { not: { type: 'null' } } } };
}

/** The first of these fields that is there and is not null. */
export function given<Name extends string>(raw: Raw, names: readonly Name[]): Name {
  for (const name of names) if (raw[name] != null) return name;
  return names[0] as Name;
}

/** Names of fields that are neither prompt nor reply, however long. */
export const METADATA = /^(?:id|uuid|idx|index|url|uri|source|date|time|timestamp|created|split|lang|language|model|hash)(?:_|$)|_id$/i;
