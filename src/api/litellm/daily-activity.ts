// What teams, organizations, people, tags and end users used, day by day.

import { z } from 'zod';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageScope } from '../../core/usage/usage-range.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { activityView, DAYS, filtered, rangeOf, usageByDay } from './activity.ts';
import type { DayRow, Entity } from './activity.ts';
import { detailed } from './errors.ts';
import { findKey } from './find-key.ts';
import { findTeam } from './find-team.ts';
import { listOf } from './list-query.ts';
import { pageField, sizeField } from './paging.ts';
import { SCOPES_MAX, scopesOf } from './usage-scopes.ts';
import { askedFor } from './user-lists.ts';
import { ACTIVITY } from './answers/reports.ts';
import type { Told } from '../told.ts';

const TOO_MANY = `More than ${SCOPES_MAX} organizations or teams at once: name those that are meant`;

export const ACTIVITY_FILTER = {
  ...DAYS,
  model: z.string().optional(),
  api_key: z.string().optional(),
  page: pageField(),
  page_size: sizeField(1_000),
};
type ActivityQuery = z.output<z.ZodObject<typeof ACTIVITY_FILTER>>;
const ACTIVITY_SIZE = 10;

/** One page of these days, of one model and one key where they are named. */
export async function activityAnswer(
  stores: Stores,
  rows: readonly DayRow[],
  query: ActivityQuery,
  entity: Entity,
): Promise<Told<typeof ACTIVITY>> {
  const { model, api_key: text } = query;
  // By its secret or its id; one that is unknown used nothing.
  const key = text === undefined ? undefined : ((await findKey(stores, text))?.id ?? text);
  const page = { page: query.page ?? 1, size: query.page_size ?? ACTIVITY_SIZE };
  return activityView(filtered(rows, { model, api_key: key }), page, entity);
}

async function activityOf(
  stores: Stores,
  scopes: readonly UsageScope[],
  query: ActivityQuery,
  entity: 'team' | 'organization' | 'user' | 'tag',
  excluded: readonly string[] = [],
): Promise<Told<typeof ACTIVITY> | Refusal | Answer> {
  const range = rangeOf(query, stores.clock());
  if (isRefusal(range)) {
    return range;
  }
  if (scopes.length > SCOPES_MAX) {
    return detailed(400, { error: TOO_MANY });
  }
  const by = entity === 'organization' ? 'team' : entity;
  const rows = (await usageByDay(stores, scopes, range, by)).filter(
    ({ names }) => !excluded.includes(names[entity] ?? ''),
  );
  return activityAnswer(stores, rows, query, entity);
}

export const teamActivityEndpoint = endpoint({
  summary: 'What teams used, day by day',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    team_ids: z.string().optional(),
    exclude_team_ids: z.string().optional(),
    ...ACTIVITY_FILTER,
  }),
  refusals: ['team_unknown'],
  answer: ACTIVITY,
  async handle({ stores, query, within }) {
    const named = listOf(query.team_ids);
    const foreign = await foreignAmong(stores, named ?? [], within);
    if (foreign !== undefined) {
      const error = `User does not belong to Team= ${foreign}. Call \`/user/info\` to see user's teams`;
      return detailed(404, { error });
    }
    const scopes: readonly UsageScope[] =
      named?.map((teamId) => ({ kind: 'team', teamId }) as const) ??
      (await scopesOf(stores, within));
    return activityOf(stores, scopes, query, 'team', listOf(query.exclude_team_ids));
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
  query: z.strictObject({
    organization_ids: z.string().optional(),
    exclude_organization_ids: z.string().optional(),
    ...ACTIVITY_FILTER,
  }),
  answer: ACTIVITY,
  async handle({ stores, query, within }) {
    const named = listOf(query.organization_ids);
    const all = await scopesOf(stores, within);
    const scopes = all.filter(
      (scope) => scope.kind === 'organization' && (named?.includes(scope.organizationId) ?? true),
    );
    const excluded = listOf(query.exclude_organization_ids);
    return activityOf(stores, scopes, query, 'organization', excluded);
  },
});

const OF_USER = z.strictObject({ user_id: z.string().optional(), ...ACTIVITY_FILTER });

export const userActivityEndpoint = endpoint({
  summary: 'What a person used, day by day; without user_id oneself, or everybody in sight',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: OF_USER,
  answer: ACTIVITY,
  handle: async ({ stores, query, caller, within }) =>
    activityOfUser(stores, caller, within, query),
});

async function activityOfUser(
  stores: Stores,
  caller: Caller,
  within: Within,
  query: z.infer<typeof OF_USER>,
) {
  const id = askedFor(caller, query.user_id);
  if (isRefusal(id)) {
    return id;
  }
  return activityOf(stores, await scopesOfUser(stores, within, id), query, 'user');
}

/** A person in every organization in sight; all that is in sight where nobody is named. */
async function scopesOfUser(
  stores: Stores,
  { organizationId, teamId }: Within,
  userId: string | undefined,
): Promise<readonly UsageScope[]> {
  const all = await scopesOf(stores, {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(teamId === undefined || userId !== undefined ? {} : { teamId }),
  });
  return userId === undefined
    ? all
    : all.flatMap((scope) =>
        scope.kind === 'organization'
          ? [{ kind: 'user', organizationId: scope.organizationId, userId } as const]
          : [],
      );
}

export const tagActivityEndpoint = endpoint({
  summary: 'What was used under tags of keys, day by day',
  action: 'organization.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ tags: z.string().optional(), ...ACTIVITY_FILTER }),
  answer: ACTIVITY,
  async handle({ stores, query, within }) {
    const range = rangeOf(query, stores.clock());
    if (isRefusal(range)) {
      return range;
    }
    const scopes = await scopesOf(stores, within);
    if (scopes.length > SCOPES_MAX) {
      return detailed(400, { error: TOO_MANY });
    }
    const named = listOf(query.tags);
    const rows = (await usageByDay(stores, scopes, range, 'tag')).filter(
      ({ names }) => named?.includes(names.tag ?? '') ?? true,
    );
    return activityAnswer(stores, rows, query, 'tag');
  },
});

/** As many days as a range may have. */
const WHOLE = { page: '1', page_size: '1000' } as const;

/** The same with all of its days in one page, whatever page is asked for. */
export function inOnePage(paged: Endpoint): Endpoint {
  return {
    ...paged,
    summary: `${paged.summary}, all in one page`,
    answer: async (context, raw) =>
      paged.answer(context, { ...raw, query: { ...(raw.query as object), ...WHOLE } }),
  };
}
