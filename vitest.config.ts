import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: true, // testRule, which we ship, uses whatever runner's describe and it are global
    testTimeout: 60_000,
    maxWorkers: '100%', // the default leaves a core idle, which on two cores is half of them
    isolate: false, // no test changes what another imports; a fresh process per file would cost a second each
    reporters: ['default', './test/totals.ts'],
  },
});
