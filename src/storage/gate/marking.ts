import type { Settlement } from '../../core/gateway/gate.ts';
import type { GateConnection } from './connection.ts';
import { runOf } from './connection.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import { eventText } from './usage-text.ts';

/** Keeps one script call under a millisecond. */
const MARKS_AT_ONCE = 200;

/** Says that calls are still under way, and what each would cost if it ended now. */
export async function markAll(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  deadlineMs: number,
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
          deadlineMs,
          ...part.flatMap((one) => [
            one.reservationId,
            String(one.charge),
            String(one.costNanoUsd),
            one.inputTokens + one.outputTokens,
            eventText(one),
          ]),
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
