import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import type { CreditAccount } from '../../core/credits/entry.ts';
import type { Team } from '../../core/teams/team.ts';
import { groupsIn } from './catalog.ts';
import { reached } from './client.ts';
import type { PostgresScope } from './client.ts';
import { endUserFrom, keyFrom, memberFrom, organizationFrom, teamFrom, userFrom } from './rows.ts';
import { Prisma } from '../generated/client.ts';
import type { PrismaClient } from '../generated/client.ts';
import type {
  BudgetSpend,
  ProjectionSource,
  Snapshot,
  SnapshotSource,
  TeamSnapshot,
} from '../gate/source.ts';
import { shardOf } from '../gate/shards.ts';

/** Names our advisory locks apart from anybody else's in the same database: "qm" and a number. */
export const DRAIN_LOCK_CLASS = 0x716d01;

/** The present period, and its neighbours for clocks that differ; older ones never matter. */
const PERIODS_PER_BUDGET = 3;

/** Where the gate loads from: plain reads, each of one moment. */
export function createProjectionSource(postgres: PrismaClient): ProjectionSource {
  return {
    ...guarded(snapshotsIn(postgres)),
    async keyByHash(hash) {
      const where = { OR: [{ hash }, { previousHash: hash }] };
      const row = await reached('Looking a key up', postgres.virtualKey.findFirst({ where }));
      return row === null ? undefined : keyFrom(row);
    },
    async whileNothingDrains(shard, work) {
      return reached(
        'Loading a record',
        postgres.$transaction(async (scope) => {
          await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock_shared(${DRAIN_LOCK_CLASS}::int, ${shard}::int)`;
          return work(snapshotsIn(scope));
        }),
      );
    },
    async isBlank() {
      const query = postgres.organization.findFirst({ select: { id: true } });
      return (await reached('Looking for organizations', query)) === null;
    },
    async drainedPosition(shard) {
      return reached('Looking up what is drained', positionOf(postgres, shard));
    },
    async catalog() {
      // The version first: groups newer than it are projected once more, older ones never pass for it.
      const query = postgres.catalogVersion.findUniqueOrThrow({ where: { id: 1 } });
      const { version } = await reached('Loading the catalog', query);
      const groups = await reached('Loading the catalog', groupsIn(postgres));
      return { version, groups };
    },
    async alreadyDrained(ids) {
      const where = { id: { in: [...ids] } };
      const query = postgres.usageEvent.findMany({ where, select: { id: true } });
      return new Set((await reached('Looking events up', query)).map((row) => row.id));
    },
  };
}

function guarded(source: SnapshotSource): SnapshotSource {
  return {
    key: async (id) => reached('Loading a key', source.key(id)),
    organization: async (id) => reached('Loading an organization', source.organization(id)),
    team: async (id) => reached('Loading a team', source.team(id)),
    member: async (teamId, userId) => reached('Loading a member', source.member(teamId, userId)),
    user: async (id, userId) => reached('Loading a user', source.user(id, userId)),
    endUser: async (id, endUserId) => reached('Loading an end user', source.endUser(id, endUserId)),
  };
}

/** The account and the position are of one moment; the position matters only while nothing drains. */
function snapshotsIn(scope: PostgresScope): SnapshotSource {
  return {
    async key(id) {
      const row = await scope.virtualKey.findUnique({ where: { id } });
      return row === null ? undefined : snapshotOf(scope, keyFrom(row), { kind: 'key', keyId: id });
    },
    async organization(id) {
      const row = await scope.organization.findUnique({ where: { id } });
      if (row === null) {
        return undefined;
      }
      const organization = { ...organizationFrom(row), organizationId: id };
      return snapshotOf(scope, organization, { kind: 'organization', organizationId: id });
    },
    async team(id) {
      const row = await scope.team.findUnique({ where: { id } });
      return row === null ? undefined : teamSnapshotOf(scope, teamFrom(row));
    },
    async member(teamId, userId) {
      const where = { teamId_userId: { teamId, userId } };
      const row = await scope.member.findUnique({ where });
      const subject = { kind: 'member', teamId, userId } as const;
      return row === null ? undefined : snapshotOf(scope, memberFrom(row), subject);
    },
    async user(organizationId, id) {
      const where = { organizationId_id: { organizationId, id } };
      const row = await scope.user.findUnique({ where });
      const subject = { kind: 'user', organizationId, userId: id } as const;
      return row === null ? undefined : snapshotOf(scope, userFrom(row), subject);
    },
    async endUser(organizationId, id) {
      const where = { organizationId_id: { organizationId, id } };
      const row = await scope.endUser.findUnique({ where });
      const endUser = row === null ? { organizationId, id, ...UNKNOWN_END_USER } : endUserFrom(row);
      return snapshotOf(scope, endUser, { kind: 'end_user', organizationId, endUserId: id });
    },
  };
}

/** Older than whatever is put on record. */
const UNKNOWN_END_USER = { status: 'active', ceilings: NO_CEILINGS, version: 0n } as const;

async function snapshotOf<Row extends { organizationId: string; ceilings: Ceilings }>(
  scope: PostgresScope,
  row: Row,
  subject: Subject,
): Promise<Snapshot<Row>> {
  const { organizationId } = row;
  // The position before the spends: what is drained in between counts twice at worst, and only without the lock.
  const [standing] = await scope.$queryRaw<Standing[]>`
    SELECT ${standingIn(organizationId)} FROM organizations WHERE id = ${organizationId}`;
  if (standing === undefined) {
    throw new Error(`Loading a record of organization ${organizationId}: there is none`);
  }
  const spends = await spendsOf(scope, row.ceilings, subject);
  return { row, organizationId, spends, ...standing };
}

async function teamSnapshotOf(scope: PostgresScope, row: Team): Promise<TeamSnapshot> {
  const { id, organizationId } = row;
  const [found] = await scope.$queryRaw<(Standing & CreditAccount)[]>`
    SELECT ${standingIn(organizationId)}, team_id AS "teamId", balance, funded, used, allotment,
      funding_sequence AS "fundingSequence"
    FROM organizations, credit_accounts
    WHERE organizations.id = ${organizationId} AND team_id = ${id}`;
  if (found === undefined) {
    throw new Error(`Loading team ${id}: there is no account of it, every team has one`);
  }
  const { timeZone, drainedPosition, ...account } = found;
  const spends = await spendsOf(scope, row.ceilings, { kind: 'team', teamId: id });
  return { row, organizationId, spends, timeZone, drainedPosition, account };
}

type Standing = Pick<Snapshot<unknown>, 'timeZone' | 'drainedPosition'>;

/** What all of an organization's records need, in one question: each is on the way of the first call after a change. */
function standingIn(organizationId: string): Prisma.Sql {
  return Prisma.sql`time_zone AS "timeZone", coalesce(
    (SELECT position FROM drain_positions WHERE shard = ${shardOf(organizationId)}), '0-0'
  ) AS "drainedPosition"`;
}

async function spendsOf(
  scope: PostgresScope,
  ceilings: Ceilings,
  subject: Subject,
): Promise<BudgetSpend[]> {
  if (ceilings.budgets.length === 0) {
    return [];
  }
  const rows = await scope.$queryRaw<{ meter: string; starts_at: Date; spent_nano_usd: bigint }[]>`
    SELECT meter, starts_at, spent_nano_usd FROM (
      SELECT *, row_number() OVER (PARTITION BY meter ORDER BY starts_at DESC) AS place
      FROM budget_spends WHERE subject = ${subjectText(subject)}
    ) AS latest WHERE place <= ${PERIODS_PER_BUDGET}`;
  return rows.map((row) => ({
    meter: row.meter,
    startsAtMs: row.starts_at.getTime(),
    spentNanoUsd: row.spent_nano_usd,
  }));
}

async function positionOf(scope: PostgresScope, shard: number): Promise<string> {
  const row = await scope.drainPosition.findUnique({ where: { shard } });
  return row?.position ?? '0-0';
}
