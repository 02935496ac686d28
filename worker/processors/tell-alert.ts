import { announceAlert } from '../../src/bot/announce.ts';
import type { PayloadOf } from '../../src/queue/tasks.ts';
import type { WorkerParts } from '../parts.ts';

/** Posts an alert to its channel, or brings its message up to date. */
export async function tellAlert(
  { services, slack }: WorkerParts,
  { episodeId }: PayloadOf<'tell-alert'>,
): Promise<void> {
  const { stores, log, config } = services;
  if (slack === undefined) {
    log.warn({ episodeId }, 'an alert could not be told: no Slack is configured');
    return;
  }
  const { operatorsChannel } = config.alerts;
  await announceAlert({ client: slack, stores, log, operatorsChannel }, episodeId);
}
