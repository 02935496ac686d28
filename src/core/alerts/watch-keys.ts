import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import type { EndingKey } from './alert-records.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

/** Within a day of the end it is urgent. */
const URGENT_MS = DAY_MS;
/** A key that was made for no more than this beyond a warning was meant to end: it is told without that one. */
const SPARE_MS = DAY_MS;

/**
 * Keys that will end: told as many days before as the operator says. A key that was prolonged, revoked or has
 * ended is over.
 */
export async function watchEndingKeys(stores: Stores): Promise<number> {
  const nowMs = stores.clock();
  const { keyExpiryDays } = stores.settings;
  const before = new Date(nowMs + Math.max(...keyExpiryDays) * DAY_MS);
  const keys = await stores.records.alerts.keysEnding(new Date(nowMs), before);
  const findings = keys.flatMap((key): Finding[] => {
    const { teamId, keyId, name, lastFour, expiresAt } = key;
    const leftMs = expiresAt.getTime() - nowMs;
    const stage = stageOf(key, leftMs, keyExpiryDays);
    const severity = leftMs <= URGENT_MS ? 'critical' : 'warning';
    const facts = { name, lastFour, expiresAt: expiresAt.toISOString() };
    return stage === undefined ? [] : [{ teamId, subject: keyId, stage, severity, facts }];
  });
  return settleFindings(stores, 'key_expiring', findings);
}

/** The last of the warnings that is due; none that a key was made for hardly longer than. */
function stageOf(
  { createdAt, expiresAt }: EndingKey,
  leftMs: number,
  days: readonly number[],
): number | undefined {
  const lifeMs = expiresAt.getTime() - createdAt.getTime();
  const due = days.filter((each) => leftMs <= each * DAY_MS && lifeMs > each * DAY_MS + SPARE_MS);
  return due.length === 0 ? undefined : Math.min(...due);
}
