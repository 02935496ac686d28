import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import type { AlertEpisode, AlertFacts, Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

/** People need a few days to plan, and a last word on the last day. */
const WARNED_DAYS = [3, 1] as const;

/**
 * Credits that will expire: told three days and a day before. What was used up or has expired is over, and its
 * end says which.
 */
export async function watchEndingGrants(stores: Stores): Promise<number> {
  const { records, clock } = stores;
  const nowMs = clock();
  const before = new Date(nowMs + WARNED_DAYS[0] * DAY_MS);
  const grants = await records.alerts.grantsEnding(new Date(nowMs), before);
  const findings = grants.map(({ teamId, grantId, remaining, expiresAt }): Finding => {
    const leftMs = expiresAt.getTime() - nowMs;
    const stage = leftMs <= WARNED_DAYS[1] * DAY_MS ? WARNED_DAYS[1] : WARNED_DAYS[0];
    const facts = { remainingMicrocredits: String(remaining), expiresAt: expiresAt.toISOString() };
    return { teamId, subject: grantId, stage, severity: 'warning', facts };
  });
  return settleFindings(stores, 'grant_expiring', findings, async (episode) =>
    endOf(stores, episode),
  );
}

async function endOf(
  { records, clock }: Stores,
  { subject, facts }: AlertEpisode,
): Promise<AlertFacts> {
  const grant = await records.grants.find(subject);
  const isExpired = (grant?.expiresAt?.getTime() ?? Infinity) <= clock();
  return { ...facts, end: isExpired ? 'expired' : 'used' };
}
