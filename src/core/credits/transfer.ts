import type { Actor } from '../audit/audit.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { complaintAboutBalance, complaintAboutTaking } from './deduct.ts';
import type { DeductionWish } from './deduct.ts';
import type { Posted } from './entry.ts';
import { afterFunding } from './fund.ts';
import { complaintAboutFunding } from './funding.ts';
import { take } from './taking.ts';

export interface TransferWish extends DeductionWish {
  readonly toTeamId: string;
}

/**
 * Moves spendable credits between two teams of one organization, in one posting. What is moved keeps its
 * expiry, priority and category. Answers the giver's line.
 */
export async function transferCredits(
  stores: Stores,
  actor: Actor,
  wish: TransferWish,
): Promise<Posted | Refusal> {
  const { amount, reference, toTeamId } = wish;
  const { teams } = stores.records;
  const team = await teams.find(wish.teamId);
  const other = await teams.find(toTeamId);
  if (team === undefined || other === undefined) {
    return refuse('team_unknown', { team: team === undefined ? wish.teamId : toTeamId });
  }
  const complaint =
    complaintAboutTaking(wish) ??
    complaintAboutPair(wish, team.organizationId === other.organizationId);
  if (complaint !== undefined) {
    return complaint;
  }
  const alsoTell = [{ teamId: toTeamId }];
  return take(stores, { team, amount, reference, alsoTell }, async () =>
    postTransfer(stores, actor, wish),
  );
}

function complaintAboutPair(
  { teamId, toTeamId }: TransferWish,
  isOneOrganization: boolean,
): Refusal | undefined {
  if (teamId === toTeamId) {
    return refuse('value_invalid', { field: 'to_team_id', complaint: 'it is the same team' });
  }
  const complaint = 'credits are moved between teams of one organization only';
  return isOneOrganization
    ? undefined
    : refuse('value_invalid', { field: 'to_team_id', complaint });
}

/** The ledger's part of a transfer, once the amount is withheld in the gate. */
export async function postTransfer(
  stores: Stores,
  actor: Actor,
  wish: TransferWish,
): Promise<Posted | Refusal> {
  const { teamId, toTeamId, amount, reason, reference } = wish;
  return stores.records.change<Posted>(async (records) => {
    const { ledger } = records;
    // Both at once, and always in the same order, so that no two transfers wait for each other in a ring.
    for (const id of [teamId, toTeamId].toSorted()) {
      await ledger.lockedAccount(id);
    }
    const before = await ledger.find(teamId, reference);
    if (before !== undefined) {
      const isSame =
        before.kind === 'transfer' &&
        before.amount === -amount &&
        (await ledger.counterpart(before.postingId, teamId)) === toTeamId;
      return isSame
        ? { entry: before, repeated: true }
        : refuse('reference_conflict', { reference });
    }
    const receiver = await ledger.account(toTeamId);
    const complaint =
      receiver === undefined ? 'it has no account' : complaintAboutFunding(amount, receiver);
    if (complaint !== undefined) {
      return refuse('value_invalid', { field: 'amount', complaint });
    }
    const refusal = await complaintAboutBalance(records, wish);
    if (refusal !== undefined) {
      return refusal;
    }
    const posting = { teamId, toTeamId, amount, reason, reference, actor: actor.id };
    const posted = await ledger.transfer(posting);
    const after = { amountMicrocredits: amount.toString(), from: teamId, to: toTeamId, reference };
    for (const id of [teamId, toTeamId]) {
      const target = `team:${id}`;
      await records.audit.write({ actor, action: 'credits.transferred', target, after, reason });
      await records.outbox.add({ kind: 'credits.posted', teamId: id });
    }
    await afterFunding(records, toTeamId, stores.clock());
    return posted;
  });
}
