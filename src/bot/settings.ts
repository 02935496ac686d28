// What is set for all: shown to owners; roles given and taken, after asking.

import { isRepeated } from '../core/change.ts';
import { once } from '../core/once.ts';
import { POLICY } from '../core/policy.ts';
import type { Role } from '../core/policy.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { changeRole, isOwnerOfAll } from '../core/settings/change-role.ts';
import type { RoleChange, RoleSurroundings } from '../core/settings/change-role.ts';
import { roleChangedSpeech, roleQuestion } from './blocks/role-change.ts';
import { moreOwnedSpeech, settingsSpeech } from './blocks/settings.ts';
import type { Call } from './call.ts';
import { refusalSpeech } from './replies.ts';
import type { HolderStanding, RoleBook } from './roles.ts';
import { sightOf } from './sight.ts';
import { organizationOf } from './unknown-organization.ts';
import { withName } from './unknown-team.ts';

/** Each is a message; who owns more names one. */
const ORGANIZATIONS_TOLD = 3;
/** More would fill no message. */
const DIGESTS_READ = 50;

/** Of all, or of one organization what concerns it alone; of each that they own to who owns some. */
export async function tellSettings(call: Call, organizationId: string | undefined): Promise<void> {
  if (!(await isKnown(call, organizationId))) {
    return;
  }
  const sight = await sightOf(call, POLICY.settings);
  const own = sight === 'everything' ? [undefined] : sight.slice(0, ORGANIZATIONS_TOLD);
  for (const each of organizationId === undefined ? own : [organizationId]) {
    await showSettings(call, each);
  }
  const more =
    organizationId === undefined && sight !== 'everything' ? sight.length - own.length : 0;
  if (more > 0) {
    await call.reply(moreOwnedSpeech(more));
  }
}

/** Whether there is such an organization, if one is named at all; else the person was told who was meant. */
async function isKnown(call: Call, organizationId: string | undefined): Promise<boolean> {
  const again = (meant: string): string => withName(call.text, organizationId ?? '', meant);
  return (
    organizationId === undefined ||
    (await organizationOf(call, organizationId, again)) !== undefined
  );
}

async function showSettings(call: Call, organizationId: string | undefined): Promise<void> {
  const { roles, stores, operatorsChannel } = call.bot;
  const known = await roles.all();
  await call.reply(
    settingsSpeech({
      organizationId,
      roles: known.filter(
        (each) => organizationId === undefined || each.organizationId === organizationId,
      ),
      approvals: stores.settings.approvals,
      operatorsChannel,
      lowCreditPercent: stores.settings.lowCreditPercent,
      digests: organizationId === undefined ? await stores.records.digests.list(DIGESTS_READ) : [],
    }),
  );
}

export interface RoleWords {
  readonly who?: string | undefined;
  readonly group?: string | undefined;
  readonly role?: string | undefined;
  readonly org?: string | undefined;
  readonly sure?: boolean | undefined;
}

/** Asks first; the answer to the question does it. */
export async function giveOrTake(
  call: Call,
  what: RoleChange['what'],
  words: RoleWords,
): Promise<void> {
  if (!(await isKnown(call, words.org))) {
    return;
  }
  const change = changeFrom(what, words);
  const complaint = isRefusal(change) ? change : await complaintAboutHolder(call, change);
  if (isRefusal(change) || complaint !== undefined) {
    await call.reply(refusalSpeech(complaint ?? (change as Refusal)));
    return;
  }
  const { roles, stores } = call.bot;
  if (words.sure !== true) {
    const { holder } = change.grant;
    const has = holder.startsWith('S')
      ? (await roles.all()).filter((each) => each.holder === holder)
      : await roles.rolesOf(holder);
    await call.reply(roleQuestion(change, has, call.onceId));
    return;
  }
  const surroundings = await surroundingsOf(roles);
  const done = await once(stores, `slack:${call.onceId}`, async (inside) =>
    changeRole(inside, call.actor, change, surroundings),
  );
  if (!isRepeated(done)) {
    await call.reply(
      isRefusal(done) ? refusalSpeech(done) : roleChangedSpeech(change, done.changed),
    );
  }
}

function changeFrom(what: RoleChange['what'], words: RoleWords): RoleChange | Refusal {
  const { who, group, role = '', org } = words;
  const holder = who ?? group;
  if (holder === undefined || (who !== undefined && group !== undefined)) {
    const complaint = 'name one person or one user group';
    return refuse('value_invalid', { field: 'who', complaint });
  }
  // Read against the roles that there are.
  return { what, grant: { holder, role: role as Role, organizationId: org ?? null } };
}

const UNFIT: Readonly<Partial<Record<HolderStanding, string>>> = {
  guest: 'guests of this workspace have no roles',
  deactivated: 'this account is deactivated',
  stranger: 'only people of this workspace have roles, and no bots',
  unknown: 'Slack could not be asked who that is, so nothing was done; try again in a minute',
  unknown_group: 'Slack knows no such user group at this moment',
};

/** Only members of the workspace, and its groups, are given roles; taking them is always possible. */
async function complaintAboutHolder(
  { bot }: Call,
  { what, grant }: RoleChange,
): Promise<Refusal | undefined> {
  const complaint = what === 'take' ? undefined : UNFIT[await bot.roles.standingOf(grant.holder)];
  return complaint === undefined ? undefined : refuse('value_invalid', { field: 'who', complaint });
}

/** Which owners are there is asked of Slack beforehand: who became one meanwhile does not count yet. */
async function surroundingsOf(roles: RoleBook): Promise<RoleSurroundings> {
  const known = await roles.all();
  const owners = known.filter(isOwnerOfAll).map(({ holder }) => holder);
  const standings = await Promise.all(owners.map(async (holder) => roles.standingOf(holder)));
  const alive = new Set(
    owners.filter((_, at) => standings[at] === 'member' || standings[at] === 'group'),
  );
  return {
    fixed: known.filter(({ givenBy }) => givenBy === null),
    isAlive: (holder) => alive.has(holder),
  };
}
