import { GateUnavailable } from './faults.ts';
import type { ProjectionSubject } from './gateway/gate.ts';
import type { Refusal } from './refusals.ts';
import type { Records, Stores } from './stores.ts';

/** The answer to a request that was answered before: nothing was done this time. */
export interface Repeated {
  readonly repeated: true;
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
      return { repeated: true };
    }
    return work(inside);
  });
}

/** Tells an answer from the mark of a repetition. */
export function isRepeated(value: unknown): value is Repeated {
  return (
    typeof value === 'object' && value !== null && 'repeated' in value && value.repeated === true
  );
}

/**
 * Brings a committed change to the gate, so that it holds on the next request of every replica. When
 * the gate is away nothing passes it either, and the outbox relay brings the change when it is back.
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
    if (!(error instanceof GateUnavailable)) {
      throw error;
    }
  }
}
