import type { Within } from '../../core/permission/caller.ts';
import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
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

/** As scopesOf, for sums over all of it: refused where it is more than is read at once, since a part is no sum. */
export async function scopesToSum(
  stores: Stores,
  within: Within,
): Promise<readonly UsageScope[] | Refusal> {
  const scopes = await scopesOf(stores, within);
  const complaint = `it reaches over more than ${SCOPES_MAX} organizations, ask /organization/daily/activity for those that are meant`;
  return scopes.length > SCOPES_MAX
    ? refuse('value_invalid', { field: 'the request', complaint })
    : scopes;
}

/** Usage by one name over as much of what the caller sees as is read at once. */
export async function usageBy(
  stores: Stores,
  within: Within,
  range: DayRange,
  by: readonly UsageDimension[],
): Promise<UsageRangeRow[]> {
  return usageOf(stores, (await scopesOf(stores, within)).slice(0, SCOPES_MAX), range, by);
}

/** Usage by one name over all of these. */
export async function usageOf(
  { records }: Stores,
  scopes: readonly UsageScope[],
  { from, to }: DayRange,
  by: readonly UsageDimension[],
): Promise<UsageRangeRow[]> {
  const rows: UsageRangeRow[] = [];
  for (const scope of scopes) {
    rows.push(...(await records.usage.range({ scope, from, to, step: 'all', by })));
  }
  return rows;
}
