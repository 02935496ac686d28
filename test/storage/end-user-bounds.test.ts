// What bounds end users holds on the next call, whoever else changes something at the same time.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { setEndUserStatus } from '../../src/core/end-users/block-end-user.ts';
import { createEndUser, updateEndUser } from '../../src/core/end-users/end-users.ts';
import { GateUnavailable, NotYetInForce } from '../../src/core/faults.ts';
import type { Stores } from '../../src/core/stores.ts';
import { together } from '../../src/core/together.ts';
import { createRedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../../src/storage/gate/redis-gate.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import type { ProjectionSource } from '../../src/storage/gate/source.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

let count = 0;

/** An organization whose end users nobody bounds yet; two of them are on record. */
async function scene() {
  count += 1;
  const organizationId = `own-${count}`;
  const { secretKey } = await qm.team({ organizationId });
  for (const id of ['ann', 'bob']) {
    await createEndUser(qm.stores, SYSTEM, { organizationId, id });
  }
  const call = async (user: string) => (await qm.call(secretKey, { user })).status;
  const shard = qm.gate.shards[shardOf(organizationId)] as ShardKeys;
  return { organizationId, call, shard };
}

/** The same stores, where telling the gate goes on only when `until` is over. */
function tellingAfter(until: Promise<void>): Stores {
  const project: Stores['gate']['project'] = async (...values) => {
    await until;
    await qm.gate.project(...values);
  };
  return { ...qm.stores, gate: { ...qm.gate, project } };
}

const NO_CALLS = { set: 'limit', kind: 'requests', model: null, max: 0 } as const;

test('the second bound of an organization holds though the first is still being told', async () => {
  const { organizationId, call } = await scene();
  expect(await call('bob')).toBe(200);
  const told = Promise.withResolvers<void>();
  const first = changeCeilings(
    tellingAfter(told.promise),
    SYSTEM,
    { kind: 'end_user', organizationId, endUserId: 'ann' },
    [NO_CALLS],
  );
  await expect
    .poll(async () => (await qm.stores.records.organizations.find(organizationId))?.boundsEndUsers)
    .toBe(true);
  const bob = { kind: 'end_user', organizationId, endUserId: 'bob' } as const;
  await changeCeilings(qm.stores, SYSTEM, bob, [NO_CALLS]);
  const status = await call('bob');
  told.resolve();
  await first;
  expect(status).toBe(429);
});

test('a block that was saved and could not be told is told when it is asked for again', async () => {
  const { organizationId, call } = await scene();
  await setEndUserStatus(qm.stores, SYSTEM, { organizationId, id: 'bob' }, 'blocked');
  expect([await call('bob'), await call('ann')]).toEqual([403, 200]);
  const project = async () => {
    throw new GateUnavailable('Telling the gate');
  };
  const cutOff = { ...qm.stores, gate: { ...qm.gate, project } };
  const ann = { organizationId, id: 'ann' };
  const first = setEndUserStatus(cutOff, SYSTEM, ann, 'blocked');
  await expect(first).rejects.toThrow(NotYetInForce);
  await setEndUserStatus(qm.stores, SYSTEM, ann, 'blocked');
  expect(await call('ann')).toBe(403);
});

/** Another gate on the same Redis, which reads end users and writes them when it may. */
async function slowGate(
  until: Promise<void>,
): Promise<RedisGate & { readonly read: Promise<void> }> {
  const read = Promise.withResolvers<void>();
  const source: ProjectionSource = {
    ...qm.source,
    endUser: async (...ids) => {
      const snapshot = await qm.source.endUser(...ids);
      read.resolve();
      await until;
      return snapshot;
    },
  };
  const gate = createRedisGate({
    redisUrl: qm.redisUrl,
    namespace: qm.namespace,
    source,
    reservationDeadlineMs: 15_000,
    onComplaint: () => undefined,
    clock: Date.now,
  });
  await gate.ready(10_000);
  return { ...gate, read: read.promise };
}

test('who was bounded meanwhile is not forgotten for what was read before', async () => {
  const { organizationId, shard } = await scene();
  const late = Promise.withResolvers<void>();
  const gate = await slowGate(late.promise);
  try {
    const projecting = gate.project({ organizationId, endUserId: 'ann' });
    await gate.read;
    const ann = { kind: 'end_user', organizationId, endUserId: 'ann' } as const;
    await changeCeilings(qm.stores, SYSTEM, ann, [NO_CALLS]);
    late.resolve();
    await projecting;
    expect(await qm.gate.connection.redis.ttl(shard.subject(ann))).toBe(-1);
  } finally {
    gate.close();
  }
});

test('changes of the same end users wait for each other in one order', async () => {
  const { organizationId } = await scene();
  const ann = { organizationId, id: 'ann' };
  const carl = { organizationId, id: 'carl' };
  const runs: string[] = [];
  const isLocked = Promise.withResolvers<void>();
  const othersWait = Promise.withResolvers<void>();
  const blocking = together(qm.stores, async (inside) => {
    runs.push('blocking');
    await setEndUserStatus(inside, SYSTEM, { organizationId, id: 'bob' }, 'blocked');
    isLocked.resolve();
    await othersWait.promise;
    await setEndUserStatus(inside, SYSTEM, ann, 'blocked');
    return createEndUser(inside, SYSTEM, carl);
  });
  await isLocked.promise;
  const naming = together(qm.stores, async (inside) => {
    runs.push('naming');
    await updateEndUser(inside, SYSTEM, ann, { alias: 'Ann' });
    return setEndUserStatus(inside, SYSTEM, ann, 'active');
  });
  const making = together(qm.stores, async (inside) => {
    runs.push('making');
    await createEndUser(inside, SYSTEM, carl);
    return setEndUserStatus(inside, SYSTEM, carl, 'blocked');
  });
  await expect.poll(waitingForLocks).toBe(2);
  othersWait.resolve();
  await Promise.all([blocking, naming, making]);
  expect(runs.toSorted()).toEqual(['blocking', 'making', 'naming']);
});

async function waitingForLocks(): Promise<number> {
  const [found] = await qm.postgres.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return found?.count ?? 0;
}

test('calls are drained while their end user is being changed', async () => {
  const { organizationId, call } = await scene();
  expect(await call('ann')).toBe(200);
  const isChanged = Promise.withResolvers<void>();
  const isDrained = Promise.withResolvers<void>();
  const changing = together(qm.stores, async (inside) => {
    const changed = await updateEndUser(
      inside,
      SYSTEM,
      { organizationId, id: 'ann' },
      { alias: 'Ann' },
    );
    isChanged.resolve();
    await isDrained.promise;
    return changed;
  });
  await isChanged.promise;
  try {
    expect(await qm.drain()).toBeGreaterThan(0);
  } finally {
    isDrained.resolve();
    await changing;
  }
});

test('a state that was read before Redis forgot the newer one is not brought back', async () => {
  const { organizationId, call, shard } = await scene();
  const ann = { organizationId, endUserId: 'ann' };
  const late = Promise.withResolvers<void>();
  const gate = await slowGate(late.promise);
  try {
    const projecting = gate.project(ann);
    await gate.read;
    await setEndUserStatus(qm.stores, SYSTEM, { organizationId, id: 'ann' }, 'blocked');
    await qm.gate.connection.redis.del(shard.epoch, shard.subject({ kind: 'end_user', ...ann }));
    late.resolve();
    await projecting;
    expect(await call('ann')).toBe(403);
  } finally {
    gate.close();
  }
});
