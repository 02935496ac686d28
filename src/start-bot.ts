import { createBot } from './bot/app.ts';
import type { Services } from './services.ts';

/** Starts the Slack door; answers how to stop it. */
export async function startBot({ config, stores, log }: Services): Promise<() => Promise<void>> {
  const bot = createBot({
    slack: config.slack,
    roles: config.slackRoles,
    stores,
    publicUrl: config.publicUrl,
    log: log.child({ role: 'bot' }),
    operatorsChannel: config.alerts.operatorsChannel,
  });
  await bot.start();
  return async () => bot.stop();
}
