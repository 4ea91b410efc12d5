import type { Format } from '../types.ts';
import { alpaca } from './alpaca.ts';
import { chat } from './chat.ts';
import { preference } from './preference.ts';
import type { Raw } from './problem.ts';
import { promptCompletion } from './prompt-completion.ts';
import { sharegpt } from './sharegpt.ts';
import { text } from './text.ts';
import { unknownShapeAmong } from './unknown.ts';

export { fieldFormat } from './fields.ts';

/** Tried in order on every row: the first to detect it reads it. A preference row often carries the fields of another format beside its own. */
export const formats: readonly Format[] = [preference, chat, sharegpt, alpaca, promptCompletion, text];

/** Why a row that none of the formats detects is none, and what would mend it; its first fields, quoted. */
export const unknownShape = (raw: Raw): { reason: string; keys: string[] } => unknownShapeAmong(formats, raw);
