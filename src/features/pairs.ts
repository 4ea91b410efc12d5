import { combine, hashString } from '../stats/hash.ts';
import type { Conversation, Message, Pair, Role } from '../types.ts';
import { feature } from './feature.ts';
import { sketches } from './sketch.ts';

/** The (prompt, reply) pairs of an example: one for each assistant turn that is trained, with what precedes it since the last assistant turn. */
export const pairs = feature((example: Conversation): readonly Pair[] => {
  const found: Pair[] = [];
  const { messages } = example;
  let system = '';
  let from = 0;
  for (let turn = 0; turn < messages.length; turn++) {
    const message = messages[turn] as Message;
    if (message.role === 'system') system = system === '' ? message.text : `${system}\n${message.text}`;
    if (message.role !== 'assistant') continue;
    if (message.trained !== false) found.push(pairAt(messages, from, turn, system));
    from = turn + 1;
  }
  return found;
});

function pairAt(messages: readonly Message[], from: number, turn: number, system: string): Pair {
  let prompt = '';
  let hasPrompt = false;
  for (let i = from; i < turn; i++) {
    const { role, text } = messages[i] as Message;
    if (role === 'system') continue;
    prompt = hasPrompt ? `${prompt}\n${text}` : text;
    hasPrompt = true;
  }
  return { prompt, reply: (messages[turn] as Message).text, system, hasPrompt, turn };
}

const ROLE: Readonly<Record<Role, number>> = { system: 1, user: 2, assistant: 3, tool: 4 };

/** A hash below 2^53 of all that was said and by whom: `exact`, or but for what the sketch named leaves out. Rejected replies and thoughts before a reply count, other fields do not. */
export const contentHash = feature((example: Conversation): number => hashOf(example, 'exact'));
export const contentHashButBlanks = feature((example: Conversation): number => hashOf(example, 'blanks'));
export const contentHashOfWords = feature((example: Conversation): number => hashOf(example, 'words'));

function hashOf(example: Conversation, kind: 'exact' | 'blanks' | 'words'): number {
  const texts = sketches(example);
  let hash = 1;
  let at = 0;
  for (const message of example.messages) {
    hash = combine(hash + ROLE[message.role], texts[at++]![kind]);
    if (message.reasoning !== undefined) hash = combine(hash, hashString(message.reasoning));
  }
  if (example.rejected) for (const message of example.rejected) hash = combine(hash + 8 + ROLE[message.role], texts[at++]![kind]);
  return hash;
}

export interface PairKey {
  /** The whole context of the pair: system text, all earlier turns, prompt; but for case, blanks, compatibility forms and final marks. */
  readonly context: number;
  /** The reply, but for blanks. */
  readonly reply: number;
}

/** Hashes of each pair, in the order of `pairs`. */
export const pairKeys = feature((example: Conversation): readonly PairKey[] => {
  const texts = sketches(example);
  const keys: PairKey[] = [];
  let context = 1;
  for (let turn = 0; turn < example.messages.length; turn++) {
    const message = example.messages[turn]!;
    if (message.role === 'assistant' && message.trained !== false) keys.push({ context, reply: texts[turn]!.blanks });
    context = combine(context + ROLE[message.role], texts[turn]!.folded);
  }
  return keys;
});
