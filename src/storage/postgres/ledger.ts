// The only writer of entries. The database fills in sequence and balance, orders writers by the row
// lock of the account, and refuses what does not balance (see the first migration).

import type {
  CreditAccount,
  CreditEntry,
  FundingKind,
  FundingPosting,
} from '../../core/credits/entry.ts';
import { newId } from '../../core/ids.ts';
import type { LedgerRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';
import { accountFrom, entryFrom } from './rows.ts';

/** The account of a team in the ledger. */
export function accountIdOf(teamId: string): string {
  return `team:${teamId}`;
}

/** Which of the house's accounts stands on the other side of a movement. */
function houseAccountOf(kind: FundingKind): string {
  switch (kind) {
    case 'top_up':
    case 'subscription':
    case 'auto_refill':
      return 'house:payments';
    case 'grant':
    case 'expiry':
      return 'house:grants';
    case 'refund':
    case 'adjustment':
    case 'transfer':
      return 'house:adjustments';
  }
}

export function ledgerIn(scope: PostgresScope): LedgerRecords {
  return {
    open: async (teamId) => {
      await scope.creditAccount.create({ data: { id: accountIdOf(teamId), teamId } });
    },
    account: async (teamId) => accountOf(scope, teamId),
    lockedAccount: async (teamId) => {
      await lock(scope, accountIdOf(teamId));
      return accountOf(scope, teamId);
    },
    post: async (posting) => post(scope, posting),
    history: async (teamId, limit) => {
      const rows = await scope.creditEntry.findMany({
        where: { accountId: accountIdOf(teamId) },
        orderBy: { sequence: 'desc' },
        take: limit,
      });
      return rows.map(entryFrom);
    },
  };
}

async function lock(scope: PostgresScope, accountId: string): Promise<void> {
  await scope.$queryRaw`SELECT 1 FROM credit_accounts WHERE id = ${accountId} FOR UPDATE`;
}

async function accountOf(scope: PostgresScope, teamId: string): Promise<CreditAccount | undefined> {
  const row = await scope.creditAccount.findUnique({ where: { teamId } });
  return row === null ? undefined : accountFrom(row);
}

async function post(
  scope: PostgresScope,
  posting: FundingPosting,
): Promise<{ entry: CreditEntry; repeated: boolean }> {
  const accountId = accountIdOf(posting.teamId);
  // The lock makes looking and posting one step: a second caller with this reference waits here.
  await lock(scope, accountId);
  const place = { accountId_reference: { accountId, reference: posting.reference } };
  const before = await scope.creditEntry.findUnique({ where: place });
  if (before !== null) {
    return { entry: entryFrom(before), repeated: true };
  }
  const common = {
    postingId: newId(),
    kind: posting.kind,
    actor: posting.actor,
    reason: posting.reason,
  };
  await scope.creditEntry.createMany({
    data: [
      { ...common, accountId, amount: posting.amount, reference: posting.reference },
      {
        ...common,
        accountId: houseAccountOf(posting.kind),
        amount: -posting.amount,
        reference: `${posting.teamId}:${posting.reference}`,
      },
    ],
  });
  return {
    entry: entryFrom(await scope.creditEntry.findUniqueOrThrow({ where: place })),
    repeated: false,
  };
}

/** Posts what a batch of usage events was charged: one entry for each team, naming its events. */
export async function postUsage(
  scope: PostgresScope,
  charges: readonly { teamId: string; postingId: string; charged: bigint }[],
): Promise<void> {
  const charged = charges
    .filter((charge) => charge.charged > 0n)
    // Always in the same order, so that two writers never wait for each other in a ring.
    .sort((a, b) => (a.teamId < b.teamId ? -1 : 1));
  if (charged.length === 0) {
    return;
  }
  const common = { kind: 'usage', actor: 'system:drain', reason: 'Calls' };
  await scope.creditEntry.createMany({
    data: charged.flatMap(({ teamId, postingId, charged: amount }) => [
      {
        ...common,
        postingId,
        accountId: accountIdOf(teamId),
        amount: -amount,
        reference: postingId,
      },
      { ...common, postingId, accountId: 'house:usage', amount, reference: postingId },
    ]),
  });
}
