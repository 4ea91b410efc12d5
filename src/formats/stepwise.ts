import type { Format, Message } from '../types.ts';
import { count } from '../wording.ts';
import { turnsKeywords } from './messages.ts';
import { problemOf, type Validate } from './problem.ts';
import { readSide } from './prompt-completion.ts';
import { stepwise as generated } from './validate.generated.ts';

/**
 * TRL's stepwise supervision, for reward models of reasoning: `{"prompt": "…", "completions": ["step", …], "labels": [true, …]}`. The
 * steps are one reply, one per line, as its trainer joins them.
 */
export const schema = {
  type: 'object',
  required: ['prompt', 'completions', 'labels'],
  properties: {
    prompt: { type: ['string', 'array'], ...turnsKeywords },
    completions: { type: 'array', minItems: 1, items: { type: 'string' } },
    labels: { type: 'array', minItems: 1, items: { type: ['boolean', 'number'] } },
  },
};

const validate = generated as Validate;

export const stepwise: Format = {
  id: 'stepwise',
  name: 'stepwise supervision',
  keys: ['prompt', 'completions', 'labels'],
  detects: (raw) => raw.completions != null && raw.labels != null && raw.prompt !== undefined,
  read(raw) {
    if (!validate(raw)) return problemOf(validate, raw);
    const completions = raw.completions as readonly string[];
    const labels = raw.labels as readonly unknown[];
    if (labels.length !== completions.length) {
      return {
        problem: `"labels" has ${count(labels.length, 'item')}`,
        expected: `as many as "completions", which has ${count(completions.length, 'item')}`,
      };
    }
    const messages: Message[] = [];
    const problem = readSide(raw.prompt, 'user', 'prompt', messages);
    if (problem) return problem;
    messages.push({ role: 'assistant', text: completions.join('\n') });
    return { messages };
  },
};
