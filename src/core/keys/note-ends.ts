// A key expires, and the grace of a rotation ends, in the gate and by its clock. What is left to do is to write it
// down, which has the channel of the team told.

import { SYSTEM } from '../audit/audit.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Stores } from '../stores.ts';

/** Something of a key that ended by itself. */
export interface KeyEnd {
  readonly keyId: string;
  /** The key itself, or the secret that it had before its last rotation. */
  readonly what: 'expired' | 'grace_ended';
  readonly at: Date;
}

/** What one run writes; the next one goes on. */
const PAGE = 200;

/** Writes down what ended of keys, each end once. Answers how many. */
export async function noteKeyEnds({ records, clock }: Stores): Promise<number> {
  let noted = 0;
  for (const end of await records.keys.ended(new Date(clock()), PAGE)) {
    const { keyId, what, at } = end;
    const done = await records.change<true>(async (inside) => {
      if (!(await inside.keys.noteEnd(end))) {
        return refuse('reference_conflict', { reference: keyId });
      }
      await inside.audit.write({
        actor: SYSTEM,
        action: `key.${what}`,
        target: `key:${keyId}`,
        after: { endedAt: at.toISOString() },
      });
      await inside.outbox.add({ kind: 'key.changed', keyId });
      return true;
    });
    noted += isRefusal(done) ? 0 : 1;
  }
  return noted;
}
