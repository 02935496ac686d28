import type { Bot } from './call.ts';
import { moneyOf } from './readings.ts';
import { byUrgency, closedHomeView, HOME_TEAMS_MAX, homeView } from './views/home.ts';
import type { HomeTeam } from './views/home.ts';

/** Reading the account of each takes a while; beyond this, lists by organization serve better. */
const TEAMS_COMPARED = 300;
/** Postgres' connections are for others, too. */
const AT_ONCE = 8;

/** Brings a person's home tab up to date. */
export async function publishHome(bot: Bot, userId: string): Promise<void> {
  const complaint = await bot.roles.complaint(userId, 'viewer');
  const view =
    complaint === undefined
      ? homeView(await urgentTeams(bot), bot.stores.settings.lowCreditPercent)
      : closedHomeView(complaint.blocks);
  await bot.client.views.publish({ user_id: userId, view });
}

/** The most urgent, by the ledger; how much each has, by the gate. */
async function urgentTeams({ stores }: Bot): Promise<HomeTeam[]> {
  const teams = await stores.records.teams.list({ limit: TEAMS_COMPARED });
  const compared: HomeTeam[] = [];
  for (let at = 0; at < teams.length; at += AT_ONCE) {
    const batch = teams.slice(at, at + AT_ONCE);
    compared.push(
      ...(await Promise.all(
        batch.map(async (team) => ({ team, money: await moneyOf(stores, team) })),
      )),
    );
  }
  return byUrgency(compared).slice(0, HOME_TEAMS_MAX + 1);
}
