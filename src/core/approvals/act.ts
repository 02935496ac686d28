// Doing what was proposed: the same operations that a person runs at once.

import type { Actor } from '../audit/audit.ts';
import { changeCeilings } from '../ceilings/change-ceilings.ts';
import type { CeilingsChanged } from '../ceilings/change-ceilings.ts';
import { deductCredits } from '../credits/deduct.ts';
import type { CreditEntry } from '../credits/entry.ts';
import { grantCredits } from '../credits/grant-credits.ts';
import { setCreditPolicy } from '../credits/policy.ts';
import { refundUsage } from '../credits/refund.ts';
import { setAutoRefill } from '../credits/set-auto-refill.ts';
import { topUp } from '../credits/top-up.ts';
import { transferCredits } from '../credits/transfer.ts';
import { setOrganizationStatus } from '../organizations/set-status.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { setTeamStatus } from '../teams/set-status.ts';
import type { Team } from '../teams/team.ts';
import type { ProposedAction } from './action.ts';
import type { Outcome } from './proposal.ts';

export interface Acted {
  /** The ledger's line; absent for what moves no credits. */
  readonly entry?: CreditEntry;
  /** False if it stood so already, or was done before under the same reference. */
  readonly changed: boolean;
  readonly ceilings?: CeilingsChanged;
  /** As it is after its terms were changed. */
  readonly team?: Team;
}

/** Does it, in the name of who proposed it. What was done under its reference before is not done again. */
export async function act(
  stores: Stores,
  actor: Actor,
  action: ProposedAction,
): Promise<Acted | Refusal> {
  switch (action.kind) {
    case 'top_up':
      return posted(await topUp(stores, actor, action));
    case 'grant':
      return posted(await grantCredits(stores, actor, action));
    case 'refund':
      return posted(
        await refundUsage(stores, actor, {
          ...action,
          amount: action.isRest ? undefined : action.amount,
        }),
      );
    case 'transfer':
      return posted(await transferCredits(stores, actor, action));
    case 'deduct':
      return posted(await deductCredits(stores, actor, action));
    case 'overdraft':
      return changed(await setCreditPolicy(stores, actor, action.teamId, action.wish));
    case 'refill':
      return changed(await setAutoRefill(stores, actor, action.teamId, action.wish));
    case 'budget':
    case 'limit': {
      const done = await changeCeilings(stores, actor, action.subject, action.changes);
      return isRefusal(done) ? done : { changed: done.changed, ceilings: done };
    }
    case 'resume': {
      const { subject, reason } = action;
      const wish = { status: 'active', ...(reason === '' ? {} : { reason }) } as const;
      const set =
        subject.kind === 'team'
          ? await setTeamStatus(stores, actor, { ...wish, teamId: subject.teamId })
          : await setOrganizationStatus(stores, actor, {
              ...wish,
              organizationId: subject.organizationId,
            });
      return isRefusal(set) ? set : { changed: set.changed };
    }
  }
}

function changed(team: Team | Refusal): Acted | Refusal {
  return isRefusal(team) ? team : { changed: true, team };
}

function posted(
  done: { readonly entry: CreditEntry; readonly repeated: boolean } | Refusal,
): Acted | Refusal {
  return isRefusal(done) ? done : { entry: done.entry, changed: !done.repeated };
}

export function outcomeOf({ entry }: Acted): Outcome {
  return entry === undefined ? {} : { balanceAfter: entry.balanceAfter.toString() };
}
