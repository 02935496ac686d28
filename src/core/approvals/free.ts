// What needs nobody's approval and is done with the gate's help, so not in the change that weighs it. That change
// keeps what is meant, which counts for the person from then on; it is done right after, or when it is asked again.

import type { Actor } from '../audit/audit.ts';
import { RecordsUnavailable } from '../faults.ts';
import { newId } from '../ids.ts';
import { POLICY } from '../policy.ts';
import { isRefusal, publicSentence, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import { act, outcomeOf } from './act.ts';
import type { Acted } from './act.ts';
import type { ProposedAction } from './action.ts';
import type { Proposal } from './proposal.ts';
import { readState, teamOf } from './subject-state.ts';

/** It may be asked again as long as it counts for the person. */
const LIFE_MS = DAY_MS;

/** Keeps what is meant, to be done after this change. Answers what was meant before under the same reference. */
export async function keepFree(
  { records, clock }: Stores,
  actor: Actor,
  action: ProposedAction,
  organizationId: string,
): Promise<Proposal | Refusal> {
  const seen = await readState(records, action);
  if (isRefusal(seen)) {
    return seen;
  }
  const id = newId();
  const createdAt = new Date(clock());
  const expiresAt = new Date(createdAt.getTime() + LIFE_MS);
  const isNew = await records.approvals.insert({
    id,
    action,
    organizationId,
    teamId: teamOf(action),
    proposedBy: actor,
    channelId: null,
    approvalsNeeded: 0,
    approvers: POLICY.decide,
    seen,
    createdAt,
    remindAt: expiresAt,
    expiresAt,
  });
  if (isNew) {
    const decided = { decidedAt: createdAt, decidedBy: actor.id };
    await records.approvals.update(id, { status: 'approved', ...decided });
  }
  const kept = await records.approvals.findByReference(action.reference);
  if (kept === undefined) {
    throw new Error(`Keeping a free ${action.kind}: it was written and is not there`);
  }
  return kept;
}

/** Whether it is meant, needs nobody and may not be done yet. */
export function isFreeAndOpen({ approvalsNeeded, status }: Proposal): boolean {
  return approvalsNeeded === 0 && status === 'approved';
}

/** Does what was kept; its reference has it done once. After a fault it may be tried again. */
export async function doFree(
  stores: Stores,
  { id, action, proposedBy, expiresAt }: Proposal,
): Promise<Acted | Refusal> {
  if (expiresAt.getTime() <= stores.clock()) {
    return refuse('proposal_expired', { at: expiresAt.toISOString() });
  }
  const acted = await act(stores, proposedBy, action);
  await stores.records
    .change(async (records) => {
      if ((await records.approvals.locked(id))?.status === 'approved') {
        await records.approvals.update(
          id,
          isRefusal(acted)
            ? { status: 'failed', outcome: { complaint: publicSentence(acted) } }
            : { status: 'applied', outcome: outcomeOf(acted) },
        );
      }
      return undefined;
    })
    .catch((error: unknown) => {
      // What was done stands in the ledger, and it is that which counts.
      if (!(error instanceof RecordsUnavailable)) {
        throw error;
      }
    });
  return acted;
}
