import { nearest } from '../libraries/natural.ts';
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
  conversations: 'turns',
  content: 'parts',
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
const SHAREGPT_NAMES = { user: 'human', assistant: 'gpt', system: 'system', tool: 'observation' } as const;

/**
 * What is wrong with a row that `validate` has just turned down: one noun phrase for the root cause, with its path.
 * ajv stops at the first fault, and the schemas choose a branch by the fields that a row has, so its first error is the cause.
 */
export function problemOf(validate: Validate, raw: unknown): string {
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
        ? `"${pathOf(steps)}" has ${count((value as unknown[]).length, 'item')}, expected a prompt and a reply`
        : `"${pathOf(steps)}" is empty`;
    case 'type':
      return `"${pathOf(steps)}" is ${kindOf(value)}, expected ${expected([params.type ?? []].flat(), steps)}`;
    case 'enum':
      return wrongRole(steps, value, params.allowedValues as readonly string[]);
    default:
      throw new Error(`Unexpected keyword ${error.keyword} in a schema of src/formats, expected one that problem.ts can put into words`);
  }
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

function missing(steps: readonly string[], field: string, value: unknown): string {
  const path = pathOf(steps);
  if (field === 'content' && (value as Raw).role === 'assistant') return `${path} has neither "content" nor "tool_calls"`;
  if (field === 'role' && (value as Raw).value !== undefined) return `"${path}.from" is missing`; // ShareGPT's name for it
  return `"${path === '' ? field : `${path}.${field}`}" is missing`;
}

function wrongRole(steps: readonly string[], value: unknown, allowed: readonly string[]): string {
  const sharegpt = steps.at(-1) === 'from';
  const known = list(sharegpt ? ['human', 'gpt', 'system', 'function_call', 'observation'] : ['system', 'user', 'assistant', 'tool'], 'or');
  if (typeof value !== 'string') return `"${pathOf(steps)}" is ${kindOf(value)}, expected ${known}`;
  const given = value.trim().toLowerCase();
  const role = given.length > 40 ? undefined : Object.hasOwn(OTHER_NAMES, given) ? OTHER_NAMES[given] : undefined;
  const meant = role ? (sharegpt ? SHAREGPT_NAMES[role] : role) : given.length > 40 ? undefined : nearest(given, allowed);
  const where = pathOf(steps.slice(0, -1));
  return `role ${quote(value)} in ${where}, expected ${known}${meant ? ` (did you mean "${meant}"?)` : ''}`;
}
