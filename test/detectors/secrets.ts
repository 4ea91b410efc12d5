import secrets from '../../rules/form/secrets.ts';
import { type Detector, type Labelled, labelled } from './detector.ts';
import { inventor, LOOK_ALIKES, PIECES, SECRETS } from './invented.ts';

/** How many of the surroundings each kind of secret is put into. */
const EACH = 12;

/** The labelled texts with invented values in the place of `{{…}}`; the surroundings of `any secret` once for each kind. */
export function secretTexts(seed = 2026): Labelled[] {
  const invented = inventor(seed);
  const rows = labelled('secrets');
  const fill = (row: object, names: { readonly [name: string]: () => string }): object =>
    JSON.parse(
      JSON.stringify(row).replace(/\{\{([\w-]+)\}\}/g, (whole, name: string) => {
        const make = names[name];
        return make ? JSON.stringify(make()).slice(1, -1) : whole;
      }),
    ) as object;
  const pieces = Object.fromEntries(Object.entries(PIECES).map(([name, make]) => [name, () => make(invented)]));
  const around = rows.filter(({ label }) => label === 'any secret');
  return [
    ...Object.entries(SECRETS).flatMap(([label, makes], k) =>
      Array.from({ length: EACH }, (_, i) => {
        const { row } = around[(k * 5 + i * 2 + Math.floor((i * 2) / around.length)) % around.length]!;
        return { label, row: fill(row, { secret: () => makes[i % makes.length]!(invented) }) };
      }),
    ),
    ...rows
      .filter(({ label }) => label !== 'any secret')
      .flatMap(({ label, row }) =>
        JSON.stringify(row).includes('{{id}}')
          ? Object.values(LOOK_ALIKES).map((make) => ({ label, row: fill(row, { id: () => make(invented) }) }))
          : [{ label, row: fill(row, pieces) }],
      ),
  ];
}

export default (): Detector => ({
  rule: secrets,
  texts: secretTexts(),
  labelOf: (key) => key,
  floors: { recall: 0.95, falseShare: 0 },
});
