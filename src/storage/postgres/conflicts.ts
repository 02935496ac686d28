// Two changes that take the same locks in different orders wait for each other, until Postgres undoes one of them.
// The one that was undone is run again from its beginning, when the other is done.

import { setTimeout as pause } from 'node:timers/promises';

/** Each time, another change went through; more in a row mean that something else is wrong. */
const ATTEMPTS_MAX = 5;
/** What the other one needs to commit; doubled each time, since then there are many of them. */
const WAIT_MS = 10;

/** Runs it, and again where Postgres undid it for the sake of another. */
export async function againAfterConflict<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= ATTEMPTS_MAX || !isConflict(error)) {
        throw error;
      }
    }
    await pause(WAIT_MS * 2 ** count * Math.random());
  }
}

/** A deadlock (SQL state 40P01) or a failed serialization (40001), as Prisma tells it of queries of each kind. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const { code, meta } = error as Error & {
    readonly code?: unknown;
    readonly meta?: { readonly driverAdapterError?: unknown };
  };
  return (
    code === 'P2034' || isConflictOfDriver(error) || isConflictOfDriver(meta?.driverAdapterError)
  );
}

function isConflictOfDriver(error: unknown): boolean {
  const { cause } = (error ?? {}) as { readonly cause?: { readonly kind?: unknown } };
  return cause?.kind === 'TransactionWriteConflict';
}
