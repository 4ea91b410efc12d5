import { hashString } from '../stats/hash.ts';
import type { Message, Role, ToolCall } from '../types.ts';
import { when } from './alternatives.ts';
import { jsonText } from './json-text.ts';
import type { Raw } from './problem.ts';

/*
 * Turns, however they are written: {"role", "content"} as in chat messages, or {"from", "value"} as in ShareGPT.
 * The schemas hold no minLength, maxLength or pattern: these count code points over whole texts and
 * make validation five times as dear. What is empty is told by the rule empty-text.
 */

const partSchema = {
  type: 'object',
  ...when(
    { required: ['type'], properties: { type: { const: 'text' } } },
    { required: ['text'], properties: { text: { type: 'string' } } },
  ),
};

/** OpenAI and Mistral write arguments as text, TRL and Axolotl as objects; some leave out the wrapper "function". */
const calledSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, arguments: { type: ['string', 'object', 'null'] } },
};
const callSchema = {
  type: 'object',
  properties: { id: { type: ['string', 'null'] } },
  ...when({ required: ['name'] }, { $ref: 'called' }, { required: ['function'], properties: { function: { $ref: 'called' } } }),
};

const messageSchema = {
  properties: {
    role: { enum: ['system', 'developer', 'user', 'assistant', 'tool', 'function'] },
    content: { type: ['string', 'array', 'null'], items: { $ref: 'part' } },
    refusal: { type: ['string', 'null'] },
    tool_calls: { type: ['array', 'null'], items: { $ref: 'call' } },
    function_call: when({ not: { type: 'null' } }, { $ref: 'called' }),
    tool_call_id: { type: ['string', 'null'] },
  },
  anyOf: [{ required: ['content'] }, { required: ['tool_calls'] }, { required: ['function_call'] }, { required: ['refusal'] }],
};

const shareGptSchema = {
  required: ['value'],
  properties: {
    from: { enum: ['human', 'user', 'gpt', 'assistant', 'system', 'function_call', 'observation', 'tool'] },
    value: { type: ['string', 'null'] },
  },
};

/** One turn; the branch is chosen by the fields it has. */
const turnSchema = {
  type: 'object',
  properties: { weight: { type: ['number', 'null'] }, train: { type: ['boolean', 'null'] } },
  ...when({ required: ['role'] }, messageSchema, when({ required: ['from'] }, shareGptSchema, { required: ['role'] })),
};

/** A system text beside the turns. Some write it as a list of parts. */
const systemSchema = { type: ['string', 'array', 'null'], items: { $ref: 'part' } };

/** What the schemas of the formats refer to, by name. */
export const definitions = { turn: turnSchema, call: callSchema, called: calledSchema, part: partSchema, system: systemSchema };

/** The keywords of a list of turns, to stand beside a `type` with 'array'. */
export const turnsKeywords = { minItems: 1, items: { $ref: 'turn' } };
export const turnsSchema = { type: 'array', ...turnsKeywords };

/** The fields of a system text beside the turns. */
export const systemFields = { system: { $ref: 'system' }, system_prompt: { $ref: 'system' } };

/**
 * Appends the turns of a validated list to `into`.
 *
 * @param path of the list, for the problem
 * @param context true where the turns are a prompt: then its assistant turns are not trained
 * @returns what is wrong; nothing where all is well
 */
export function readTurns(turns: readonly Raw[], into: Message[], path: string, context = false): string | undefined {
  for (let i = 0; i < turns.length; i++) {
    const turn = readTurn(turns[i] as Raw, context);
    if (typeof turn === 'string') return `"${path}[${i}]${turn}" is nested too deep to read`;
    into.push(turn);
  }
  return undefined;
}

/** The message; or the path within it of what is nested too deep. */
export function readTurn(raw: Raw, context = false): Message | string {
  const { role: name, content } = raw;
  if (name === undefined && raw.from !== undefined) return readShareGptTurn(raw, context);
  const role = roleOf(name as string);
  const text =
    typeof content === 'string'
      ? content
      : content == null
        ? ((raw.refusal as string | undefined | null) ?? '')
        : textOfParts(content as Raw[]);
  if (text === undefined) return '.content';
  if (role !== 'assistant') {
    const callId = role === 'tool' ? raw.tool_call_id : undefined;
    return typeof callId === 'string' ? { role, text, callId } : { role, text };
  }
  if (raw.tool_calls == null && raw.function_call == null) return spoken(raw, text, context);
  const calls = readCalls(raw);
  if (typeof calls === 'string') return calls;
  if (calls.length === 0) return spoken(raw, text, context);
  return { ...spoken(raw, text === '' ? textOfCalls(calls) : text, context), calls };
}

function spoken(raw: Raw, text: string, context: boolean): Message {
  return context || raw.weight === 0 || raw.train === false ? { role: 'assistant', text, trained: false } : { role: 'assistant', text };
}

function roleOf(name: string): Role {
  switch (name) {
    case 'user':
    case 'human':
      return 'user';
    case 'assistant':
    case 'gpt':
    case 'function_call':
      return 'assistant';
    case 'system':
    case 'developer':
      return 'system';
    default:
      return 'tool';
  }
}

function readShareGptTurn(raw: Raw, context: boolean): Message | string {
  const role = roleOf(raw.from as string);
  const text = (raw.value as string | null) ?? '';
  if (role !== 'assistant') return { role, text };
  if (raw.from !== 'function_call') return spoken(raw, text, context);
  const calls = callsIn(text);
  return calls ? { ...spoken(raw, text, context), calls } : '.value';
}

/** A system text beside the turns, as the first message. */
export function readSystem(raw: Raw, into: Message[]): string | undefined {
  const system = raw.system ?? raw.system_prompt;
  if (system == null) return undefined;
  const text = typeof system === 'string' ? system : textOfParts(system as Raw[]);
  if (text === undefined) return `"${raw.system == null ? 'system_prompt' : 'system'}" is nested too deep to read`;
  if (text !== '') into.push({ role: 'system', text });
  return undefined;
}

/**
 * The texts of content parts, one per line. An image or a sound stands as `[image_url 1f0c…]`, its kind and a hash
 * of all it holds: the same question about two pictures is not the same prompt.
 */
function textOfParts(parts: readonly Raw[]): string | undefined {
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const piece = textOfPart(parts[i] as Raw);
    if (piece === undefined) return undefined;
    text = i === 0 ? piece : `${text}\n${piece}`;
  }
  return text;
}

function textOfPart(item: Raw): string | undefined {
  if (typeof item.text === 'string') return item.text;
  if (typeof item.refusal === 'string') return item.refusal;
  const json = jsonText(item);
  if (json === undefined) return undefined;
  const kind = typeof item.type === 'string' && /^[a-z_]{1,20}$/.test(item.type) ? item.type : 'part';
  return `[${kind} ${hashString(json).toString(36)}]`;
}

/** The calls of a turn, old style last; or the path of the arguments that are nested too deep. */
function readCalls(raw: Raw): ToolCall[] | string {
  const calls: ToolCall[] = [];
  const list = (raw.tool_calls ?? []) as readonly Raw[];
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as Raw;
    const read = readCall((item.name === undefined ? item.function : item) as Raw, item.id);
    if (!read) return `.tool_calls[${i}]${item.name === undefined ? '.function' : ''}.arguments`;
    calls.push(read);
  }
  if (raw.function_call != null) {
    const read = readCall(raw.function_call as Raw, undefined);
    if (!read) return '.function_call.arguments';
    calls.push(read);
  }
  return calls;
}

function readCall(item: Raw, id: unknown): ToolCall | undefined {
  const given = item.arguments ?? {};
  const text = typeof given === 'string' ? given : jsonText(given);
  if (text === undefined) return undefined;
  return typeof id === 'string' ? { id, name: item.name as string, arguments: text } : { name: item.name as string, arguments: text };
}

/** The calls that a ShareGPT function_call turn holds as JSON: an object or a list of them. What is no such JSON becomes the arguments of a call without a name. */
function callsIn(text: string): ToolCall[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ name: '', arguments: text }];
  }
  const calls: ToolCall[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item !== 'object' || item === null || typeof item.name !== 'string') return [{ name: '', arguments: text }];
    const call = readCall(item as Raw, undefined);
    if (!call) return undefined;
    calls.push(call);
  }
  return calls;
}

/** Calls as ShareGPT writes them: one object, or a list where there are several. Ids are left out: they differ in every row and say nothing. */
function textOfCalls(calls: readonly ToolCall[]): string {
  const texts = calls.map((item) => `{"name":${JSON.stringify(item.name)},"arguments":${item.arguments}}`);
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(',')}]`;
}
