import type { Format } from '../types.ts';
import { alpaca } from './alpaca.ts';
import { chat } from './chat.ts';
import { cohere } from './cohere.ts';
import { gemini, geminiPreference } from './gemini.ts';
import { interactions } from './interactions.ts';
import { kto } from './kto.ts';
import { nova } from './nova.ts';
import { preference } from './preference.ts';
import type { Raw } from './problem.ts';
import { promptCompletion } from './prompt-completion.ts';
import { segments } from './segments.ts';
import { sharegpt } from './sharegpt.ts';
import { stepwise } from './stepwise.ts';
import { text } from './text.ts';
import { type UnknownShape, unknownShapeAmong } from './unknown.ts';

export { fieldFormat } from './fields.ts';

/**
 * Tried in order on every row: the first to detect it reads it. A preference row often carries the fields of another format beside its
 * own, and a KTO row always does; Nova and Cohere write chat messages in a way of their own.
 */
export const formats: readonly Format[] = [
  preference,
  kto,
  nova,
  cohere,
  chat,
  sharegpt,
  geminiPreference,
  gemini,
  interactions,
  alpaca,
  promptCompletion,
  stepwise,
  text,
  segments,
];

/** Why a row that none of the formats detects is none, and what would mend it; its first fields, quoted. */
export const unknownShape = (raw: Raw): UnknownShape => unknownShapeAmong(formats, raw);
