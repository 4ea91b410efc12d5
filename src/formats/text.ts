import type { Format } from '../types.ts';
import { problemOf, type Validate } from './problem.ts';
import { text as generated } from './validate.generated.ts';

/** Plain text: `{"text": "…"}` is a reply without a prompt, `{"text": "…", "label": "…"}` a prompt and its label. */
export const schema = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string' }, label: { type: ['string', 'number', 'boolean'] } },
};

const validate = generated as Validate;

export const text: Format = {
  id: 'text',
  name: 'plain text',
  keys: ['text'],
  detects: (raw) => raw.text != null,
  read(raw) {
    if (!validate(raw)) return { problem: problemOf(validate, raw) };
    const said = raw.text as string;
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
