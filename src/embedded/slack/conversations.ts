import { slackId } from './ids.ts';
import type { Channel, Person } from './model.ts';
import type { Office } from './office.ts';

/** Finds a channel by id, `name` or `#name`. */
export function findChannel(office: Office, reference: string): Channel | undefined {
  const name = reference.replace(/^#/, '');
  return (
    office.channels.get(reference) ??
    [...office.channels.values()].find((channel) => channel.name === name && !channel.personId)
  );
}

/** The bot's direct conversation with a person; opened if it was not. */
export function directChannel(office: Office, person: Person): Channel {
  const open = [...office.channels.values()].find((channel) => channel.personId === person.id);
  if (open) {
    return open;
  }
  const channel: Channel = {
    id: slackId('D'),
    name: person.handle,
    topic: '',
    members: [person.id, office.settings.bot.userId],
    created: Math.floor(office.now() / 1000),
    personId: person.id,
  };
  office.channels.set(channel.id, channel);
  office.save();
  office.changes.tell({ kind: 'message', channel: channel.id });
  return channel;
}

/** Where a message addressed so goes: a channel, or the direct conversation with a person. */
export function addressee(office: Office, reference: string): Channel | undefined {
  const person = office.people.get(reference);
  if (person && !person.isBot) {
    return person.deactivated === true ? undefined : directChannel(office, person);
  }
  return channelSeen(office, reference);
}

/** A channel that the bot knows of: a private one only while it is in it. */
export function channelSeen(office: Office, reference: string): Channel | undefined {
  const channel = findChannel(office, reference);
  return channel?.isPrivate === true && !botIsIn(office, channel) ? undefined : channel;
}

export function botIsIn(office: Office, channel: Channel): boolean {
  return channel.members.includes(office.settings.bot.userId);
}

/** A channel as the Web API describes it. */
export function wireChannel(office: Office, channel: Channel): Record<string, unknown> {
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.isArchived ?? false,
    is_org_shared: false,
    context_team_id: office.settings.team.id,
    updated: channel.created * 1000,
  };
  if (channel.personId) {
    return { ...common, is_im: true, user: channel.personId, is_user_deleted: false, priority: 0 };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate ?? false,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    is_member: botIsIn(office, channel),
    unlinked: 0,
    creator: office.settings.bot.userId,
    num_members: channel.members.length,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: channel.topic, creator: '', last_set: 0 },
    previous_names: [],
  };
}
