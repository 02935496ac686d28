// Creating a team, the same from the command and from its form.

import type { ModalView } from '@slack/types';
import { makeRevealLink } from '../core/keys/reveal.ts';
import { slackSentence } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { createTeam } from '../core/teams/create-team.ts';
import type { TeamCreated, TeamWish } from '../core/teams/create-team.ts';
import { createdNews, createdSpeech } from './blocks/created.ts';
import { context, sentence } from './blocks/kit.ts';
import type { Call } from './call.ts';
import { postable } from './call.ts';
import type { KindValues } from './commands/kinds.ts';
import { channelLink, md } from './escape.ts';
import { nearest } from './nearest.ts';
import { postNews } from './news.ts';
import { groupsOf } from './readings.ts';
import { createTeamView } from './views/create-team.ts';
import type { CreateField, CreateForm } from './views/create-team.ts';

/** What the command and the form both end in. */
export interface CreateValues {
  readonly team: string;
  readonly org: string;
  readonly credits: bigint;
  readonly groups: readonly string[];
  readonly alias?: string | undefined;
  readonly mode?: KindValues['mode'] | undefined;
  readonly channel?: string | undefined;
  readonly createOrganization?: boolean;
}

/** What the form shows; what it can choose from is looked up. */
export type FormDraft = Pick<CreateForm, 'typed' | 'complaints' | 'stray'> & {
  readonly newOrganization?: string | undefined;
};

/** Creates the team once for this key, whatever is delivered twice. */
export async function createFrom(call: Call, values: CreateValues, onceKey: string) {
  const wish: TeamWish = {
    id: values.team,
    organizationId: values.org,
    credits: values.credits,
    accessGroups: values.groups,
    alias: values.alias,
    channelId: postable(values.channel ?? call.channelId),
    createOrganization: values.createOrganization,
    ...(values.mode === undefined ? {} : { terms: { budgetMode: values.mode } }),
  };
  return createTeam(call.bot.stores, call.actor, wish, onceKey);
}

/** The form, with what can be chosen at this moment. */
export async function createForm(call: Call, draft: FormDraft): Promise<ModalView> {
  const { records, settings } = call.bot.stores;
  const [groups, organizations] = await Promise.all([
    records.accessGroups.list(),
    records.organizations.list(),
  ]);
  return createTeamView({
    ...draft,
    groups,
    organizations: organizations.map((organization) => organization.id),
    defaultMode: settings.newTeam.budgetMode,
    origin: call.channelId,
  });
}

/** Puts a refusal beside the field that it is about; undefined if it is about none. */
export async function draftRefused(
  call: Call,
  typed: FormDraft['typed'],
  refusal: Refusal,
): Promise<FormDraft | undefined> {
  const field = fieldOf(refusal);
  if (field === undefined) {
    return undefined;
  }
  const said = slackSentence(refusal).replaceAll('`', '');
  if (refusal.refused !== 'organization_unknown') {
    return { typed, stray: [], complaints: { [field]: said } };
  }
  const id = String(refusal.facts['organization']);
  const known = (await call.bot.stores.records.organizations.list()).map((each) => each.id);
  const meant = nearest(id, known, 2).map((each) => `“${each}”`);
  const cure = `${meant.length === 0 ? '' : `Did you mean ${meant.join(' or ')}? `}To create it, tick the box below.`;
  return { typed, stray: [], complaints: { org: `${said} ${cure}` }, newOrganization: id };
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

/** Tells the person what exists now, with the way to the key; and the channel that it does. */
export async function tellCreated(
  call: Call,
  created: TeamCreated,
  credits: bigint,
): Promise<void> {
  const { bot, actor } = call;
  const { team } = created;
  const groups = await groupsOf(bot.stores, team.accessGroups);
  const key = { keyId: created.keyId, teamId: team.id, secretKey: created.secretKey };
  const secret = await makeRevealLink(bot.stores, actor, key).catch((error: unknown) => {
    bot.log.error({ err: error, team: team.id }, 'A reveal link could not be made');
    return undefined;
  });
  const revealUrl = secret === undefined ? undefined : `${bot.publicUrl}/reveal/${secret}`;
  const facts = { team, credits, groups, organizationCreated: created.organizationCreated };
  await call.reply(createdSpeech(facts, revealUrl));
  await tellChannel(call, team.channelId, createdNews(facts, call.userId));
}

/** Posts news; if that is not possible, tells the person, so that somebody knows. */
export async function tellChannel(
  call: Call,
  channelId: string | null,
  news: Parameters<typeof postNews>[2],
): Promise<void> {
  if (channelId !== null && !(await postNews(call.bot, channelId, news))) {
    const cure = context(md`Invite me there with /invite, so that the team's alerts arrive.`);
    await call.reply(sentence(md`I could not post this into ${channelLink(channelId)}.`, cure));
  }
}

