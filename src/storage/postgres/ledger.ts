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
import type { UsageEvent } from '../../core/usage/usage-event.ts';
import { Prisma } from '../generated/client.ts';
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

/** Writes usage events, skipping those that were written before; answers those that were new. */
export async function insertUsageEvents(
  scope: PostgresScope,
  events: readonly UsageEvent[],
  postingIdOf: (teamId: string) => string,
): Promise<Set<string>> {
  const rows = events.map((event) => ({
    id: event.id,
    team: event.teamId,
    organization: event.organizationId,
    key: event.keyId,
    model: event.model,
    deployment: event.deployment,
    job: event.jobType,
    outcome: event.outcome,
    input: String(event.inputTokens),
    output: String(event.outputTokens),
    cost: String(event.costNanoUsd),
    charge: String(event.charge),
    excess: String(event.excess),
    estimated: event.estimated,
    started: event.startedAt.getTime(),
    ended: event.endedAt.getTime(),
    posting: event.charge > 0n ? postingIdOf(event.teamId) : null,
  }));
  // One value for all of them: a list for each column costs several times as much on the way.
  const inserted = await scope.$queryRaw<{ id: string }[]>(Prisma.sql`
    INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
      input_tokens, output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id)
    SELECT id, team, organization, key, model, deployment, job, outcome, input, output, cost, charge, excess,
      estimated, to_timestamp(started / 1000.0), to_timestamp(ended / 1000.0), posting
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS row (id text, team text, organization text,
      key text, model text, deployment text, job text, outcome text, input bigint, output bigint, cost bigint,
      charge bigint, excess bigint, estimated boolean, started numeric, ended numeric, posting uuid)
    ON CONFLICT (id) DO NOTHING
    RETURNING id`);
  return new Set(inserted.map((row) => row.id));
}
