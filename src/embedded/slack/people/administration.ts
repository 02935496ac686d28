import { wirePerson } from '../api/people.ts';
import { findChannel } from '../conversations.ts';
import type { Person } from '../model.ts';
import type { Office } from '../office.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { eventEnvelope, personOf } from './payloads.ts';

/** What administrators do, of which the app hears by an event. */

type PersonChange = Partial<Pick<Person, 'guest' | 'deactivated' | 'teamId'>>;

/** An administrator changes an account, and the app hears of it. */
async function changePerson(
  office: Office,
  given: { user: string; change: PersonChange },
): Promise<Outcome> {
  const person = { ...personOf(office, given.user), ...given.change };
  office.people.set(person.id, person);
  const event = {
    type: 'user_change',
    user: wirePerson(office, person),
    event_ts: office.nextStamp(),
  };
  const receipt = await office.delivery.deliverEvent(eventEnvelope(office, event));
  return outcomeOf(receipt, () => 'The app did not take the event; it will be sent again.');
}

/** An administrator changes who is in a user group, and the app hears of it. */
async function changeGroup(
  office: Office,
  given: { group: string; members: string[] },
): Promise<Outcome> {
  const group = office.groups.get(given.group);
  if (!group) {
    throw new Error(`Cannot change the group ${given.group}: there is no such group`);
  }
  const added = given.members.filter((id) => !group.members.includes(id));
  const removed = group.members.filter((id) => !given.members.includes(id));
  office.groups.set(group.id, { ...group, members: [...given.members] });
  const event = {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: office.settings.team.id,
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: office.nextStamp(),
  };
  const receipt = await office.delivery.deliverEvent(eventEnvelope(office, event));
  return outcomeOf(receipt, () => 'The app did not take the event; it will be sent again.');
}

/** Somebody takes the app out of a channel, or an administrator deletes it. */
function changeChannel(
  office: Office,
  given: { channel: string; change: 'app_removed' | 'deleted' },
): void {
  const channel = findChannel(office, given.channel);
  if (!channel) {
    throw new Error(`Cannot change the channel ${given.channel}: there is no such channel`);
  }
  if (given.change === 'deleted') {
    office.channels.delete(channel.id);
    office.messages.delete(channel.id);
  } else {
    channel.members = channel.members.filter((id) => id !== office.settings.bot.userId);
  }
  office.save();
  office.changes.tell({ kind: 'message', channel: channel.id });
}

export type Administration = {
  /** Deactivates an account, makes it a guest's, moves it to another workspace. */
  changePerson(given: { user: string; change: PersonChange }): Promise<Outcome>;
  changeGroup(given: { group: string; members: string[] }): Promise<Outcome>;
  changeChannel(given: { channel: string; change: 'app_removed' | 'deleted' }): void;
};

export function administration(office: Office): Administration {
  return {
    changePerson: (given) => changePerson(office, given),
    changeGroup: (given) => changeGroup(office, given),
    changeChannel: (given) => changeChannel(office, given),
  };
}
