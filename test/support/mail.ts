import { randomUUID } from 'node:crypto';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { createAdministrators } from '../../src/bot/posts/administrators.ts';
import { createRoles } from '../../src/bot/roles.ts';
import type { Mail } from '../../src/bot/posts/mail.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';

/** Says posts into a workspace, as the worker does, but without waiting between messages. */
export function mailTo(
  workspace: Pick<RunningWorkspace, 'url' | 'botToken'>,
  stores: Stores,
  wish: Partial<Mail> = {},
): Mail {
  const log = pino({ level: process.env['BOT_TEST_LOG'] ?? 'silent' });
  const client = new WebClient(workspace.botToken, {
    slackApiUrl: `${workspace.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2_000,
  });
  const roles = { managers: ['U0MANAGER'], approvers: [], viewers: [] };
  return {
    client,
    stores,
    log,
    operatorsChannel: 'C0OPS',
    administrators: createAdministrators(
      createRoles(roles, client, stores.clock, log, stores.records.roles.list),
    ),
    name: randomUUID(),
    spacingMs: 0,
    ...wish,
  };
}
