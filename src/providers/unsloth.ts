import type { Provider } from './provider.ts';
import { alpaca } from './shapes.ts';
import { trlShapes } from './trl.ts';

const CHECKED = '2026-11';

export const unsloth: Provider = {
  id: 'unsloth',
  name: 'Unsloth',
  kind: 'trainer',
  source: 'https://docs.unsloth.ai/basics/datasets-guide',
  // Rows go through a chat template, or a function of one's own for Alpaca, into the trainer of TRL.
  shapes: [alpaca, ...trlShapes],
  broken: 'stops with an error',
  unreadable: 'stops with an error',
  limits: [
    {
      of: 'tokens',
      max: 2048,
      unit: 'tokens',
      beyond: 'cuts the row at the end',
      source: 'https://github.com/unslothai/unsloth/blob/main/unsloth/models/loader.py',
      checked: CHECKED,
      confidence: 'confirmed',
      setting: 'max_seq_length',
    },
  ],
};
