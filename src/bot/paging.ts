import type { Stores } from '../core/stores.ts';
import type { Team } from '../core/teams/team.ts';
import { moneyOf } from './readings.ts';
import type { Money } from './readings.ts';
import { within } from './sight.ts';
import type { Sight } from './sight.ts';

const TEAMS_PER_PAGE = 10;
/** Who has more teams than this narrows by organization. */
const LAST_PAGE = 199;

export interface PageWish {
  /** From 0. */
  readonly page: number;
  readonly organizationId: string | undefined;
}

export interface TeamPage extends PageWish {
  readonly teams: readonly { readonly team: Team; readonly money: Money }[];
  readonly hasNext: boolean;
}

/** One page of the teams in sight by id, with what each has left. */
export async function readPage(stores: Stores, wish: PageWish, sight: Sight): Promise<TeamPage> {
  const page = Math.min(Math.max(Math.trunc(wish.page), 0), LAST_PAGE);
  const { organizationId } = wish;
  const teams = await stores.records.teams.list({
    ...within(sight),
    ...(organizationId === undefined ? {} : { organizationId }),
    limit: (page + 1) * TEAMS_PER_PAGE + 1,
  });
  const start = page * TEAMS_PER_PAGE;
  const shown = teams.slice(start, start + TEAMS_PER_PAGE);
  const withMoney = shown.map(async (team) => ({ team, money: await moneyOf(stores, team) }));
  return {
    page,
    organizationId,
    teams: await Promise.all(withMoney),
    hasNext: teams.length > start + TEAMS_PER_PAGE && page < LAST_PAGE,
  };
}
