import { describe, expect, it } from 'vitest';
import { ruleSetHits, ruleSetIds } from '../../src/libraries/secrets.ts';
import { isPlaceholder } from '../../src/privacy/found.ts';
import { RULES_BY_PIECE, secretsIn } from '../../src/privacy/secrets.ts';
import { inventor, LOOK_ALIKES, SECRETS } from '../detectors/invented.ts';
import { secretTexts } from '../detectors/secrets.ts';

/** All texts of a row, as decoded. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** What the rule set reports of a whole text, but for ids that are no keys. */
const wholeHits = (text: string) =>
  ruleSetIds.flatMap((id) =>
    ruleSetHits(id, text)
      .filter(({ message }) => message !== 'AWSAccountID')
      .map((hit) => ({ id, ...hit })),
  );

describe('secretsIn', () => {
  it('gives every rule of the set its pieces', () => {
    expect([...new Set(RULES_BY_PIECE)].sort()).toEqual(ruleSetIds);
  });

  it('finds all that the rule set finds in whole texts', () => {
    const missed: object[] = [];
    let hits = 0;
    for (const { row, label } of secretTexts(31)) {
      if (label === '') continue;
      for (const text of textsOf(row)) {
        const found = secretsIn(text);
        for (const hit of wholeHits(text)) {
          hits++;
          const end = hit.message === 'AWSSecretAccessKey' ? hit.end + 60 : hit.end; // told from the start of its name
          if (!found.some((each) => each.start < end && each.end > hit.start)) missed.push({ ...hit, text });
        }
      }
    }
    expect(hits).toBeGreaterThan(250);
    expect(missed).toEqual([]);
  });

  it.each(Object.keys(SECRETS))('finds a %s whole, wherever it stands', (kind) => {
    const invented = inventor(77);
    for (const make of SECRETS[kind]!) {
      for (let round = 0; round < 8; round++) {
        const value = make(invented);
        if (isPlaceholder(value)) continue; // a random run that happens to count up
        for (const [before, after] of [
          ['', ''],
          ['key=', '\n'],
          ['"', '",'],
          ['\\n', '\\n'],
          ['（', '）'],
          [`${'word '.repeat(400)}(`, `) ${'word '.repeat(400)}`],
        ] as const) {
          const [found] = secretsIn(before + value + after);
          expect(found, `${before.slice(-6)}${value}${after.slice(0, 6)}`).toBeDefined();
          expect(found!.start).toBeLessThanOrEqual(before.length + value.length - 8);
          expect(found!.end).toBeGreaterThanOrEqual(before.length + value.length - 2);
        }
      }
    }
  });

  it.each(Object.entries(LOOK_ALIKES))('does not take a %s for a secret', (_, make) => {
    const invented = inventor(5);
    for (let round = 0; round < 50; round++) expect(secretsIn(`see ${make(invented)} there`)).toEqual([]);
  });
});

describe('isPlaceholder', () => {
  it.each([
    'xxxxxxxxxxxxxxxx',
    'your-api-key',
    'YOUR_TOKEN',
    'abc123def456ghi789',
    'Y0uRl1cens3KeyH3re',
    '1234567890',
    '<token>',
    'aaaaaaaaaaaa',
    'EXAMPLEKEY',
  ])('knows %s', (value) => expect(isPlaceholder(value)).toBe(true));
  it.each(['kJ8x2mQvL9nR4tWz', '9f3c1ab07e55d2c84b61'])('but not %s', (value) => expect(isPlaceholder(value)).toBe(false));
});
