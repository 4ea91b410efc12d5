import placeholderText from '../../rules/form/placeholder-text.ts';
import { type Detector, labelled } from './detector.ts';

export default (): Detector => ({
  rule: placeholderText,
  texts: labelled('placeholder-text'),
  labelOf: (key) => key,
  floors: { recall: 0.9, falseShare: 0.02 },
});
