import type { Found } from '../../core/directory/directory-records.ts';
import { firstIdAt } from '../../core/ids.ts';
import { CALLS_COUNTED_MAX } from '../../core/usage/used-call.ts';
import type { CallPage, CallSearch, UsedCall } from '../../core/usage/used-call.ts';
import type { CallOutcome } from '../../core/usage/usage.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** Ids begin with the time of their making: so the months that are asked for are all that is read. */
export async function usedCalls(
  scope: PostgresScope,
  search: CallSearch,
): Promise<Found<UsedCall>> {
  const where = Prisma.join(conditionsOf(search), ' AND ');
  const [rows, counted] = await Promise.all([
    scope.$queryRaw<Row[]>`
      SELECT ${COLUMNS} FROM usage_events WHERE ${where} ORDER BY id DESC OFFSET ${search.offset} LIMIT ${search.limit}`,
    scope.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) AS count FROM (SELECT 1 FROM usage_events WHERE ${where} LIMIT ${CALLS_COUNTED_MAX}) AS found`,
  ]);
  return {
    rows: rows.map(callFrom),
    total: Number(counted[0]?.count ?? 0n),
  };
}

/** A page of all calls in the order of their ids: what is made meanwhile comes behind it. */
export async function usedCallsAfter(
  scope: PostgresScope,
  { after, limit, ...search }: CallPage,
): Promise<UsedCall[]> {
  const conditions = conditionsOf({ ...search, limit, offset: 0 });
  const behind = after === undefined ? [] : [Prisma.sql`id > ${after}`];
  const rows = await scope.$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM usage_events WHERE ${Prisma.join([...conditions, ...behind], ' AND ')}
    ORDER BY id LIMIT ${limit}`;
  return rows.map(callFrom);
}

type Row = Omit<UsedCall, 'outcome'> & { readonly outcome: string };

const COLUMNS = Prisma.sql`id, organization_id AS "organizationId", team_id AS "teamId", key_id AS "keyId",
  user_id AS "userId", end_user_id AS "endUserId", model, deployment, job_type AS "jobType", outcome,
  input_tokens AS "inputTokens", output_tokens AS "outputTokens", cost_nano_usd AS "costNanoUsd",
  started_at AS "startedAt", ended_at AS "endedAt", tags`;

/** The database's checks make the cast true. */
function callFrom(row: Row): UsedCall {
  return { ...row, outcome: row.outcome as CallOutcome };
}

function conditionsOf(search: CallSearch): Prisma.Sql[] {
  const equal = (column: string, value: string | undefined): Prisma.Sql[] =>
    value === undefined ? [] : [Prisma.sql`${Prisma.raw(column)} = ${value}`];
  const { costAtLeast: least, costAtMost: most } = search;
  return [
    Prisma.sql`id >= ${firstIdAt(search.from)} AND id < ${firstIdAt(search.to)}`,
    ...equal('id', search.callId),
    ...equal('organization_id', search.organizationId),
    ...equal('team_id', search.teamId),
    ...equal('key_id', search.keyId),
    ...equal('user_id', search.userId),
    ...equal('end_user_id', search.endUserId),
    ...equal('model', search.model),
    ...(search.outcomes === undefined
      ? []
      : [Prisma.sql`outcome = ANY(${[...search.outcomes]}::text[])`]),
    ...(least === undefined ? [] : [Prisma.sql`cost_nano_usd >= ${least}`]),
    ...(most === undefined ? [] : [Prisma.sql`cost_nano_usd <= ${most}`]),
  ];
}
