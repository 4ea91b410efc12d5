import type { Format, Message } from '../types.ts';
import { readSystem, readTurns } from './messages.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { isNova } from './special.ts';
import { nova as generated } from './validate.generated.ts';

/**
 * Amazon Nova on Bedrock: `{"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "…"}], "messages": [{"role": "user",
 * "content": [{"text": "…"}]}, …]}`. Its parts have no `type`: text, image, video, document, reasoningContent, toolUse, toolResult.
 */
export const schema = {
  type: 'object',
  required: ['schemaVersion', 'messages'],
  properties: {
    schemaVersion: { type: 'string' },
    system: {
      type: ['array', 'null'],
      items: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
    },
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['role', 'content'],
        properties: { role: { enum: ['user', 'assistant'] }, content: { type: 'array', minItems: 1, items: { $ref: 'part' } } },
      },
    },
  },
};

const validate = generated as Validate;

export const nova: Format = {
  id: 'nova',
  name: 'Bedrock conversations (Nova)',
  keys: ['schemaVersion', 'messages'],
  detects: isNova,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: Message[] = [];
    return readSystem(raw, messages) ?? readTurns(raw.messages as readonly Raw[], messages, 'messages') ?? { messages };
  },
};
