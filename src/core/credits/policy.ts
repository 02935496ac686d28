import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { creditsToText } from '../money.ts';
import { complaintAboutEnd } from '../moment.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { afterFunding } from './fund.ts';

export type CreditPolicy = Pick<Team, 'limitPolicy' | 'overdraft' | 'graceUntil' | 'autoSuspend'>;

/** Sums with any balance below 2^53 microcredits, as the gate counts. */
export const MAX_OVERDRAFT = 900_000_000_000_000n;

/**
 * Changes what happens at 0. What is not wished stays. Raising the floor takes nothing back: a balance below it
 * is served no more until it is funded.
 */
export async function setCreditPolicy(
  stores: Stores,
  actor: Actor,
  teamId: string,
  wish: Partial<CreditPolicy>,
): Promise<Team | Refusal> {
  const nowMs = stores.clock();
  const changed = await stores.records.change<Team>(async (records) => {
    // As funding does: so neither passes the other while a suspension is lifted.
    const account = await records.ledger.lockedAccount(teamId);
    const team = await records.teams.find(teamId);
    if (account === undefined || team === undefined) {
      return refuse('team_unknown', { team: teamId });
    }
    const policy = policyAfter(team, wish);
    const complaint = complaintAboutPolicy(policy, wish, nowMs);
    if (complaint !== undefined) {
      return refuse('value_invalid', complaint);
    }
    await records.teams.update(teamId, policy);
    await records.audit.write({
      actor,
      action: 'team.credit_policy_changed',
      target: `team:${teamId}`,
      before: spoken(team),
      after: spoken(policy),
    });
    await records.outbox.add({ kind: 'team.changed', teamId });
    await afterFunding(records, teamId, nowMs);
    // Read back in the same change: it is there.
    return (await records.teams.find(teamId)) ?? { ...team, ...policy };
  });
  if (!isRefusal(changed)) {
    await tellGate(stores, { teamId });
  }
  return changed;
}

/** With what is wished. What a policy does not use is not kept for a day on which it would surprise. */
export function policyAfter(team: CreditPolicy, wish: Partial<CreditPolicy>): CreditPolicy {
  const { limitPolicy, overdraft, graceUntil, autoSuspend } = { ...team, ...wish };
  const isChanged = limitPolicy !== team.limitPolicy;
  const grace = isChanged ? (wish.graceUntil ?? null) : graceUntil;
  const kept = isChanged ? (wish.overdraft ?? 0n) : overdraft;
  const usesOverdraft = limitPolicy === 'soft' || (limitPolicy === 'hard' && grace !== null);
  return {
    limitPolicy,
    overdraft: usesOverdraft ? kept : 0n,
    graceUntil: limitPolicy === 'hard' ? grace : null,
    autoSuspend,
  };
}

function complaintAboutPolicy(
  policy: CreditPolicy,
  wish: Partial<CreditPolicy>,
  nowMs: number,
): { readonly field: string; readonly complaint: string } | undefined {
  const { limitPolicy, overdraft, graceUntil } = policy;
  const wished = wish.overdraft ?? overdraft;
  if (wished < 0n || wished > MAX_OVERDRAFT) {
    const complaint = `it must be from 0 to ${creditsToText(MAX_OVERDRAFT)} credits`;
    return { field: 'overdraft', complaint };
  }
  if (wished > 0n && overdraft === 0n) {
    const complaint = `it goes with the policy "soft", or "hard" with a grace, not with "${limitPolicy}"`;
    return { field: 'overdraft', complaint };
  }
  if (wish.graceUntil && graceUntil === null) {
    const complaint = `it goes with the policy "hard", not with "${limitPolicy}"`;
    return { field: 'grace_until', complaint };
  }
  if ((limitPolicy === 'soft' || graceUntil !== null) && overdraft === 0n) {
    const complaint = 'say how far the balance may fall below 0, it would change nothing without';
    return { field: 'overdraft', complaint };
  }
  const aboutEnd = wish.graceUntil ? complaintAboutEnd(wish.graceUntil, nowMs) : undefined;
  return aboutEnd === undefined ? undefined : { field: 'grace_until', complaint: aboutEnd };
}

function spoken(policy: CreditPolicy): Record<string, unknown> {
  const { limitPolicy, overdraft, graceUntil, autoSuspend } = policy;
  const until = graceUntil?.toISOString() ?? null;
  const overdraftMicrocredits = overdraft.toString();
  return { limitPolicy, overdraftMicrocredits, graceUntil: until, autoSuspend };
}
