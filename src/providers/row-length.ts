import type { Raw } from './provider.ts';

/** What a chat template puts around a message: its beginning, the role, a line break, its end. */
const PER_MESSAGE = 4;

/** Fields that hold turns, whatever the shape. */
const TURNS = ['messages', 'interactions', 'conversations', 'contents'];
/** Fields that hold a message's text each. */
const TEXTS =
  'system system_prompt instruction input context question INSTRUCTION prompt completion output response answer generation RESPONSE'.split(
    ' ',
  );
/** Fields of which a trainer sees one at a time, after the rest. */
const BRANCHES = ['chosen', 'rejected', 'preferred_output', 'non_preferred_output', 'completions'];
/** Texts to go on with: no template. */
const PLAIN = ['text', 'content'];

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * How many tokens a row has when it is trained on: its turns with what a chat template puts around them, tools, calls and
 * thoughts included, other fields left out. Of preference data the longer side. Pictures and sounds count nothing.
 */
export function tokensOfRow(raw: Raw, count: (text: string) => number): number {
  let sum = 0;
  for (const key of TURNS) sum += ofTurns(raw[key], count);
  for (const key of TEXTS) {
    const value = raw[key];
    if (typeof value === 'string') sum += value === '' ? 0 : count(value) + PER_MESSAGE;
    else if (Array.isArray(value)) sum += ofTurns(value, count);
    else if (key === 'input' && isObject(value)) sum += ofTurns(value.messages, count) + ofTools(value.tools, count);
  }
  for (const key of ['systemInstruction', 'system_instruction']) {
    const value = raw[key];
    if (isObject(value)) sum += ofTurn(value, count);
  }
  if (sum === 0) for (const key of PLAIN) if (typeof raw[key] === 'string') sum += count(raw[key]);
  sum += ofTools(raw.tools, count);
  let longest = 0;
  for (const key of BRANCHES) {
    const value = raw[key];
    if (value == null) continue;
    const own = typeof value === 'string' ? count(value) + PER_MESSAGE : isObject(value) ? ofTurn(value, count) : ofTurns(value, count);
    longest = Math.max(longest, own);
  }
  return sum + longest;
}

function ofTurns(turns: unknown, count: (text: string) => number): number {
  if (!Array.isArray(turns)) return 0;
  let sum = 0;
  for (const turn of turns) {
    if (isObject(turn)) sum += ofTurn(isObject(turn.completion) ? turn.completion : turn, count);
    else if (typeof turn === 'string') sum += count(turn) + PER_MESSAGE;
  }
  return sum;
}

function ofTurn(turn: Raw, count: (text: string) => number): number {
  let sum = PER_MESSAGE;
  for (const key of ['content', 'value', 'text', 'reasoning_content', 'reasoning', 'thinking']) {
    const value = turn[key];
    if (typeof value === 'string') sum += count(value);
    else if (Array.isArray(value)) sum += ofParts(value, count);
  }
  if (Array.isArray(turn.parts)) sum += ofParts(turn.parts, count);
  if (!Array.isArray(turn.tool_calls)) return sum;
  for (const call of turn.tool_calls) {
    const inner: unknown = isObject(call) ? (call.function ?? call) : undefined;
    if (!isObject(inner)) continue;
    if (typeof inner.name === 'string') sum += count(inner.name) + PER_MESSAGE;
    sum += typeof inner.arguments === 'string' ? count(inner.arguments) : ofTools(inner.arguments, count);
  }
  return sum;
}

function ofParts(parts: readonly unknown[], count: (text: string) => number): number {
  let sum = 0;
  for (const part of parts) if (isObject(part) && typeof part.text === 'string') sum += count(part.text);
  return sum;
}

/** Of what goes to the model as JSON. */
function ofTools(value: unknown, count: (text: string) => number): number {
  if (value == null) return 0;
  if (typeof value === 'string') return count(value);
  try {
    return count(JSON.stringify(value));
  } catch {
    return 0; // nested too deep to write: no trainer could
  }
}
