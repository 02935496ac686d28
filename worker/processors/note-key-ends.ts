import { noteKeyEnds } from '../../src/core/keys/note-ends.ts';
import type { WorkerParts } from '../parts.ts';

/** Writes down that keys expired, and that secrets before a rotation stopped working. */
export async function noteEndsOfKeys({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const ended = await noteKeyEnds(stores);
  if (ended > 0) {
    log.info({ ended }, 'keys or their earlier secrets ended');
  }
}
