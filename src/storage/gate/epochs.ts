// One run of a shard, as the gate counts them: everything is loaded again in a new one, and admission waits for a
// moment where there was anything to forget.

import type { Clock } from '../../core/time.ts';
import { runOf } from './connection.ts';
import type { GateConnection } from './connection.ts';
import type { ShardKeys } from './shards.ts';
import type { ProjectionSource } from './source.ts';

/**
 * Every proxy reconnects and hands in well within this. Only after it may credits be reserved again that
 * a forgetful Redis believes to be there.
 */
const GRACE_MS = 1_500;

/** All shards of a run begin together; what is made later is told by `somethingIsKept`. */
const BLANK_KNOWN_MS = 2_000;

export interface Epochs {
  /** Begins a new epoch in a shard unless it is of this run already. */
  renew(shard: ShardKeys): Promise<void>;
  /** From now on there is something that a shard could forget. */
  somethingIsKept(): void;
}

/** `onForgotten` is told when a run that this process saw begin begins again: it was emptied meanwhile. */
export function createEpochs(
  connection: GateConnection,
  source: Pick<ProjectionSource, 'isBlank' | 'drainedPosition'>,
  clock: Clock,
  onForgotten: () => void,
): Epochs {
  const begun = new Set<string>();
  let blank: { readonly isBlank: Promise<boolean>; readonly atMs: number } | undefined;

  async function wasBlank(): Promise<boolean> {
    if (blank === undefined || clock() - blank.atMs >= BLANK_KNOWN_MS) {
      blank = { isBlank: source.isBlank(), atMs: clock() };
      blank.isBlank.catch(() => {
        blank = undefined;
      });
    }
    return blank.isBlank;
  }

  return {
    async renew(shard) {
      const run = runOf(connection);
      const [position, isBlank] = await Promise.all([
        source.drainedPosition(shard.shard),
        wasBlank(),
      ]);
      const values = [run, position, isBlank ? 0 : GRACE_MS];
      const answer = await connection.script('renew', [shard.epoch, shard.usage], values);
      const place = `${run} ${shard.shard}`;
      if (answer === 'began' && begun.has(place)) {
        onForgotten();
      }
      begun.add(place);
    },
    somethingIsKept() {
      blank = undefined;
    },
  };
}
