import { z } from 'zod';
import { findChannel } from '../conversations.ts';
import { changed, findMessage } from '../messages.ts';
import type { Person, UserGroup } from '../model.ts';
import type { Office } from '../office.ts';
import { done, flag, id, method, pageOf, paging, refused } from './method.ts';

export function wirePerson(office: Office, person: Person): Record<string, unknown> {
  const team = person.teamId ?? office.settings.team.id;
  return {
    id: person.id,
    team_id: team,
    name: person.handle,
    real_name: person.name,
    deleted: person.deactivated ?? false,
    color: '4a5568',
    tz: person.timeZone,
    tz_label: person.timeZone,
    tz_offset: 3600,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.guest !== undefined,
    is_ultra_restricted: person.guest === 'single',
    is_stranger: person.teamId !== undefined,
    is_bot: person.isBot,
    is_app_user: false,
    updated: 0,
    profile: {
      title: person.title,
      real_name: person.name,
      real_name_normalized: person.name,
      display_name: person.handle,
      display_name_normalized: person.handle,
      first_name: person.name.split(' ')[0] ?? '',
      last_name: person.name.split(' ').slice(1).join(' '),
      status_text: '',
      status_emoji: '',
      team,
      ...(person.isBot ? { api_app_id: office.settings.bot.appId } : { email: person.email }),
    },
  };
}

const info = method(
  z.strictObject({ user: id, include_locale: flag.optional() }),
  (office, given) => {
    const person = office.people.get(given.user);
    return person ? done({ user: wirePerson(office, person) }) : refused('user_not_found');
  },
);

const list = method(
  z.strictObject({ ...paging, include_locale: flag.optional() }),
  (office, given) => {
    const page = pageOf([...office.people.values()], given);
    return page
      ? done({
          members: page.items.map((person) => wirePerson(office, person)),
          cache_ts: Math.floor(office.now() / 1000),
          response_metadata: { next_cursor: page.next },
        })
      : refused('invalid_cursor');
  },
);

const lookupByEmail = method(z.strictObject({ email: id }), (office, given) => {
  const person = [...office.people.values()].find(
    (one) => !one.isBot && one.email.toLowerCase() === given.email.toLowerCase(),
  );
  return person ? done({ user: wirePerson(office, person) }) : refused('users_not_found');
});

function wireGroup(office: Office, group: UserGroup, withUsers: boolean): Record<string, unknown> {
  return {
    id: group.id,
    team_id: office.settings.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 0,
    date_update: 0,
    date_delete: 0,
    auto_type: null,
    user_count: group.members.length,
    prefs: { channels: [], groups: [] },
    ...(withUsers && { users: group.members }),
  };
}

const groupFlags = {
  include_count: flag.optional(),
  include_disabled: flag.optional(),
};

const groups = method(
  z.strictObject({ ...groupFlags, include_users: flag.optional() }),
  (office, given) =>
    done({
      usergroups: [...office.groups.values()].map((group) =>
        wireGroup(office, group, given.include_users ?? false),
      ),
    }),
);

const groupMembers = method(z.strictObject({ usergroup: id, ...groupFlags }), (office, given) => {
  const group = office.groups.get(given.usergroup);
  return group ? done({ users: group.members }) : refused('no_such_subteam');
});

const addReaction = method(
  z.strictObject({ channel: id, name: id, timestamp: id }),
  (office, given) => {
    const channel = findChannel(office, given.channel);
    const message = channel && findMessage(office, channel.id, given.timestamp);
    if (!channel || !message || message.ephemeralFor !== undefined) {
      return refused(channel ? 'message_not_found' : 'channel_not_found');
    }
    const bot = office.settings.bot.userId;
    const reaction = message.reactions.find((one) => one.name === given.name);
    if (reaction?.users.includes(bot)) {
      return refused('already_reacted');
    }
    if (reaction) {
      reaction.users.push(bot);
    } else {
      message.reactions.push({ name: given.name, users: [bot] });
    }
    changed(office, message);
    return done();
  },
);

export const peopleMethods = {
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': groups,
  'usergroups.users.list': groupMembers,
  'reactions.add': addReaction,
};
