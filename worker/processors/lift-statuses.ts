import { liftStatuses } from '../../src/core/lift-statuses.ts';
import type { WorkerParts } from '../parts.ts';

/** Writes down suspensions and pauses that have ended by themselves. */
export async function liftEndedStatuses({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const lifted = await liftStatuses(stores);
  if (lifted > 0) {
    log.info({ lifted }, 'states lifted by themselves');
  }
}
