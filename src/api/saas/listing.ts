import { z } from 'zod';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { behindOf, cursorOf, nextPage } from './cursor.ts';

/** One page; who has more rows follows the Link header. */
export const ROWS_PER_PAGE_MAX = 1_000;

export const PAGE = {
  limit: z.coerce.number().int().min(1).max(ROWS_PER_PAGE_MAX).optional(),
  after: z.string().optional(),
};

export const ORDER = z.enum(['asc', 'desc']).optional();

const SORTS = {
  team_id: { field: 'id', holds: 'id' },
  team_alias: { field: 'alias', holds: 'text' },
  created_at: { field: 'createdAt', holds: 'moment' },
} as const;

/** What a list of teams may be narrowed to, and its order. */
export const TEAM_FILTERS = {
  status: z.enum(['active', 'suspended', 'paused', 'archived']).optional(),
  /** A part of the id, in any case. */
  search: z.string().optional(),
  sort: z.enum(Object.keys(SORTS) as (keyof typeof SORTS)[]).optional(),
  order: ORDER,
};
type PageWish = z.output<z.ZodObject<typeof PAGE>> &
  Partial<z.output<z.ZodObject<typeof TEAM_FILTERS>>> & {
    readonly organization_id?: string | undefined;
  };

/** One page of teams, and the header that leads to the next one: with the same filters, behind the last team. */
export async function pageOfTeams(
  stores: Stores,
  path: string,
  organizationId: string | undefined,
  wish: PageWish,
): Promise<{ teams: Team[]; headers: Record<string, string> } | Refusal> {
  const { limit = ROWS_PER_PAGE_MAX, after, status, search, order } = wish;
  const sort = SORTS[wish.sort ?? 'team_id'];
  const behind = after === undefined ? undefined : behindOf(sort, after);
  if (isRefusal(behind)) {
    return behind;
  }
  const found = await stores.records.teams.list({
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(status === undefined ? {} : { status }),
    ...(search === undefined ? {} : { contains: search }),
    ...(behind === undefined ? {} : { after: behind }),
    sort: sort.field,
    descending: order === 'desc',
    limit: limit + 1,
  });
  const teams = found.slice(0, limit);
  const last = teams.at(-1);
  if (found.length <= limit || last === undefined) {
    return { teams, headers: {} };
  }
  const cursor = cursorOf(sort, { value: last[sort.field], id: last.id });
  return { teams, headers: { ...nextPage(path, { ...wish, limit }, cursor) } };
}
