import type { Provider, Raw, Shape, Turns } from './provider.ts';
import { chatConversations, conversations, hasKeys, ignoring, isNova, isPair, plainText, shareGptTurns, templateTurns } from './shapes.ts';

const GUIDE = 'https://huggingface.co/docs/trl/dataset_formats';
const SFT = 'https://github.com/huggingface/trl/blob/main/trl/trainer/sft_config.py';
const CHECKED = '2026-11';

/** The keys that must form one of the sets; all others are ignored. */
const KEYS = ['prompt', 'chosen', 'rejected', 'completion', 'messages', 'label'];
const SETS = ['messages', 'prompt', 'prompt,completion', 'prompt,chosen,rejected', 'chosen,rejected', 'prompt,completion,label'].map(
  (keys) => keys.split(','),
);
const keysOf = (raw: Raw): string[] => KEYS.filter((key) => Object.hasOwn(raw, key));
const isSet = (raw: Raw): boolean => {
  const keys = keysOf(raw);
  return SETS.some((set) => set.length === keys.length && set.every((key) => keys.includes(key)));
};

const prompt: Turns = { ...templateTurns, order: [] };

/** Conversational rows whose keys form no set: `KeyError: Invalid keys in the example`. */
const mixed: Shape = {
  id: 'keys',
  name: 'rows of one set of keys',
  detects: (raw) => keysOf(raw).some((key) => Array.isArray(raw[key])) && !isNova(raw) && !isSet(raw),
  fields: {},
  wrong: {
    kind: 'keys',
    detail: 'keys that do not belong together',
    expected: 'messages alone, or prompt and completion (and label), or chosen and rejected (and prompt)',
  },
};

/** Names of replies that are not read: with them, a row would be taken for a prompt alone. */
const UNREAD = ['response', 'answer', 'output', 'generation', 'reply'];

/** The shapes of TRL, which Unsloth trains with. */
export const trlShapes: readonly Shape[] = [
  mixed,
  {
    id: 'stepwise',
    name: 'stepwise supervision',
    detects: (raw) => hasKeys(raw, 'completions', 'labels'),
    fields: { prompt: { kind: 'text' }, completions: { kind: 'texts' }, labels: { kind: 'booleans' } },
  },
  {
    id: 'preference',
    name: 'preference data (prompt, chosen, rejected)',
    purpose: 'preference',
    detects: isPair,
    fields: {
      prompt: { kind: 'text or turns', turns: prompt, optional: true },
      chosen: { kind: 'text or turns', turns: templateTurns },
      rejected: { kind: 'text or turns', turns: templateTurns },
    },
    // Without a prompt of its own, what chosen and rejected begin with alike is taken for it, and nothing else.
    ignored: {
      fields: ['instruction', 'question', 'input', 'query'],
      unless: 'prompt',
      where: 'beside chosen and rejected',
      expected: 'the prompt in "prompt"',
      confidence: 'confirmed',
    },
  },
  ignoring(
    {
      id: 'messages',
      name: 'chat messages',
      detects: (raw) => Object.hasOwn(raw, 'messages') && !isNova(raw),
      fields: {
        messages: { kind: 'turns', turns: { ...templateTurns, order: [{ rule: 'an assistant turn', confidence: 'unverified' }] } },
      },
    },
    'confirmed',
  ),
  {
    id: 'prompt-completion',
    name: 'prompt/completion pairs',
    detects: (raw) => Object.hasOwn(raw, 'prompt') && Object.hasOwn(raw, 'completion'),
    fields: {
      prompt: { kind: 'text or turns', turns: prompt },
      completion: { kind: 'text or turns', turns: templateTurns },
      label: { kind: 'boolean', optional: true },
    },
  },
  {
    id: 'prompt',
    name: 'prompts alone',
    detects: (raw) => Object.hasOwn(raw, 'prompt') && !Object.hasOwn(raw, 'completion') && !UNREAD.some((key) => Object.hasOwn(raw, key)),
    fields: { prompt: { kind: 'text or turns', turns: prompt } },
  },
  conversations(shareGptTurns),
  chatConversations,
  plainText,
];

export const trl: Provider = {
  id: 'trl',
  name: 'TRL',
  kind: 'trainer',
  source: GUIDE,
  shapes: trlShapes,
  broken: 'stops with an error',
  unreadable: 'stops with an error',
  limits: [
    {
      of: 'tokens',
      max: 1024,
      unit: 'tokens',
      beyond: 'cuts the row at the end',
      source: SFT,
      checked: CHECKED,
      confidence: 'confirmed',
      setting: 'max_length',
    },
  ],
};
