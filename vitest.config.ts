import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const BOT_TESTS = 'test/bot';

/** These use both ways by themselves. */
const OVER_BOTH_WAYS = ['connections.test.ts', 'every-item.test.ts', 'killed.test.ts'];

/** What may differ by how Slack reaches the bot: the tests that start one. */
const WITH_A_BOT = readdirSync(BOT_TESTS)
  .filter((name) => name.endsWith('.test.ts') && !OVER_BOTH_WAYS.includes(name))
  .map((name) => `${BOT_TESTS}/${name}`)
  .filter((file) => readFileSync(file, 'utf8').includes('startBot('));

export default defineConfig({
  test: {
    globalSetup: ['test/support/services-for-tests.ts'],
    // Real servers start inside tests; a minute covers a slow two-core machine without hiding a hang.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Postgres, Redis and the processes under test share the cores with the tests.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: 'all', include: ['test/**/*.test.ts'], provide: { slackMode: 'socket' } },
      },
      {
        // The Slack door once more, over signed requests in place of a socket.
        extends: true,
        test: {
          name: 'signed',
          include: WITH_A_BOT,
          provide: { slackMode: 'http' },
        },
      },
    ],
  },
});
