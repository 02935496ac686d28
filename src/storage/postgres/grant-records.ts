import type { ChargedEvent, EndingGrant, GrantRecords } from '../../core/credits/grant-records.ts';
import type { CreditGrant } from '../../core/credits/grant.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { grantFrom, IN_ORDER } from './grants.ts';
import { refundReference } from './ledger.ts';

/** More refunds of one call are a mistake of a program. */
export const REFUNDS_MAX = 1_000;

const GRANT = Prisma.sql`g.id, g.team_id AS "teamId", g.amount, g.remaining, g.priority, g.category,
  g.effective_at AS "effectiveAt", g.expires_at AS "expiresAt", g.created_at AS "createdAt"`;

/** What the policy of team t lets the balance fall below 0 at a moment. */
const overdraft = (at: Date): Prisma.Sql => Prisma.sql`CASE t.limit_policy
  WHEN 'soft' THEN t.overdraft
  WHEN 'hard' THEN CASE WHEN t.grace_until > ${at} THEN t.overdraft ELSE 0 END END`;

export function grantRecordsIn(scope: PostgresScope): GrantRecords {
  return {
    async find(id) {
      const row = await scope.creditGrant.findUnique({ where: { id } });
      return row === null ? undefined : grantFrom(row);
    },
    ofTeam: async (teamId) =>
      scope.$queryRaw<CreditGrant[]>`SELECT ${GRANT} FROM credit_grants g
        WHERE g.team_id = ${teamId} AND g.remaining > 0 ORDER BY ${IN_ORDER}`,
    ofPosting: async (postingId) =>
      (await scope.creditGrant.findMany({ where: { postingId } })).map(grantFrom),
    chargedEvent: async (eventId) => chargedEvent(scope, eventId),
    async ended(at, limit) {
      const where = { remaining: { gt: 0 }, expiresAt: { lte: at } };
      const orderBy = [{ expiresAt: 'asc' }, { id: 'asc' }] as const;
      const rows = await scope.creditGrant.findMany({ where, orderBy: [...orderBy], take: limit });
      return rows.map(({ id, teamId }) => ({ grantId: id, teamId }));
    },
    warnOfEnd: async (at, before, limit) =>
      scope.$queryRaw<EndingGrant[]>`
        UPDATE credit_grants SET warned_at = ${at} WHERE id IN (
          SELECT id FROM credit_grants
          WHERE warned_at IS NULL AND remaining > 0 AND expires_at > ${at} AND expires_at <= ${before}
          ORDER BY expires_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
        ) RETURNING id AS "grantId", team_id AS "teamId"`,
    async exhausted(at, limit) {
      const rows = await scope.$queryRaw<{ id: string }[]>`
        SELECT t.id FROM teams t JOIN credit_accounts a ON a.team_id = t.id
        WHERE t.auto_suspend AND t.status = 'active' AND t.limit_policy <> 'unlimited'
          AND a.balance + ${overdraft(at)} <= 0
        ORDER BY t.id LIMIT ${limit}`;
      return rows.map((row) => row.id);
    },
    suspend: async (teamId, reason) =>
      (await scope.$executeRaw`
        UPDATE teams SET status = 'suspended', status_reason = ${reason}, status_until = NULL,
          version = version + 1, updated_at = now()
        WHERE id = ${teamId} AND status = 'active' AND auto_suspend`) === 1,
    lift: async (teamId, reason) =>
      (await scope.$executeRaw`
        UPDATE teams SET status = 'active', status_reason = NULL, status_until = NULL,
          version = version + 1, updated_at = now()
        WHERE id = ${teamId} AND status = 'suspended' AND status_reason = ${reason}`) === 1,
    async refillable(after, limit) {
      const rows = await scope.$queryRaw<{ id: string }[]>`
        SELECT t.id FROM teams t JOIN credit_accounts a ON a.team_id = t.id
        WHERE t.id > ${after} AND jsonb_typeof(t.auto_refill) = 'object'
          AND (t.auto_refill ->> 'every' IS NOT NULL OR a.balance < (t.auto_refill ->> 'below')::bigint)
        ORDER BY t.id LIMIT ${limit}`;
      return rows.map((row) => row.id);
    },
  };
}

async function chargedEvent(
  scope: PostgresScope,
  eventId: string,
): Promise<ChargedEvent | undefined> {
  const event = await scope.usageEvent.findUnique({ where: { id: eventId } });
  const postingId = event?.postingId;
  if (event === null || postingId === null || postingId === undefined) {
    return undefined;
  }
  const { teamId, charge, chargedAhead } = event;
  const uses = await scope.$queryRaw<(CreditGrant & { used: bigint })[]>`
    SELECT ${GRANT}, u.amount AS used FROM grant_uses u JOIN credit_grants g ON g.id = u.grant_id
    WHERE u.posting_id = ${postingId}::uuid ORDER BY ${IN_ORDER}`;
  const references = Array.from({ length: REFUNDS_MAX }, (_, at) => refundReference(eventId, at));
  const refunds = await scope.creditEntry.findMany({
    where: { account: { teamId }, reference: { in: references } },
    orderBy: { id: 'asc' },
    select: { amount: true },
  });
  return {
    eventId,
    teamId,
    charge,
    ahead: chargedAhead,
    uses: uses.map(({ used, ...grant }) => ({ grant, amount: used })),
    refunds: refunds.map((refund) => refund.amount),
  };
}
