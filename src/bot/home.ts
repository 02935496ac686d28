import type { Team } from '../core/teams/team.ts';
import type { Bot } from './call.ts';
import { moneyOf } from './readings.ts';
import { byUrgency, closedHomeView, HOME_TEAMS_MAX, homeView } from './views/home.ts';
import type { HomeTeam, Standing } from './views/home.ts';

/** Reading the account of each takes a while; beyond this, lists by organization serve better. */
const TEAMS_COMPARED = 300;
/** Postgres' connections are for others, too. */
const AT_ONCE = 8;

/** Brings a person's home tab up to date. */
export async function publishHome(bot: Bot, userId: string): Promise<void> {
  const complaint = await bot.roles.complaint(userId, 'viewer');
  const view = complaint === undefined ? await openHome(bot) : closedHomeView(complaint.blocks);
  await bot.client.views.publish({ user_id: userId, view });
}

/** The most urgent by the ledger, which is quick to ask; what each has, by the gate. */
async function openHome({ stores }: Bot) {
  const { records, settings } = stores;
  const teams = await records.teams.list({ limit: TEAMS_COMPARED });
  const standings = await inBatches(teams, async (team): Promise<Standing> => {
    const account = await records.ledger.account(team.id);
    return { team, balance: account?.balance ?? 0n, allotment: account?.allotment ?? 0n };
  });
  const urgent = byUrgency(standings).slice(0, HOME_TEAMS_MAX);
  const shown = await inBatches(urgent, async ({ team }): Promise<HomeTeam> => {
    return { team, money: await moneyOf(stores, team) };
  });
  return homeView(shown, teams.length - shown.length, settings.lowCreditPercent);
}

async function inBatches<Given extends Team | Standing, Got>(
  items: readonly Given[],
  work: (item: Given) => Promise<Got>,
): Promise<Got[]> {
  const done: Got[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}
