import type { Provider, Raw, Shape, Turns } from './provider.ts';
import { alpaca, firstItem, hasKeys, isNova, isPair, plainText, promptCompletion, shareGptTurns } from './shapes.ts';

const GUIDE = 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md';
const CODE = 'https://github.com/hiyouga/LLaMA-Factory/blob/main/src/llamafactory/hparams/data_args.py';
const CHECKED = '2026-11';

const roles = { human: 'user', gpt: 'assistant', system: 'system', function_call: 'assistant', observation: 'user' } as const;
const turns: Turns = { ...shareGptTurns, roles, order: [{ rule: 'odd and even' }, { rule: 'even count' }] };
const prompts: Turns = { ...turns, order: [{ rule: 'odd and even' }, { rule: 'odd count' }] };
const reply: Turns = { ...shareGptTurns, roles: { gpt: 'assistant', function_call: 'assistant' }, order: [] };

/** With the tags of its description set for `role` and `content`. */
const chatRoles = {
  user: 'user',
  assistant: 'assistant',
  system: 'system',
  tool: 'user',
  function_call: 'assistant',
  observation: 'user',
} as const;
const chat: Turns = {
  each: 'message',
  role: 'role',
  roles: chatRoles,
  content: ['content'],
  text: true,
  order: [{ rule: 'odd and even' }, { rule: 'even count' }],
};

const media = {
  system: { kind: 'text', optional: true },
  tools: { kind: 'text', optional: true },
  images: { kind: 'texts', optional: true },
  videos: { kind: 'texts', optional: true },
  audios: { kind: 'texts', optional: true },
} as const;

const shareGpt = (raw: Raw): boolean => Object.hasOwn(raw, 'conversations') && firstItem(raw.conversations)?.role === undefined;
const instruction: Shape['fields'] = { ...alpaca.fields, ...media };

export const llamaFactory: Provider = {
  id: 'llama-factory',
  name: 'LLaMA-Factory',
  kind: 'trainer',
  source: GUIDE,
  shapes: [
    {
      id: 'sharegpt-preference',
      name: 'ShareGPT preference data (conversations, chosen, rejected)',
      purpose: 'preference',
      detects: (raw) => shareGpt(raw) && isPair(raw),
      fields: {
        conversations: { kind: 'turns', turns: prompts },
        chosen: { kind: 'turn', turns: reply },
        rejected: { kind: 'turn', turns: reply },
        ...media,
      },
    },
    {
      id: 'sharegpt',
      name: 'ShareGPT conversations',
      detects: shareGpt,
      fields: { conversations: { kind: 'turns', turns }, kto_tag: { kind: 'boolean', optional: true }, ...media },
    },
    {
      id: 'alpaca-preference',
      name: 'Alpaca preference data (instruction, chosen, rejected)',
      purpose: 'preference',
      detects: (raw) => Object.hasOwn(raw, 'instruction') && isPair(raw),
      fields: { ...instruction, output: { kind: 'text', optional: true }, chosen: { kind: 'text' }, rejected: { kind: 'text' } },
    },
    { ...alpaca, fields: { ...instruction, kto_tag: { kind: 'boolean', optional: true } } },
    {
      id: 'openai',
      name: 'chat messages',
      detects: (raw) => hasKeys(raw, 'messages') && !isNova(raw),
      fields: { messages: { kind: 'turns', turns: chat } },
    },
    // Its description of a data set says which columns hold prompt and reply.
    { ...promptCompletion, detects: (raw) => hasKeys(raw, 'prompt', 'completion') },
    {
      id: 'prompt-response',
      name: 'prompt/response pairs',
      detects: (raw) => hasKeys(raw, 'prompt', 'response'),
      fields: { prompt: { kind: 'text' }, response: { kind: 'text' } },
    },
    plainText,
  ],
  broken: 'drops the row',
  mapping: 'dataset_info.json',
  unreadable: 'stops with an error',
  limits: [
    {
      of: 'tokens',
      max: 2048,
      unit: 'tokens',
      beyond: 'cuts the row at the end',
      source: CODE,
      checked: CHECKED,
      confidence: 'confirmed',
      setting: 'cutoff_len',
    },
  ],
};
