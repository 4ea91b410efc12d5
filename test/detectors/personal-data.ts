import personalData from '../../rules/form/personal-data.ts';
import { type Detector, type Labelled, labelled } from './detector.ts';
import { inventor, PERSONS } from './invented.ts';

/** The labelled texts with invented values in the place of `{{…}}`. */
export function personalTexts(seed = 2026): Labelled[] {
  const invented = inventor(seed);
  return labelled('personal-data').map(({ label, row }) => ({
    label,
    row: JSON.parse(
      JSON.stringify(row).replace(/\{\{([\w-]+)\}\}/g, (_, name: string) => JSON.stringify(PERSONS[name]!(invented)).slice(1, -1)),
    ) as object,
  }));
}

export default (): Detector => ({
  rule: personalData,
  texts: personalTexts(),
  labelOf: (key) => key,
  floors: { recall: 0.9, falseShare: 0.005 },
});
