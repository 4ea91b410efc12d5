import type { Conversation, Message } from '../types.ts';
import { feature } from './feature.ts';
import { type Sketch, sketches } from './sketch.ts';

/** One of the two replies that a preference pair compares: the assistant's turns after the prompt, one at least; what stands between them is left out. */
export interface Rival {
  readonly turns: readonly Message[];
  /** Of each turn. */
  readonly sketches: readonly Sketch[];
}

export interface Rivals {
  readonly chosen: Rival;
  readonly rejected: Rival;
  /** They differ in blanks at most. */
  readonly identical: boolean;
}

/** The two replies of a preference pair; `undefined` of all other data, and of a reply that was judged alone (KTO). */
export const rivals: (example: Conversation) => Rivals | undefined = feature((example: Conversation) => {
  const lost = example.rejected;
  if (lost === undefined) return undefined;
  const texts = sketches(example);
  const chosen = rivalOf(example.messages, texts, 0);
  const rejected = rivalOf(lost, texts, example.messages.length);
  if (chosen.turns.length === 0 || rejected.turns.length === 0) return undefined;
  return { chosen, rejected, identical: isIdentical(chosen, rejected) };
});

function rivalOf(messages: readonly Message[], texts: readonly Sketch[], from: number): Rival {
  const turns: Message[] = [];
  const found: Sketch[] = [];
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!;
    if (message.role !== 'assistant' || message.trained === false) continue; // the assistant's turns of a prompt are not trained
    turns.push(message);
    found.push(texts[from + i]!);
  }
  return { turns, sketches: found };
}

function isIdentical(a: Rival, b: Rival): boolean {
  if (a.turns.length !== b.turns.length) return false;
  for (let i = 0; i < a.turns.length; i++) {
    if (a.sketches[i]!.blanks !== b.sketches[i]!.blanks) return false;
    if (besideText(a.turns[i]!) !== besideText(b.turns[i]!)) return false;
  }
  return true;
}

function besideText({ reasoning = '', calls }: Message): string {
  return calls ? JSON.stringify([reasoning.trim(), ...calls.map((call) => [call.name, call.arguments])]) : reasoning.trim();
}
