import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

/** A client needs about a week to roll a key out; a day before the end it is urgent. */
const WARNED_DAYS = [7, 1] as const;

/** Keys that will end: told a week and a day before. A key that was prolonged, revoked or has ended is over. */
export async function watchEndingKeys(stores: Stores): Promise<number> {
  const nowMs = stores.clock();
  const before = new Date(nowMs + WARNED_DAYS[0] * DAY_MS);
  const keys = await stores.records.alerts.keysEnding(new Date(nowMs), before);
  const findings = keys.map(({ teamId, keyId, name, lastFour, expiresAt }): Finding => {
    const leftMs = expiresAt.getTime() - nowMs;
    const stage = leftMs <= WARNED_DAYS[1] * DAY_MS ? WARNED_DAYS[1] : WARNED_DAYS[0];
    const severity = stage === WARNED_DAYS[1] ? 'critical' : 'warning';
    const facts = { name, lastFour, expiresAt: expiresAt.toISOString() };
    return { teamId, subject: keyId, stage, severity, facts };
  });
  return settleFindings(stores, 'key_expiring', findings);
}
