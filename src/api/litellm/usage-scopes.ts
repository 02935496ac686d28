import type { Within } from '../../core/permission/caller.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageDimension, UsageRangeRow, UsageScope } from '../../core/usage/usage-range.ts';
import type { DayRange } from './activity.ts';

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

/** Usage by one name over all that the caller sees. */
export async function usageBy(
  stores: Stores,
  within: Within,
  { from, to }: DayRange,
  by: readonly UsageDimension[],
): Promise<UsageRangeRow[]> {
  const rows: UsageRangeRow[] = [];
  for (const scope of (await scopesOf(stores, within)).slice(0, SCOPES_MAX)) {
    rows.push(...(await stores.records.usage.range({ scope, from, to, step: 'all', by })));
  }
  return rows;
}
