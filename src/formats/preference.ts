import type { Conversation, Format, Message, Problem } from '../types.ts';
import { INSTRUCTIONS, promptKeywords, readPrompt } from './alpaca.ts';
import { given, present, when } from './alternatives.ts';
import { asContext, readSystem, readTurn, readTurns, systemFields, turnsKeywords, turnsSchema } from './messages.ts';
import { problemOf, type Raw, tooDeep, type Validate } from './problem.ts';
import { readSide } from './prompt-completion.ts';
import { preference as generated } from './validate.generated.ts';

/** A reply: a text, a list of turns, or one turn. Each keyword looks at its own kind of value only. */
const replySchema = { type: ['string', 'array', 'object'], ...turnsKeywords, ...when({ type: 'object' }, { $ref: 'turn' }) };
const CONVERSATIONS = ['conversations', 'messages'] as const;

/** OpenAI: the shape of its guide. Its published specification once said `preferred_completion`; no service takes that. */
const openai = {
  required: ['input', 'preferred_output', 'non_preferred_output'],
  properties: {
    input: { type: 'object', required: ['messages'], properties: { messages: turnsSchema } },
    preferred_output: turnsSchema,
    non_preferred_output: turnsSchema,
  },
};

const trl = {
  required: ['chosen', 'rejected'],
  properties: { chosen: replySchema, rejected: replySchema, ...systemFields },
  ...when(
    present('prompt'),
    { properties: { prompt: { type: ['string', 'array'], ...turnsKeywords } } },
    when({ anyOf: INSTRUCTIONS.map(present) }, promptKeywords, {
      properties: Object.fromEntries(CONVERSATIONS.map((name) => [name, { ...turnsSchema, type: ['array', 'null'] }])),
    }),
  ),
};

/**
 * Preference pairs. TRL, Axolotl, Unsloth: `{"prompt": …, "chosen": …, "rejected": …}` as texts or lists of messages, or without
 * the prompt; Alpaca's with `instruction` and `input`; ShareGPT's with `conversations`; and OpenAI's, which Azure, Together and Fireworks take too,
 * `{"input": {"messages": …}, "preferred_output": […], "non_preferred_output": […]}`.
 */
export const schema = {
  type: 'object',
  ...when({ anyOf: [{ required: ['preferred_output'] }, { required: ['non_preferred_output'] }] }, openai, trl),
};

const validate = generated as Validate;

type Read = ReturnType<Format['read']>;

export const preference: Format = {
  id: 'preference',
  name: 'preference pairs',
  keys: ['prompt', 'chosen', 'rejected'],
  detects: (raw) =>
    raw.chosen != null
      ? raw.rejected !== undefined || !hasReply(raw)
      : raw.rejected != null
        ? raw.chosen === null || !hasReply(raw)
        : raw.preferred_output != null || raw.non_preferred_output != null || raw.preferred_completion != null,
  read(raw) {
    const openaiNames = raw.preferred_output !== undefined || raw.non_preferred_output !== undefined;
    if (!openaiNames && raw.preferred_completion !== undefined) {
      return {
        problem: 'field "preferred_completion"',
        expected: '"preferred_output" and "non_preferred_output"',
        advice: 'Rename "preferred_completion" to "preferred_output" and "non_preferred_completion" to "non_preferred_output" in',
      };
    }
    if (!validate(raw)) return problemOf(validate, raw);
    return openaiNames ? readOpenai(raw) : readTrl(raw);
  },
};

/** Whether the row has a reply of another format: then a lone "chosen" or "rejected" is a field like any other. */
function hasReply(raw: Raw): boolean {
  return (
    raw.messages != null ||
    raw.conversations != null ||
    raw.completion != null ||
    raw.output != null ||
    raw.response != null ||
    raw.text != null
  );
}

function readOpenai(raw: Raw): Read {
  const messages: Message[] = [];
  const rejected: Message[] = [];
  return (
    readTurns((raw.input as Raw).messages as readonly Raw[], messages, 'input.messages', true) ??
    readTurns(raw.preferred_output as readonly Raw[], messages, 'preferred_output') ??
    readTurns(raw.non_preferred_output as readonly Raw[], rejected, 'non_preferred_output') ?? { messages, rejected }
  );
}

function readTrl(raw: Raw): Read {
  const prompt = promptOf(raw);
  if ('problem' in prompt) return prompt;
  const { messages } = prompt;
  const parts = prompt.parts && { parts: prompt.parts };
  if (typeof raw.chosen === 'string' && typeof raw.rejected === 'string') {
    const at = messages.some(isNoSystem) ? 0 : endOfDialogue(raw.chosen, raw.rejected);
    if (at > 0) messages.push({ role: 'user', text: raw.chosen.slice(0, at) });
    messages.push({ role: 'assistant', text: raw.chosen.slice(at) });
    return { messages, rejected: [{ role: 'assistant', text: raw.rejected.slice(at) }], ...parts };
  }
  const chosen: Message[] = [];
  const rejected: Message[] = [];
  const problem = readReply(raw.chosen, 'chosen', chosen) ?? readReply(raw.rejected, 'rejected', rejected);
  if (problem) return problem;
  // What both replies begin with is prompt too; where it repeats the prompt that is given (many sets do both), it stands for it.
  const shared = commonLength(chosen, rejected);
  const whole = begins(chosen.slice(0, shared), messages)
    ? messages.filter(({ role }) => role === 'system' && chosen[0]?.role !== 'system')
    : messages;
  for (let i = 0; i < shared; i++) whole.push(asContext(chosen[i] as Message));
  for (let i = shared; i < chosen.length; i++) whole.push(chosen[i] as Message);
  return { messages: whole, rejected: rejected.slice(shared), ...parts };
}

function promptOf(raw: Raw): (Pick<Conversation, 'parts'> & { messages: Message[] }) | Problem {
  if (raw.prompt == null && raw[given(raw, INSTRUCTIONS)] != null) return readPrompt(raw, true);
  const messages: Message[] = [];
  const before = given(raw, CONVERSATIONS);
  return (
    readSystem(raw, messages) ??
    (raw.prompt != null
      ? readSide(raw.prompt, 'user', 'prompt', messages)
      : raw[before] != null
        ? readTurns(raw[before] as readonly Raw[], messages, before, true)
        : undefined) ?? { messages }
  );
}

function readReply(reply: unknown, path: string, into: Message[]): Problem | undefined {
  if (typeof reply === 'string' || Array.isArray(reply)) return readSide(reply, 'assistant', path, into);
  const deep = readTurn(reply as Raw, into);
  return deep === undefined ? undefined : tooDeep(`${path}${deep}`);
}

const isNoSystem = ({ role }: Message): boolean => role !== 'system';
const same = (a: Message, b: Message): boolean => a.role === b.role && a.text === b.text;

/** How many messages both begin with; each keeps its last as the reply, also where they are identical. */
function commonLength(a: readonly Message[], b: readonly Message[]): number {
  const most = Math.min(a.length, b.length) - 1;
  let n = 0;
  while (n < most && same(a[n] as Message, b[n] as Message)) n++;
  return n;
}

/** Whether `turns` begins with the turns of `prompt`, system texts apart. */
function begins(turns: readonly Message[], prompt: readonly Message[]): boolean {
  const said = turns.filter(isNoSystem);
  const asked = prompt.filter(isNoSystem);
  return asked.length <= said.length && asked.every((message, i) => same(message, said[i] as Message));
}

const SPEAKER = '\n\nAssistant:';

/**
 * Where two dialogues that are written as one text each (Anthropic's HH-RLHF: "\n\nHuman: …\n\nAssistant: …") part:
 * after the last "Assistant:" that both share; 0 where there is none, and nothing before the reply is known.
 */
function endOfDialogue(chosen: string, rejected: string): number {
  const most = Math.min(chosen.length, rejected.length);
  let shared = 0;
  while (shared < most && chosen.charCodeAt(shared) === rejected.charCodeAt(shared)) shared++;
  if (shared < SPEAKER.length) return 0;
  const at = chosen.lastIndexOf(SPEAKER, shared - SPEAKER.length);
  return at < 0 ? 0 : at + SPEAKER.length;
}
