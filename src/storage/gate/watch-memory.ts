import type { GateConnection } from './connection.ts';
import type { ShardKeys } from './shards.ts';

/** Well within the time that admission waits after a new beginning (see projections.ts). */
const LOOK_EVERY_MS = 400;

/**
 * Notices that a Redis which went on running was emptied, whoever saw it first: the generation of a shard
 * is another one then, in the same run. A new run is noticed by the connection itself.
 */
export function watchMemory(
  connection: GateConnection,
  shards: readonly ShardKeys[],
  onForgotten: () => void,
): { stop(): void } {
  let known: { readonly run: string; readonly generations: readonly (string | null)[] } | undefined;

  async function look(run: string): Promise<void> {
    const generations = await Promise.all(
      shards.map(async ({ epoch }) => connection.redis.hget(epoch, 'generation')),
    );
    const before = known?.run === run ? known.generations : undefined;
    known = { run, generations };
    const isOther = before?.some(
      (generation, at) => generation !== null && generation !== generations[at],
    );
    if (isOther === true) {
      onForgotten();
    }
  }

  function lookIfThere(): void {
    const run = connection.run();
    if (run !== undefined) {
      // A Redis that does not answer is noticed by the connection.
      look(run).catch(() => undefined);
    }
  }

  connection.onReady(lookIfThere);
  const beat = setInterval(lookIfThere, LOOK_EVERY_MS);
  beat.unref();
  return { stop: () => clearInterval(beat) };
}
