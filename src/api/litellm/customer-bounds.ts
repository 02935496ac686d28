import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { setEndUserStatus } from '../../core/end-users/block-end-user.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import { findEndUser } from '../../core/end-users/end-users.ts';
import { followPlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { BOUNDS, changesFrom } from './bounds.ts';

/** The fields of an end user that hold their calls to something. */
export const CUSTOMER_BOUNDS = {
  blocked: z.boolean().nullish(),
  budget_id: z.string().nullish(),
  ...BOUNDS,
};
export type CustomerBounds = z.output<z.ZodObject<typeof CUSTOMER_BOUNDS>>;

/** Writes them; what is absent stays. Bounds of an end user's own end the following of a plan. */
export async function boundEndUser(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<EndUser, 'organizationId' | 'id'>,
  body: CustomerBounds,
): Promise<EndUser | Refusal> {
  const subject = { kind: 'end_user', organizationId, endUserId: id } as const;
  if (body.budget_id !== undefined) {
    const followed = await followPlan(stores, actor, subject, body.budget_id || null);
    if (isRefusal(followed)) {
      return followed;
    }
  }
  const known = await findEndUser(stores.records, organizationId, id);
  if (isRefusal(known)) {
    return known;
  }
  const changes = changesFrom(known.ceilings, body);
  if (isRefusal(changes)) {
    return changes;
  }
  if (changes.length > 0) {
    const changed = await changeCeilings(stores, actor, subject, changes);
    if (isRefusal(changed)) {
      return changed;
    }
    await stores.records.plans.follow(subjectText(subject), null);
  }
  if (typeof body.blocked === 'boolean') {
    const status = body.blocked ? 'blocked' : 'active';
    const blocked = await setEndUserStatus(stores, actor, known, status);
    if (isRefusal(blocked)) {
      return blocked;
    }
  }
  return findEndUser(stores.records, organizationId, id);
}
