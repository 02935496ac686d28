import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/services-for-tests.ts'],
    // Real servers start inside tests; a minute covers a slow two-core machine without hiding a hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Postgres, Redis and the processes under test share the cores with the tests.
    maxWorkers: 2,
  },
});
