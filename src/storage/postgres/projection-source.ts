import { groupsIn } from './catalog.ts';
import { reached } from './client.ts';
import type { PostgresScope } from './client.ts';
import { accountFrom, keyFrom, organizationFrom, teamFrom } from './rows.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { ProjectionSource, TeamSnapshot } from '../gate/source.ts';
import { shardOf } from '../gate/shards.ts';

/** Names our advisory locks apart from anybody else's in the same database: "qm" and a number. */
export const DRAIN_LOCK_CLASS = 0x716d01;

/** Where the gate loads from: plain reads, each of one moment. */
export function createProjectionSource(postgres: PrismaClient): ProjectionSource {
  return {
    async keyByHash(hash) {
      const query = postgres.virtualKey.findUnique({ where: { hash } });
      const row = await reached('Looking a key up', query);
      return row === null ? undefined : keyFrom(row);
    },
    async key(id) {
      const row = await reached('Loading a key', postgres.virtualKey.findUnique({ where: { id } }));
      return row === null ? undefined : keyFrom(row);
    },
    async organization(id) {
      const query = postgres.organization.findUnique({ where: { id } });
      const row = await reached('Loading an organization', query);
      return row === null ? undefined : organizationFrom(row);
    },
    team: async (id) => reached('Loading a team', snapshotOf(postgres, id)),
    async teamWhileNothingDrains(id, work) {
      return reached(
        'Loading a team',
        postgres.$transaction(async (scope) => {
          const team = await scope.team.findUnique({ where: { id } });
          if (team === null) {
            return undefined;
          }
          const shard = shardOf(team.organizationId);
          await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock_shared(${DRAIN_LOCK_CLASS}::int, ${shard}::int)`;
          const snapshot = await snapshotOf(scope, id);
          return snapshot === undefined ? undefined : work(snapshot);
        }),
      );
    },
    async drainedPosition(shard) {
      const query = postgres.drainPosition.findUnique({ where: { shard } });
      return (await reached('Looking up what is drained', query))?.position ?? '0-0';
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

/** The account is one row, so of one moment; the position matters only while nothing drains. */
async function snapshotOf(scope: PostgresScope, id: string): Promise<TeamSnapshot | undefined> {
  const row = await scope.team.findUnique({ where: { id }, include: { account: true } });
  if (row === null || row.account === null) {
    return undefined;
  }
  const { account, ...team } = row;
  const drained = await scope.drainPosition.findUnique({
    where: { shard: shardOf(team.organizationId) },
  });
  return {
    team: teamFrom(team),
    account: accountFrom(account),
    drainedPosition: drained?.position ?? '0-0',
  };
}
