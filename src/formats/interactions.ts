import type { Format, Message } from '../types.ts';
import { readSystem, readTurns, systemFields } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { interactions as generated } from './validate.generated.ts';

/**
 * Mistral's other name for chat messages: `{"interactions": [{"role": "user", "text": "…"}, …], "available_tools": […]}`, the text of
 * each as `content` or as `text`.
 */
export const schema = {
  type: 'object',
  required: ['interactions'],
  properties: { interactions: { type: 'array', minItems: 1, items: { $ref: 'interaction' } }, ...systemFields },
};

const validate = generated as Validate;

export const interactions: Format = {
  id: 'interactions',
  name: 'Mistral interactions',
  keys: ['interactions'],
  detects: (raw) => typeof raw.interactions === 'object' && raw.interactions !== null,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readSystem(raw, messages) ?? readTurns(raw.interactions as readonly Raw[], messages, 'interactions') ?? { messages };
  },
};
