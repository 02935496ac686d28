// A batch that Postgres cannot take within its time would be tried again the same for ever: so less of that shard is
// tried, and more again once that went well.

import { RecordsUnavailable } from '../../core/faults.ts';
import { sqlStateOf } from './data-errors.ts';

/** SQL state of a statement that took longer than it may. */
const STATEMENT_TOOK_TOO_LONG = '57014';
/** Prisma's code for a transaction that took longer than it may. */
const TRANSACTION_TOOK_TOO_LONG = 'P2028';

export interface BatchSizes {
  /** Drains at most `batchMax` of a shard, or as many as Postgres takes at present. */
  within<Drained>(
    shard: number,
    batchMax: number,
    drain: (batchMax: number) => Promise<Drained>,
  ): Promise<Drained>;
}

export function createBatchSizes(): BatchSizes {
  const maxOf = new Map<number, number>();
  return {
    async within(shard, batchMax, drain) {
      const size = Math.min(batchMax, maxOf.get(shard) ?? batchMax);
      try {
        const drained = await drain(size);
        if (size === batchMax) {
          maxOf.delete(shard);
        } else {
          maxOf.set(shard, size * 2);
        }
        return drained;
      } catch (error) {
        if (tookTooLong(error)) {
          maxOf.set(shard, Math.max(1, Math.floor(size / 2)));
        }
        throw error;
      }
    },
  };
}

function tookTooLong(error: unknown): boolean {
  if (sqlStateOf(error) === STATEMENT_TOOK_TOO_LONG) {
    return true;
  }
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return error instanceof RecordsUnavailable && cause?.code === TRANSACTION_TOOK_TOO_LONG;
}
