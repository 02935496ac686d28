import { GateUnavailable, NotYetInForce, RecordsUnavailable } from './faults.ts';
import type { ProjectionSubject } from './gateway/gate.ts';
import type { Refusal } from './refusals.ts';
import type { Records, Stores } from './stores.ts';

/** The answer to a request that was answered before: nothing was done this time. */
export interface Repeated {
  readonly answeredBefore: true;
}

/**
 * Runs a change at most once for each `onceKey`, whatever is delivered twice. Without a key it just
 * runs. A refusal undoes the claim, so that a corrected request may come again.
 */
export async function changeOnce<Answer>(
  records: Records,
  onceKey: string | undefined,
  work: (records: Records) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal | Repeated> {
  return records.change<Answer | Repeated>(async (inside) => {
    if (onceKey !== undefined && !(await inside.receipts.claim(onceKey))) {
      return { answeredBefore: true };
    }
    return work(inside);
  });
}

/** Tells an answer from the mark of a repetition. */
export function isRepeated(value: unknown): value is Repeated {
  return typeof value === 'object' && value !== null && 'answeredBefore' in value;
}

/**
 * Brings a committed change to the gate, so that it holds on the next request of every replica. Throws
 * NotYetInForce where that is not possible now; the outbox relay brings it when the gate is back.
 */
export async function tellGate(
  stores: Stores,
  ...subjects: readonly ProjectionSubject[]
): Promise<void> {
  try {
    for (const subject of subjects) {
      await stores.gate.project(subject);
    }
  } catch (error) {
    if (error instanceof GateUnavailable || error instanceof RecordsUnavailable) {
      throw new NotYetInForce('Telling the gate of a change: it is saved and will be told', {
        cause: error,
      });
    }
    throw error;
  }
}

/** As tellGate, for what only gives: a new key or new credits that are not in force are late, no more. */
export async function tellGateOfNew(
  stores: Stores,
  ...subjects: readonly ProjectionSubject[]
): Promise<void> {
  try {
    await tellGate(stores, ...subjects);
  } catch (error) {
    if (!(error instanceof NotYetInForce)) {
      throw error;
    }
  }
}
