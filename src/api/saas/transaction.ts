// The two documented shapes of a ledger line: one for /api/credits/transactions, one for the family of
// routes under /api/credits/teams.

import { ENTRY_KINDS } from '../../core/credits/entry.ts';
import type { CreditEntry, EntryKind } from '../../core/credits/entry.ts';
import { creditsToNumber } from '../../core/money.ts';
import type { Team } from '../../core/teams/team.ts';
import type { ENTRY, ENTRY_LISTED } from './answers/credits.ts';
import type { Told } from '../told.ts';

/** Signed, so that the amounts of all lines add up to the balance. */
export function transactionAsListed(entry: CreditEntry): Told<typeof ENTRY_LISTED> {
  return {
    transaction_id: entry.postingId,
    type: entry.amount < 0n ? 'deduction' : 'addition',
    kind: entry.kind,
    amount: creditsToNumber(entry.amount),
    balance_after: creditsToNumber(entry.balanceAfter),
    description: entry.reason,
    actor: entry.actor,
    reference: entry.reference,
    timestamp: entry.createdAt.toISOString(),
  };
}

/** As documented, the amount is positive; the type and the two balances tell the direction. */
export function transactionAsAdded(team: Team, entry: CreditEntry): Told<typeof ENTRY> {
  const size = entry.amount < 0n ? -entry.amount : entry.amount;
  return {
    transaction_id: entry.postingId,
    team_id: team.id,
    organization_id: team.organizationId,
    transaction_type: TYPES[entry.kind],
    credits_amount: creditsToNumber(size),
    credits_before: creditsToNumber(entry.balanceAfter - entry.amount),
    credits_after: creditsToNumber(entry.balanceAfter),
    reason: entry.reason,
    actor: entry.actor,
    reference: entry.reference,
    created_at: entry.createdAt.toISOString(),
  };
}

export const TRANSACTION_TYPES = [
  'allocation',
  'subscription_payment',
  'deduction',
  'refund',
  'adjustment',
  'expiry',
  'transfer',
] as const;
type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** The kinds of entries that are of a documented type. */
export function kindsOf(type: TransactionType): EntryKind[] {
  return ENTRY_KINDS.filter((kind) => TYPES[kind] === type);
}

const TYPES: Readonly<Record<EntryKind, TransactionType>> = {
  grant: 'allocation',
  top_up: 'allocation',
  auto_refill: 'allocation',
  subscription: 'subscription_payment',
  usage: 'deduction',
  refund: 'refund',
  adjustment: 'adjustment',
  expiry: 'expiry',
  transfer: 'transfer',
};
