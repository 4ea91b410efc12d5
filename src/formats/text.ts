import type { Format } from '../types.ts';
import { alternatives, given, METADATA } from './alternatives.ts';
import { problemOf, type Validate } from './problem.ts';
import { text as generated } from './validate.generated.ts';

const TEXTS = ['text', 'content'] as const;

/**
 * Plain text: `{"text": "…"}` is a reply without a prompt, `{"text": "…", "label": "…"}` a prompt and its label.
 * Mistral also takes `{"content": "…"}`, which is read where nothing stands beside it that could be a prompt.
 */
export const schema = {
  type: 'object',
  properties: { label: { type: ['string', 'number', 'boolean'] } },
  ...alternatives(TEXTS, { type: 'string' }),
};

const validate = generated as Validate;

export const text: Format = {
  id: 'text',
  name: 'plain text',
  keys: ['text'],
  detects: (raw) =>
    raw.text != null || (typeof raw.content === 'string' && Object.keys(raw).every((key) => key === 'content' || METADATA.test(key))),
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const said = raw[given(raw, TEXTS)] as string;
    if (raw.label === undefined) return { messages: [{ role: 'assistant', text: said }] };
    const label = raw.label as string | number | boolean;
    return {
      messages: [
        { role: 'user', text: said },
        { role: 'assistant', text: String(label) },
      ],
    };
  },
};
