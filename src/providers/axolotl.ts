import type { Fields, Provider, Shape } from './provider.ts';
import {
  alpaca,
  chatConversations,
  chatShape,
  conversations,
  hasKeys,
  isPair,
  plainText,
  promptCompletion,
  shareGptTurns,
  templateTurns,
} from './shapes.ts';

const GUIDE = 'https://docs.axolotl.ai/docs/dataset-formats/';
const CONFIG = 'https://docs.axolotl.ai/docs/config-reference.html';
const CHECKED = '2026-11';

const text = { kind: 'text' } as const;
const maybe = { kind: 'text', optional: true } as const;
const pairs = { kind: 'text or turns', turns: templateTurns } as const;
const variant = (id: string, name: string, fields: Fields): Shape => ({
  id,
  name,
  detects: (raw) => hasKeys(raw, ...Object.keys(fields).filter((key) => !fields[key]?.optional)),
  fields,
});

/** The reply of an Alpaca row may be named in two ways. */
const replied: Shape = {
  ...alpaca,
  id: 'alpaca-response',
  detects: (raw) => Object.hasOwn(raw, 'instruction') && Object.hasOwn(raw, 'response') && !Object.hasOwn(raw, 'output'),
  fields: { instruction: text, input: maybe, context: maybe, response: text },
};

export const axolotl: Provider = {
  id: 'axolotl',
  name: 'Axolotl',
  kind: 'trainer',
  source: GUIDE,
  shapes: [
    {
      id: 'preference',
      name: 'preference data (chosen, rejected)',
      purpose: 'preference',
      detects: isPair,
      fields: { chosen: { kind: 'any' }, rejected: { kind: 'any' } },
    },
    chatShape({ ...templateTurns, order: [{ rule: 'an assistant turn', confidence: 'unverified' }] }),
    conversations(shareGptTurns),
    chatConversations,
    variant('system-question', 'questions with a system prompt', { system_prompt: text, question: text, response: text }),
    variant('question-answer', 'questions and answers', { question: text, answer: text }),
    variant('instruction-response', 'INSTRUCTION/RESPONSE pairs', { INSTRUCTION: text, RESPONSE: text }),
    variant('prompt-generation', 'prompt/generation pairs', { prompt: text, generation: text }),
    {
      id: 'unpaired',
      name: 'rated completions (prompt, completion, label)',
      detects: (raw) => Object.hasOwn(raw, 'completion') && Object.hasOwn(raw, 'label'),
      fields: { prompt: pairs, completion: pairs, label: { kind: 'boolean' } },
    },
    replied,
    alpaca,
    { id: 'segments', name: 'segments', detects: (raw) => Object.hasOwn(raw, 'segments'), fields: { segments: { kind: 'segments' } } },
    promptCompletion,
    plainText,
  ],
  broken: 'stops with an error',
  mapping: 'the type of the data set in its YAML',
  unreadable: 'stops with an error',
  limits: [
    {
      of: 'tokens',
      max: 512,
      unit: 'tokens',
      beyond: 'drops the row',
      source: CONFIG,
      checked: CHECKED,
      confidence: 'confirmed',
      setting: 'sequence_len',
    },
  ],
};
