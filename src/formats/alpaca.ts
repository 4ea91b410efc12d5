import type { Conversation, Format, Message, Problem } from '../types.ts';
import { alternatives, given } from './alternatives.ts';
import { readSystem, systemFields } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isUnpaired } from './special.ts';
import { alpaca as generated } from './validate.generated.ts';

/** The names that the three parts of a row go by: Alpaca's own, Dolly's, question and answer. */
export const INSTRUCTIONS = ['instruction', 'question'] as const;
const INPUTS = ['input', 'context'] as const;
const REPLIES = ['output', 'response', 'answer'] as const;

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };

/** The keywords of the prompt's part of a row, which Alpaca's preference rows share. */
export const promptKeywords = {
  ...alternatives(INSTRUCTIONS, text),
  properties: {
    input: textOrNull,
    context: textOrNull,
    history: { type: ['array', 'null'], items: { type: 'array', minItems: 2, items: text } },
    ...systemFields,
  },
};

/**
 * Alpaca: `{"instruction": "…", "input": "…", "output": "…"}`, with `system` and `history`; Dolly:
 * `{"instruction", "context", "response"}`; and `{"question", "answer"}`.
 */
export const schema = { type: 'object', allOf: [promptKeywords, alternatives(REPLIES, text)] };

const validate = generated as Validate;

/** Whether the row is written in this format, whatever else stands in it. */
export function hasInstruction(raw: Raw): boolean {
  return raw.instruction != null
    ? raw.output !== undefined || raw.response !== undefined || raw.answer !== undefined
    : raw.question != null && (raw.answer !== undefined || raw.response !== undefined);
}

export const alpaca: Format = {
  id: 'alpaca',
  name: 'Alpaca',
  keys: ['instruction', 'output'],
  detects: (raw) => hasInstruction(raw) && !isUnpaired(raw),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const read = readPrompt(raw, false);
    if ('problem' in read) return read;
    read.messages.push({ role: 'assistant', text: raw[given(raw, REPLIES)] as string });
    return read;
  },
};

/**
 * System text, history and the prompt: instruction and input, one under the other as LLaMA-Factory sets them.
 *
 * @param context true where earlier replies in the history are not trained (preference data)
 */
export function readPrompt(raw: Raw, context: boolean): (Pick<Conversation, 'parts'> & { messages: Message[] }) | Problem {
  const messages: Message[] = [];
  const problem = readSystem(raw, messages);
  if (problem) return problem;
  for (const [said, replied] of (raw.history ?? []) as readonly (readonly [string, string])[]) {
    messages.push({ role: 'user', text: said });
    messages.push(context ? { role: 'assistant', text: replied, trained: false } : { role: 'assistant', text: replied });
  }
  const instruction = raw[given(raw, INSTRUCTIONS)] as string;
  const input = (raw[given(raw, INPUTS)] ?? '') as string;
  messages.push({ role: 'user', text: input === '' ? instruction : `${instruction}\n${input}` });
  return { messages, parts: { instruction, input } };
}
