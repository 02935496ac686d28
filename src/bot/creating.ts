// Creating a team, the same from the command and from its form.

import { makeRevealLink } from '../core/keys/reveal.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { createTeamOrAsk } from '../core/teams/create-team-or-ask.ts';
import type { TeamMade } from '../core/teams/create-team-or-ask.ts';
import type { TeamWish } from '../core/teams/create-team.ts';
import { tellWaiting } from './approvals/ask.ts';
import { createdSpeech } from './blocks/created.ts';
import type { Call } from './call.ts';
import { catalogInSight } from './catalog-in-sight.ts';
import { postable } from './call.ts';
import { isUnreadable, readKind } from './commands/kinds.ts';
import type { KindValues } from './commands/kinds.ts';
import { nearest } from '../core/nearest.ts';
import { groupsOf } from './readings.ts';
import { plainRefusal } from './refusal-text.ts';
import { isSeen, sightOf } from './sight.ts';
import type { Sight } from './sight.ts';
import type { CreateField, CreateForm } from './views/create-team.ts';

/** What the command and the form both end in. */
export interface CreateValues {
  readonly team: string;
  readonly org: string;
  readonly credits: bigint;
  readonly groups: readonly string[];
  readonly alias?: string | undefined;
  readonly mode?: KindValues['mode'] | undefined;
  /** Where its news go; nowhere if absent. */
  readonly channel?: string | undefined;
  readonly createOrganization?: boolean;
}

/** What is known of a form before anything is looked up. */
export type FormDraft = Pick<CreateForm, 'typed' | 'complaints' | 'stray' | 'ticked'>;

/** Creates the team once for this key, whatever is delivered twice. */
export async function createFrom(call: Call, values: CreateValues, onceKey: string) {
  const wish: TeamWish = {
    id: values.team,
    organizationId: values.org,
    credits: values.credits,
    accessGroups: values.groups,
    alias: values.alias,
    channelId: postable(values.channel),
    createOrganization: values.createOrganization,
    ...(values.mode === undefined ? {} : { terms: { budgetMode: values.mode } }),
  };
  const asking = { channelId: call.channelId, onceKey };
  const created = await createTeamOrAsk(call.bot.stores, call.actor, wish, asking);
  return isRefusal(created) ? keptToSight(created, await sightOf(call)) : created;
}

/** Whose a team is that has this id already is no business of who may not know of that customer. */
function keptToSight(refusal: Refusal, sight: Sight): Refusal {
  const isTold = isSeen(sight, String(refusal.facts['organization'] ?? ''));
  return refusal.refused !== 'team_exists' || isTold
    ? refusal
    : refuse('value_invalid', { field: 'team_id', complaint: 'it is taken; choose another one' });
}

/** The form, with what can be chosen at this moment, and complaints about what can't be. */
export async function createForm(call: Call, draft: FormDraft): Promise<CreateForm> {
  const { records, settings } = call.bot.stores;
  // Who may create teams for one customer is shown no other.
  const sight = await sightOf(call, 'manager');
  const [{ groups }, known] = await Promise.all([
    catalogInSight(call.bot.stores, sight),
    records.organizations.list(),
  ]);
  const all = known.map((organization) => organization.id);
  const organizations = all.filter((id) => isSeen(sight, id));
  const { typed } = draft;
  const groupNames = groups.map((group) => group.name);
  const newOrganization = newOrganizationOf(typed.org, organizations);
  const complaints = {
    ...(draft.ticked === true ? {} : complaintAboutOrganization(newOrganization, organizations)),
    ...complaintAboutGroups(typed.groups, groupNames),
    ...draft.complaints,
  };
  const defaultMode = settings.newTeam.budgetMode;
  const origin = call.channelId;
  return { ...draft, complaints, groups, newOrganization, defaultMode, origin };
}

/** What is typed as an organization and could be one, but is none yet. */
function newOrganizationOf(
  typed: string | undefined,
  organizations: readonly string[],
): string | undefined {
  const id = readKind('org', typed ?? '');
  return typeof id === 'string' && !organizations.includes(id) ? id : undefined;
}

function complaintAboutOrganization(
  id: string | undefined,
  organizations: readonly string[],
): { org?: string } {
  if (id === undefined) {
    return {};
  }
  const cure = `${didYouMean(id, organizations)}To create it, tick the box below.`;
  return { org: `There is no organization “${id}” yet. ${cure}` };
}

function complaintAboutGroups(
  typed: string | undefined,
  names: readonly string[],
): { groups?: string } {
  const wanted = readKind('groups', typed ?? '');
  const unknown = isUnreadable(wanted) ? [] : wanted.filter((name) => !names.includes(name));
  const [first] = unknown;
  return first === undefined
    ? {}
    : { groups: `There is no group “${first}”. ${didYouMean(first, names)}Choose from the list.` };
}

/** A sentence with a space behind it, or nothing where no word is near. */
function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known, 2).map((each) => `“${each}”`);
  return meant.length === 0 ? '' : `Did you mean ${meant.join(' or ')}? `;
}

/** Puts a refusal beside the field that it is about; undefined if it is about none. */
export function draftRefused(
  typed: FormDraft['typed'],
  refusal: Refusal,
  ticked = false,
): FormDraft | undefined {
  const field = fieldOf(refusal);
  return field === undefined
    ? undefined
    : { typed, ticked, stray: [], complaints: complaintOf(field, refusal) };
}

/** The form itself complains about what it looks up, with what was probably meant. */
function complaintOf(field: CreateField, refusal: Refusal): FormDraft['complaints'] {
  return refusal.refused === 'organization_unknown' || refusal.refused === 'access_group_unknown'
    ? {}
    : { [field]: plainRefusal(refusal) };
}

function fieldOf(refusal: Refusal): CreateField | undefined {
  switch (refusal.refused) {
    case 'organization_unknown':
    case 'organization_exists':
      return 'org';
    case 'team_exists':
      return 'team';
    case 'access_group_unknown':
      return 'groups';
    case 'value_invalid':
      return FIELDS[String(refusal.facts['field'])];
    default:
      return undefined;
  }
}

/** By the names that core gives them. */
const FIELDS: Readonly<Record<string, CreateField>> = {
  team_id: 'team',
  team_alias: 'alias',
  organization_id: 'org',
  credits: 'credits',
};

/** Tells the person what exists now, with the way to the key. */
export async function tellCreated(call: Call, created: TeamMade, credits: bigint): Promise<void> {
  const { bot, actor } = call;
  const { team } = created;
  const groups = await groupsOf(bot.stores, team.accessGroups);
  const key = { keyId: created.keyId, teamId: team.id, secretKey: created.secretKey };
  const secret = await makeRevealLink(bot.stores, actor, key).catch((error: unknown) => {
    bot.log.error({ err: error, team: team.id }, 'A reveal link could not be made');
    return undefined;
  });
  const revealUrl = secret === undefined ? undefined : `${bot.publicUrl}/reveal/${secret}`;
  const { organizationCreated, waiting } = created;
  const facts = { team, credits, groups, organizationCreated, isWaiting: waiting !== undefined };
  await call.reply(createdSpeech(facts, revealUrl));
  await (waiting && tellWaiting(call, waiting, true));
}
