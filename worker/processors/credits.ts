import { suspendExhausted } from '../../src/core/credits/auto-suspend.ts';
import { expireGrants, warnOfEndingGrants } from '../../src/core/credits/expire.ts';
import { refillTeams } from '../../src/core/credits/refill.ts';
import type { WorkerParts } from '../parts.ts';

/** Expires what has ended, and announces what will. */
export async function expireCredits({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const expired = await expireGrants(stores);
  if (expired > 0n) {
    log.info({ expiredMicrocredits: String(expired) }, 'credits expired');
  }
  await warnOfEndingGrants(stores);
}

/** Adds what is due by the calendar or by a threshold. */
export async function refillCredits({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const refills = await refillTeams(stores);
  if (refills > 0) {
    log.info({ refills }, 'teams were refilled');
  }
}

/** Suspends teams that wish so and have nothing left. */
export async function suspendTeamsWithoutCredits({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const teams = await suspendExhausted(stores);
  if (teams.length > 0) {
    log.info({ teams }, 'teams without credits were suspended');
  }
}
