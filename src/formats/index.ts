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
 * own, so it comes first; then the commonest, because each format that is asked in vain costs some 10 ns per row.
 */
export const formats: readonly Format[] = [
  preference,
  chat,
  sharegpt,
  alpaca,
  promptCompletion,
  kto,
  nova,
  cohere,
  stepwise,
  geminiPreference,
  gemini,
  interactions,
  text,
  segments,
];

/** Why a row that none of the formats detects is none, and what would mend it; its first fields, quoted. */
export const unknownShape = (raw: Raw): UnknownShape => unknownShapeAmong(formats, raw);
