import type { Subject } from '../../core/ceilings/subject.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** See UsageRecords. */
export async function costSince(
  scope: PostgresScope,
  subject: Subject,
  { model, day }: { readonly model: string | null; readonly day: string | null },
): Promise<bigint> {
  // Months hold all that was used, in the fewest rows; days begin where a budget's period may.
  const since =
    day === null
      ? Prisma.sql`grain = 'month'`
      : Prisma.sql`grain = 'day' AND starts >= ${`${day}T00:00:00Z`}::timestamptz`;
  const [row] = await scope.$queryRaw<{ cost: bigint }[]>`
    SELECT coalesce(sum(cost_nano_usd), 0)::bigint AS cost FROM ${rowsOf(subject)}
      AND ${since} AND (${model}::text IS NULL OR model = ${model})`;
  return row?.cost ?? 0n;
}

function rowsOf(subject: Subject): Prisma.Sql {
  switch (subject.kind) {
    case 'organization':
      return Prisma.sql`usage_by_organization WHERE organization_id = ${subject.organizationId}`;
    case 'team':
      return Prisma.sql`usage_by_team WHERE team_id = ${subject.teamId}`;
    case 'key':
      return Prisma.sql`usage_by_key WHERE key_id = ${subject.keyId}`;
    case 'user':
      return Prisma.sql`usage_by_key WHERE key_id IN (SELECT id FROM virtual_keys
        WHERE user_id = ${subject.userId} AND organization_id = ${subject.organizationId})`;
    case 'member':
      return Prisma.sql`usage_by_key WHERE key_id IN (SELECT id FROM virtual_keys
        WHERE user_id = ${subject.userId} AND team_id = ${subject.teamId})`;
    case 'end_user':
      return Prisma.sql`usage_by_end_user
        WHERE organization_id = ${subject.organizationId} AND end_user_id = ${subject.endUserId}`;
  }
}
