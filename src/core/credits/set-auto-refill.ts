import type { Actor } from '../audit/audit.ts';
import { creditsToText, MAX_CREDITS, MAX_MICROCREDITS } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import type { AutoRefill } from './auto-refill.ts';

export type AutoRefillWish = Omit<AutoRefill, 'since'>;

/** Sets when a team is refilled by itself; null for never. The first period paid is the next one. */
export async function setAutoRefill(
  stores: Stores,
  actor: Actor,
  teamId: string,
  wish: AutoRefillWish | null,
): Promise<Team | Refusal> {
  const complaint = wish === null ? undefined : complaintAboutRefill(wish);
  if (complaint !== undefined) {
    return refuse('value_invalid', complaint);
  }
  return stores.records.change<Team>(async (records) => {
    const team = await records.teams.locked(teamId);
    if (team === undefined) {
      return refuse('team_unknown', { team: teamId });
    }
    const autoRefill = wish === null ? null : { ...wish, since: sinceOf(team, wish, stores) };
    await records.teams.update(teamId, { autoRefill });
    await records.audit.write({
      actor,
      action: 'team.auto_refill_changed',
      target: `team:${teamId}`,
      before: spoken(team.autoRefill),
      after: spoken(autoRefill),
    });
    await records.outbox.add({ kind: 'team.changed', teamId });
    return { ...team, autoRefill };
  });
}

/** Another amount in the same rhythm loses no period. */
function sinceOf({ autoRefill }: Team, wish: AutoRefillWish, stores: Stores): Date {
  return autoRefill !== null && autoRefill.every === wish.every
    ? autoRefill.since
    : new Date(stores.clock());
}

function complaintAboutRefill(
  wish: AutoRefillWish,
): { readonly field: string; readonly complaint: string } | undefined {
  const { amount, every, below, monthlyMax } = wish;
  const most = `at most ${MAX_CREDITS.toLocaleString('en')} credits are allowed`;
  if (amount <= 0n || amount > MAX_MICROCREDITS) {
    return { field: 'amount', complaint: amount <= 0n ? 'it must be more than 0' : most };
  }
  if (every === null && below === null) {
    const complaint = 'say when: "every" a period, or when the balance falls "below" a threshold';
    return { field: 'every', complaint };
  }
  if (below !== null && (below <= 0n || below > MAX_MICROCREDITS)) {
    return { field: 'below', complaint: below <= 0n ? 'it must be more than 0' : most };
  }
  if (monthlyMax !== null && monthlyMax < amount) {
    const complaint = `it must be at least one refill, ${creditsToText(amount)} credits`;
    return { field: 'monthly_max', complaint };
  }
  return undefined;
}

function spoken(refill: AutoRefill | null): Record<string, unknown> {
  if (refill === null) {
    return { autoRefill: 'off' };
  }
  const { amount, every, below, monthlyMax } = refill;
  return {
    amountMicrocredits: amount.toString(),
    every,
    belowMicrocredits: below?.toString() ?? null,
    monthlyMaxMicrocredits: monthlyMax?.toString() ?? null,
  };
}
