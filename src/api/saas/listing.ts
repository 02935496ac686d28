import { z } from 'zod';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';

/** One page; who has more teams follows the Link header. */
const TEAMS_PER_PAGE_MAX = 1_000;

export const PAGE = {
  limit: z.coerce.number().int().min(1).max(TEAMS_PER_PAGE_MAX).optional(),
  after: z.string().optional(),
};

/** What a list of teams may be narrowed to. */
export const TEAM_FILTERS = {
  status: z.enum(['active', 'suspended', 'paused', 'archived']).optional(),
  /** A part of the id, in any case. */
  search: z.string().optional(),
  order: z.enum(['asc', 'desc']).optional(),
};
type PageWish = z.output<z.ZodObject<typeof PAGE>> &
  Partial<z.output<z.ZodObject<typeof TEAM_FILTERS>>> & {
    readonly organization_id?: string | undefined;
  };

/** One page of teams by id, and the header that leads to the next one: with the same filters, behind the last team. */
export async function pageOfTeams(
  stores: Stores,
  path: string,
  organizationId: string | undefined,
  wish: PageWish,
): Promise<{ teams: Team[]; headers: Record<string, string> }> {
  const { limit = TEAMS_PER_PAGE_MAX, after, status, search, order } = wish;
  const found = await stores.records.teams.list({
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(status === undefined ? {} : { status }),
    ...(search === undefined ? {} : { contains: search }),
    ...(after === undefined ? {} : { after }),
    descending: order === 'desc',
    limit: limit + 1,
  });
  const teams = found.slice(0, limit);
  const last = teams.at(-1);
  if (found.length <= limit || last === undefined) {
    return { teams, headers: {} };
  }
  const asked = { ...wish, limit: String(limit), after: last.id };
  const given = Object.entries(asked).filter(
    (each): each is [string, string] => each[1] !== undefined,
  );
  return {
    teams,
    headers: { link: `<${path}?${new URLSearchParams(given).toString()}>; rel="next"` },
  };
}
