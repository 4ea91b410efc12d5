import type { Provider, Raw, Turns } from './provider.ts';

const GUIDE = 'https://cloud.google.com/vertex-ai/generative-ai/docs/models/gemini-supervised-tuning';
const PREFERENCE = 'https://cloud.google.com/vertex-ai/generative-ai/docs/models/preference-tuning-prepare';
const CHECKED = '2026-11';

const turns: Turns = {
  each: 'turn',
  role: 'role',
  roles: { user: 'user', model: 'assistant' },
  elsewhere: { system: '"systemInstruction" beside "contents"' },
  content: ['parts'],
  text: false,
  parts: {
    text: ['user', 'assistant'],
    fileData: ['user'],
    inlineData: ['user'],
    // Whether rows for tuning may hold calls is not said; they are not turned down here.
    functionCall: ['assistant'],
    functionResponse: ['user'],
  },
  partsBy: 'key',
  order: [
    { rule: 'an assistant turn' },
    { rule: 'starts with user', confidence: 'unverified' },
    { rule: 'alternates', confidence: 'unverified' },
  ],
};
const textTurns: Turns = { ...turns, parts: { text: ['user', 'assistant'] }, order: [] };
const promptTurns: Turns = { ...textTurns, order: [{ rule: 'ends on user' }] };

const instruction = { kind: 'object', optional: true, fields: { parts: { kind: 'blocks' } } } as const;
const isPreference = (raw: Raw): boolean => Object.hasOwn(raw, 'contents') && Object.hasOwn(raw, 'completions');

export const gemini: Provider = {
  id: 'gemini',
  name: 'Gemini',
  kind: 'service',
  source: GUIDE,
  shapes: [
    {
      id: 'preference',
      name: 'Gemini preference data (contents, completions)',
      purpose: 'preference',
      detects: isPreference,
      fields: {
        systemInstruction: instruction,
        system_instruction: instruction,
        contents: { kind: 'turns', turns: promptTurns },
        completions: { kind: 'scored', turns: textTurns },
      },
    },
    {
      id: 'references',
      name: 'Gemini prompts with references',
      detects: (raw) => Object.hasOwn(raw, 'contents') && Object.hasOwn(raw, 'references'),
      fields: { systemInstruction: instruction, contents: { kind: 'turns', turns: promptTurns }, references: { kind: 'any' } },
    },
    {
      id: 'contents',
      name: 'Gemini contents',
      detects: (raw) => Object.hasOwn(raw, 'contents'),
      fields: { systemInstruction: instruction, contents: { kind: 'turns', turns } },
    },
  ],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  limits: [
    {
      of: 'examples',
      min: 100,
      unit: 'examples',
      beyond: 'unknown',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
      advised: true,
    },
    {
      of: 'examples',
      max: 1_000_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      // 10 million for preference data on one page, one million on an older one.
      confidence: 'disagreed',
    },
    {
      of: 'image examples',
      max: 300_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
    {
      of: 'bytes',
      max: 1024 ** 3,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: PREFERENCE,
      checked: CHECKED,
      // An older page says 10 GB for preference data.
      confidence: 'disagreed',
    },
    {
      of: 'tokens',
      max: 131_072,
      unit: 'tokens',
      beyond: 'drops the row',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
      where: 'Gemini 2.5; 32,000 for 1.5',
    },
    {
      of: 'validation examples',
      max: 5000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'confirmed',
    },
  ],
};
