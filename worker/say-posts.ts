import { createAdministrators } from '../src/bot/posts/administrators.ts';
import { deliverPosts } from '../src/bot/posts/deliver.ts';
import { SPACING_MS } from '../src/bot/posts/mail.ts';
import type { Mail } from '../src/bot/posts/mail.ts';
import { newId } from '../src/core/ids.ts';
import type { WorkerParts } from './parts.ts';

/** Says in Slack what is due, a message for each place; true if there was any. Nothing without Slack. */
export function sayPosts({ services, slack, roles }: WorkerParts): () => Promise<boolean> {
  const { config, log, stores } = services;
  if (slack === undefined || roles === undefined) {
    log.warn({ part: 'posts' }, 'nobody is told of anything: no Slack is configured');
    return async () => false;
  }
  const mail: Mail = {
    client: slack,
    stores,
    log,
    operatorsChannel: config.alerts.operatorsChannel,
    administrators: createAdministrators(roles),
    name: newId(),
    spacingMs: SPACING_MS,
  };
  return async () => (await deliverPosts(mail)) > 0;
}
