import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { changesFrom } from './bounds.ts';
import type { Bounds } from './bounds.ts';

/** Bounds of a member's own: whoever has them follows the team's no more. */
export async function setMemberBounds(
  stores: Stores,
  actor: Actor,
  subject: Extract<Subject, { kind: 'member' }>,
  bounds: Bounds,
): Promise<Refusal | undefined> {
  const member = await stores.records.members.find(subject.teamId, subject.userId);
  const changes = changesFrom(member?.ceilings ?? NO_CEILINGS, bounds);
  if (isRefusal(changes) || changes.length === 0) {
    return isRefusal(changes) ? changes : undefined;
  }
  const changed = await changeCeilings(stores, actor, subject, changes);
  if (isRefusal(changed)) {
    return changed;
  }
  await stores.records.plans.follow(subjectText(subject), null);
  return undefined;
}
