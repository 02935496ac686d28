import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { CREDITS_EXHAUSTED } from './fund.ts';
import { overdraftAt } from './overdraft.ts';

const SYSTEM_CREDITS: Actor = { id: 'system:credits', door: 'system' };
/** One page; the next run takes the next. */
const PAGE = 200;

/** Suspends the teams that wish so and have nothing left. Answers which. */
export async function suspendExhausted(stores: Stores): Promise<string[]> {
  const candidates = await stores.records.grants.exhausted(new Date(stores.clock()), PAGE);
  const suspended: string[] = [];
  for (const teamId of candidates) {
    if (await suspendIfExhausted(stores, teamId)) {
      suspended.push(teamId);
    }
  }
  return suspended;
}

/**
 * Nothing left is: neither spendable, nor held by calls under way (most of that comes back), nor as overdraft.
 * Funding that comes at the same time wins.
 */
async function suspendIfExhausted(stores: Stores, teamId: string): Promise<boolean> {
  const { records, gate } = stores;
  // Before the gate is asked: what is funded from here on raises the sequence, and ends this try.
  const account = await records.ledger.account(teamId);
  const team = await records.teams.find(teamId);
  if (account === undefined || team === undefined) {
    return false;
  }
  const { spendable, reserved } = await gate.balance(team);
  if (spendable + reserved + overdraftAt(team, stores.clock()) > 0n) {
    return false;
  }
  const suspended = await records.change<true>(async (inside) => {
    const now = await inside.ledger.lockedAccount(teamId);
    const fresh = await inside.teams.find(teamId);
    const isSame =
      now?.fundingSequence === account.fundingSequence && fresh?.version === team.version;
    if (!isSame || !(await inside.grants.suspend(teamId, CREDITS_EXHAUSTED))) {
      return refuse('reference_conflict', { reference: teamId });
    }
    await inside.audit.write({
      actor: SYSTEM_CREDITS,
      action: 'team.suspended',
      target: `team:${teamId}`,
      before: { status: team.status },
      after: { status: 'suspended' },
      reason: CREDITS_EXHAUSTED,
    });
    await inside.outbox.add({ kind: 'team.changed', teamId });
    return true;
  });
  if (isRefusal(suspended)) {
    return false;
  }
  await tellGate(stores, { teamId });
  return true;
}
