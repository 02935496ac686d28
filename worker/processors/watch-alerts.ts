import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import type { WorkerParts } from '../parts.ts';

/** A task for it should have run long before: Redis may have lost it. */
const UNTOLD_AFTER_MS = 60_000;

/** Opens and closes alert episodes; the outbox tells of them, and of those that were never told. */
export async function watchAlerts({ services, queue }: WorkerParts): Promise<void> {
  const { stores } = services;
  await watchLowCredit(stores);
  const untold = await stores.records.alerts.untold(new Date(stores.clock() - UNTOLD_AFTER_MS));
  for (const episodeId of untold) {
    await queue.ask('tell-alert', { episodeId }, `untold-${episodeId}`);
  }
}
