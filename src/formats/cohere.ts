import type { Format, Message } from '../types.ts';
import { readTurns } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
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
  detects: ({ messages }) => Array.isArray(messages) && hasCohereRoles(messages as unknown[]),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readTurns(raw.messages as readonly Raw[], messages, 'messages') ?? { messages };
  },
};

/**
 * The one format that no field tells apart. A capital alone does not mark it ("User" among chat messages is a slip); a first role of
 * its own with a "Chatbot" within the first three turns does: no other service knows that one.
 */
function hasCohereRoles(messages: readonly unknown[]): boolean {
  const first = roleAt(messages, 0);
  if (first !== 'System' && first !== 'User' && first !== 'Chatbot') return false;
  return first === 'Chatbot' || roleAt(messages, 1) === 'Chatbot' || roleAt(messages, 2) === 'Chatbot';
}

function roleAt(messages: readonly unknown[], index: number): unknown {
  return (messages[index] as Raw | null | undefined)?.role;
}
