import { detector as cutReplies } from './cut-replies.ts';
import { detector as degenerateText } from './degenerate-text.ts';
import type { Detector } from './detector.ts';
import { amongAll as structuredReplies, amongJson as structuredRepliesAmongJson } from './structured-replies.ts';

/** Every detector that is measured, by the id of its rule: one import and one entry each. */
export const detectors: { readonly [ruleId: string]: () => Detector } = {
  'cut-replies': cutReplies,
  'degenerate-text': degenerateText,
  'structured-replies': structuredReplies,
  'structured-replies among JSON': structuredRepliesAmongJson,
};
