import type { Subject } from './ceilings/subject.ts';
import { GateUnavailable, NotYetInForce, RecordsUnavailable } from './faults.ts';
import type { News, ProjectionSubject } from './gateway/gate.ts';
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
  await tell(stores, subjects, 'changed');
}

/** As tellGate, for what was made just now: a new key that is not in force is late, no more. */
export async function tellGateOfNew(
  stores: Stores,
  ...subjects: readonly ProjectionSubject[]
): Promise<void> {
  await tell(stores, subjects, 'new');
}

/** As tellGateOfNew, for credits that came to a team. */
export async function tellGateOfCredits(stores: Stores, teamId: string): Promise<void> {
  await tell(stores, [{ teamId }], 'more');
}

/** As tellGate, where what was spent of budgets is another amount than the gate counted. */
export async function tellGateToRecount(
  { gate }: Pick<Stores, 'gate'>,
  subject: Subject,
  organizationId: string,
): Promise<void> {
  await told('changed', async () => gate.recount(subject, organizationId));
}

/** As those above, for what was said to be told later. */
export async function tell(
  { gate }: Pick<Stores, 'gate'>,
  subjects: readonly ProjectionSubject[],
  news: News,
): Promise<void> {
  await told(news, async () => {
    for (const subject of subjects) {
      await gate.project(subject, news);
    }
  });
}

async function told(news: News, tellIt: () => Promise<void>): Promise<void> {
  try {
    await tellIt();
  } catch (error) {
    if (!(error instanceof GateUnavailable || error instanceof RecordsUnavailable)) {
      throw error;
    }
    if (news === 'changed') {
      throw new NotYetInForce('Telling the gate of a change: it is saved and will be told', {
        cause: error,
      });
    }
  }
}
