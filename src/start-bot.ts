import { createBot } from './bot/app.ts';
import { createAskedRequests } from './storage/asked-requests.ts';
import type { Services } from './services.ts';

/** Starts the Slack door; answers how to stop it. */
export async function startBot({
  config,
  stores,
  log,
  gate,
}: Services): Promise<() => Promise<void>> {
  const bot = createBot({
    slack: config.slack,
    roles: config.slackRoles,
    stores,
    publicUrl: config.publicUrl,
    log: log.child({ role: 'bot' }),
    askedRequests: createAskedRequests(gate.connection.redis, config.gateNamespace),
    operatorsChannel: config.alerts.operatorsChannel,
  });
  await bot.start();
  return async () => bot.stop();
}
