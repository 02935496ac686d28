import { isRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { Stores } from './stores.ts';
import { tellingLater } from './telling-later.ts';

/**
 * Runs several operations as one change: all of what they write is written, or nothing. What they tell the gate
 * is told after that, each subject once.
 */
export async function together<Answer>(
  stores: Stores,
  operations: (stores: Stores) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const later = tellingLater(stores);
  const answer = await stores.records.change(async (records) => {
    later.forget();
    return operations({ ...stores, records, gate: later.gate });
  });
  if (!isRefusal(answer)) {
    await later.tell();
  }
  return answer;
}
