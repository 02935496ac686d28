import { suspendExhausted } from '../../src/core/credits/auto-suspend.ts';
import { expireGrants, warnOfEndingGrants } from '../../src/core/credits/expire.ts';
import { refillTeams } from '../../src/core/credits/refill.ts';
import { tellExpiringGrant } from '../../src/bot/expiring-grant.ts';
import type { PayloadOf } from '../../src/queue/tasks.ts';
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

/** Says in its team's channel that a grant ends soon. */
export async function tellGrantExpires(
  { services, slack }: WorkerParts,
  { grantId }: PayloadOf<'tell-expiring-grant'>,
): Promise<void> {
  const { stores, log, config } = services;
  if (slack === undefined) {
    log.warn({ grantId }, 'an ending grant could not be told: no Slack is configured');
    return;
  }
  const { operatorsChannel } = config.alerts;
  await tellExpiringGrant({ client: slack, stores, log, operatorsChannel }, grantId);
}
