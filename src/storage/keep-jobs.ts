// A gate that forgot (it was emptied, or came back without its last seconds) hears again of the jobs that
// are open. Nobody else can tell it: jobs outlive the processes that opened them.

import type { Stores } from '../core/stores.ts';
import { SECOND_MS } from '../core/time.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import { shardOf } from './gate/shards.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** A younger job may still be on its way to the gate. */
const SETTLED_IN_MS = 10 * SECOND_MS;
const PAGE = 1_000;

/**
 * Answers how to look after new epochs: each look opens all jobs again of shards that began one since the
 * last look. The first look takes all shards.
 */
export function createJobKeeper(
  postgres: PrismaClient,
  gate: RedisGate,
  { clock, settings }: Pick<Stores, 'clock' | 'settings'>,
): () => Promise<void> {
  const kept = new Map<number, string>();

  return async () => {
    const epochs = await epochsOf(gate);
    const changed = new Set([...epochs.keys()].filter((at) => kept.get(at) !== epochs.get(at)));
    if (changed.size === 0) {
      return;
    }
    const nowMs = clock();
    const youngMs = nowMs - SETTLED_IN_MS;
    const young = new Set<number>();
    for await (const jobs of openJobs(postgres, new Date(nowMs))) {
      const held = jobs.filter(({ organizationId }) => changed.has(shardOf(organizationId)));
      const old = held.filter(({ createdAt }) => createdAt.getTime() <= youngMs);
      await gate.reopenJobs(old, settings.jobs.lifeMs);
      for (const job of held.filter(({ createdAt }) => createdAt.getTime() > youngMs)) {
        young.add(shardOf(job.organizationId));
      }
    }
    for (const shard of changed) {
      if (!young.has(shard)) {
        kept.set(shard, epochs.get(shard) ?? '');
      }
    }
  };
}

/** The epoch of each shard; those that are not of this run of Redis are left out until they are. */
async function epochsOf({ connection, shards }: RedisGate): Promise<Map<number, string>> {
  const epochs = await Promise.all(
    shards.map(async ({ shard, epoch }) => {
      const [run, generation] = await connection.redis.hmget(epoch, 'run', 'generation');
      return [shard, run === connection.run() ? `${run} ${generation}` : ''] as const;
    }),
  );
  return new Map(epochs.filter(([, epoch]) => epoch !== ''));
}

const OPEN = ['pending', 'in_progress'] as const;

async function* openJobs(postgres: PrismaClient, now: Date) {
  for (let after = ''; ;) {
    const query = postgres.job.findMany({
      // What is past its life is about to be ended, and the gate may have let it lapse before.
      where: { status: { in: [...OPEN] }, expiresAt: { gt: now }, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    const page = await reached('Looking for open jobs', query);
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) {
      return;
    }
    after = last.id;
  }
}
