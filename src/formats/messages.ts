import { hashString } from '../stats/hash.ts';
import type { Message, Problem, Role, ToolCall } from '../types.ts';
import { when } from './alternatives.ts';
import { jsonText } from './json-text.ts';
import { type Raw, tooDeep } from './problem.ts';

/*
 * Turns, however they are written: {"role", "content"} as in chat messages, or {"from", "value"} as in ShareGPT.
 * The schemas hold no minLength, maxLength or pattern: these count code points over whole texts and
 * make validation five times as dear. What is empty is told by the rule empty-text.
 */

/** Amazon's parts have no `type`: the one field that a part has says what it is. */
const converseSchema = {
  properties: {
    text: { type: ['string', 'null'] },
    reasoningContent: { type: ['object', 'null'] },
    toolUse: when(
      { not: { type: 'null' } },
      {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, toolUseId: { type: ['string', 'null'] }, input: { type: ['object', 'null'] } },
      },
    ),
    // The parts of a result are not parts by this schema: it would call itself, and a row may nest without end.
    toolResult: when(
      { not: { type: 'null' } },
      {
        type: 'object',
        properties: {
          toolUseId: { type: ['string', 'null'] },
          content: { type: ['string', 'array', 'null'], items: { type: 'object' } },
        },
      },
    ),
  },
};

/** Of Anthropic's kinds of parts those that are no text to the reader are checked; of others (pictures, sounds) that they are objects. */
const typedSchema = when(
  { properties: { type: { const: 'tool_use' } } },
  {
    required: ['name'],
    properties: { name: { type: 'string' }, id: { type: ['string', 'null'] }, input: { type: ['string', 'object', 'null'] } },
  },
  when(
    { properties: { type: { const: 'tool_result' } } },
    {
      properties: {
        tool_use_id: { type: ['string', 'null'] },
        content: { type: ['string', 'array', 'null'], items: { type: 'object' } },
      },
    },
  ),
);

const partSchema = {
  type: 'object',
  ...when(
    { required: ['type'] },
    when({ properties: { type: { const: 'text' } } }, { required: ['text'], properties: { text: { type: 'string' } } }, typedSchema),
    converseSchema,
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
    reasoning_content: { type: ['string', 'null'] },
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

/** A turn of Mistral's interactions, whose text may also be called "text". */
const interactionSchema = {
  type: 'object',
  required: ['role'],
  properties: {
    ...messageSchema.properties,
    text: { type: ['string', 'null'] },
    weight: { type: ['number', 'null'] },
  },
  anyOf: [...messageSchema.anyOf, { required: ['text'] }],
};

/** A system text beside the turns. Some write it as a list of parts. */
const systemSchema = { type: ['string', 'array', 'null'], items: { $ref: 'part' } };

/** What the schemas of the formats refer to, by name. */
export const definitions = {
  turn: turnSchema,
  interaction: interactionSchema,
  call: callSchema,
  called: calledSchema,
  part: partSchema,
  system: systemSchema,
};

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
export function readTurns(turns: readonly Raw[], into: Message[], path: string, context = false): Problem | undefined {
  for (let i = 0; i < turns.length; i++) {
    const deep = readTurn(turns[i] as Raw, into, context);
    if (deep !== undefined) return tooDeep(`${path}[${i}]${deep}`);
  }
  return undefined;
}

/**
 * Appends a turn to `into`: mostly one message, but the results of tools that a user turn holds are messages of their own.
 *
 * @returns the path, within the turn, of what is nested too deep; nothing where all is well
 */
export function readTurn(raw: Raw, into: Message[], context = false): string | undefined {
  const { role: name, content } = raw;
  if (name === undefined && raw.from !== undefined) return readShareGptTurn(raw, into, context);
  const role = roleOf(name as string);
  if (Array.isArray(content)) return readParts(raw, role, content as Raw[], into, context);
  const text =
    typeof content === 'string' ? content : ((content === undefined ? textField(raw) : undefined) ?? (raw.refusal as string | null) ?? '');
  if (role === 'assistant') return speak(raw, text, reasoningOf(raw), undefined, into, context);
  const callId = role === 'tool' ? raw.tool_call_id : undefined;
  into.push(typeof callId === 'string' ? { role, text, callId } : { role, text });
  return undefined;
}

/** Mistral's other name for the content of an interaction. */
function textField(raw: Raw): string | undefined {
  return typeof raw.text === 'string' ? raw.text : undefined;
}

/** Appends an assistant turn with what it calls: in fields of its own, or in the parts that were read already. */
function speak(
  raw: Raw,
  text: string,
  reasoning: string | undefined,
  called: readonly ToolCall[] | undefined,
  into: Message[],
  context: boolean,
): string | undefined {
  let calls = called;
  if (raw.tool_calls != null || raw.function_call != null) {
    const own = readCalls(raw);
    if (typeof own === 'string') return own;
    calls = called ? [...called, ...own] : own;
  }
  into.push(
    calls && calls.length > 0
      ? { ...spoken(raw, text === '' ? textOfCalls(calls) : text, reasoning, context), calls }
      : spoken(raw, text, reasoning, context),
  );
  return undefined;
}

function spoken(raw: Raw, text: string, reasoning: string | undefined, context: boolean): Message {
  const trained = !context && raw.weight !== 0 && raw.train !== false;
  if (reasoning !== undefined) {
    return trained ? { role: 'assistant', text, reasoning } : { role: 'assistant', text, reasoning, trained: false };
  }
  return trained ? { role: 'assistant', text } : { role: 'assistant', text, trained: false };
}

/** Together and vLLM write `reasoning_content` or `reasoning`, TRL and Harmony `thinking`. A flag or an object of that name is none. */
function reasoningOf(raw: Raw): string | undefined {
  const given = raw.reasoning_content ?? raw.reasoning ?? raw.thinking;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function roleOf(name: string): Role {
  switch (name) {
    case 'user':
    case 'human':
    case 'User':
      return 'user';
    case 'assistant':
    case 'gpt':
    case 'function_call':
    case 'Chatbot':
      return 'assistant';
    case 'system':
    case 'developer':
    case 'System':
      return 'system';
    default:
      return 'tool';
  }
}

function readShareGptTurn(raw: Raw, into: Message[], context: boolean): string | undefined {
  const role = roleOf(raw.from as string);
  const text = (raw.value as string | null) ?? '';
  if (role !== 'assistant') {
    into.push({ role, text });
    return undefined;
  }
  const calls = raw.from === 'function_call' ? callsIn(text) : [];
  if (!calls) return '.value';
  const message = spoken(raw, text, reasoningOf(raw), context);
  into.push(calls.length > 0 ? { ...message, calls } : message);
  return undefined;
}

/** A system text beside the turns, as the first message. */
export function readSystem(raw: Raw, into: Message[]): Problem | undefined {
  const system = raw.system ?? raw.system_prompt;
  if (system == null) return undefined;
  const text = typeof system === 'string' ? system : textOfParts(system as Raw[]);
  if (text === undefined) return tooDeep(raw.system == null ? 'system_prompt' : 'system');
  if (text !== '') into.push({ role: 'system', text });
  return undefined;
}

/** The same turn as part of a prompt. */
export function asContext(message: Message): Message {
  return message.role === 'assistant' && message.trained !== false ? { ...message, trained: false } : message;
}

// ── Parts ───────────────────────────────────────────────────────────────────

/**
 * A turn whose content is a list of parts: OpenAI's and Mistral's (`type`: text, image_url …), Anthropic's (also tool_use,
 * tool_result, thinking) or Amazon's (text, toolUse, toolResult, reasoningContent).
 */
function readParts(raw: Raw, role: Role, parts: readonly Raw[], into: Message[], context: boolean): string | undefined {
  let said: string | undefined;
  let reasoning = role === 'assistant' ? reasoningOf(raw) : undefined;
  let calls: ToolCall[] | undefined;
  let answered = false;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Raw;
    if (typeof part.text !== 'string') {
      const { type } = part;
      const called = type === 'tool_use' ? part : type == null ? (part.toolUse as Raw | null | undefined) : undefined;
      if (called != null && role === 'assistant') {
        const call = readCall(called, called.id ?? called.toolUseId, called.input);
        if (!call) return `.content[${i}].${type === 'tool_use' ? 'input' : 'toolUse.input'}`;
        if (calls) calls.push(call);
        else calls = [call];
        continue;
      }
      const result = type === 'tool_result' ? part : type == null ? (part.toolResult as Raw | null | undefined) : undefined;
      if (result != null && role !== 'assistant') {
        const message = resultOf(result);
        if (!message) return `.content[${i}].${type === 'tool_result' ? 'content' : 'toolResult.content'}`;
        into.push(message);
        answered = true;
        continue;
      }
      if (role === 'assistant' && isThought(part)) {
        const thought = thoughtIn(part);
        if (thought !== undefined) reasoning = reasoning === undefined ? thought : `${reasoning}\n${thought}`;
        continue;
      }
    }
    const piece = textOfPart(part);
    if (piece === undefined) return '.content';
    said = said === undefined ? piece : `${said}\n${piece}`;
  }
  if (role === 'assistant') return speak(raw, said ?? '', reasoning, calls, into, context);
  if (answered && said === undefined) return undefined;
  const callId = role === 'tool' ? raw.tool_call_id : undefined;
  into.push(typeof callId === 'string' ? { role, text: said ?? '', callId } : { role, text: said ?? '' });
  return undefined;
}

/** What a tool gave back, as a message; `undefined` where it is nested too deep. */
function resultOf(result: Raw): Message | undefined {
  const { content } = result;
  const id = result.tool_use_id ?? result.toolUseId;
  const text = typeof content === 'string' ? content : textOfParts((content ?? []) as Raw[]);
  if (text === undefined) return undefined;
  return typeof id === 'string' ? { role: 'tool', text, callId: id } : { role: 'tool', text };
}

function isThought({ type, reasoningContent }: Raw): boolean {
  return type === 'thinking' || type === 'redacted_thinking' || (type == null && reasoningContent != null);
}

/** Anthropic: `thinking` is a text. Mistral: a list of text parts. Amazon: `reasoningContent.reasoningText.text`. Redacted: nothing to read. */
function thoughtIn({ thinking, reasoningContent }: Raw): string | undefined {
  if (typeof thinking === 'string') return thinking;
  if (Array.isArray(thinking)) {
    const texts = (thinking as unknown[]).map((item) => (item as Raw | null)?.text).filter((text) => typeof text === 'string');
    return texts.length > 0 ? texts.join('\n') : undefined;
  }
  const text = ((reasoningContent as Raw | null | undefined)?.reasoningText as Raw | null | undefined)?.text;
  return typeof text === 'string' ? text : undefined;
}

/** The texts of content parts, one per line; `undefined` where one is nested too deep. */
export function textOfParts(parts: readonly Raw[]): string | undefined {
  let text = '';
  for (let i = 0; i < parts.length; i++) {
    const piece = textOfPart(parts[i] as Raw);
    if (piece === undefined) return undefined;
    text = i === 0 ? piece : `${text}\n${piece}`;
  }
  return text;
}

/**
 * The text of a part. An image or a sound stands as `[image_url 1f0c…]`, its kind and a hash of all it holds: the same
 * question about two pictures is not the same prompt. JSON in Amazon's results of tools stands as it is.
 */
export function textOfPart(part: Raw): string | undefined {
  if (typeof part.text === 'string') return part.text;
  if (typeof part.refusal === 'string') return part.refusal;
  if (part.type == null && part.json !== undefined) return jsonText(part.json);
  const json = jsonText(part);
  if (json === undefined) return undefined;
  const kind = typeof part.type === 'string' ? part.type : (Object.keys(part)[0] ?? '');
  return `[${/^[A-Za-z_]{1,20}$/.test(kind) ? kind : 'part'} ${hashString(json).toString(36)}]`;
}

// ── Calls ───────────────────────────────────────────────────────────────────

/** The calls of a turn, old style last; or the path of the arguments that are nested too deep. */
function readCalls(raw: Raw): ToolCall[] | string {
  const calls: ToolCall[] = [];
  const list = (raw.tool_calls ?? []) as readonly Raw[];
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as Raw;
    const called = (item.name === undefined ? item.function : item) as Raw;
    const read = readCall(called, item.id, called.arguments);
    if (!read) return `.tool_calls[${i}]${item.name === undefined ? '.function' : ''}.arguments`;
    calls.push(read);
  }
  if (raw.function_call != null) {
    const called = raw.function_call as Raw;
    const read = readCall(called, undefined, called.arguments);
    if (!read) return '.function_call.arguments';
    calls.push(read);
  }
  return calls;
}

/** `undefined` where the arguments are nested too deep. */
export function readCall({ name }: Raw, id: unknown, input: unknown): ToolCall | undefined {
  const given = input ?? {};
  const text = typeof given === 'string' ? given : jsonText(given);
  if (text === undefined) return undefined;
  return typeof id === 'string' ? { id, name: name as string, arguments: text } : { name: name as string, arguments: text };
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
    const call = readCall(item as Raw, undefined, (item as Raw).arguments);
    if (!call) return undefined;
    calls.push(call);
  }
  return calls;
}

/** Calls as ShareGPT writes them: one object, or a list where there are several. Ids are left out: they differ in every row and say nothing. */
export function textOfCalls(calls: readonly ToolCall[]): string {
  const texts = calls.map((item) => `{"name":${JSON.stringify(item.name)},"arguments":${item.arguments}}`);
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(',')}]`;
}
