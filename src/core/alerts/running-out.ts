import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import { exhaustionOf, readPaces } from '../usage/exhaustion.ts';
import type { Finding } from './episode.ts';
import { creditStage } from './low-credit.ts';
import { settleFindings } from './settle.ts';
import { policyOf } from './tell-alert.ts';

/** A top-up takes a purchase order, and that takes days. */
const SOON_MS = 3 * DAY_MS;
/** An alert is not drawn from one pace alone: a busy hour is no week. */
const LEAST_PACES = 2;
/** The pace of a day, which tells at whom to look closer, may be a third of that of an hour in it. */
const LOOKED_AT_MS = 3 * SOON_MS;

/** Teams whose credits are not low yet and will be gone in three days even by their slowest pace. */
export async function watchRunningOut(stores: Stores): Promise<number> {
  const { records, clock } = stores;
  const nowMs = clock();
  const findings: Finding[] = [];
  const [dayAgo, now] = [new Date(nowMs - DAY_MS), new Date(nowMs)];
  for (const teamId of await records.alerts.fastUsers(dayAgo, now, LOOKED_AT_MS)) {
    const account = await records.ledger.account(teamId);
    const { creditPercents } = await policyOf(stores, records, { teamId });
    if (account === undefined || creditStage(account, creditPercents) !== undefined) {
      continue;
    }
    const ends = exhaustionOf(
      account.balance,
      await readPaces(records.usage, teamId, nowMs),
      nowMs,
    );
    if (
      ends !== undefined &&
      ends.paces >= LEAST_PACES &&
      ends.latest.getTime() - nowMs <= SOON_MS
    ) {
      const facts = {
        balanceMicrocredits: String(account.balance),
        earliest: ends.earliest.toISOString(),
        latest: ends.latest.toISOString(),
      };
      findings.push({ teamId, subject: '', stage: 0, severity: 'warning', facts });
    }
  }
  return settleFindings(stores, 'running_out', findings);
}
