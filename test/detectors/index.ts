import type { Detector } from './detector.ts';
import personalData from './personal-data.ts';
import secrets from './secrets.ts';

/** Every detector that is measured, by the id of its rule: one import and one entry each. */
export const detectors: { readonly [ruleId: string]: () => Detector } = {
  'personal-data': personalData,
  secrets,
};
