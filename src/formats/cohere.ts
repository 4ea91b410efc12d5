import type { Format, Message } from '../types.ts';
import { readTurns } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isCohere } from './special.ts';
import { cohere as generated } from './validate.generated.ts';

/** Cohere: `{"messages": [{"role": "System", "content": "…"}, {"role": "User", …}, {"role": "Chatbot", …}]}`, roles with a capital. */
export const schema = {
  type: 'object',
  required: ['messages'],
  properties: {
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['role', 'content'],
        properties: { role: { enum: ['System', 'User', 'Chatbot'] }, content: { type: 'string' } },
      },
    },
  },
};

const validate = generated as Validate;

export const cohere: Format = {
  id: 'cohere',
  name: 'Cohere chat messages',
  keys: [],
  detects: isCohere,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readTurns(raw.messages as readonly Raw[], messages, 'messages') ?? { messages };
  },
};
