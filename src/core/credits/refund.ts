import type { Actor } from '../audit/audit.ts';
import { tellGateOfCredits } from '../change.ts';
import { complaintAboutName, timeOfId } from '../ids.ts';
import { creditsInWords } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Posted } from './entry.ts';
import { afterFunding } from './fund.ts';
import { complaintAboutFunding } from './funding.ts';
import type { ChargedEvent } from './grant-records.ts';
import { refundParts } from './refund-parts.ts';

export interface RefundWish {
  /** A call or a job, as the usage names it. */
  readonly eventId: string;
  /** Microcredits; undefined for all that was not refunded yet. */
  readonly amount: bigint | undefined;
  readonly reason: string;
  readonly reference: string;
}

export interface Refunded extends Posted {
  readonly teamId: string;
}

/**
 * Gives back what a call was charged, all of it or a part: at most the charge in all. It returns to the grants
 * that the call had used, as it was recorded then; where one has expired, as a new grant with a short life.
 */
export async function refundUsage(
  stores: Stores,
  actor: Actor,
  wish: RefundWish,
): Promise<Refunded | Refusal> {
  const aboutReason = complaintAboutName(wish.reason);
  if (aboutReason !== undefined) {
    return refuse('value_invalid', { field: 'reason', complaint: aboutReason });
  }
  if (wish.amount !== undefined && wish.amount <= 0n) {
    return refuse('value_invalid', { field: 'amount', complaint: 'it must be more than 0' });
  }
  const nowMs = stores.clock();
  const refunded = await stores.records.change<Refunded>(async (records) =>
    refundInside(records, actor, wish, nowMs),
  );
  if (!isRefusal(refunded)) {
    await tellGateOfCredits(stores, refunded.teamId);
  }
  return refunded;
}

async function refundInside(
  records: Records,
  actor: Actor,
  wish: RefundWish,
  nowMs: number,
): Promise<Refunded | Refusal> {
  const { eventId, reason, reference } = wish;
  const found = await records.grants.chargedEvent(eventId);
  const account = found && (await records.ledger.lockedAccount(found.teamId));
  // Again under the lock: another refund may have passed meanwhile.
  const event = found && (await records.grants.chargedEvent(eventId));
  if (event === undefined || account === undefined) {
    return refusalOfUnknown(records, eventId);
  }
  const { teamId } = event;
  const before = await records.ledger.find(teamId, reference);
  if (before !== undefined) {
    return before.kind === 'refund' &&
      before.reference.startsWith(`refund:${eventId}:`) &&
      (wish.amount ?? before.amount) === before.amount
      ? { teamId, entry: before, repeated: true }
      : refuse('reference_conflict', { reference });
  }
  const amount = amountOf(event, wish);
  if (isRefusal(amount)) {
    return amount;
  }
  const complaint = complaintAboutFunding(amount, account);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'amount', complaint });
  }
  const posted = await records.ledger.refund({
    teamId,
    eventId,
    refundsBefore: event.refunds.length,
    parts: refundParts(event, amount, nowMs),
    actor: actor.id,
    reason,
    reference,
  });
  await records.audit.write({
    actor,
    action: 'credits.refunded',
    target: `team:${teamId}`,
    after: { amountMicrocredits: amount.toString(), call: eventId, reference },
    reason,
  });
  await records.outbox.add({ kind: 'credits.posted', teamId });
  await afterFunding(records, teamId, nowMs);
  return { teamId, ...posted };
}

async function refusalOfUnknown(records: Records, eventId: string): Promise<Refusal> {
  const made = timeOfId(eventId);
  const before = made && (await records.usage.prunedBefore());
  return made !== undefined && before !== undefined && made < before
    ? refuse('charge_pruned', { call: eventId, made: dateOf(made), before: dateOf(before) })
    : refuse('charge_unknown', { call: eventId });
}

function dateOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function amountOf(event: ChargedEvent, wish: RefundWish): bigint | Refusal {
  const refunded = event.refunds.reduce((sum, each) => sum + each, 0n);
  const rest = event.charge - refunded;
  const amount = wish.amount ?? rest;
  if (amount <= rest && rest > 0n) {
    return amount;
  }
  const back = refunded === 0n ? '' : `${creditsInWords(refunded)} of it came back already, and `;
  const problem =
    rest === 0n
      ? 'all of it was refunded already'
      : `${back}${creditsInWords(amount)} is more than what is left of it`;
  const charged = creditsInWords(event.charge);
  return refuse('refund_too_large', { call: event.eventId, charged, problem });
}
