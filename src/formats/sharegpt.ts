import type { Format, Message } from '../types.ts';
import { readSystem, readTurns, systemFields, turnsSchema } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isUnpaired } from './special.ts';
import { sharegpt as generated } from './validate.generated.ts';

/** ShareGPT, LLaMA-Factory, Axolotl: `{"conversations": [{"from": "human", "value": "…"}, …], "system": "…"}`. */
export const schema = {
  type: 'object',
  required: ['conversations'],
  properties: { conversations: turnsSchema, ...systemFields },
};

const validate = generated as Validate;

export const sharegpt: Format = {
  id: 'sharegpt',
  name: 'ShareGPT conversations',
  keys: ['conversations'],
  detects: (raw) => raw.conversations != null && !isUnpaired(raw),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readSystem(raw, messages) ?? readTurns(raw.conversations as readonly Raw[], messages, 'conversations') ?? { messages };
  },
};
