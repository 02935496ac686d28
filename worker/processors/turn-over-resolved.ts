import { turnOverResolved as turnOver } from '../../src/storage/gate/turn-over.ts';
import type { WorkerParts } from '../parts.ts';

/** Keeps the gate's memory of what ended small. */
export async function turnOverResolved({ services }: WorkerParts): Promise<void> {
  for (const keys of services.gate.shards) {
    await turnOver(services.gate, keys);
  }
}
