// The gate in Redis. States of a reservation: open → ended (settled, lapsed, discarded), each change one
// script. Trade-off: every step is one round trip of a single-threaded server, shared by all calls of
// the same turn. Invariant, per team: spendable = funded − charged − held.

import { GateUnavailable } from '../../core/faults.ts';
import type { Gate, GateBalance, KeyIdentity, Settlement } from '../../core/gateway/gate.ts';
import { createAdmitting } from './admitting.ts';
import { connectGate } from './connection.ts';
import type { GateConnection } from './connection.ts';
import { createHandingIn } from './handing-in.ts';
import { createIdentities } from './identities.ts';
import { createOpenReservations } from './open-reservations.ts';
import { createProjections, runOf } from './projections.ts';
import type { Projections } from './projections.ts';
import { createSettling } from './settling.ts';
import type { Settling } from './settling.ts';
import { shardKeys, shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';
import { eventText } from './usage-text.ts';

export interface GateOptions {
  readonly redisUrl: string;
  readonly namespace: string;
  readonly source: ProjectionSource;
  /** How long a reservation lives without a mark. */
  readonly reservationDeadlineMs: number;
  readonly onComplaint: (complaint: string) => void;
}

export interface RedisGate extends Gate {
  readonly connection: GateConnection;
  readonly shards: readonly ShardKeys[];
  readonly settling: Settling;
  /** Resolves when the gate answers; throws GateUnavailable after the time-out. */
  ready(timeoutMs: number): Promise<void>;
  /** Whether the gate answers right now, and knows all that this process knows. */
  isUp(): boolean;
  /** As isUp, and Redis answered just now: a connection says nothing of a Redis that hangs. */
  answers(): Promise<boolean>;
  /** Whether a settlement of this process waits to be handed in. */
  isOwing(): boolean;
  /** Begins a new epoch in a shard unless it is of this run already. */
  renew(shard: number): Promise<void>;
  close(): void;
}

/** Opens the gate. */
export function createRedisGate(options: GateOptions): RedisGate {
  const { source, namespace, reservationDeadlineMs, onComplaint } = options;
  const shards = shardKeys(namespace);
  const connection = connectGate(options.redisUrl, onComplaint);
  const handing = createHandingIn(connection, () => ({ settling, reservations }), onComplaint);
  const projections = createProjections(connection, source, namespace, shards, handing.forgotten);
  const settling = createSettling(connection, projections, source, shards, onComplaint);
  const reservations = createOpenReservations(
    connection,
    projections,
    shards,
    reservationDeadlineMs,
  );
  const admitting = createAdmitting(connection, projections, shards, reservationDeadlineMs);
  const identities = createIdentities(connection, projections, options);
  // Right away, so that the wait of a new epoch is over before the first call asks.
  connection.onReady(() => {
    for (const { shard } of shards) {
      projections.renew(shard).catch((error: unknown) => onComplaint((error as Error).message));
    }
  });

  const isUp = (): boolean => connection.run() !== undefined && !handing.isBehind();

  return {
    connection,
    shards,
    settling,
    renew: projections.renew,
    identify: identities.identify,
    async admit(ask) {
      handing.refuseWhileBehind();
      const verdict = await admitting.admit(ask);
      if (verdict.admitted) {
        reservations.add(ask, verdict.reservedMicrocredits);
      }
      return verdict;
    },
    async probe(identity) {
      handing.refuseWhileBehind();
      return admitting.probe(identity);
    },
    async settle(settlement) {
      reservations.remove(settlement.reservationId);
      try {
        return await settling.settle(settlement);
      } catch (error) {
        handing.soon();
        throw error;
      }
    },
    mark: async (settlements) => markAll(connection, projections, shards, options, settlements),
    allowedModels: async (identity) => allowedModels(connection, projections, shards, identity),
    balance: async (team) => balanceOf(connection, projections, shards, team),
    project: projections.project,
    isUp,
    answers: async () =>
      isUp() &&
      connection.redis.ping().then(
        () => true,
        () => false,
      ),
    isOwing: settling.isOwing,
    ready: async (timeoutMs) => whenReady(connection, timeoutMs),
    close: () => {
      handing.stop();
      connection.close();
    },
  };
}

async function markAll(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  options: GateOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const byShard = Map.groupBy(settlements, (one) => shardOf(one.identity.organizationId));
  await Promise.all(
    [...byShard].map(async ([shard, group]) => {
      const keys = shards[shard] as ShardKeys;
      const names = [keys.epoch, keys.open];
      for (let at = 0; at < group.length; at += MARKS_AT_ONCE) {
        const part = group.slice(at, at + MARKS_AT_ONCE);
        const values = (): (string | number)[] => [
          runOf(connection),
          options.reservationDeadlineMs,
          ...part.flatMap((one) => [one.reservationId, String(one.charge), eventText(one)]),
        ];
        const answer = await connection.script('mark', names, values());
        if (answer === 'epoch') {
          await projections.renew(shard);
          await connection.script('mark', names, values());
        }
      }
    }),
  );
}

/** Keeps one script call under a millisecond. */
const MARKS_AT_ONCE = 200;

async function allowedModels(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  identity: Pick<KeyIdentity, 'teamId' | 'organizationId'>,
): Promise<string[]> {
  const keys = shards[shardOf(identity.organizationId)] as ShardKeys;
  const read = async (): Promise<[string | null, string[], string | null]> => {
    const [generation, grants, groups] = await Promise.all([
      connection.redis.hget(keys.epoch, 'catalog'),
      connection.redis.hkeys(keys.access),
      connection.redis.hget(keys.team(identity.teamId), 'groups'),
    ]).catch(unavailable('Reading the models of a team'));
    return [generation, grants, groups];
  };
  let [generation, grants, groups] = await read();
  if (generation === null || groups === null) {
    await projections.projectCatalogTo(keys.shard);
    await projections.project({ teamId: identity.teamId });
    [generation, grants, groups] = await read();
  }
  const own = new Set((groups ?? '').split('\n'));
  const aliases = grants
    .map((grant) => grant.split('\n'))
    .filter(([group, alias]) => alias !== undefined && own.has(group as string))
    .map(([, alias]) => alias as string);
  return [...new Set(aliases)].sort((a, b) => a.localeCompare(b));
}

async function balanceOf(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  team: { id: string; organizationId: string },
): Promise<GateBalance> {
  const keys = shards[shardOf(team.organizationId)] as ShardKeys;
  // Projecting first costs a read of the records and makes sure that the record is of this run.
  await projections.project({ teamId: team.id });
  const fields = await connection.redis
    .hmget(keys.team(team.id), 'spendable', 'held', 'charged', 'funded')
    .catch(unavailable('Reading the balance of a team'));
  const [spendable, reserved, charged, funded] = fields.map((field) => BigInt(field ?? 0));
  if (fields.includes(null)) {
    throw new GateUnavailable(
      `Reading the balance of team ${team.id}: the gate has no record of it`,
    );
  }
  // Four fields were asked for, and none is null.
  return { spendable, reserved, charged, funded } as GateBalance;
}

async function whenReady(connection: GateConnection, timeoutMs: number): Promise<void> {
  if (connection.run() !== undefined) {
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new GateUnavailable(`Connecting to Redis: no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    connection.onReady(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function unavailable(attempt: string): (error: unknown) => never {
  return (error) => {
    throw new GateUnavailable(`${attempt}: ${(error as Error).message}`, { cause: error });
  };
}
