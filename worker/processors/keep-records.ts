import { pruneLeftovers } from '../../src/storage/prune-leftovers.ts';
import { pruneUsage } from '../../src/storage/prune-usage.ts';
import { makeUsageMonths as makeMonths } from '../../src/storage/usage-months.ts';
import type { WorkerParts } from '../parts.ts';

/** Makes places for the calls of the months to come. */
export async function makeUsageMonths({ services }: WorkerParts): Promise<void> {
  const { postgres, stores, log } = services;
  const made = await makeMonths(postgres, stores.clock());
  if (made > 0) {
    log.info({ part: 'make-usage-months', made }, 'months of usage were made');
  }
}

/** Removes what is kept no longer, and says how much that was. */
export async function pruneRecords({ services }: WorkerParts): Promise<void> {
  const { postgres, stores, config, log } = services;
  const nowMs = stores.clock();
  const { retentionDays } = config.usage;
  const { months, calls, hours } = await pruneUsage(postgres, { retentionDays, nowMs });
  const leftovers = await pruneLeftovers(postgres, nowMs);
  log.info({ part: 'prune', months, calls, hours, ...leftovers }, 'old records were removed');
}
