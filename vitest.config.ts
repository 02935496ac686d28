import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** What is the same however Slack reaches the bot: nothing in these goes through it, or they use both ways. */
const WITHOUT_A_WAY_TO_THE_BOT = [
  // Posts go from the worker to Slack.
  'alert-episodes',
  'alert-places',
  'alert-time',
  'day-after',
  'mortal-posts',
  'outages',
  'posts',
  // Words and blocks, without a workspace.
  'blocks',
  'ceilings-words',
  'grammar',
  'mentions',
  'roles',
  'typed-words',
  // The list of what the bot listens to.
  'manifest',
  // A process of its own, with a socket beside signed requests.
  'killed',
  // Both ways by themselves.
  'connections',
  'every-item',
].map((name) => `test/bot/${name}.test.ts`);

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
          include: ['test/bot/**/*.test.ts'],
          exclude: WITHOUT_A_WAY_TO_THE_BOT,
          provide: { slackMode: 'http' },
        },
      },
    ],
  },
});
