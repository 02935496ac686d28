import type { Actor } from '../audit/audit.ts';
import { complaintAboutName } from '../ids.ts';
import { creditsInWords, MAX_CREDITS, MAX_MICROCREDITS } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Posted } from './entry.ts';
import { fund } from './fund.ts';
import type { FundingWish } from './fund.ts';
import { take } from './taking.ts';

export type DeductionWish = Omit<FundingWish, 'terms'>;

/**
 * Takes credits from a team, out of its grants in their order: at most what is spendable now. Holds on the
 * next request of every replica.
 */
export async function deductCredits(
  stores: Stores,
  actor: Actor,
  wish: DeductionWish,
): Promise<Posted | Refusal> {
  const complaint = complaintAboutTaking(wish);
  if (complaint !== undefined) {
    return complaint;
  }
  const team = await stores.records.teams.find(wish.teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: wish.teamId });
  }
  const { amount, reference } = wish;
  return take(stores, { team, amount, reference }, async () => postDeduction(stores, actor, wish));
}

/** Corrects a balance: adds, or takes where the amount is negative. */
export async function adjustCredits(
  stores: Stores,
  actor: Actor,
  wish: DeductionWish,
): Promise<Posted | Refusal> {
  return wish.amount < 0n
    ? deductCredits(stores, actor, { ...wish, amount: -wish.amount })
    : fund(stores, actor, wish, { kind: 'adjustment', isStrict: true });
}

/** The ledger's part of a deduction, once the amount is withheld in the gate. */
export async function postDeduction(
  stores: Stores,
  actor: Actor,
  wish: DeductionWish,
): Promise<Posted | Refusal> {
  const { teamId, amount, reason, reference } = wish;
  return stores.records.change<Posted>(async (records) => {
    const refusal = await complaintAboutBalance(records, wish);
    if (refusal !== undefined) {
      return refusal;
    }
    const posting = { teamId, kind: 'adjustment', amount: -amount, reason, reference } as const;
    const posted = await records.ledger.post({ ...posting, actor: actor.id });
    if (posted.repeated) {
      const { entry } = posted;
      const isSame = entry.kind === 'adjustment' && entry.amount === -amount;
      return isSame ? posted : refuse('reference_conflict', { reference });
    }
    await records.audit.write({
      actor,
      action: 'credits.deducted',
      target: `team:${teamId}`,
      after: { amountMicrocredits: amount.toString(), reference },
      reason,
    });
    await records.outbox.add({ kind: 'credits.posted', teamId });
    return posted;
  });
}

export function complaintAboutTaking({
  amount,
  reason,
}: Pick<DeductionWish, 'amount' | 'reason'>): Refusal | undefined {
  if (amount <= 0n) {
    return refuse('value_invalid', { field: 'amount', complaint: 'it must be more than 0' });
  }
  if (amount > MAX_MICROCREDITS) {
    const complaint = `at most ${MAX_CREDITS.toLocaleString('en')} credits are allowed`;
    return refuse('value_invalid', { field: 'amount', complaint });
  }
  const aboutReason = complaintAboutName(reason);
  return aboutReason === undefined
    ? undefined
    : refuse('value_invalid', { field: 'reason', complaint: aboutReason });
}

/**
 * Locks the account. The gate withheld the amount, so the ledger has it too, unless the gate forgot everything
 * in between.
 */
export async function complaintAboutBalance(
  records: Records,
  { teamId, amount, reference }: Pick<DeductionWish, 'teamId' | 'amount' | 'reference'>,
): Promise<Refusal | undefined> {
  const account = await records.ledger.lockedAccount(teamId);
  if (account === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const isRepeated = (await records.ledger.find(teamId, reference)) !== undefined;
  if (isRepeated || account.balance >= amount) {
    return undefined;
  }
  const spendable = creditsInWords(account.balance > 0n ? account.balance : 0n);
  const wanted = creditsInWords(amount);
  return refuse('credits_not_spendable', { team: teamId, wanted, spendable, reserved: 'nothing' });
}
