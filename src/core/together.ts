import { tellGate } from './change.ts';
import type { Gate, ProjectionSubject } from './gateway/gate.ts';
import { isRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { Stores } from './stores.ts';

/**
 * Runs several operations as one change: all of what they write is written, or nothing. What they tell the gate
 * is told after that, each subject once.
 */
export async function together<Answer>(
  stores: Stores,
  operations: (stores: Stores) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const subjects = new Map<string, ProjectionSubject>();
  // Told before the commit, the gate would read the state of before.
  const gate: Gate = {
    ...stores.gate,
    project: async (subject) => {
      subjects.set(JSON.stringify(subject), subject);
    },
  };
  const answer = await stores.records.change(async (records) =>
    operations({ ...stores, records, gate }),
  );
  if (!isRefusal(answer)) {
    await tellGate(stores, ...subjects.values());
  }
  return answer;
}
