// The gate in Redis. States of a reservation: open → ended (settled, lapsed, discarded), each change one
// script. Trade-off: every step is one round trip of a single-threaded server, shared by all calls of
// the same turn. Invariant, per team: spendable = funded − charged − held.

import { GateUnavailable } from '../../core/faults.ts';
import type { Gate } from '../../core/gateway/gate.ts';
import type { Clock } from '../../core/time.ts';
import { createAdmitting } from './admitting.ts';
import type { Admitting } from './admitting.ts';
import { createCatalogFollowers } from './catalog-followers.ts';
import type { CatalogFollowers } from './catalog-followers.ts';
import { connectGate } from './connection.ts';
import type { GateConnection } from './connection.ts';
import { createHandingIn } from './handing-in.ts';
import type { HandingIn } from './handing-in.ts';
import { watchMemory } from './watch-memory.ts';
import { createIdentities } from './identities.ts';
import { markAll } from './marking.ts';
import { createOpenReservations } from './open-reservations.ts';
import type { OpenReservations } from './open-reservations.ts';
import { createProjections } from './projections.ts';
import type { Projections } from './projections.ts';
import { createReading } from './reading.ts';
import { reopenJobs } from './reopening-jobs.ts';
import type { HeldJob } from './reopening-jobs.ts';
import { createSettling } from './settling.ts';
import type { Settling } from './settling.ts';
import { shardKeys } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';
import { createWithholding } from './withholding.ts';

export interface GateOptions {
  readonly redisUrl: string;
  readonly namespace: string;
  readonly source: ProjectionSource;
  /** How long a reservation lives without a mark. */
  readonly reservationDeadlineMs: number;
  readonly onComplaint: (complaint: string) => void;
  /** When the periods of budgets are looked up; Redis decides in which one a call lies. */
  readonly clock: Clock;
  /** A key that holds the time in ms, for tests; without it Redis tells the time. */
  readonly timeKey?: string;
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
  /**
   * Opens jobs again that it forgot, for so long from now on. Those that it knows, and those that ended just
   * now, stay as they are.
   */
  reopenJobs(jobs: readonly HeldJob[], lifeMs: number): Promise<void>;
  /** Loads models anew whenever they change, for a process that serves them; see catalog-followers.ts. */
  followCatalog: CatalogFollowers['follow'];
  /** Begins a new epoch in a shard unless it is of this run already. */
  renew(shard: number): Promise<void>;
  close(): void;
}

/** Opens the gate. */
export function createRedisGate(options: GateOptions): RedisGate {
  const { source, namespace, reservationDeadlineMs, onComplaint } = options;
  const shards = shardKeys(namespace);
  const connection = connectGate(options.redisUrl, onComplaint, options.timeKey);
  const handing = createHandingIn(connection, () => ({ settling, reservations }), onComplaint);
  const projections = createProjections(connection, {
    source,
    namespace,
    shards,
    clock: options.clock,
    onForgotten: handing.forgotten,
  });
  const settling = createSettling(connection, projections, source, shards, onComplaint);
  const reservations = createOpenReservations(
    connection,
    projections,
    source,
    shards,
    reservationDeadlineMs,
  );
  const admitting = createAdmitting(connection, projections, shards, reservationDeadlineMs);
  const withholding = createWithholding(connection, projections, settling, shards);
  const identities = createIdentities(connection, projections, options);
  renewOnReady(connection, projections, shards, onComplaint);
  const memory = watchMemory(connection, shards, handing.forgotten);
  const isUp = (): boolean => connection.run() !== undefined && !handing.isBehind();

  return {
    connection,
    shards,
    settling,
    renew: projections.renew,
    identify: identities.identify,
    ...guarded(admitting, handing, reservations),
    async settle(settlement) {
      const reservation = reservations.remove(settlement.reservationId);
      try {
        return await settling.settle(settlement, reservation);
      } catch (error) {
        handing.soon();
        throw error;
      }
    },
    ...createReading(connection, projections, shards),
    async withhold(ask) {
      handing.refuseWhileBehind();
      return withholding.withhold(ask);
    },
    release: withholding.release,
    mark: async (settlements) =>
      markAll(connection, projections, shards, reservationDeadlineMs, settlements),
    ...projecting(projections, createCatalogFollowers(connection, namespace, onComplaint), source),
    reopenJobs: async (jobs, lifeMs) =>
      reopenJobs(createOpenReservations(connection, projections, source, shards, lifeMs), jobs),
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
      memory.stop();
      handing.stop();
      connection.close();
    },
  };
}

/** A change of the catalog concerns those who serve models, too. */
function projecting(
  projections: Projections,
  followers: CatalogFollowers,
  source: ProjectionSource,
): Pick<RedisGate, 'project' | 'followCatalog'> {
  return {
    async project(subject) {
      await projections.project(subject);
      if ('catalog' in subject) {
        await followers.tell((await source.catalog()).version);
      }
    },
    followCatalog: followers.follow,
  };
}

/** Right away, so that the wait of a new epoch is over before the first call asks. */
function renewOnReady(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  onComplaint: (complaint: string) => void,
): void {
  connection.onReady(() => {
    for (const { shard } of shards) {
      projections.renew(shard).catch((error: unknown) => onComplaint((error as Error).message));
    }
  });
}

/** Nothing new passes while the gate may lack what this process knows. */
function guarded(
  admitting: Admitting,
  handing: HandingIn,
  reservations: OpenReservations,
): Admitting {
  return {
    async admit(ask) {
      handing.refuseWhileBehind();
      const verdict = await admitting.admit(ask);
      if (verdict.admitted) {
        reservations.add(ask, verdict.reservedMicrocredits, verdict.taken);
      }
      return verdict;
    },
    async probe(identity, address) {
      handing.refuseWhileBehind();
      return admitting.probe(identity, address);
    },
    async aliasOf(identity, asked) {
      handing.refuseWhileBehind();
      return admitting.aliasOf(identity, asked);
    },
    async openJob(ask) {
      handing.refuseWhileBehind();
      return admitting.openJob(ask);
    },
  };
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
