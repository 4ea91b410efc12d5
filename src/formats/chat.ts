import type { Format, Message } from '../types.ts';
import { readSystem, readTurns, systemFields, turnsSchema } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isCohere, isNova, isUnpaired } from './special.ts';
import { chat as generated } from './validate.generated.ts';

/**
 * OpenAI, Azure, Mistral, Together, Fireworks, TRL: `{"messages": [{"role": "user", "content": "…"}, …]}`; and Claude on Bedrock, with
 * `system` beside them and Anthropic's parts in them.
 */
export const schema = {
  type: 'object',
  required: ['messages'],
  properties: { messages: turnsSchema, ...systemFields },
};

const validate = generated as Validate;

export const chat: Format = {
  id: 'chat',
  name: 'chat messages',
  keys: ['messages'],
  detects: (raw) => raw.messages != null && !isUnpaired(raw) && !isNova(raw) && !isCohere(raw),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readSystem(raw, messages) ?? readTurns(raw.messages as readonly Raw[], messages, 'messages') ?? { messages };
  },
};
