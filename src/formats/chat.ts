import type { Format, Message } from '../types.ts';
import { readSystem, readTurns, systemFields, turnsSchema } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { chat as generated } from './validate.generated.ts';

/** OpenAI, Azure, Mistral, Together, Fireworks, TRL: `{"messages": [{"role": "user", "content": "…"}, …]}`. */
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
  detects: (raw) => raw.messages != null,
  read(raw) {
    if (!validate(raw)) return { problem: problemOf(validate, raw) };
    const messages: Message[] = [];
    const problem = readSystem(raw, messages) ?? readTurns(raw.messages as readonly Raw[], messages, 'messages');
    return problem === undefined ? { messages } : { problem };
  },
};
