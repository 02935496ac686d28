import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import type { WorkerParts } from '../parts.ts';

/** Opens and closes alert episodes, and queues what is to be said of them. */
export async function watchAlerts({ services }: WorkerParts): Promise<void> {
  await watchLowCredit(services.stores);
}
