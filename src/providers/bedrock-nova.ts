import type { Provider, Turns } from './provider.ts';
import { isNova } from './shapes.ts';

const GUIDE = 'https://docs.aws.amazon.com/nova/latest/userguide/customize-fine-tune-prepare.html';
const CHECKED = '2026-11';

/** Whether a file name has only characters that it may have. */
function isPlainName(uri: string): boolean {
  const path = uri.startsWith('s3://') ? uri.slice(5) : uri;
  return /^[\w./-]*$/.test(path);
}

const turns: Turns = {
  each: 'message',
  role: 'role',
  roles: { user: 'user', assistant: 'assistant' },
  elsewhere: { system: '"system" beside "messages"' },
  content: ['content'],
  text: false,
  parts: { text: ['user', 'assistant'], image: ['user'], video: ['user'], reasoningContent: ['assistant'] },
  partsBy: 'key',
  reserved: ['User:', 'Bot:', 'Assistant:', 'System:', '<image>', '<video>', '[EOS]'],
  address: { test: isPlainName, expected: 'a name of letters, digits, _ - / and .' },
  order: [{ rule: 'an assistant turn' }, { rule: 'starts with user' }, { rule: 'ends on assistant' }],
};

export const bedrockNova: Provider = {
  id: 'bedrock-nova',
  name: 'Bedrock Nova',
  kind: 'service',
  source: GUIDE,
  shapes: [
    {
      id: 'conversation',
      name: 'Bedrock Nova conversations',
      detects: isNova,
      fields: {
        schemaVersion: { kind: 'constant', value: 'bedrock-conversation-2024' },
        system: { kind: 'blocks', optional: true },
        messages: { kind: 'turns', turns },
      },
    },
  ],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  oneMedium: true,
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
      of: 'bytes',
      max: 1024 ** 3,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'unverified',
      where: 'some models',
    },
    {
      of: 'validation bytes',
      max: 100 * 1024 ** 2,
      unit: 'bytes',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'unverified',
      where: 'some models',
    },
  ],
};
