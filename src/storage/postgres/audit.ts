import type { AuditEntry, AuditFilter, AuditRecords } from '../../core/audit/audit-records.ts';
import type { ChainedRow } from '../../core/audit/chain.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function auditIn(scope: PostgresScope): AuditRecords {
  return {
    write: async ({ actor, action, target, before, after, reason }) => {
      await scope.auditEntry.create({
        data: {
          actor: actor.id,
          door: actor.door,
          action,
          target,
          before: (before ?? Prisma.DbNull) as Prisma.InputJsonValue,
          after: (after ?? Prisma.DbNull) as Prisma.InputJsonValue,
          reason: reason ?? null,
        },
      });
    },
    async search(filter) {
      const targets = await targetsOf(scope, filter);
      const found = await scope.auditEntry.findMany({
        where: {
          position: { not: null, ...(filter.before === undefined ? {} : { lt: filter.before }) },
          ...(filter.actor === undefined ? {} : { actor: filter.actor }),
          ...(filter.targetKind === undefined
            ? {}
            : { target: { startsWith: `${filter.targetKind}:` } }),
          ...(filter.action === undefined ? {} : { action: { startsWith: filter.action } }),
          at: {
            ...(filter.from === undefined ? {} : { gte: filter.from }),
            ...(filter.to === undefined ? {} : { lt: filter.to }),
          },
          ...(targets === undefined ? {} : { OR: targets }),
        },
        orderBy: { position: 'desc' },
        take: filter.limit,
      });
      return found.map(entryFrom);
    },
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

/** What is written about a team or organizations, by the names that targets have. */
async function targetsOf(
  scope: PostgresScope,
  { teamId, keyId, organizationId, organizationIds }: AuditFilter,
): Promise<Prisma.AuditEntryWhereInput[] | undefined> {
  if (keyId !== undefined) {
    return [{ target: `key:${keyId}` }];
  }
  const organizations = organizationId === undefined ? organizationIds : [organizationId];
  if (teamId === undefined && organizations === undefined) {
    return undefined;
  }
  const of = teamId === undefined ? [...(organizations ?? [])] : [];
  const where = teamId === undefined ? { organizationId: { in: of } } : { id: teamId };
  const teams = await scope.team.findMany({ where, select: { id: true } });
  const ids = teams.map((team) => team.id);
  const keys = await scope.virtualKey.findMany({
    where: { teamId: { in: ids } },
    select: { id: true },
  });
  const exact = [...ids.map((id) => `team:${id}`), ...keys.map(({ id }) => `key:${id}`)];
  return [
    { target: { in: exact } },
    ...ids.map((id) => ({ target: { startsWith: `member:${id}/` } })),
    ...of.flatMap((id) => [
      { target: `organization:${id}` },
      { target: { startsWith: `user:${id}/` } },
    ]),
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
