import type { Format, Message, Problem } from '../types.ts';
import { alternatives, given } from './alternatives.ts';
import { readSystem, readTurns, systemFields, turnsKeywords } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isUnpaired } from './special.ts';
import { promptCompletion as generated } from './validate.generated.ts';

const REPLIES = ['completion', 'response'] as const;
const sideSchema = { type: ['string', 'array'], ...turnsKeywords };

/** OpenAI (legacy), Bedrock, Together, TRL: `{"prompt": "…", "completion": "…"}`, each a text or a list of messages. */
export const schema = {
  type: 'object',
  required: ['prompt'],
  properties: { prompt: sideSchema, ...systemFields },
  ...alternatives(REPLIES, sideSchema),
};

const validate = generated as Validate;

/** Whether the row is written in this format, whatever else stands in it. */
export function hasCompletion(raw: Raw): boolean {
  return raw.completion != null || (raw.prompt != null && (raw.completion === null || raw.response !== undefined));
}

export const promptCompletion: Format = {
  id: 'prompt-completion',
  name: 'prompt/completion',
  keys: ['prompt', 'completion'],
  detects: (raw) => hasCompletion(raw) && !isUnpaired(raw),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    const reply = given(raw, REPLIES);
    return (
      readSystem(raw, messages) ??
      readSide(raw.prompt, 'user', 'prompt', messages) ??
      readSide(raw[reply], 'assistant', reply, messages) ?? { messages }
    );
  },
};

/** A text, or a list of turns; the assistant's turns of a prompt are not trained. */
export function readSide(side: unknown, role: 'user' | 'assistant', path: string, into: Message[]): Problem | undefined {
  if (typeof side !== 'string') return readTurns(side as readonly Raw[], into, path, role === 'user');
  into.push({ role, text: side });
  return undefined;
}
