import controlTokens from '../../rules/form/control-tokens.ts';
import { type Detector, labelled } from './detector.ts';

export default (): Detector => ({
  rule: controlTokens,
  texts: labelled('control-tokens'),
  // what one service reserves is told wherever it stands: a list of words, and nothing to measure
  labelOf: (key) => (key === 'reserved word' ? undefined : key),
  floors: { recall: 0.95, falseShare: 0.02 },
});
