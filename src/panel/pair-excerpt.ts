import { excerptAround } from '../stats/excerpt.ts';
import type { Evidence } from '../types.ts';
import type { PanelPair } from './tasks.ts';

const REPLY = 45;
const WHOLE = 160;
/** Characters shown before what matters: a terminal cuts the end. */
const BEFORE = 24;

/**
 * The place of a pair, with "reply ← prompt" as its excerpt, at most 160 characters: the reply from its start, and first, since a
 * terminal may cut the end; the prompt around the character at `index`.
 *
 * @param text what is shown instead of the prompt, such as one part of it
 */
export function pairEvidence({ pair, example }: PanelPair, index = 0, text: string = pair.prompt): Evidence {
  const reply = excerptAround(pair.reply.trim(), 0, REPLY);
  return { ...example.at, excerpt: `${reply} ← ${excerptAround(text, index, WHOLE - reply.length - 3, BEFORE)}` };
}
