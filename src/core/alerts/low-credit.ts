// Low credit: one episode for each way down. It opens at the first threshold, goes to the next ones, to 0
// and to the suspension that may follow, and closes when a funding lifts the balance above all of them.

import type { CreditAccount } from '../credits/entry.ts';
import { CREDITS_EXHAUSTED } from '../credits/fund.ts';
import type { Records, Stores } from '../stores.ts';
import { BURN_WINDOW_MS, forecast } from '../usage/burn.ts';
import type { AlertFacts, Finding } from './episode.ts';
import { close, settle } from './settle.ts';
import { policyOf } from './tell-alert.ts';

/** Whether a balance stands at or under a threshold, in percent of the latest allotment. */
export function isLow(
  account: Pick<CreditAccount, 'balance' | 'allotment'>,
  thresholdPercent: number,
): boolean {
  return (
    account.allotment > 0n && account.balance * 100n <= account.allotment * BigInt(thresholdPercent)
  );
}

/** The lowest threshold that a balance has fallen to, 0 if nothing is left; undefined above all of them. */
export function creditStage(
  account: Pick<CreditAccount, 'balance' | 'allotment'>,
  percents: readonly number[],
): number | undefined {
  const reached = [...percents, 0].filter((percent) => isLow(account, percent));
  return reached.length === 0 ? undefined : Math.min(...reached);
}

/** Below 0: the team was suspended because nothing is left. */
export const SUSPENDED_STAGE = -1;

/** Opens, changes or closes the episode of each team whose balance crossed a threshold. */
export async function watchLowCredit(stores: Stores): Promise<number> {
  const { records, settings } = stores;
  let changed = 0;
  for (const teamId of await records.alerts.creditCrossings([settings.lowCreditPercent])) {
    changed += await reviewTeam(stores, teamId);
  }
  return changed;
}

async function reviewTeam(stores: Stores, teamId: string): Promise<number> {
  const { records } = stores;
  // Before the balance: whoever looked later and was faster has changed the episode, and then this look is void.
  const episodes = await records.alerts.openOf(teamId);
  const episode = episodes.find(({ kind }) => kind === 'low_credit');
  const account = await records.ledger.account(teamId);
  if (account === undefined) {
    return 0;
  }
  const team = await records.teams.find(teamId);
  const { creditPercents } = await policyOf(stores, records, { teamId });
  const reached = creditStage(account, creditPercents);
  const isSuspended = team?.status === 'suspended' && team.statusReason === CREDITS_EXHAUSTED;
  const stage = reached === 0 && isSuspended ? SUSPENDED_STAGE : reached;
  const facts = await factsOf(stores, records, account);
  if (stage === undefined) {
    return episode === undefined ? 0 : close(stores, episode, facts);
  }
  // Somebody was faster, and this is known already.
  if (episode?.stage === stage) {
    return 0;
  }
  const severity = stage <= 0 ? 'critical' : 'warning';
  const finding: Finding = { teamId, subject: '', stage, severity, facts };
  return settle(stores, 'low_credit', finding, episode);
}

async function factsOf(
  stores: Stores,
  records: Records,
  account: CreditAccount,
): Promise<AlertFacts> {
  const now = stores.clock();
  const seen = await records.usage.chargedSince(account.teamId, new Date(now - BURN_WINDOW_MS));
  const { burnPerHour, exhaustedAt } = forecast(account.balance, seen, now);
  return {
    spendableMicrocredits: account.balance.toString(),
    allotmentMicrocredits: account.allotment.toString(),
    burnPerHourMicrocredits: burnPerHour?.toString() ?? null,
    exhaustedAt: exhaustedAt?.toISOString() ?? null,
  };
}
