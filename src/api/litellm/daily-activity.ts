// What teams and organizations used, day by day.

import { z } from 'zod';
import type { Within } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageScope } from '../../core/usage/usage-range.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { activityView, DAYS, filtered, rangeOf, usageByDay } from './activity.ts';
import { detailed } from './errors.ts';
import { findTeam } from './find-team.ts';
import { pageField, sizeField } from './paging.ts';
import { SCOPES_MAX, scopesOf } from './usage-scopes.ts';

const TOO_MANY = `More than ${SCOPES_MAX} organizations or teams at once: name those that are meant`;

const ACTIVITY = {
  ...DAYS,
  model: z.string().optional(),
  api_key: z.string().optional(),
  page: pageField(),
  page_size: sizeField(1_000),
};
const ACTIVITY_SIZE = 10;

export const teamActivityEndpoint = endpoint({
  summary: 'What teams used, day by day',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    team_ids: z.string().optional(),
    exclude_team_ids: z.string().optional(),
    ...ACTIVITY,
  }),
  async handle({ stores, query, within }) {
    const range = rangeOf(query, stores.clock());
    if (isRefusal(range)) {
      return range;
    }
    const named = query.team_ids?.split(',').filter((id) => id !== '');
    const foreign = await foreignAmong(stores, named ?? [], within);
    if (foreign !== undefined) {
      const error = `User does not belong to Team= ${foreign}. Call \`/user/info\` to see user's teams`;
      return detailed(404, { error });
    }
    const scopes: readonly UsageScope[] =
      named?.map((teamId) => ({ kind: 'team', teamId }) as const) ??
      (await scopesOf(stores, within));
    if (scopes.length > SCOPES_MAX) {
      return detailed(400, { error: TOO_MANY });
    }
    const excluded = query.exclude_team_ids?.split(',') ?? [];
    const rows = filtered(await usageByDay(stores, scopes, range), query).filter(
      ({ names }) => !excluded.includes(names.team ?? ''),
    );
    return activityView(rows, { page: query.page ?? 1, size: query.page_size ?? ACTIVITY_SIZE });
  },
});

/** The first team that the caller does not see. */
async function foreignAmong(
  stores: Stores,
  ids: readonly string[],
  { organizationId, teamId }: Within,
): Promise<string | undefined> {
  for (const id of ids.slice(0, SCOPES_MAX + 1)) {
    const team = await findTeam(stores, id);
    const isSeen =
      (teamId === undefined || teamId === id) &&
      (organizationId === undefined || team?.organizationId === organizationId);
    if (!isSeen) {
      return id;
    }
  }
  return undefined;
}

export const organizationActivityEndpoint = endpoint({
  summary: 'What organizations used, day by day',
  action: 'organization.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ organization_ids: z.string().optional(), ...ACTIVITY }),
  async handle({ stores, query, within }) {
    const range = rangeOf(query, stores.clock());
    if (isRefusal(range)) {
      return range;
    }
    const named = query.organization_ids?.split(',').filter((id) => id !== '');
    const all = await scopesOf(stores, within);
    const scopes = all.filter(
      (scope) => scope.kind === 'organization' && (named?.includes(scope.organizationId) ?? true),
    );
    if (scopes.length > SCOPES_MAX) {
      return detailed(400, { error: TOO_MANY });
    }
    const rows = filtered(await usageByDay(stores, scopes, range), query);
    return activityView(rows, { page: query.page ?? 1, size: query.page_size ?? ACTIVITY_SIZE });
  },
});
