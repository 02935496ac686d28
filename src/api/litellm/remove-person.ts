import type { Actor } from '../../core/audit/audit.ts';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import { removeMember } from '../../core/members/members.ts';
import { updateUser } from '../../core/members/users.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { extrasOf, shownMetadata, storedMetadata } from './extras.ts';
import { rowsOfPerson } from './user-view.ts';

/** More keys than a person has. */
const KEYS_MAX = 10_000;

/**
 * Takes a person out of all teams of the organizations that know them, and revokes their keys there; what they used stays on
 * record under their id. The same id in another organization is another person's, and is left alone.
 */
export async function removePerson(
  stores: Stores,
  actor: Actor,
  userId: string,
  organizationId?: string,
): Promise<Refusal | undefined> {
  const { directory } = stores.records;
  const people = await rowsOfPerson(stores, userId, organizationId);
  const organizationIds = people.map((person) => person.organizationId);
  const memberships = (await directory.membershipsOf([userId])).filter(
    (member) => member.role !== 'removed' && organizationIds.includes(member.organizationId),
  );
  for (const { teamId } of memberships) {
    const removed = await removeMember(stores, actor, { teamId, userId });
    if (isRefusal(removed)) {
      return removed;
    }
  }
  const part = { sort: 'id', descending: false, offset: 0, limit: KEYS_MAX } as const;
  const { rows: keys } = await directory.keys({
    userId,
    organizationIds,
    revoked: false,
    ...part,
  });
  for (const { id: keyId } of keys) {
    const revoked = await setKeyStatus(stores, actor, { keyId, status: 'revoked' });
    if (isRefusal(revoked)) {
      return revoked;
    }
  }
  for (const person of people) {
    const { id, metadata } = person;
    const extras = { ...extrasOf(metadata), deleted: true };
    const change = {
      metadata: storedMetadata(shownMetadata(metadata), extras),
      role: 'member',
    } as const;
    const changed = await updateUser(
      stores,
      actor,
      { organizationId: person.organizationId, id },
      change,
    );
    if (isRefusal(changed)) {
      return changed;
    }
  }
  return undefined;
}
