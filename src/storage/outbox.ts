import type { DomainEvent } from '../core/events.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** One page of events, told in order; the next beat takes the next. */
const PAGE = 100;

/**
 * Tells events that were not told yet, oldest first, and marks them told. Stops at the first that can't
 * be told; it and all after it come again. Two workers never tell the same page at once.
 */
export async function relayOutbox(
  postgres: PrismaClient,
  tell: (event: DomainEvent, id: bigint) => Promise<void>,
): Promise<number> {
  return reached(
    'Relaying events',
    postgres.$transaction(async (scope) => {
      const rows = await scope.$queryRaw<{ id: bigint; kind: string; payload: object }[]>`
        SELECT id, kind, payload FROM outbox_events WHERE sent_at IS NULL
        ORDER BY id LIMIT ${PAGE} FOR UPDATE SKIP LOCKED`;
      const told: bigint[] = [];
      try {
        for (const row of rows) {
          // Only core writes this table, and it writes nothing but domain events.
          await tell({ kind: row.kind, ...row.payload } as DomainEvent, row.id);
          told.push(row.id);
        }
      } finally {
        await scope.outboxEvent.updateMany({
          where: { id: { in: told } },
          data: { sentAt: new Date() },
        });
      }
      return told.length;
    }),
  );
}
