import degenerateText from '../../rules/form/degenerate-text.ts';
import { type Detector, labelled } from './detector.ts';

export const detector = (): Detector => ({
  rule: degenerateText,
  texts: labelled('degenerate-text'),
  labelOf: (key) => key,
  floors: { recall: 0.95, falseShare: 0.02 },
});
