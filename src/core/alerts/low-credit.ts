// One alert for each crossing: an episode opens when the balance falls to the threshold and closes
// when it rises above again. Its single message is kept current in place: told when it opens, when the
// balance reaches 0 (or leaves it while still low), and when it closes; each of these once.

import { newId } from '../ids.ts';
import type { Records, Stores } from '../stores.ts';
import { BURN_WINDOW_MS, forecast } from '../usage/burn.ts';
import type { CreditAccount } from '../credits/entry.ts';
import type { LowCreditFacts } from './episode.ts';
import { tellAlert } from './tell-alert.ts';

/** Whether a balance stands at or under the threshold, in percent of the latest allotment. */
export function isLow(
  account: Pick<CreditAccount, 'balance' | 'allotment'>,
  thresholdPercent: number,
): boolean {
  return (
    account.allotment > 0n && account.balance * 100n <= account.allotment * BigInt(thresholdPercent)
  );
}

/** Opens, renews or closes the episode of each team whose balance crossed the threshold or 0. */
export async function watchLowCredit(stores: Stores): Promise<number> {
  const teamIds = await stores.records.alerts.crossings(stores.settings.lowCreditPercent);
  for (const teamId of teamIds) {
    await stores.records.change(async (records) => reviewTeam(stores, records, teamId));
  }
  return teamIds.length;
}

async function reviewTeam(stores: Stores, records: Records, teamId: string): Promise<undefined> {
  const team = await records.teams.find(teamId);
  const account = await records.ledger.account(teamId);
  if (team === undefined || account === undefined) {
    return;
  }
  const thresholdPercent = stores.settings.lowCreditPercent;
  const low = isLow(account, thresholdPercent);
  const open = (await records.alerts.openOf(teamId)).find(
    (episode) => episode.kind === 'low_credit' && episode.thresholdPercent === thresholdPercent,
  );
  const facts = await factsOf(stores, records, account);
  if (low && open === undefined) {
    const episode = { id: newId(), teamId, kind: 'low_credit', thresholdPercent, facts } as const;
    const opened = await records.alerts.open(episode);
    if (opened !== undefined) {
      await tellAlert(records, team, opened.id);
    }
  } else if (open !== undefined) {
    // The records say who of two writers at once was first: only that one tells.
    const changed = low
      ? await records.alerts.crossZero(open.id, facts)
      : await records.alerts.close(open.id, new Date(stores.clock()), facts);
    if (changed) {
      await tellAlert(records, team, open.id);
    }
  }
}

async function factsOf(
  stores: Stores,
  records: Records,
  account: CreditAccount,
): Promise<LowCreditFacts> {
  const now = stores.clock();
  const seen = await records.usage.chargedSince(account.teamId, new Date(now - BURN_WINDOW_MS));
  const { burnPerHour, exhaustedAt } = forecast(account.balance, seen, now);
  return {
    spendableMicrocredits: account.balance.toString(),
    allotmentMicrocredits: account.allotment.toString(),
    burnPerHourMicrocredits: burnPerHour?.toString() ?? null,
    exhaustedAt: exhaustedAt?.toISOString() ?? null,
    at: new Date(now).toISOString(),
  };
}
