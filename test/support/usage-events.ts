// Usage events as the gate's stream carries them, for tests that choose when and what was used.

import { newId } from '../../src/core/ids.ts';
import type { CallOutcome } from '../../src/core/usage/usage.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import type { Quartermaster } from './quartermaster.ts';

export interface EventWish {
  readonly organizationId: string;
  readonly teamId: string;
  readonly keyId: string;
  /** When it started. */
  readonly at: Date;
  readonly id?: string;
  readonly model?: string;
  readonly jobType?: string;
  readonly userId?: string;
  readonly jobId?: string;
  readonly outcome?: CallOutcome;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costNanoUsd?: bigint;
  /** Microcredits. */
  readonly charge?: bigint;
}

/** An entry of the stream. */
export function packedEvent(wish: EventWish): string {
  const { id = newId(), model = 'gpt-4o', jobType = 'chat', outcome = 'completed' } = wish;
  const { inputTokens = 10, outputTokens = 1, userId, jobId } = wish;
  const { costNanoUsd = 1_000n, charge = 1_000_000n } = wish;
  const event = {
    o: wish.organizationId,
    k: wish.keyId,
    ...(userId === undefined ? {} : { u: userId }),
    m: model,
    j: jobType,
    ...(jobId === undefined ? {} : { w: jobId }),
    d: 'test',
    e: outcome,
    i: inputTokens,
    p: outputTokens,
    c: String(costNanoUsd),
    g: false,
    s: wish.at.getTime(),
    t: wish.at.getTime() + 100,
  };
  return `${charge} 0 ${id} ${wish.teamId} ${JSON.stringify(event)}`;
}

/** Puts events into the stream, all of one organization, as if calls had been settled; they wait for a drain. */
export async function handInEvents(
  { gate }: Pick<Quartermaster, 'gate'>,
  wishes: readonly EventWish[],
): Promise<void> {
  const pipeline = gate.connection.redis.pipeline();
  for (const wish of wishes) {
    const keys = gate.shards[shardOf(wish.organizationId)] as ShardKeys;
    pipeline.xadd(keys.usage, '*', 'e', packedEvent(wish));
  }
  await pipeline.exec();
}
