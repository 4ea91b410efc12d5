import type { Fields, Provider, Shape, Turns } from './provider.ts';
import { CHAT_ROLES, chatShape, openAiTurns, plainText, preferenceShape, promptCompletion, rated } from './shapes.ts';

const GUIDE = 'https://docs.together.ai/docs/fine-tuning-data-preparation';
const CHECKED = '2026-11';
const GB = 1024 ** 3;

const data = (uri: string): boolean => uri.startsWith('data:image/');

const turns: Turns = {
  ...openAiTurns,
  roles: CHAT_ROLES,
  parts: { text: ['system', 'user', 'assistant', 'tool'], image_url: ['user'] },
  calls: { arguments: 'text', ids: false, answered: false },
  address: { test: data, expected: 'a data URL' },
  order: [{ rule: 'starts with system or user' }, { rule: 'alternates' }, { rule: 'an assistant turn', confidence: 'unverified' }],
};
const promptTurns: Turns = {
  ...turns,
  order: [{ rule: 'starts with system or user' }, { rule: 'alternates' }, { rule: 'ends on a prompt' }],
};

/** The docs say that other fields are ignored, a client that it turns such a file down. */
const more: Fields = { weight: { kind: 'weight', optional: true } };
const strict = (shape: Shape): Shape => ({ ...shape, fields: { ...shape.fields, ...more }, extra: { confidence: 'disagreed' } });

const FORMATS: readonly (readonly string[])[] = [['messages'], ['prompt', 'completion'], ['text'], ['input', 'preferred_output']];
const two: Shape = {
  id: 'two',
  name: 'rows of one format',
  detects: (raw) => FORMATS.filter((keys) => keys.every((key) => Object.hasOwn(raw, key))).length > 1,
  fields: {},
  wrong: { kind: 'keys', detail: 'the fields of two formats', expected: 'those of one' },
};

export const together: Provider = {
  id: 'together',
  name: 'Together',
  kind: 'service',
  source: GUIDE,
  shapes: [two, strict(preferenceShape(promptTurns)), strict(chatShape(turns)), rated, strict(promptCompletion), strict(plainText)],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  mixed: 'rejects the file',
  limits: [
    { of: 'examples', min: 1, unit: 'examples', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'confirmed' },
    // The docs say 100 GB, the client 50.1 GB, the page of the command 25 GB: the least of them warns first.
    { of: 'bytes', max: 25 * GB, unit: 'bytes', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'disagreed' },
    { of: 'images', max: 10, unit: 'images', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'confirmed' },
  ],
};
