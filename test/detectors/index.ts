import controlTokens from './control-tokens.ts';
import { detector as cutReplies } from './cut-replies.ts';
import { detector as degenerateText } from './degenerate-text.ts';
import type { Detector } from './detector.ts';
import placeholderText from './placeholder-text.ts';
import { amongAll as structuredReplies, amongJson as structuredRepliesAmongJson } from './structured-replies.ts';
import textEncoding from './text-encoding.ts';

/** Every detector that is measured, by the id of its rule: one import and one entry each. */
export const detectors: { readonly [ruleId: string]: () => Detector } = {
  'control-tokens': controlTokens,
  'cut-replies': cutReplies,
  'degenerate-text': degenerateText,
  'placeholder-text': placeholderText,
  'structured-replies': structuredReplies,
  'structured-replies among JSON': structuredRepliesAmongJson,
  'text-encoding': textEncoding,
};
