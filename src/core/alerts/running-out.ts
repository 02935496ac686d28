// The day on which credits run out, by the pace of the last hour, day and week: three answers to one
// question. Where they agree the day is sure; where they don't, both ends are told.

import type { Stores } from '../stores.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import { forecast } from '../usage/burn.ts';
import type { SeenUse } from '../usage/burn.ts';
import type { Finding } from './episode.ts';
import { creditStage } from './low-credit.ts';
import { settleFindings } from './settle.ts';
import { policyOf } from './tell-alert.ts';

/** Each is a pace of its own: now, today, this week. */
export const PACE_WINDOWS_MS = [HOUR_MS, DAY_MS, 7 * DAY_MS] as const;

/** A top-up takes a purchase order, and that takes days. */
const SOON_MS = 3 * DAY_MS;

export interface Exhaustion {
  /** By the fastest pace. */
  readonly earliest: Date;
  /** By the slowest pace. */
  readonly latest: Date;
}

/** Between which moments credits run out; undefined where too little was seen to tell. */
export function exhaustionOf(
  balance: bigint,
  seen: readonly SeenUse[],
  nowMs: number,
): Exhaustion | undefined {
  const ends = seen.flatMap((use) => {
    const { exhaustedAt, roughFromCalls } = forecast(balance, use, nowMs);
    return exhaustedAt === null || roughFromCalls !== null ? [] : [exhaustedAt.getTime()];
  });
  return ends.length === 0
    ? undefined
    : { earliest: new Date(Math.min(...ends)), latest: new Date(Math.max(...ends)) };
}

/** Teams whose credits are not low yet and will be gone in three days even by their slowest pace. */
export async function watchRunningOut(stores: Stores): Promise<number> {
  const { records, clock } = stores;
  const nowMs = clock();
  const findings: Finding[] = [];
  for (const teamId of await records.alerts.usersOfCredits(new Date(nowMs - DAY_MS))) {
    const account = await records.ledger.account(teamId);
    const { creditPercents } = await policyOf(stores, records, teamId);
    if (account === undefined || creditStage(account, creditPercents) !== undefined) {
      continue;
    }
    const seen = await Promise.all(
      PACE_WINDOWS_MS.map(async (ms) => records.usage.chargedSince(teamId, new Date(nowMs - ms))),
    );
    const ends = exhaustionOf(account.balance, seen, nowMs);
    if (ends !== undefined && ends.latest.getTime() - nowMs <= SOON_MS) {
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
