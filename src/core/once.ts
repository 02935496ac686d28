import { changeOnce, isRepeated } from './change.ts';
import type { Repeated } from './change.ts';
import { isRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { Records, Stores } from './stores.ts';
import { tellingLater } from './telling-later.ts';

/**
 * Runs an operation at most once for each `onceKey`: the claim of the key and everything that the
 * operation writes are one transaction. What the operation tells the gate is told after that.
 */
export async function once<Answer>(
  stores: Stores,
  onceKey: string,
  operation: (stores: Stores) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal | Repeated> {
  return collected(stores, operation, async (work) => changeOnce(stores.records, onceKey, work));
}

/** As `once`, for what knows by itself whether it was done before. */
export async function inOneChange<Answer>(
  stores: Stores,
  operation: (stores: Stores) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  return collected(stores, operation, async (work) => stores.records.change(work));
}

/** Runs a change, and tells the gate of all that it changed when it is committed. */
async function collected<Answer, Ended>(
  stores: Stores,
  operation: (stores: Stores) => Promise<Answer | Refusal>,
  run: (work: (records: Records) => Promise<Answer | Refusal>) => Promise<Ended>,
): Promise<Ended> {
  const later = tellingLater(stores);
  const answer = await run(async (records) => {
    later.forget();
    return operation({ ...stores, records, gate: later.gate });
  });
  if (!isRefusal(answer) && !isRepeated(answer)) {
    await later.tell();
  }
  return answer;
}
