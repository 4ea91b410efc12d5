import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: true, // testRule, which we ship, uses whatever runner's describe and it are global
    testTimeout: 60_000,
    reporters: ['default', './test/totals.ts'],
  },
});
