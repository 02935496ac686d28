import { sendDigests } from '../../src/core/digests/send-digests.ts';
import type { WorkerParts } from '../parts.ts';

/** Queues the digests that are due. */
export async function sendDueDigests({ services }: WorkerParts): Promise<void> {
  const sent = await sendDigests(services.stores);
  if (sent > 0) {
    services.log.info({ sent }, 'digests were sent');
  }
}
