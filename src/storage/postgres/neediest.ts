import type { Neediest } from '../../core/stores.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { teamFrom } from './rows.ts';

/** Behind every percentage there is. */
const UNBOUNDED = 1_000;
/** Behind those. */
const CALLS_NOTHING = 10_000;

/** Ordered by the database: among thousands, the first by id are not the neediest. */
export async function neediestIn(
  scope: PostgresScope,
  { organizationIds, limit }: { organizationIds?: readonly string[]; limit: number },
): Promise<Neediest> {
  const ours =
    organizationIds === undefined
      ? Prisma.sql`TRUE`
      : Prisma.sql`team.organization_id = ANY(${[...organizationIds]})`;
  const [sums] = await scope.$queryRaw<{ count: bigint; balance: bigint }[]>`
    SELECT count(*) AS count, coalesce(sum(account.balance), 0)::bigint AS balance
    FROM teams team LEFT JOIN credit_accounts account ON account.team_id = team.id
    WHERE ${ours}`;
  const ranked = await scope.$queryRaw<{ id: string }[]>`
    SELECT team.id
    FROM teams team LEFT JOIN credit_accounts account ON account.team_id = team.id
    WHERE ${ours}
    ORDER BY
      CASE
        WHEN account.allotment > 0 THEN greatest(account.balance, 0)::numeric * 100 / account.allotment
        WHEN team.limit_policy = 'unlimited' THEN ${UNBOUNDED}::numeric
        ELSE 0
      END + CASE WHEN team.status = 'active' THEN 0 ELSE ${CALLS_NOTHING}::numeric END,
      team.id
    LIMIT ${limit}`;
  const order = ranked.map(({ id }) => id);
  const rows = await scope.team.findMany({ where: { id: { in: order } } });
  const teams = rows.map(teamFrom).toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  return { teams, count: Number(sums?.count ?? 0n), balance: sums?.balance ?? 0n };
}
