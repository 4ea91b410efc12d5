import { toolLimit } from './openai.ts';
import type { Provider, Turns } from './provider.ts';
import { CHAT_ROLES, chatShape, gradedShape, ignoring, openAiTurns, preferenceShape } from './shapes.ts';

const GUIDE = 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning';
const CHECKED = '2026-11';

const chatTurns: Turns = {
  ...openAiTurns,
  order: [...openAiTurns.order, { rule: 'a user turn' }, { rule: 'ends on assistant' }],
};
const promptTurns: Turns = { ...openAiTurns, order: [] };
const outputTurns: Turns = {
  ...openAiTurns,
  roles: { assistant: 'assistant', tool: 'tool' },
  order: [{ rule: 'an assistant turn' }],
};
const gradedTurns: Turns = {
  ...openAiTurns,
  roles: { developer: 'system', ...CHAT_ROLES },
  order: [{ rule: 'ends on user' }],
};

export const azure: Provider = {
  id: 'azure',
  name: 'Azure',
  kind: 'service',
  source: GUIDE,
  shapes: [preferenceShape(promptTurns, outputTurns), gradedShape(gradedTurns), ignoring(chatShape(chatTurns), 'unverified')],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  limits: [
    { of: 'examples', min: 10, unit: 'examples', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'confirmed' },
    {
      of: 'bytes',
      max: 512 * 1024 ** 2,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      // Others: a plain upload fails above some 150 MB, one in parts takes 5 GB.
      confidence: 'disagreed',
    },
    toolLimit,
    {
      of: 'image examples',
      max: 50_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning-vision',
      checked: CHECKED,
      confidence: 'confirmed',
    },
    {
      of: 'images',
      max: 64,
      unit: 'images',
      beyond: 'rejects the file',
      source: 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/fine-tuning-vision',
      checked: CHECKED,
      confidence: 'confirmed',
    },
  ],
};
