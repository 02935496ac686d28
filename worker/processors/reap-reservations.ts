import { reapShard } from '../../src/storage/reaper.ts';
import type { WorkerParts } from '../parts.ts';

/** Ends reservations whose proxy died. */
export async function reapReservations({ services }: WorkerParts): Promise<void> {
  const { gate, source, stores, log } = services;
  for (const keys of gate.shards) {
    const resolved = await reapShard(gate, source, keys, stores.clock());
    if (resolved > 0) {
      log.info({ shard: keys.shard, resolved }, 'resolved lapsed reservations');
    }
  }
}
