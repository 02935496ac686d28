// Usage events that could not be written, each by its name: the shard and the position in its stream. They are
// calls that the gate has charged and the ledger has not, until they are retried.

import { batchOf } from './drain/batch.ts';
import { writeBatchWithCare } from './drain/write-batch.ts';
import type { PrismaClient, SetAsideEvent } from './generated/client.ts';
import { reached } from './postgres/client.ts';
import { DRAIN_LOCK_CLASS } from './postgres/projection-source.ts';

/** As many as one transaction writes well within its time. */
const RETRIED_AT_ONCE = 500;

export interface SetAsideName {
  readonly shard: number;
  readonly position: string;
}

export interface Retried {
  /** Written now, or found to have been written before. */
  readonly written: readonly SetAsideName[];
  /** Set aside again, with what is wrong with them now. */
  readonly refused: readonly (SetAsideName & { readonly complaint: string })[];
}

/** Tries all of them again, or one. Twice at once, each is written once. */
export async function retrySetAside(postgres: PrismaClient, only?: SetAsideName): Promise<Retried> {
  const names = await reached(
    'Listing what was set aside',
    postgres.setAsideEvent.findMany({
      ...(only === undefined ? {} : { where: { ...only } }),
      select: { shard: true, position: true },
      orderBy: [{ shard: 'asc' }, { createdAt: 'asc' }],
    }),
  );
  const written: SetAsideName[] = [];
  const refused: Retried['refused'][number][] = [];
  for (const [shard, own] of Map.groupBy(names, (name) => name.shard)) {
    for (let at = 0; at < own.length; at += RETRIED_AT_ONCE) {
      const positions = own.slice(at, at + RETRIED_AT_ONCE).map((name) => name.position);
      const retried = await retryBatch(postgres, shard, positions);
      written.push(...retried.written);
      refused.push(...retried.refused);
    }
  }
  return { written, refused };
}

async function retryBatch(
  postgres: PrismaClient,
  shard: number,
  positions: readonly string[],
): Promise<Retried> {
  return reached(
    `Retrying what was set aside of shard ${shard}`,
    postgres.$transaction(async (scope) => {
      await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${DRAIN_LOCK_CLASS}::int, ${shard}::int)`;
      const where = { shard, position: { in: [...positions] } };
      const rows = await scope.setAsideEvent.findMany({ where, orderBy: { createdAt: 'asc' } });
      await scope.setAsideEvent.deleteMany({ where });
      const batch = batchOf(rows.map(entryOf));
      await writeBatchWithCare(scope, shard, batch);
      const complaints = new Map(
        batch.setAside.map(({ entry, complaint }) => [entry.position, complaint]),
      );
      const refused = [...complaints].map(([position, complaint]) => ({
        shard,
        position,
        complaint,
      }));
      const written = rows
        .filter((row) => !complaints.has(row.position))
        .map(({ position }) => ({ shard, position }));
      return { written, refused };
    }),
  );
}

function entryOf({ position, fields }: SetAsideEvent) {
  const { packed, spent } = fields as { readonly packed: string; readonly spent?: string };
  return { position, packed, spent };
}
