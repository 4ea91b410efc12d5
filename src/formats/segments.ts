import type { Format, Message } from '../types.ts';
import { problemOf, type Raw, type Validate } from './problem.ts';
import { segments as generated } from './validate.generated.ts';

/**
 * Axolotl's template-free rows: `{"segments": [{"label": false, "text": "…"}, {"label": true, "text": "…"}]}`. What is labelled true is
 * trained, and so is a reply; the rest is what comes before it. Neighbours with the same label are one turn.
 */
export const schema = {
  type: 'object',
  required: ['segments'],
  properties: {
    segments: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['label', 'text'], properties: { label: { type: 'boolean' }, text: { type: 'string' } } },
    },
  },
};

const validate = generated as Validate;

export const segments: Format = {
  id: 'segments',
  name: 'labelled segments',
  keys: ['segments'],
  detects: (raw) => Array.isArray(raw.segments) && (raw.segments[0] as Raw | null | undefined)?.label !== undefined,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const messages: { role: Message['role']; text: string }[] = [];
    for (const { label, text } of raw.segments as readonly { readonly label: boolean; readonly text: string }[]) {
      const role = label ? 'assistant' : 'user';
      const last = messages.at(-1);
      if (last?.role === role) last.text += text;
      else messages.push({ role, text });
    }
    return { messages };
  },
};
