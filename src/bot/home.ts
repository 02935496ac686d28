import type { HomeView } from '@slack/types';
import { sha256 } from '../core/ids.ts';
import type { Records } from '../core/stores.ts';
import { actorOf } from './call.ts';
import type { Bot } from './call.ts';
import { listWaiting } from './approvals/waiting.ts';
import { inBatches } from './in-batches.ts';
import { moneyOf } from './readings.ts';
import { faultSpeech } from './faults.ts';
import { closedHomeView, HOME_TEAMS_MAX, homeView } from './views/home.ts';
import { keyIdOf } from './blocks/deeds.ts';
import type { HomeChange, HomeFacts, HomeTeam } from './views/home.ts';
import type { RoleBook } from './roles.ts';
import { within } from './sight.ts';
import type { Sight } from './sight.ts';

/** What somebody did lately makes a team theirs. */
const DEEDS_READ = 100;
const CHANGES_SHOWN = 8;
/** Before every entry of the audit trail, so that the tab is drawn as soon as it can be. */
const NOTHING_SHOWN = -1n;

/** What a home tab is drawn with; a Bot has it all. */
export type HomeParts = Pick<Bot, 'stores' | 'roles' | 'client' | 'log'>;

/** Somebody opened their home tab: it is drawn, and followed from now on. */
export async function openHome(parts: HomeParts, userId: string): Promise<void> {
  const { records, clock } = parts.stores;
  // While the records are away, there is nothing to follow: the tab says so.
  const head = await records.audit.head().catch(() => undefined);
  const read = await readHome(parts, userId);
  const drawing = await publish(parts, userId, read.view);
  if (head !== undefined) {
    const shows = read.isBroken ? NOTHING_SHOWN : head.position;
    await records.homeTabs.opened({ userId, drawing, shows }, new Date(clock()));
  }
}

/** Who opens their tab is told what broke. */
async function readHome(parts: HomeParts, userId: string) {
  try {
    return { view: await viewFor(parts, userId), isBroken: false };
  } catch (error) {
    return { view: closedHomeView(faultSpeech(parts, error).blocks), isBroken: true };
  }
}

/**
 * Draws a home tab unless it looks like the last drawing. Answers what was drawn, by its digest. Where it can't be read,
 * throws and leaves what stands there, which is better than a complaint that nobody asked for.
 */
export async function redrawHome(parts: HomeParts, userId: string, last: string): Promise<string> {
  return publish(parts, userId, await viewFor(parts, userId), last);
}

async function publish(
  parts: HomeParts,
  userId: string,
  view: HomeView,
  last?: string,
): Promise<string> {
  const drawing = sha256(JSON.stringify(view));
  if (drawing !== last) {
    await parts.client.views.publish({ user_id: userId, view });
  }
  return drawing;
}

async function viewFor(bot: HomeParts, userId: string) {
  const complaint = await bot.roles.anywhere().complaint(userId, 'viewer');
  return complaint === undefined ? homeFor(bot, userId) : closedHomeView(complaint.blocks);
}

/** The most urgent by the ledger, which is quick to ask; what each has, by the gate. */
async function homeFor({ stores, roles }: HomeParts, userId: string) {
  const { records, settings } = stores;
  const sight = await roles.sight(userId, 'viewer');
  const [neediest, deeds, changes, standing, waiting] = await Promise.all([
    records.totals.neediest({ ...within(sight), limit: HOME_TEAMS_MAX }),
    records.audit.search({ actor: actorOf(userId).id, limit: DEEDS_READ }),
    // Who did what is for those who decide.
    changesFor(records, await roles.sight(userId, 'approver')),
    standingOf(roles, userId),
    listWaiting({ stores, roles }, userId),
  ]);
  const kept = neediest.teams.filter(({ status }) => status !== 'archived');
  const shown = await inBatches(kept, async (team): Promise<HomeTeam> => {
    return { team, money: await moneyOf(stores, team) };
  });
  return homeView({
    ...standing,
    toDecide: waiting.toDecide,
    shown,
    mine: new Set(deeds.map(({ target }) => target.replace(/^team:/, ''))),
    hidden: neediest.count - neediest.teams.length,
    lowCreditPercent: settings.lowCreditPercent,
    changes,
  });
}

async function changesFor(
  { audit, keys }: Pick<Records, 'audit' | 'keys'>,
  sight: Sight,
): Promise<HomeChange[]> {
  const found =
    sight.length === 0 ? [] : await audit.search({ ...within(sight), limit: CHANGES_SHOWN });
  return Promise.all(
    found.map(async (deed) => {
      const keyId = keyIdOf(deed.target);
      return { deed, key: keyId === undefined ? undefined : await keys.find(keyId) };
    }),
  );
}

/** The best role that a person has anywhere, and where they have it. */
async function standingOf(
  roles: RoleBook,
  userId: string,
): Promise<Pick<HomeFacts, 'role' | 'where'>> {
  for (const role of ['owner', 'manager', 'approver'] as const) {
    const where = await roles.sight(userId, role);
    if (where.length > 0) {
      return { role, where };
    }
  }
  return { role: 'viewer', where: await roles.sight(userId, 'viewer') };
}
