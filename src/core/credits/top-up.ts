import type { Actor } from '../audit/audit.ts';
import { tellGateOfNew } from '../change.ts';
import { complaintAboutName } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { CreditAccount, CreditEntry } from './entry.ts';
import { complaintAboutFunding } from './funding.ts';

export interface TopUpWish {
  readonly teamId: string;
  /** Microcredits. */
  readonly amount: bigint;
  readonly reason: string;
  /** The same reference never posts twice. */
  readonly reference: string;
}

export interface TopUpPosted {
  /** What was posted: now, or, if `repeated`, before and perhaps by somebody else. */
  readonly entry: CreditEntry;
  readonly repeated: boolean;
  readonly account: CreditAccount;
}

/** Adds credits to a team. The answer comes after the gate has them. */
export async function topUp(
  stores: Stores,
  actor: Actor,
  wish: TopUpWish,
): Promise<TopUpPosted | Refusal> {
  const posted = await stores.records.change<TopUpPosted>(async (records) => {
    const account = await records.ledger.lockedAccount(wish.teamId);
    if (account === undefined) {
      return refuse('team_unknown', { team: wish.teamId });
    }
    const aboutAmount = complaintAboutFunding(wish.amount, account);
    if (aboutAmount !== undefined) {
      return refuse('value_invalid', { field: 'amount', complaint: aboutAmount });
    }
    const aboutReason = complaintAboutName(wish.reason);
    if (aboutReason !== undefined) {
      return refuse('value_invalid', { field: 'reason', complaint: aboutReason });
    }
    const { entry, repeated } = await records.ledger.post({
      ...wish,
      kind: 'top_up',
      actor: actor.id,
    });
    if (!repeated) {
      await records.audit.write({
        actor,
        action: 'credits.added',
        target: `team:${wish.teamId}`,
        after: { amountMicrocredits: wish.amount.toString(), reference: wish.reference },
        reason: wish.reason,
      });
      await records.outbox.add({ kind: 'credits.posted', teamId: wish.teamId });
    }
    // The account was there a moment ago, and accounts are never deleted.
    return { entry, repeated, account: (await records.ledger.account(wish.teamId)) ?? account };
  });
  if (!isRefusal(posted)) {
    await tellGateOfNew(stores, { teamId: wish.teamId });
  }
  return posted;
}
