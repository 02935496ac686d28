import type {
  DirectoryRecords,
  KeyOwners,
  KeySearch,
  Noted,
  PeopleSearch,
  TeamSearch,
} from '../../core/directory/directory-records.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import type * as rows from '../generated/client.ts';
import type { Prisma } from '../generated/client.ts';
import { modelNamesIn } from './catalog.ts';
import type { PostgresScope } from './client.ts';
import { createCounts } from './counts.ts';
import { keyFrom, memberFrom, teamFrom, userFrom } from './rows.ts';
import { literal } from './literal.ts';

export function directoryIn(scope: PostgresScope): DirectoryRecords {
  const counts = createCounts();
  return {
    async teams(search) {
      const where = teamsWhere(search);
      const [rows, total] = await Promise.all([
        search.offset > NEAR_OFFSET_MAX
          ? farTeams(scope, where, search)
          : scope.team.findMany({ where, ...partOf(search) }),
        counts(`teams ${JSON.stringify(where)}`, async () => scope.team.count({ where })),
      ]);
      return { rows: rows.map(teamFrom), total };
    },
    async keys(search) {
      const where = keysWhere(search);
      const [rows, total] = await Promise.all([
        scope.virtualKey.findMany({ where, ...partOf(search) }),
        counts(`keys ${JSON.stringify(where)}`, async () => scope.virtualKey.count({ where })),
      ]);
      return { rows: rows.map(keyFrom), total };
    },
    async people(search) {
      const where = peopleWhere(search);
      const [rows, total] = await Promise.all([
        scope.user.findMany({ where, ...partOf(search) }),
        counts(`people ${JSON.stringify(where)}`, async () => scope.user.count({ where })),
      ]);
      return { rows: rows.map(userFrom), total };
    },
    async keyByHash(hash) {
      const row = await scope.virtualKey.findUnique({ where: { hash } });
      return row === null ? undefined : keyFrom(row);
    },
    ...membershipsIn(scope),
    async keyCounts(search, userIds) {
      const where = { AND: [keysWhere(search), { userId: { in: [...userIds] } }] };
      const counted = await scope.virtualKey.groupBy({ by: ['userId'], where, _count: true });
      return new Map(counted.map(({ userId, _count: count }) => [userId ?? '', count]));
    },
    async isKeyNameTaken(name) {
      await scope.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`key name ${name}`}, 0))`;
      const where = { name, status: { not: 'revoked' } };
      return (await scope.virtualKey.findFirst({ where, select: { id: true } })) !== null;
    },
    modelNames: async () => modelNamesIn(scope),
    tags: async (organizationId) => tagsIn(scope, organizationId),
    costs: async (subjects) => costsOf(scope, subjects),
    async spends(periods) {
      const asked = JSON.stringify(
        periods.map(({ subject, meter, startsAt }) => ({ subject, meter, starts_at: startsAt })),
      );
      const rows = await scope.$queryRaw<{ subject: string; spent: bigint }[]>`
        SELECT subject, spent_nano_usd AS spent
        FROM json_to_recordset(${asked}::json) AS asked (subject text, meter text, starts_at timestamptz)
        JOIN budget_spends USING (subject, meter, starts_at)`;
      return new Map(rows.map(({ subject, spent }) => [subject, spent]));
    },
  };
}

async function tagsIn(scope: PostgresScope, organizationId = ''): Promise<string[]> {
  const rows = await scope.$queryRaw<{ tag: string }[]>`
    SELECT DISTINCT unnest(tags) AS tag FROM virtual_keys
    WHERE status <> 'revoked' AND tags <> '{}'
      AND (${organizationId} = '' OR organization_id = ${organizationId})
    ORDER BY tag LIMIT ${TAGS_MAX}`;
  return rows.map(({ tag }) => tag);
}

function membershipsIn(
  scope: PostgresScope,
): Pick<DirectoryRecords, 'membersOf' | 'membershipsOf'> {
  return {
    membersOf: async (teamIds) =>
      (
        await scope.member.findMany({
          where: { teamId: { in: [...teamIds] }, role: { not: 'removed' } },
          orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
        })
      ).map(memberFrom),
    membershipsOf: async (userIds) =>
      (
        await scope.member.findMany({
          where: { userId: { in: [...userIds] } },
          orderBy: { createdAt: 'asc' },
        })
      ).map(memberFrom),
  };
}

/** A list that a person can still search. */
const TAGS_MAX = 10_000;

/** Up to here whole rows are passed over as fast as ids are. */
const NEAR_OFFSET_MAX = 1_000;

/** A page far behind: what is passed over is read from an index alone. */
async function farTeams(
  scope: PostgresScope,
  where: Prisma.TeamWhereInput,
  search: TeamSearch,
): Promise<rows.Team[]> {
  const ids = await scope.team.findMany({ where, ...partOf(search), select: { id: true } });
  const found = await scope.team.findMany({ where: { id: { in: ids.map(({ id }) => id) } } });
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.flatMap(({ id }) => byId.get(id) ?? []);
}

function partOf<Column extends string>(search: {
  readonly sort: Column;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}) {
  const direction = search.descending ? ('desc' as const) : ('asc' as const);
  const first = { [search.sort]: direction } as Record<Column, 'asc' | 'desc'>;
  return {
    orderBy: search.sort === 'id' ? [first] : [first, { id: 'asc' as const }],
    skip: search.offset,
    take: search.limit,
  };
}

function teamsWhere(search: TeamSearch): Prisma.TeamWhereInput {
  const { organizationIds, ids, idContains, aliasContains, idBeginsNot, memberId } = search;
  const { idOrAlias } = search;
  return {
    AND: [
      { status: search.archived ? 'archived' : { not: 'archived' } },
      ...(organizationIds === undefined ? [] : [{ organizationId: { in: [...organizationIds] } }]),
      ...(ids === undefined ? [] : [{ id: { in: [...ids] } }]),
      ...(idContains === undefined ? [] : [{ id: containing(idContains) }]),
      ...(aliasContains === undefined ? [] : [{ alias: containing(aliasContains) }]),
      ...(idOrAlias === undefined
        ? []
        : [
            {
              OR: [
                {
                  id: idOrAlias.idBegins ? { startsWith: literal(idOrAlias.text) } : idOrAlias.text,
                },
                { alias: containing(idOrAlias.text) },
              ],
            },
          ]),
      ...(idBeginsNot === undefined ? [] : [{ NOT: { id: { startsWith: idBeginsNot } } }]),
      ...(memberId === undefined
        ? []
        : [{ members: { some: { userId: memberId, role: { not: 'removed' } } } }]),
    ],
  };
}

function keysWhere(
  search: Parameters<DirectoryRecords['keyCounts']>[0],
): Prisma.VirtualKeyWhereInput {
  const { organizationIds, teamIds, ids, userId, userIdContains, either } = search;
  const { name, nameContains, nameIsNot, idOrName, blocked, expiry, noted } = search;
  return {
    AND: [
      { status: search.revoked ? 'revoked' : { not: 'revoked' } },
      ...(organizationIds === undefined ? [] : [{ organizationId: { in: [...organizationIds] } }]),
      ...(teamIds === undefined ? [] : [{ teamId: { in: [...teamIds] } }]),
      ...(ids === undefined ? [] : [{ id: { in: [...ids] } }]),
      ...(userId === undefined ? [] : [{ userId }]),
      ...(userIdContains === undefined ? [] : [{ userId: containing(userIdContains) }]),
      ...(name === undefined ? [] : [{ name }]),
      ...(nameContains === undefined ? [] : [{ name: containing(nameContains) }]),
      ...(nameIsNot === undefined ? [] : [{ name: { not: nameIsNot } }]),
      ...(idOrName === undefined
        ? []
        : [{ OR: [{ id: idOrName }, { name: containing(idOrName) }] }]),
      ...(either === undefined ? [] : [{ OR: ownersWhere(either) }]),
      ...(blocked === undefined ? [] : [{ status: blocked ? 'blocked' : { not: 'blocked' } }]),
      ...(expiry === undefined ? [] : [expiryWhere(expiry)]),
      ...(noted ?? []).map(notedWhere),
    ],
  };
}

function ownersWhere({ userId, teamIds, createdBy }: KeyOwners): Prisma.VirtualKeyWhereInput[] {
  return [
    ...(userId === undefined ? [] : [{ userId }]),
    ...(teamIds === undefined ? [] : [{ teamId: { in: [...teamIds] } }]),
    ...(createdBy === undefined ? [] : [{ createdBy }]),
  ];
}

function expiryWhere({ at, expired }: NonNullable<KeySearch['expiry']>) {
  return expired
    ? { expiresAt: { lte: at } }
    : { OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] };
}

function notedWhere({ path, anyOf }: Noted) {
  return { OR: anyOf.map((text) => ({ metadata: { path: [...path], equals: text } })) };
}

function peopleWhere(search: PeopleSearch): Prisma.UserWhereInput {
  const { organizationIds, ids, email, emailContains, teamIds, role, noted } = search;
  const { idOrEmailContains: text } = search;
  return {
    AND: [
      ...(organizationIds === undefined ? [] : [{ organizationId: { in: [...organizationIds] } }]),
      ...(ids === undefined ? [] : [{ id: { in: [...ids] } }]),
      ...(email === undefined ? [] : [{ email: { equals: email, ...ANY_CASE } }]),
      ...(emailContains === undefined ? [] : [{ email: containing(emailContains) }]),
      ...(text === undefined
        ? []
        : [{ OR: [{ id: containing(text) }, { email: containing(text) }] }]),
      ...(role === undefined ? [] : [{ role }]),
      ...(noted ?? []).map(notedWhere),
      ...(teamIds === undefined
        ? []
        : [
            {
              memberships: {
                some: { teamId: { in: [...teamIds] }, role: { not: 'removed' as const } },
              },
            },
          ]),
    ],
  };
}

const ANY_CASE = { mode: 'insensitive' } as const;

function containing(text: string) {
  return { contains: literal(text), ...ANY_CASE };
}

async function costsOf(
  scope: PostgresScope,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, bigint>> {
  // Months hold all that was used, in the fewest rows.
  const asked = JSON.stringify(
    subjects.map((subject) => ({ name: subjectText(subject), ...subject })),
  );
  const rows = await scope.$queryRaw<{ name: string; cost: bigint }[]>`
    WITH asked AS (
      SELECT * FROM json_to_recordset(${asked}::json) AS asked (name text, kind text, "organizationId" text,
        "teamId" text, "keyId" text, "userId" text)
    ), used AS (
      SELECT asked.name, usage.cost_nano_usd FROM asked
        JOIN usage_by_team usage ON usage.team_id = asked."teamId" AND usage.grain = 'month'
        WHERE asked.kind = 'team'
      UNION ALL
      SELECT asked.name, usage.cost_nano_usd FROM asked JOIN teams ON teams.organization_id = asked."organizationId"
        JOIN usage_by_team usage ON usage.team_id = teams.id AND usage.grain = 'month'
        WHERE asked.kind = 'organization'
      UNION ALL
      SELECT asked.name, usage.cost_nano_usd FROM asked
        JOIN usage_by_key usage ON usage.key_id = asked."keyId" AND usage.grain = 'month'
        WHERE asked.kind = 'key'
      UNION ALL
      SELECT asked.name, usage.cost_nano_usd FROM asked
        JOIN virtual_keys keys ON keys.user_id = asked."userId" AND (asked.kind = 'user'
          AND keys.organization_id = asked."organizationId" OR keys.team_id = asked."teamId")
        JOIN usage_by_key usage ON usage.key_id = keys.id AND usage.grain = 'month'
        WHERE asked.kind IN ('user', 'member')
      UNION ALL
      SELECT asked.name, brought.nano_usd FROM asked JOIN brought_spends brought ON brought.name = asked.name
    )
    SELECT name, sum(cost_nano_usd)::bigint AS cost FROM used GROUP BY name`;
  return new Map(rows.map(({ name, cost }) => [name, cost]));
}
