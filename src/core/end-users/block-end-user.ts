import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { tellGate } from '../change.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { EndUser, EndUserStatus } from './end-user.ts';
import { findEndUser } from './end-users.ts';
import { watchedEndUser, watchEndUsers } from './watch-end-users.ts';

/** Blocks or unblocks an end user. Holds on the next request of every replica; twice is the same as once. */
export async function setEndUserStatus(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<EndUser, 'organizationId' | 'id'>,
  status: EndUserStatus,
): Promise<EndUser | Refusal> {
  const done = await stores.records.change<EndUser>(async (records) => {
    await records.organizations.locked(organizationId);
    const before = await findEndUser(records, organizationId, id);
    if (isRefusal(before) || before.status === status) {
      return before;
    }
    await records.endUsers.update(organizationId, id, { status });
    await watchEndUsers(records, organizationId);
    await records.audit.write({
      actor,
      action: status === 'blocked' ? 'end_user.blocked' : 'end_user.unblocked',
      target: subjectText({ kind: 'end_user', organizationId, endUserId: id }),
    });
    await records.outbox.add({ kind: 'end_user.changed', organizationId, endUserId: id });
    return { ...before, status };
  });
  if (!isRefusal(done)) {
    await tellGate(stores, ...watchedEndUser(organizationId, id));
  }
  return done;
}
