import { z } from 'zod';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';

/** One page; who has more teams follows the Link header. */
const TEAMS_PER_PAGE_MAX = 1_000;

export const PAGE = {
  limit: z.coerce.number().int().min(1).max(TEAMS_PER_PAGE_MAX).optional(),
  after: z.string().optional(),
};

interface PageWish {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** One page of teams by id, and the header that leads to the next one. */
export async function pageOfTeams(
  stores: Stores,
  path: string,
  organizationId: string | undefined,
  { limit = TEAMS_PER_PAGE_MAX, after }: PageWish,
): Promise<{ teams: Team[]; headers: Record<string, string> }> {
  const found = await stores.records.teams.list({
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(after === undefined ? {} : { after }),
    limit: limit + 1,
  });
  const teams = found.slice(0, limit);
  const last = teams.at(-1);
  if (found.length <= limit || last === undefined) {
    return { teams, headers: {} };
  }
  const query = new URLSearchParams({ limit: String(limit), after: last.id }).toString();
  const separator = path.includes('?') ? '&' : '?';
  return { teams, headers: { link: `<${path}${separator}${query}>; rel="next"` } };
}
