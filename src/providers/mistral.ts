import type { Provider, Shape, Turns } from './provider.ts';
import { CHAT_ROLES, ignoring } from './shapes.ts';

const GUIDE = 'https://docs.mistral.ai/capabilities/finetuning';
const CHECKED = '2026-11';

const turns: Turns = {
  each: 'message',
  role: 'role',
  roles: CHAT_ROLES,
  content: ['content', 'text'],
  text: true,
  parts: { text: ['system', 'user', 'assistant', 'tool'], image_url: ['user'] },
  calls: {
    arguments: 'text',
    ids: true,
    idLength: 9,
    answered: true,
    // The docs forbid both at once and want an answer after each call; their own example ends on calls.
    alone: { confidence: 'unverified' },
    followed: { confidence: 'disagreed' },
  },
  weight: true,
  order: [{ rule: 'an assistant turn' }, { rule: 'something to train' }, { rule: 'one system' }, { rule: 'ends on assistant' }],
};

const tools = { kind: 'tools', needs: ['name', 'description', 'parameters'], wrapped: true, optional: true } as const;
const shape = (key: 'messages' | 'interactions', name: string): Shape =>
  ignoring(
    {
      id: key,
      name,
      detects: (raw) => Object.hasOwn(raw, key) && (key === 'interactions' || !Object.hasOwn(raw, 'interactions')),
      fields: { [key]: { kind: 'turns', turns }, tools, available_tools: tools },
    },
    'unverified',
    ['system', 'systemInstruction'],
  ); // it reads a system_prompt

/** The text to go on training with stands under one of two names. */
const pretraining = (key: 'text' | 'content'): Shape => ({
  id: key,
  name: 'plain text',
  detects: (raw) => typeof raw[key] === 'string',
  fields: { [key]: { kind: 'text' } },
});

export const mistral: Provider = {
  id: 'mistral',
  name: 'Mistral',
  kind: 'service',
  source: GUIDE,
  shapes: [
    {
      id: 'both',
      name: 'messages or interactions',
      detects: (raw) => Object.hasOwn(raw, 'messages') && Object.hasOwn(raw, 'interactions'),
      fields: {},
      wrong: { kind: 'keys', detail: 'both "messages" and "interactions"', expected: 'one of them' },
    },
    shape('messages', 'chat messages'),
    shape('interactions', 'Mistral interactions'),
    pretraining('text'),
    pretraining('content'),
  ],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  limits: [
    {
      of: 'bytes',
      max: 512 * 1024 ** 2,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
    {
      of: 'validation bytes',
      max: 1024 ** 2,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
    {
      of: 'validation share',
      max: 0.05,
      unit: 'share',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
  ],
};
