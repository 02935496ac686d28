import type { AuditEntry, AuditFilter, AuditRecords } from '../../core/audit/audit-records.ts';
import type { ChainedRow } from '../../core/audit/chain.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import { writeAuditLine } from './audit-line.ts';
import type { PostgresScope } from './client.ts';

export function auditIn(scope: PostgresScope): AuditRecords {
  return {
    write: async (line) => writeAuditLine(scope, line),
    search: async (filter) =>
      (await scope.$queryRaw<rows.AuditEntry[]>(searchOf(filter))).map(entryFrom),
    async head() {
      const head = await scope.auditHead.findUnique({ where: { id: 1 } });
      return { position: head?.position ?? 0n, hash: head?.hash ?? '' };
    },
    chained: async (after, upTo, limit) => scope.$queryRaw<ChainedRow[]>`
      SELECT id::text, position::text, hash, previous_hash AS "previousHash",
        (extract(epoch FROM at) * 1000)::bigint::text AS "atMs", actor, action, target,
        before::text, after::text, reason, door
      FROM audit_entries
      WHERE audit_entries.position > ${after} AND audit_entries.position <= ${upTo}
      ORDER BY audit_entries.position LIMIT ${limit}`,
    async unchained() {
      const row = await scope.auditEntry.findFirst({
        where: { position: null },
        select: { id: true },
      });
      return row?.id.toString();
    },
  };
}

function searchOf(filter: AuditFilter): Prisma.Sql {
  const { before, actor, targetKind, action, from, to } = filter;
  const conditions = [
    Prisma.sql`audit_entries.position IS NOT NULL`,
    ...(before === undefined ? [] : [Prisma.sql`audit_entries.position < ${before}`]),
    ...(actor === undefined ? [] : [Prisma.sql`actor = ${actor}`]),
    ...(targetKind === undefined ? [] : [Prisma.sql`starts_with(target, ${`${targetKind}:`})`]),
    ...(action === undefined ? [] : [Prisma.sql`starts_with(action, ${action})`]),
    ...(from === undefined ? [] : [Prisma.sql`at >= ${from}`]),
    ...(to === undefined ? [] : [Prisma.sql`at < ${to}`]),
    ...subjectsOf(filter),
  ];
  return Prisma.sql`
    SELECT at, actor, door, action, target, before, after, reason, audit_entries.position
    FROM audit_entries WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY audit_entries.position DESC LIMIT ${filter.limit}`;
}

/**
 * What is written about a key, a team or organizations, by the names that targets have: of a member (`member:<team>/<user>`)
 * and a user the part before the slash. The names stay in the database: an organization may have more keys than a
 * statement has parameters.
 */
function subjectsOf({ teamId, keyId, organizationId, organizationIds }: AuditFilter): Prisma.Sql[] {
  if (keyId !== undefined) {
    return [Prisma.sql`target = ${`key:${keyId}`}`];
  }
  const named = organizationId === undefined ? organizationIds : [organizationId];
  if (teamId === undefined && named === undefined) {
    return [];
  }
  const organizations = teamId === undefined ? [...(named ?? [])] : [];
  const teams =
    teamId === undefined
      ? Prisma.sql`SELECT id FROM teams WHERE organization_id = ANY(${organizations}::text[])`
      : Prisma.sql`SELECT id FROM teams WHERE id = ${teamId}`;
  return [
    Prisma.sql`split_part(target, '/', 1) IN (
      SELECT kind || id FROM (${teams}) AS teams, unnest(ARRAY['team:', 'member:']) AS kind
      UNION ALL SELECT 'key:' || id FROM virtual_keys WHERE team_id IN (${teams})
      UNION ALL SELECT kind || id
        FROM unnest(${organizations}::text[]) AS id, unnest(ARRAY['organization:', 'user:', 'end_user:']) AS kind)`,
  ];
}

function entryFrom({ position, before, after, ...row }: rows.AuditEntry): AuditEntry {
  return {
    at: row.at,
    actor: row.actor,
    door: row.door,
    action: row.action,
    target: row.target,
    reason: row.reason,
    position: position ?? 0n,
    before: before as AuditEntry['before'],
    after: after as AuditEntry['after'],
  };
}
