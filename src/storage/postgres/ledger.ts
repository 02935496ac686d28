// The only writer of entries. The database fills in sequence and balance, orders writers by the row
// lock of the account, and refuses what does not balance (see the first migration). What comes becomes a
// grant, what goes is taken from grants, in the same transaction (see grants.ts).

import type {
  CreditAccount,
  EntryKind,
  FundingKind,
  FundingPosting,
  Posted,
  RefundPosting,
  TransferPosting,
} from '../../core/credits/entry.ts';
import { newId } from '../../core/ids.ts';
import type { LedgerRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';
import { bringGrants, giveBack, least, takeFromGrant, takeFromGrants } from './grants.ts';
import { countEntries, listEntries } from './lists.ts';
import { accountFrom, entryFrom } from './rows.ts';
import type { EntryRow } from './rows.ts';

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
    open: async (teamId, funding) => {
      await scope.$executeRaw`
        INSERT INTO credit_accounts (id, team_id) VALUES (${accountIdOf(teamId)}, ${teamId})`;
      if (funding !== undefined) {
        await write(scope, funding, 0n);
      }
    },
    account: async (teamId) => accountOf(scope, teamId),
    accounts: async (teamIds) => {
      const where = { teamId: { in: [...teamIds] } };
      const rows = teamIds.length === 0 ? [] : await scope.creditAccount.findMany({ where });
      return new Map(rows.map((row) => [row.teamId ?? '', accountFrom(row)]));
    },
    lockedAccount: async (teamId) => {
      await lockedRows(scope, [accountIdOf(teamId)]);
      return accountOf(scope, teamId);
    },
    post: async (posting) => post(scope, posting),
    transfer: async (posting) => transfer(scope, posting),
    refund: async (posting) => refund(scope, posting),
    find: async (teamId, reference) => findPosted(scope, teamId, reference),
    counterpart: async (postingId, teamId) => {
      const where = { postingId, account: { teamId: { not: teamId } } };
      const select = { account: { select: { teamId: true } } };
      const row = await scope.creditEntry.findFirst({ where, select });
      return row?.account.teamId ?? undefined;
    },
    sumSince: async (teamId, kind, since) => {
      const where = { accountId: accountIdOf(teamId), kind, createdAt: { gte: since } };
      const { _sum } = await scope.creditEntry.aggregate({ where, _sum: { amount: true } });
      return _sum.amount ?? 0n;
    },
    history: async (teamId, limit) =>
      listEntries(scope, accountIdOf(teamId), { descending: true, limit }),
    list: async ({ teamId, ...filter }) => listEntries(scope, accountIdOf(teamId), filter),
    count: async ({ teamId, ...wanted }) => countEntries(scope, accountIdOf(teamId), wanted),
  };
}

/** Nobody else posts to these accounts until the transaction ends. Answers how far each stands below 0. */
async function lock(
  scope: PostgresScope,
  ...accountIds: readonly string[]
): Promise<(accountId: string) => bigint> {
  const rows = await lockedRows(scope, accountIds);
  if (rows.length < new Set(accountIds).size) {
    throw new Error(`Posting to ${accountIds.join(' and ')}: not all of them are accounts`);
  }
  const debts = new Map(rows.map(({ id, balance }) => [id, balance < 0n ? -balance : 0n]));
  return (accountId) => debts.get(accountId) ?? 0n;
}

/** Of those that there are. */
async function lockedRows(
  scope: PostgresScope,
  accountIds: readonly string[],
): Promise<{ readonly id: string; readonly balance: bigint }[]> {
  // Always in the same order, so that two writers never wait for each other in a ring.
  return scope.$queryRaw`
    SELECT id, balance FROM credit_accounts
    WHERE id = ANY(${[...accountIds]}::text[]) ORDER BY id COLLATE "C" FOR UPDATE`;
}

async function accountOf(scope: PostgresScope, teamId: string): Promise<CreditAccount | undefined> {
  const row = await scope.creditAccount.findUnique({ where: { teamId } });
  return row === null ? undefined : accountFrom(row);
}

/**
 * What was posted under a reference. A refund's own line is numbered by its event, so that all refunds of one
 * event are found; what it was asked under stands on the house's line.
 */
async function findPosted(
  scope: PostgresScope,
  teamId: string,
  reference: string,
): Promise<Posted['entry'] | undefined> {
  const accountId = accountIdOf(teamId);
  const house = { accountId: houseAccountOf('refund'), reference: `${teamId}:${reference}` };
  const rows = await scope.creditEntry.findMany({
    where: { OR: [{ accountId, reference }, house] },
  });
  const own = rows.find((row) => row.accountId === accountId);
  if (own !== undefined || rows[0] === undefined) {
    return own === undefined ? undefined : entryFrom(own);
  }
  const { postingId } = rows[0];
  const row = await scope.creditEntry.findFirst({ where: { postingId, accountId } });
  return row === null ? undefined : entryFrom(row);
}

interface Line {
  readonly accountId: string;
  readonly amount: bigint;
  readonly reference: string;
}

/** Answers the first of the lines, as the database completed it. */
async function writeLines(
  scope: PostgresScope,
  posting: {
    readonly postingId: string;
    readonly kind: EntryKind;
    readonly actor: string;
    readonly reason: string;
  },
  lines: readonly Line[],
): Promise<Posted> {
  const { postingId, kind, actor, reason } = posting;
  const written = await scope.$queryRaw<(EntryRow & { accountId: string })[]>`
    INSERT INTO credit_entries (posting_id, account_id, kind, amount, actor, reason, reference)
    SELECT ${postingId}::uuid, account, ${kind}, amount, ${actor}, ${reason}, reference
    FROM unnest(${lines.map((line) => line.accountId)}::text[],
      ${lines.map((line) => line.amount)}::bigint[],
      ${lines.map((line) => line.reference)}::text[])
      WITH ORDINALITY AS line (account, amount, reference, place) ORDER BY place
    RETURNING account_id AS "accountId", posting_id AS "postingId", kind, amount,
      balance_after AS "balanceAfter", actor, reason, reference, created_at AS "createdAt"`;
  const first = written.find((row) => row.accountId === lines[0]?.accountId);
  // What was written is answered, or thrown.
  return { entry: entryFrom(first as (typeof written)[number]), repeated: false };
}

async function post(scope: PostgresScope, posting: FundingPosting): Promise<Posted> {
  const { teamId, reference } = posting;
  const accountId = accountIdOf(teamId);
  // The lock makes looking and posting one step: a second caller with this reference waits here.
  const debtOf = await lock(scope, accountId);
  const before = await findPosted(scope, teamId, reference);
  return before === undefined
    ? write(scope, posting, debtOf(accountId))
    : { entry: before, repeated: true };
}

/** To an account that nobody else posts to, which stands by its debt below 0. */
async function write(scope: PostgresScope, posting: FundingPosting, debt: bigint): Promise<Posted> {
  const { teamId, kind, amount, reference, terms, grantId } = posting;
  const accountId = accountIdOf(teamId);
  const postingId = newId();
  const posted = await writeLines(scope, { ...posting, postingId }, [
    { accountId, amount, reference },
    {
      accountId: houseAccountOf(kind),
      amount: -amount,
      reference: `${teamId}:${reference}`,
    },
  ]);
  if (amount > 0n) {
    await bringGrants(scope, { teamId, posting: postingId, debt }, [{ amount, terms }]);
  } else if (grantId === undefined) {
    await takeFromGrants(scope, [{ team: teamId, posting: postingId, amount: -amount }]);
  } else {
    await takeFromGrant(scope, { grantId, posting: postingId, amount: -amount });
  }
  return posted;
}

/** The pieces keep priority, category and expiry; what an overdraft would pay comes as a plain grant. */
async function transfer(scope: PostgresScope, posting: TransferPosting): Promise<Posted> {
  const { teamId, toTeamId, amount, reference } = posting;
  const [from, to] = [accountIdOf(teamId), accountIdOf(toTeamId)];
  const debtOf = await lock(scope, from, to);
  const before = await findPosted(scope, teamId, reference);
  if (before !== undefined) {
    return { entry: before, repeated: true };
  }
  const postingId = newId();
  const posted = await writeLines(scope, { ...posting, kind: 'transfer', postingId }, [
    { accountId: from, amount: -amount, reference },
    { accountId: to, amount, reference: `transfer:${teamId}:${reference}` },
  ]);
  const pieces = await takeFromGrants(scope, [{ team: teamId, posting: postingId, amount }]);
  const brought = pieces.map(({ amount: part, priority, category, effectiveAt, expiresAt }) => ({
    amount: part,
    terms: { priority, category, effectiveAt, expiresAt },
  }));
  const rest = amount - pieces.reduce((sum, piece) => sum + piece.amount, 0n);
  const plain = rest > 0n ? [{ amount: rest, terms: undefined }] : [];
  const receiver = { teamId: toTeamId, posting: postingId, debt: debtOf(to) };
  await bringGrants(scope, receiver, [...brought, ...plain]);
  return posted;
}

/** The reference of an event's next refund. */
export function refundReference(eventId: string, refundsBefore: number): string {
  return `refund:${eventId}:${refundsBefore + 1}`;
}

async function refund(scope: PostgresScope, posting: RefundPosting): Promise<Posted> {
  const { teamId, eventId, parts, refundsBefore } = posting;
  const accountId = accountIdOf(teamId);
  const debtOf = await lock(scope, accountId);
  const before = await findPosted(scope, teamId, posting.reference);
  if (before !== undefined) {
    return { entry: before, repeated: true };
  }
  const event = await scope.usageEvent.findUniqueOrThrow({ where: { id: eventId } });
  const amount = parts.reduce((sum, part) => sum + part.amount, 0n);
  const postingId = newId();
  let debt = debtOf(accountId);
  const reference = refundReference(eventId, refundsBefore);
  const posted = await writeLines(scope, { ...posting, kind: 'refund', postingId }, [
    { accountId, amount, reference },
    {
      accountId: houseAccountOf('refund'),
      amount: -amount,
      reference: `${teamId}:${posting.reference}`,
    },
  ]);
  for (const { amount: part, grantId, terms } of parts) {
    const covered = least(debt, part);
    if (grantId !== undefined) {
      // What became a new grant left nothing in its old one: it counts as returned all the same.
      const use = { grantId, posting: event.postingId ?? '' };
      await giveBack(scope, use, { amount: part, covered: terms === undefined ? covered : part });
    }
    if (grantId === undefined || terms !== undefined) {
      const to = { teamId, posting: postingId, debt: covered };
      await bringGrants(scope, to, [{ amount: part, terms }]);
    }
    debt -= covered;
  }
  return posted;
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
  // One statement of arrays: the triggers order the accounts, and check all postings together.
  await scope.$executeRaw`
    INSERT INTO credit_entries (posting_id, account_id, kind, amount, actor, reason, reference)
    SELECT posting, line.account, 'usage', line.amount, 'system:drain', 'Calls', posting::text
    FROM unnest(${charged.map((one) => one.postingId)}::uuid[],
      ${charged.map((one) => accountIdOf(one.teamId))}::text[],
      ${charged.map((one) => one.charged)}::bigint[]) WITH ORDINALITY AS given (posting, account, charged, place),
      LATERAL (VALUES (given.account, -charged), ('house:usage', charged)) AS line (account, amount)
    ORDER BY place`;
  // Its own statement, after the accounts are locked: so it sees what others left of the grants.
  await takeFromGrants(
    scope,
    charged.map(({ teamId, postingId, charged: amount }) => ({
      team: teamId,
      posting: postingId,
      amount,
    })),
  );
}
