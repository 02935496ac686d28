// The gate in Redis. States of a reservation: open → ended (settled, lapsed, discarded), each change one
// script. Trade-off: every step is one round trip of a single-threaded server, shared by all calls of
// the same turn. Invariant, per team: spendable = funded − charged − held.

import { GateUnavailable } from '../../core/faults.ts';
import type { Gate, GateBalance, KeyIdentity, Settlement } from '../../core/gateway/gate.ts';
import { createAdmitting } from './admitting.ts';
import { connectGate } from './connection.ts';
import type { GateConnection } from './connection.ts';
import { createIdentities } from './identities.ts';
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
  /** Whether the gate answers right now. */
  isUp(): boolean;
  close(): void;
}

/** Opens the gate. */
export function createRedisGate(options: GateOptions): RedisGate {
  const shards = shardKeys(options.namespace);
  const connection = connectGate(options.redisUrl, options.onComplaint);
  const projections = createProjections(connection, options.source, options.namespace, shards);
  const settling = createSettling(connection, projections, options.source, shards);
  const admitting = createAdmitting(connection, projections, shards, options.reservationDeadlineMs);
  const identities = createIdentities(connection, projections, options);
  const handing = createHandingIn(connection, settling, options.onComplaint);

  return {
    connection,
    shards,
    settling,
    identify: identities.identify,
    async admit(ask) {
      handing.refuseWhileOwing();
      return admitting.admit(ask);
    },
    async probe(identity) {
      handing.refuseWhileOwing();
      return admitting.probe(identity);
    },
    settle: settling.settle,
    mark: async (settlements) => markAll(connection, shards, options, settlements),
    allowedModels: async (identity) => allowedModels(connection, projections, shards, identity),
    balance: async (team) => balanceOf(connection, projections, shards, team),
    project: projections.project,
    isUp: () => connection.run() !== undefined && !handing.owing(),
    ready: async (timeoutMs) => whenReady(connection, timeoutMs),
    close: () => {
      handing.stop();
      connection.close();
    },
  };
}

/** Again soon, but not at once: the records may be on their way up too. */
const HAND_IN_AGAIN_MS = 500;

/**
 * After each reconnection, hands in what Redis may not have. Until that is done nothing new passes this
 * proxy: credits that its own calls used must be gone before they can be reserved again.
 */
function createHandingIn(
  connection: GateConnection,
  settling: Settling,
  onComplaint: (complaint: string) => void,
): { refuseWhileOwing(): void; owing(): boolean; stop(): void } {
  let owing = false;
  let everything = false;
  let timer: NodeJS.Timeout | undefined;

  async function handIn(): Promise<void> {
    try {
      await settling.handInAgain(everything);
      owing = false;
      everything = false;
    } catch (error) {
      onComplaint(`Handing in again what was settled: ${(error as Error).message}`);
      timer = setTimeout(() => void handIn(), HAND_IN_AGAIN_MS * (1 + Math.random()));
      timer.unref();
    }
  }

  connection.onReady((changed) => {
    owing = true;
    everything ||= changed;
    clearTimeout(timer);
    void handIn();
  });

  return {
    owing: () => owing,
    refuseWhileOwing() {
      if (owing) {
        throw new GateUnavailable(
          'Asking the gate: it just came back and is being brought up to date',
        );
      }
    },
    stop: () => clearTimeout(timer),
  };
}

async function markAll(
  connection: GateConnection,
  shards: readonly ShardKeys[],
  options: GateOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const byShard = Map.groupBy(settlements, (one) => shardOf(one.identity.organizationId));
  await Promise.all(
    [...byShard].map(async ([shard, group]) => {
      const keys = shards[shard] as ShardKeys;
      for (let at = 0; at < group.length; at += MARKS_AT_ONCE) {
        const values: (string | number)[] = [runOf(connection), options.reservationDeadlineMs];
        for (const one of group.slice(at, at + MARKS_AT_ONCE)) {
          values.push(one.reservationId, String(one.charge), eventText(one));
        }
        await connection.script('mark', [keys.epoch, keys.open, keys.due, keys.marks], values);
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
      connection.redis.hget(keys.access, 'generation'),
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
