import textEncoding from '../../rules/form/text-encoding.ts';
import { type Detector, labelled } from './detector.ts';

export default (): Detector => ({
  rule: textEncoding,
  texts: labelled('text-encoding'),
  labelOf: (key) => key,
  floors: { recall: 0.95, falseShare: 0.02 },
});
