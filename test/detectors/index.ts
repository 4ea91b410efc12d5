import controlTokens from './control-tokens.ts';
import { detector as cutReplies } from './cut-replies.ts';
import { detector as degenerateText } from './degenerate-text.ts';
import type { Detector } from './detector.ts';
import personalData from './personal-data.ts';
import placeholderText from './placeholder-text.ts';
import secrets from './secrets.ts';
import { amongAll as structuredReplies, amongJson as structuredRepliesAmongJson } from './structured-replies.ts';
import textEncoding from './text-encoding.ts';

/** Every detector that is measured, by the id of its rule: one import and one entry each. */
export const detectors: { readonly [ruleId: string]: () => Detector } = {
  'control-tokens': controlTokens,
  'cut-replies': cutReplies,
  'degenerate-text': degenerateText,
  'personal-data': personalData,
  'placeholder-text': placeholderText,
  secrets,
  'structured-replies': structuredReplies,
  'structured-replies among JSON': structuredRepliesAmongJson,
  'text-encoding': textEncoding,
};
