import type { Confidence, Fields, Raw, Shape, Speaker, Turns } from './provider.ts';

/** Pieces that several providers share, and the names of shapes for rows that a provider does not take. */

const is = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (raw: Raw, ...keys: string[]): boolean => keys.every((key) => Object.hasOwn(raw, key) && raw[key] != null);
const firstOf = (value: unknown): Raw | undefined => (Array.isArray(value) && is(value[0]) ? value[0] : undefined);

/** Rows of `{"role", "content"}` whose contents are lists of parts known by their key, as Nova writes them. */
const isNova = (raw: Raw): boolean => {
  if (has(raw, 'schemaVersion')) return true;
  const content = firstOf(raw.messages)?.content;
  const part = firstOf(content);
  return part !== undefined && part.type === undefined && (part.text !== undefined || part.image !== undefined || part.video !== undefined);
};

const NAMED: readonly (readonly [name: string, detects: (raw: Raw) => boolean])[] = [
  [
    'OpenAI preference data',
    (raw) => has(raw, 'input') && (has(raw, 'preferred_output') || has(raw, 'non_preferred_output') || has(raw, 'preferred_completion')),
  ],
  ['Gemini contents', (raw) => Array.isArray(raw.contents)],
  ['preference data', (raw) => has(raw, 'chosen', 'rejected')],
  ['Bedrock Nova conversations', isNova],
  ['chat messages', (raw) => has(raw, 'messages')],
  ['Mistral interactions', (raw) => has(raw, 'interactions')],
  ['ShareGPT conversations', (raw) => has(raw, 'conversations')],
  ['Alpaca instructions', (raw) => has(raw, 'instruction')],
  ['prompt/response pairs', (raw) => has(raw, 'prompt', 'response')],
  ['prompt/completion pairs', (raw) => has(raw, 'prompt', 'completion')],
  ['segments', (raw) => has(raw, 'segments')],
  ['questions and answers', (raw) => has(raw, 'question') && (has(raw, 'answer') || has(raw, 'response'))],
  ['plain text', (raw) => typeof raw.text === 'string'],
  ['a prompt alone', (raw) => has(raw, 'prompt')],
];

/** What a reader calls the shape of a row; `undefined` where it is like none. */
export function shapeNamed(raw: Raw): string | undefined {
  return NAMED.find(([, detects]) => detects(raw))?.[0];
}

// ── Chat messages, as OpenAI and those that follow it write them ────────────

export const CHAT_ROLES = { system: 'system', user: 'user', assistant: 'assistant', tool: 'tool' } as const satisfies Record<
  string,
  Speaker
>;

/** Any role, text or typed parts: what trainers take, since the chat template of the model decides. */
export const templateTurns: Turns = {
  each: 'message',
  role: 'role',
  content: ['content'],
  text: true,
  parts: {
    text: ['system', 'user', 'assistant', 'tool'],
    image: ['user', 'assistant', 'system', 'tool'],
    image_url: ['user', 'assistant', 'system', 'tool'],
    video: ['user', 'assistant', 'system', 'tool'],
    audio: ['user', 'assistant', 'system', 'tool'],
  },
  calls: { arguments: 'object', ids: false, answered: false },
  order: [],
};

export const openAiTurns: Turns = {
  each: 'message',
  role: 'role',
  roles: { ...CHAT_ROLES, function: 'tool' },
  content: ['content'],
  text: true,
  parts: { text: ['system', 'user', 'assistant', 'tool'], image_url: ['user'], refusal: ['assistant'] },
  calls: { arguments: 'text', ids: true, answered: true },
  weight: true,
  order: [{ rule: 'an assistant turn' }, { rule: 'something to train' }],
};

export const wrappedTools = { kind: 'tools', needs: ['name'], wrapped: true, optional: true } as const;
const plainFunctions = { kind: 'tools', needs: ['name'], wrapped: false, optional: true } as const;

/** What stands beside the messages. */
export const beside = { tools: wrappedTools, parallel_tool_calls: { kind: 'boolean', optional: true } } as const satisfies Fields;

/** Fields that no grader reads. */
const UNGRADED = new Set(
  'messages tools parallel_tool_calls functions weight id uuid source category split lang language date timestamp url meta metadata tags'.split(
    ' ',
  ),
);

export const isPreferenceOfOpenAi = (raw: Raw): boolean =>
  has(raw, 'preferred_output') ||
  has(raw, 'non_preferred_output') ||
  has(raw, 'preferred_completion') ||
  has(raw, 'non_preferred_completion') ||
  (is(raw.input) && has(raw.input, 'messages'));

/** Rows whose last turn is a prompt and that hold more than a chat: what graders of reinforcement fine-tuning read. */
export const isGraded = (raw: Raw): boolean => {
  if (!Array.isArray(raw.messages)) return false;
  const last: unknown = raw.messages.at(-1);
  if (!is(last) || last.role === 'assistant') return false;
  return Object.keys(raw).some((key) => !UNGRADED.has(key));
};

export const chatShape = (turns: Turns, more: Fields = {}): Shape => ({
  id: 'messages',
  name: 'chat messages',
  detects: (raw) => Object.hasOwn(raw, 'messages') && !isNova(raw),
  fields: { messages: { kind: 'turns', turns }, ...beside, functions: plainFunctions, ...more },
});

/** A system text that Bedrock, LLaMA-Factory and some data sets have beside the messages, and that others do not read. */
const IGNORED = ['system', 'system_prompt', 'systemInstruction'];
export const ignoring = (shape: Shape, confidence: Confidence, fields: readonly string[] = IGNORED): Shape => ({
  ...shape,
  ignored: { fields, where: 'beside the messages', expected: 'a message with role "system"', confidence },
});

export const gradedShape = (turns: Turns): Shape => ({
  id: 'graded',
  name: 'prompts with an answer key',
  detects: isGraded,
  fields: { messages: { kind: 'turns', turns }, tools: wrappedTools },
});

const only = (turns: Turns): Turns => ({ ...turns, roles: { assistant: 'assistant' }, order: [{ rule: 'one assistant turn' }] });

/** OpenAI's preference data, as its guide, Azure, Together and Fireworks have it; its published specification once had other names. */
export const preferenceShape = (turns: Turns, outputs: Turns = only(turns)): Shape => ({
  id: 'preference',
  name: 'preference data (input, preferred_output, non_preferred_output)',
  purpose: 'preference',
  detects: isPreferenceOfOpenAi,
  fields: {
    input: { kind: 'object', fields: { messages: { kind: 'turns', turns }, ...beside } },
    preferred_output: { kind: 'turns', turns: outputs },
    non_preferred_output: { kind: 'turns', turns: outputs },
  },
  renamed: { preferred_completion: 'preferred_output', non_preferred_completion: 'non_preferred_output' },
});

export const promptCompletion: Shape = {
  id: 'prompt-completion',
  name: 'prompt/completion pairs',
  detects: (raw) => Object.hasOwn(raw, 'completion') || (Object.hasOwn(raw, 'prompt') && Object.keys(raw).length === 1),
  fields: { prompt: { kind: 'text' }, completion: { kind: 'text' } },
};

/** Rows for KTO, which say whether a completion is good or bad, at a service that would learn both. */
export const rated: Shape = {
  id: 'rated',
  name: 'rated completions (prompt, completion, label)',
  detects: (raw) => Object.hasOwn(raw, 'completion') && (typeof raw.label === 'boolean' || typeof raw.kto_tag === 'boolean'),
  fields: {},
  wrong: { kind: 'rated', detail: 'a completion rated good or bad (KTO)', expected: 'replies to learn only' },
};

export const plainText: Shape = {
  id: 'text',
  name: 'plain text',
  detects: (raw) => Object.hasOwn(raw, 'text'),
  fields: { text: { kind: 'text' } },
};

// ── ShareGPT, Alpaca and preference rows, as trainers take them ─────────────

export const shareGptTurns: Turns = { each: 'turn', role: 'from', content: ['value'], text: true, order: [] };

/** Conversations with `from` and `value`, or with `role` and `content`. */
export const conversations = (turns: Turns, more: Fields = {}): Shape => ({
  id: 'conversations',
  name: 'ShareGPT conversations',
  detects: (raw) => Object.hasOwn(raw, 'conversations') && firstOf(raw.conversations)?.role === undefined,
  fields: { conversations: { kind: 'turns', turns }, system: { kind: 'text', optional: true }, ...more },
});

export const chatConversations: Shape = {
  id: 'chat-conversations',
  name: 'conversations of chat messages',
  detects: (raw) => Object.hasOwn(raw, 'conversations') && firstOf(raw.conversations)?.role !== undefined,
  fields: { conversations: { kind: 'turns', turns: templateTurns } },
};

export const alpaca: Shape = {
  id: 'alpaca',
  name: 'Alpaca instructions',
  detects: (raw) => Object.hasOwn(raw, 'instruction'),
  fields: {
    instruction: { kind: 'text' },
    input: { kind: 'text', optional: true },
    output: { kind: 'text' },
    system: { kind: 'text', optional: true },
    history: { kind: 'text pairs', optional: true },
  },
};

export const isPair = (raw: Raw): boolean => has(raw, 'chosen') || has(raw, 'rejected');
export const hasKeys = has;
export const firstItem = firstOf;
export { isNova };
