import type { Provider, Turns } from './provider.ts';
import { CHAT_ROLES, chatShape, ignoring, openAiTurns, preferenceShape } from './shapes.ts';

const GUIDE = 'https://docs.fireworks.ai/fine-tuning/fine-tuning-models';
const CHECKED = '2026-11';

const turns: Turns = {
  ...openAiTurns,
  roles: CHAT_ROLES,
  calls: { arguments: 'text', ids: false, answered: false },
  order: [{ rule: 'an assistant turn' }, { rule: 'something to train' }, { rule: 'system first' }],
};
const promptTurns: Turns = { ...turns, order: [{ rule: 'system first' }, { rule: 'one user turn' }] };

export const fireworks: Provider = {
  id: 'fireworks',
  name: 'Fireworks',
  kind: 'service',
  source: GUIDE,
  shapes: [preferenceShape(promptTurns), ignoring(chatShape(turns), 'unverified')],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  limits: [
    { of: 'examples', min: 3, unit: 'examples', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'confirmed' },
    {
      of: 'examples',
      max: 3_000_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
  ],
};
