import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/services-for-tests.ts'],
    // Real servers start inside tests; a minute covers a slow two-core machine without hiding a hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Postgres, Redis and the processes under test share the cores with the tests.
    maxWorkers: 2,
  },
});
