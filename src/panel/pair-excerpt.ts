import { excerptAround } from '../stats/excerpt.ts';
import type { Evidence } from '../types.ts';
import type { PanelPair } from './tasks.ts';

const REPLY = 45;
const WHOLE = 160;

/** The place of a pair, with "prompt → reply" as its excerpt: at most 160 characters, the prompt around the character at `index`, the reply from its start. */
export function pairEvidence({ pair, example }: PanelPair, index = 0): Evidence {
  const reply = excerptAround(pair.reply.trim(), 0, REPLY);
  return { ...example.at, excerpt: `${excerptAround(pair.prompt, index, WHOLE - reply.length - 3)} → ${reply}` };
}
