// Who decides at the management door. There is no Slack to ask there who is in a group: where a rule names people,
// they decide in Slack, and nobody in their place.

import type { Actor } from '../audit/audit.ts';
import type { Caller } from '../permission/caller.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Proposal } from './proposal.ts';

export function complaintAboutDecider(
  { role }: Pick<Caller, 'role'>,
  { approvers }: Pick<Proposal, 'approvers'>,
): Refusal | undefined {
  if (typeof approvers !== 'string') {
    return refuse('proposal_of_others', { who: approvers.join(', ') });
  }
  return approvers === 'owner' && role !== 'owner'
    ? refuse('proposal_of_others', { who: 'owners' })
    : undefined;
}

/** Whoever has the admin key is one person, whatever name they give: nobody is two. */
export function deciderOf({ actor, staffId }: Pick<Caller, 'actor' | 'staffId'>): Actor {
  const [door, name] = actor.id.split(':');
  return staffId === undefined && name === 'admin' ? { ...actor, id: `${door}:admin` } : actor;
}
