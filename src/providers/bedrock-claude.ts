import type { Provider, Turns } from './provider.ts';
import { isNova } from './shapes.ts';

const GUIDE = 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-prepare.html';
const CHECKED = '2026-11';

const turns: Turns = {
  each: 'message',
  role: 'role',
  roles: { user: 'user', assistant: 'assistant' },
  elsewhere: { system: '"system" beside "messages"' },
  content: ['content'],
  text: true,
  extra: { known: ['role', 'content'] },
  order: [{ rule: 'an assistant turn' }, { rule: 'starts with user' }, { rule: 'alternates' }, { rule: 'ends on assistant' }],
};

export const bedrockClaude: Provider = {
  id: 'bedrock-claude',
  name: 'Bedrock Claude',
  kind: 'service',
  source: GUIDE,
  shapes: [
    {
      id: 'messages',
      name: 'chat messages with "system" beside them',
      detects: (raw) => Object.hasOwn(raw, 'messages') && !isNova(raw),
      fields: { system: { kind: 'text', optional: true }, messages: { kind: 'turns', turns } },
      extra: {},
    },
  ],
  broken: 'rejects the file',
  unreadable: 'rejects the file',
  notice: 'the model it is for, Claude 3 Haiku, ended on 2026-09-10',
  limits: [
    { of: 'examples', min: 32, unit: 'examples', beyond: 'rejects the file', source: GUIDE, checked: CHECKED, confidence: 'unverified' },
    {
      of: 'examples',
      max: 10_000,
      unit: 'examples',
      beyond: 'rejects the file',
      source: GUIDE,
      checked: CHECKED,
      confidence: 'unverified',
    },
  ],
};
