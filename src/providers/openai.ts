import type { Limit, Provider, Turns } from './provider.ts';
import { CHAT_ROLES, chatShape, gradedShape, ignoring, openAiTurns, preferenceShape, promptCompletion, rated } from './shapes.ts';

const SPECIFICATION = 'https://github.com/openai/openai-openapi';
const GUIDE = 'https://platform.openai.com/docs/guides/supervised-fine-tuning';
const VISION = 'https://platform.openai.com/docs/guides/vision-fine-tuning';
const CHECKED = '2026-11';

/** Prompts: no reply is asked for. */
const promptTurns: Turns = { ...openAiTurns, order: [] };
/** Reinforcement fine-tuning alone knows the developer; its rows end on the prompt. */
const gradedTurns: Turns = {
  ...openAiTurns,
  roles: { developer: 'system', ...CHAT_ROLES },
  order: [],
};

export const toolLimit: Limit = {
  of: 'tools',
  max: 128,
  unit: 'tools',
  beyond: 'rejects the file',
  source: SPECIFICATION,
  checked: CHECKED,
  confidence: 'unverified',
};

export const openai: Provider = {
  id: 'openai',
  name: 'OpenAI',
  kind: 'service',
  source: SPECIFICATION,
  shapes: [
    { ...preferenceShape(promptTurns), note: 'for preference tuning (DPO)' },
    { ...gradedShape(gradedTurns), note: 'prompts with an answer key are for reinforcement fine-tuning' },
    // The specification does not ask for it; its own tools and Azure do.
    ignoring(
      chatShape({ ...openAiTurns, order: [...openAiTurns.order, { rule: 'ends on assistant', confidence: 'disagreed' }] }),
      'unverified',
    ),
    rated,
    { ...promptCompletion, note: 'prompt and completion are for its base models alone (babbage-002, davinci-002)' },
  ],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  mark: 'a byte order mark at its beginning',
  notice: 'closed to new users since 2026-05-07',
  limits: [
    { of: 'examples', min: 10, unit: 'examples', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'confirmed' },
    {
      of: 'examples',
      min: 50,
      unit: 'examples',
      beyond: 'unknown',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
      advised: true,
    },
    {
      of: 'bytes',
      max: 512 * 1024 ** 2,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: 'https://platform.openai.com/docs/api-reference/files/create',
      checked: CHECKED,
      confidence: 'confirmed',
    },
    {
      of: 'tokens',
      max: 65_536,
      unit: 'tokens',
      // Which end is cut is told one way here and another way there, so no end is named.
      beyond: 'cuts the row',
      source: 'https://community.openai.com/t/question-about-limited-time-gpt4o-free-fine-tune/884424',
      checked: CHECKED,
      confidence: 'unverified',
      where: 'gpt-4o and gpt-4o-mini',
    },
    toolLimit,
    {
      of: 'image examples',
      max: 50_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: VISION,
      checked: CHECKED,
      confidence: 'confirmed',
    },
    { of: 'images', max: 10, unit: 'images', beyond: 'rejects the file', source: VISION, checked: CHECKED, confidence: 'confirmed' },
  ],
};
