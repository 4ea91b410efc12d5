import { expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

// npm run fuzz lints 100,000 lines; these are enough to see that it works, and for a rule that breaks at once.
it('survives hostile lines, and escapes what it prints of them', async () => {
  const { failure, cases } = await fuzz(1000, 1, 40);
  expect(failure).toBeUndefined();
  expect(cases).toBe(1000);
});
