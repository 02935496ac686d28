import type { DomainEvent } from '../core/events.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** One page of events, told in order; the next beat takes the next. */
const PAGE = 50;

/**
 * Tells events that were not told yet, oldest first, and marks them told. One that can't be told comes
 * again and holds up no other: what listens reads the present state, so the order does not matter. Two
 * workers never tell the same page at once. Throws the first failure after the others are marked.
 */
export async function relayOutbox(
  postgres: PrismaClient,
  tell: (event: DomainEvent, id: bigint) => Promise<void>,
): Promise<number> {
  const failures: unknown[] = [];
  const told = await reached(
    'Relaying events',
    postgres.$transaction(async (scope) => {
      const rows = await scope.$queryRaw<{ id: bigint; kind: string; payload: object }[]>`
        SELECT id, kind, payload FROM outbox_events WHERE sent_at IS NULL
        ORDER BY id LIMIT ${PAGE} FOR UPDATE SKIP LOCKED`;
      const ids: bigint[] = [];
      for (const row of rows) {
        try {
          // Only core writes this table, and it writes nothing but domain events.
          await tell({ kind: row.kind, ...row.payload } as DomainEvent, row.id);
          ids.push(row.id);
        } catch (error) {
          failures.push(error);
        }
      }
      const data = { sentAt: new Date() };
      await scope.outboxEvent.updateMany({ where: { id: { in: ids } }, data });
      return ids.length;
    }),
  );
  if (failures.length > 0) {
    throw failures[0];
  }
  return told;
}
