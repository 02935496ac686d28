// What one request has written so far, so that who asked is told the truth when something breaks off.

import { isRefusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';

/** `perhaps`: it broke off while a change was committed, or between two changes. */
export type Written = 'nothing' | 'saved' | 'perhaps';

/** The same stores; `written` says what was changed by them until now. */
export function watchingChanges(stores: Stores): {
  readonly stores: Stores;
  readonly written: () => Written;
} {
  const { records } = stores;
  let written: Written = 'nothing';
  const watched: Stores = {
    ...stores,
    records: {
      ...records,
      async change(work) {
        let isReadyToCommit = false;
        try {
          const answer = await records.change(async (inside) => {
            isReadyToCommit = false;
            const worked = await work(inside);
            isReadyToCommit = !isRefusal(worked);
            return worked;
          });
          // Also where it was saved by an earlier delivery of the same request.
          written = isRefusal(answer) ? written : 'saved';
          return answer;
        } catch (error) {
          written = isReadyToCommit || written !== 'nothing' ? 'perhaps' : 'nothing';
          throw error;
        }
      },
    },
  };
  return { stores: watched, written: () => written };
}
