import controlTokens from './control-tokens.ts';
import type { Detector } from './detector.ts';
import placeholderText from './placeholder-text.ts';
import textEncoding from './text-encoding.ts';

/** Every detector that is measured, by the id of its rule: one import and one entry each. */
export const detectors: { readonly [ruleId: string]: () => Detector } = {
  'control-tokens': controlTokens,
  'placeholder-text': placeholderText,
  'text-encoding': textEncoding,
};
