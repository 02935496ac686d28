import { actorOf } from './call.ts';
import type { Bot } from './call.ts';
import { listWaiting } from './approvals/waiting.ts';
import { inBatches } from './in-batches.ts';
import { moneyOf } from './readings.ts';
import { faultSpeech } from './faults.ts';
import { closedHomeView, HOME_TEAMS_MAX, homeView } from './views/home.ts';
import type { HomeRole, HomeTeam } from './views/home.ts';
import type { RoleBook } from './roles.ts';

/** What somebody did lately makes a team theirs. */
const DEEDS_READ = 100;
const CHANGES_SHOWN = 8;

/** Brings a person's home tab up to date. */
export async function publishHome(bot: Bot, userId: string): Promise<void> {
  const view = await viewFor(bot, userId).catch((error: unknown) =>
    closedHomeView(faultSpeech(bot, error).blocks),
  );
  await bot.client.views.publish({ user_id: userId, view });
}

async function viewFor(bot: Bot, userId: string) {
  const complaint = await bot.roles.complaint(userId, 'viewer');
  return complaint === undefined ? openHome(bot, userId) : closedHomeView(complaint.blocks);
}

/** The most urgent by the ledger, which is quick to ask; what each has, by the gate. */
async function openHome({ stores, roles }: Bot, userId: string) {
  const { records, settings } = stores;
  const [neediest, deeds, changes, role, waiting] = await Promise.all([
    records.totals.neediest({ limit: HOME_TEAMS_MAX }),
    records.audit.search({ actor: actorOf(userId).id, limit: DEEDS_READ }),
    records.audit.search({ limit: CHANGES_SHOWN }),
    roleOf(roles, userId),
    listWaiting({ stores, roles }, userId),
  ]);
  const shown = await inBatches(neediest.teams, async (team): Promise<HomeTeam> => {
    return { team, money: await moneyOf(stores, team) };
  });
  return homeView({
    role,
    toDecide: waiting.toDecide,
    shown,
    mine: new Set(deeds.map(({ target }) => target.replace(/^team:/, ''))),
    hidden: neediest.count - shown.length,
    lowCreditPercent: settings.lowCreditPercent,
    // Who did what is for those who decide.
    changes: role === 'viewer' ? [] : changes,
  });
}

async function roleOf(roles: RoleBook, userId: string): Promise<HomeRole> {
  for (const role of ['manager', 'approver'] as const) {
    if ((await roles.complaint(userId, role)) === undefined) {
      return role;
    }
  }
  return 'viewer';
}
