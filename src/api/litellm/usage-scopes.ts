import type { Within } from '../../core/permission/caller.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageScope } from '../../core/usage/usage-range.ts';

/** Each is a query of its own; whoever has more names the ones that are meant. */
export const SCOPES_MAX = 500;

/** Everything that the caller sees, as scopes of usage. */
export async function scopesOf(
  { records }: Stores,
  { organizationId, teamId }: Within,
): Promise<UsageScope[]> {
  if (teamId !== undefined) {
    return [{ kind: 'team', teamId }];
  }
  const ids =
    organizationId === undefined
      ? (await records.organizations.list()).map(({ id }) => id)
      : [organizationId];
  return ids.map((id) => ({ kind: 'organization', organizationId: id }));
}
