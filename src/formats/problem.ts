import { nearest } from '../libraries/natural.ts';
import type { Problem } from '../types.ts';
import { count, list, quote } from '../wording.ts';

/** A row as parsed, or any object in it. */
export type Raw = Readonly<Record<string, unknown>>;

/** What ajv's compiled code leaves behind, as far as it is read here. */
interface SchemaError {
  readonly keyword: string;
  /** A JSON pointer. Made of names from the schema and indexes only, never of keys from the data. */
  readonly instancePath: string;
  readonly params: {
    readonly type?: string | readonly string[];
    readonly missingProperty?: string;
    readonly allowedValues?: readonly unknown[];
  };
}

/** A validator in `validate.generated.ts`. */
export type Validate = ((data: unknown) => boolean) & { errors?: readonly SchemaError[] | null };

/** What the items of a list are called, by the field that holds it. */
const ITEMS: Readonly<Record<string, string>> = {
  messages: 'messages',
  prompt: 'messages',
  completion: 'messages',
  response: 'messages',
  chosen: 'messages',
  rejected: 'messages',
  preferred_output: 'messages',
  non_preferred_output: 'messages',
  interactions: 'messages',
  conversations: 'turns',
  contents: 'turns',
  completions: 'completions',
  labels: 'labels',
  segments: 'segments',
  content: 'parts',
  parts: 'parts',
  system: 'parts',
  system_prompt: 'parts',
  tool_calls: 'calls',
  history: 'pairs',
};

/** What other tools and services call the roles. */
const OTHER_NAMES: Readonly<Record<string, 'user' | 'assistant' | 'system' | 'tool'>> = {
  human: 'user',
  customer: 'user',
  prompter: 'user',
  gpt: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  chatbot: 'assistant',
  chatgpt: 'assistant',
  agent: 'assistant',
  instruction: 'system',
  observation: 'tool',
  ipython: 'tool',
  function_response: 'tool',
  tool_response: 'tool',
};

/** The names that one way of writing turns has for the roles; where it has none for a role, that role does not belong among its turns. */
interface Dialect {
  /** Roles as they are listed for a reader. */
  readonly known: readonly string[];
  readonly names: { readonly [role in 'user' | 'assistant' | 'system' | 'tool']?: string };
}
const CHAT: Dialect = {
  known: ['system', 'user', 'assistant', 'tool'],
  names: { user: 'user', assistant: 'assistant', system: 'system', tool: 'tool' },
};
const SHAREGPT: Dialect = {
  known: ['human', 'gpt', 'system', 'function_call', 'observation'],
  names: { user: 'human', assistant: 'gpt', system: 'system', tool: 'observation' },
};
/** Dialects that are told by a role that only they allow, most telling first. */
const DIALECTS: readonly (readonly [mark: string, dialect: Dialect])[] = [
  ['Chatbot', { known: ['System', 'User', 'Chatbot'], names: { user: 'User', assistant: 'Chatbot', system: 'System' } }],
  ['model', { known: ['user', 'model'], names: { user: 'user', assistant: 'model', tool: 'user' } }],
  ['system', CHAT],
  ['assistant', { known: ['user', 'assistant'], names: { user: 'user', assistant: 'assistant' } }],
];

/**
 * What is wrong with a row that `validate` has just turned down: the root cause, with its path.
 * ajv stops at the first fault, and the schemas choose a branch by the fields that a row has, so its first error is the cause.
 */
export function problemOf(validate: Validate, raw: unknown): Problem {
  const error = validate.errors?.[0];
  if (!error) throw new Error('Unexpected call of problemOf without an error of the schema');
  const steps = error.instancePath.split('/').slice(1);
  const value = valueAt(raw, steps);
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return missing(steps, params.missingProperty as string, value);
    case 'minItems':
      return steps.at(-2) === 'history'
        ? { problem: `"${pathOf(steps)}" has ${count((value as unknown[]).length, 'item')}`, expected: 'a prompt and a reply' }
        : { problem: `"${pathOf(steps)}" is empty`, expected: EMPTY[steps.at(-1) ?? ''] ?? 'at least one turn' };
    case 'type':
      return { problem: `"${pathOf(steps)}" is ${kindOf(value)}`, expected: expected([params.type ?? []].flat(), steps) };
    case 'enum':
      return wrongRole(steps, value, params.allowedValues as readonly string[]);
    default:
      throw new Error(`Unexpected keyword ${error.keyword} in a schema of src/formats, expected one that problem.ts can put into words`);
  }
}

/** What a list of this name needs at least, where it is no list of turns. */
const EMPTY: Readonly<Record<string, string>> = {
  parts: 'at least one part',
  content: 'at least one part',
  completions: 'at least one completion',
  labels: 'at least one label',
  segments: 'at least one segment',
};

/** A value of the row that goes deeper than `jsonText` follows. */
export function tooDeep(path: string): Problem {
  return { problem: `"${path}" is nested too deep to read`, expected: 'at most 500 levels' };
}

/** `messages[2].content`. */
function pathOf(steps: readonly string[]): string {
  let path = '';
  for (const step of steps) path += /^\d+$/.test(step) ? `[${step}]` : path === '' ? step : `.${step}`;
  return path;
}

function valueAt(raw: unknown, steps: readonly string[]): unknown {
  let value = raw;
  for (const step of steps) value = (value as Raw)[step];
  return value;
}

/** What a person calls a value of this kind. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`; // only in rows that were handed over as objects
  }
}

function expected(types: readonly string[], steps: readonly string[]): string {
  const field = steps.at(-1) ?? '';
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    array: ITEMS[field] ? `a list of ${ITEMS[field]}` : 'a list of two texts',
    object: 'an object',
    number: 'a number',
    boolean: 'true/false',
  };
  return list(
    types.flatMap((type) => words[type] ?? []),
    'or',
  );
}

function missing(steps: readonly string[], field: string, value: unknown): Problem {
  const path = pathOf(steps);
  if (field === 'content' && (value as Raw).role === 'assistant')
    return { problem: `${path} has neither "content" nor "tool_calls"`, expected: 'one of them' };
  const name = field === 'role' && (value as Raw).value !== undefined ? 'from' : field; // ShareGPT's name for it
  return {
    problem: `"${path === '' ? name : `${path}.${name}`}" is missing`,
    expected: 'it in every line of this format',
    ...(path === '' && { advice: `Add "${name}" to` }),
  };
}

function wrongRole(steps: readonly string[], value: unknown, allowed: readonly string[]): Problem {
  const { known, names } = steps.at(-1) === 'from' ? SHAREGPT : (DIALECTS.find(([mark]) => allowed.includes(mark))?.[1] ?? CHAT);
  if (typeof value !== 'string') return { problem: `"${pathOf(steps)}" is ${kindOf(value)}`, expected: list(known, 'or') };
  const given = value.trim().toLowerCase();
  const role = Object.hasOwn(OTHER_NAMES, given) ? OTHER_NAMES[given] : Object.hasOwn(CHAT.names, given) ? (given as 'user') : undefined;
  const meant = given.length > 40 ? undefined : role ? names[role] : nearest(given, allowed);
  return {
    problem: `role ${quote(value)} in ${pathOf(steps.slice(0, -1))}`,
    expected: `${list(known, 'or')}${meant ? ` (did you mean "${meant}"?)` : ''}`,
    ...(meant && { advice: `Write role "${meant}" in` }),
  };
}
