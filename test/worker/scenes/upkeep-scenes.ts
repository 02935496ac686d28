import { SYSTEM } from '../../../src/core/audit/audit.ts';
import { createOrganization } from '../../../src/core/organizations/create-organization.ts';
import { updateOrganization } from '../../../src/core/organizations/update-organization.ts';
import { shardOf } from '../../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../../src/storage/gate/shards.ts';
import { BY_COST, CREDIT, use } from '../../support/credits.ts';
import type { TaskWorld } from '../task-world.ts';
import { DAY_S, teamWith } from './scene.ts';
import type { Scenes } from './scene.ts';

const DAY_MS = DAY_S * 1_000;
const SHARD_OF_ACME = shardOf('acme');

let pruned = 0;

/** Writes past the rules of the database, as a repair by hand would. */
async function tamper({ qm }: TaskWorld, statement: string): Promise<void> {
  await qm.postgres.$transaction([
    qm.postgres.$executeRaw`SET LOCAL session_replication_role = replica`,
    qm.postgres.$executeRawUnsafe(statement),
  ]);
}

/** How many of the three months from now on have a place for their calls. */
async function monthsWithPlace({ qm }: TaskWorld): Promise<number> {
  const now = new Date(qm.nowMs());
  const names = [0, 1, 2].map((ahead) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
    return `m${month.toISOString().slice(0, 7).replace('-', '_')}`;
  });
  const found = await qm.postgres.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_tables WHERE schemaname = 'usage_partitions' AND tablename = ANY (${names})`;
  return Number(found[0]?.count ?? 0);
}

/** Tasks that keep the house in order. */
export const UPKEEP_SCENES = {
  'refresh-prices': {
    async prepare(world) {
      const { postgres, stores } = world.qm;
      const name = 'openai/gpt-4o';
      const price = { inputPicoUsdPerToken: 1n, outputPicoUsdPerToken: 2n };
      const before = { name, price, offered: null, version: '0.0.1', since: new Date(0) };
      await stores.records.prices.put(before);
      const told = async () => postgres.channelPost.count({ where: { kind: 'prices.changed' } });
      const toldBefore = await told();
      return {
        outcome: async () => {
          const kept = (await stores.records.prices.list()).find((each) => each.name === name);
          return [kept?.price.inputPicoUsdPerToken, (await told()) - toldBefore];
        },
      };
    },
    done: [2_500_000n, 1],
  },
  'make-usage-months': {
    async prepare(world) {
      await world.qm.passSeconds(100 * DAY_S);
      return { outcome: async () => monthsWithPlace(world) };
    },
    done: 3,
  },
  prune: {
    async prepare(world) {
      const { qm } = world;
      pruned += 1;
      const organizationId = `pruned-${pruned}`;
      await createOrganization(qm.stores, SYSTEM, { id: organizationId, name: organizationId });
      await updateOrganization(qm.stores, SYSTEM, organizationId, { usageRetentionDays: 35 });
      const team = await qm.team({ ...BY_COST, organizationId, credits: 5n * CREDIT });
      // Made on the day of this machine, months before the time of the world.
      await use(qm, team, CREDIT);
      await qm.drain();
      const receipt = async (key: string, days: number) =>
        qm.postgres.receipt.create({
          data: {
            key: `${organizationId} ${key}`,
            fingerprint: '',
            answer: {},
            createdAt: new Date(qm.nowMs() - days * DAY_MS),
          },
        });
      await receipt('old', 91);
      await receipt('young', 1);
      const where = { key: { startsWith: organizationId } };
      const month = { teamId: team.id, grain: 'month' };
      return {
        outcome: async () => [
          (await qm.postgres.receipt.findMany({ where })).map(({ key }) => key.split(' ')[1]),
          await qm.postgres.usageEvent.count({ where: { teamId: team.id } }),
          (await qm.postgres.usageByTeam.findMany({ where: month })).map(({ calls }) => calls),
        ],
      };
    },
    // What calls add up to stays.
    done: [['young'], 0, [1n]],
  },
  'turn-over-resolved': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      await use(qm, team, CREDIT);
      const { resolved } = qm.gate.shards[SHARD_OF_ACME] as ShardKeys;
      const remembered = async () => qm.gate.connection.redis.exists(resolved);
      return {
        outcome: async () => [await remembered(), await qm.drift(team.id)],
        afterFlush: async () => use(qm, team, CREDIT),
      };
    },
    // The memory of what ended begins anew.
    done: [0, 0n],
  },
  reconcile: {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      await use(qm, team, CREDIT);
      await qm.drain();
      const keys = qm.gate.shards[SHARD_OF_ACME] as ShardKeys;
      const drift = async () =>
        qm.gate.connection.redis.hincrby(keys.team(team.id), 'spendable', 1);
      await drift();
      const said = (): unknown[] =>
        world
          .logged()
          .flatMap((line) => (line['subject'] === `team:${team.id}` ? line['what'] : []));
      return {
        outcome: async () => [...new Set(said())],
        // The gate was built anew from the records, with the team's next call.
        afterFlush: async () => {
          await use(qm, team, CREDIT);
          await drift();
        },
      };
    },
    done: ['arithmetic'],
  },
  'verify-ledger': {
    async prepare(world) {
      const { id } = await teamWith(world, 5n);
      const change = (by: number) =>
        tamper(world, `UPDATE credit_accounts SET used = used + ${by} WHERE team_id = '${id}'`);
      await change(1);
      return {
        async outcome() {
          const lines = world.logged().filter(({ account }) => String(account).includes(id));
          return [...new Set(lines.map(({ msg }) => msg))];
        },
        clear: async () => change(-1),
      };
    },
    done: ['the ledger is broken'],
  },
  'verify-audit': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 5n);
      const where = { target: `team:${id}`, action: 'team.created' };
      const row = await qm.postgres.auditEntry.findFirstOrThrow({ where });
      const say = (action: string) =>
        tamper(world, `UPDATE audit_entries SET action = '${action}' WHERE id = ${row.id}`);
      await say('team.deleted');
      return {
        async outcome() {
          const lines = world.logged().filter((line) => line['id'] === String(row.id));
          return [...new Set(lines.map(({ msg }) => msg))];
        },
        clear: async () => say('team.created'),
      };
    },
    done: ['the audit trail is broken'],
  },
} as const satisfies Scenes;
