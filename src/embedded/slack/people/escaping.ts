import type { Office } from '../office.ts';

/**
 * What a person typed, as Slack hands it on: people, channels and links by their ids and in angle
 * brackets (`should_escape` of the command), and the three control characters as entities.
 */
export function escaped(office: Office, typed: string): string {
  const people = [...office.people.values()];
  const channels = [...office.channels.values()].filter((channel) => !channel.personId);
  const groups = [...office.groups.values()];
  const entities = typed
    .replaceAll('&', '&amp;')
    .replace(/<(?![@#!]|https?:|mailto:)/gu, '&lt;')
    .replace(/(<[@#!][^>\s]*>|<https?:[^>\s]*>|<mailto:[^>\s]*>)|>/gu, (all, kept?: string) =>
      kept === undefined ? '&gt;' : all,
    );
  return entities
    .replace(/(?<![\w<|])([\w.+-]+@[\w-]+\.[\w.-]*\w)/gu, '<mailto:$1|$1>')
    .replace(/(?<![<|])\bhttps?:\/\/[^\s<>|]+/gu, '<$&>')
    .replace(/(?<![\w<:|.+-])@([\w-]+)/gu, (all, handle: string) => {
      const person = people.find((one) => one.handle === handle);
      const group = groups.find((one) => one.handle === handle);
      return person
        ? `<@${person.id}|${person.handle}>`
        : group
          ? `<!subteam^${group.id}|@${group.handle}>`
          : all;
    })
    .replace(/(?<![\w<|/])#([\w-]+)/gu, (all, name: string) => {
      const channel = channels.find((one) => one.name === name);
      return channel ? `<#${channel.id}|${channel.name}>` : all;
    });
}

/** The same for a message: mentions carry no name there. */
export function escapedMessage(office: Office, typed: string): string {
  return escaped(office, typed).replace(/<([@#][A-Z0-9]+)\|[^>]*>/gu, '<$1>');
}
