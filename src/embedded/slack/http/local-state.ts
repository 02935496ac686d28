import { directChannel } from '../conversations.ts';
import type { Office } from '../office.ts';

/** What the page draws around the messages. */
export function workspaceState(office: Office): Record<string, unknown> {
  const { bot, commands, shortcuts, team } = office.settings;
  const people = [...office.people.values()];
  return {
    team,
    bot,
    commands,
    shortcuts,
    connected: office.delivery.isReachable(),
    people: people.map((person) => ({
      id: person.id,
      handle: person.handle,
      name: person.name,
      title: person.title,
      isBot: person.isBot,
      ...(!person.isBot && { directChannel: directChannel(office, person).id }),
    })),
    channels: [...office.channels.values()]
      .filter((channel) => !channel.personId)
      .map(({ id, name, topic, members }) => ({ id, name, topic, members: members.length })),
    groups: [...office.groups.values()].map(({ id, handle }) => ({ id, handle })),
  };
}
