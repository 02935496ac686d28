import type { Actor } from '../audit/audit.ts';
import { setKeyStatus } from '../keys/change-key.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { deleted, isDeleted } from './deleted.ts';
import type { User } from './member.ts';
import { removeMember } from './members.ts';
import { updateUser } from './users.ts';

/** More keys than a person has. */
const KEYS_MAX = 10_000;
/** More organizations than know one person. */
const ROWS_MAX = 100_000;

/** The rows of a person in every organization, or in one; none where they were deleted. */
export async function rowsOfPerson(
  { directory }: Pick<Records, 'directory'>,
  id: string,
  organizationId?: string,
): Promise<readonly User[]> {
  const part = { sort: 'createdAt', descending: false, offset: 0, limit: ROWS_MAX } as const;
  const within = organizationId === undefined ? {} : { organizationIds: [organizationId] };
  const { rows } = await directory.people({ ids: [id], ...within, ...part });
  return rows.filter((user) => !isDeleted(user));
}

export interface PersonRemoved {
  /** Ids of the teams that they left. */
  readonly teamIds: readonly string[];
  readonly keysRevoked: number;
}

/**
 * Takes a person out of all teams of the organizations that know them, and revokes their keys there; what they used stays on
 * record under their id. The same id in another organization is another person's, and is left alone.
 */
export async function removePerson(
  stores: Stores,
  actor: Actor,
  userId: string,
  organizationId?: string,
): Promise<PersonRemoved | Refusal> {
  const { directory } = stores.records;
  const people = await rowsOfPerson(stores.records, userId, organizationId);
  if (people.length === 0) {
    return refuse('user_unknown', { user: userId, organization: organizationId ?? 'any' });
  }
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
  for (const { organizationId: of, id, metadata } of people) {
    const change = { metadata: deleted(metadata), role: 'member' } as const;
    const changed = await updateUser(stores, actor, { organizationId: of, id }, change);
    if (isRefusal(changed)) {
      return changed;
    }
  }
  return { teamIds: memberships.map(({ teamId }) => teamId), keysRevoked: keys.length };
}
