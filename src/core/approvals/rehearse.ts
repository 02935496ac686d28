// What could not be done is not to wait for a yes: an action is tried before it is proposed, in a transaction that is
// always undone. The gate is not told, and is taken to withhold what is asked: the ledger says whether it is there.

import type { Actor } from '../audit/audit.ts';
import type { Gate } from '../gateway/gate.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { act } from './act.ts';
import type { ProposedAction } from './action.ts';

/** Carries nothing: it only undoes. */
class Rehearsed extends Error {
  override name = 'Rehearsed';
}

/** Why it would be refused if it were done now; undefined if it would not. */
export async function complaintAboutDoing(
  stores: Stores,
  actor: Actor,
  action: ProposedAction,
): Promise<Refusal | undefined> {
  const gate: Gate = {
    ...stores.gate,
    project: async () => undefined,
    withhold: async ({ amount }) => ({ withheld: true, amount }),
    release: async () => undefined,
  };
  try {
    const refused = await stores.records.change(async (records) => {
      const acted = await act({ ...stores, records, gate }, actor, action);
      if (isRefusal(acted)) {
        return acted;
      }
      throw new Rehearsed();
    });
    return isRefusal(refused) ? refused : undefined;
  } catch (error) {
    if (error instanceof Rehearsed) {
      return undefined;
    }
    throw error;
  }
}
