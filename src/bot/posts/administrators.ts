import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackRoles } from '../../config/settings.ts';

/** A handful is heard; a crowd relies on each other. */
const ADMINISTRATORS_MAX = 5;

/** Who is told what nobody else can be told: the managers of the configuration, by name or by group. */
export function createAdministrators(
  { managers }: SlackRoles,
  client: Pick<WebClient, 'usergroups'>,
  log: Logger,
): () => Promise<readonly string[]> {
  const membersOf = async (group: string): Promise<readonly string[]> => {
    try {
      return (await client.usergroups.users.list({ usergroup: group })).users ?? [];
    } catch (error) {
      log.warn({ part: 'posts', err: error, group }, 'Members of a user group cannot be asked');
      return [];
    }
  };
  return async () => {
    const members = await Promise.all(
      managers.map(async (id) => (id.startsWith('S') ? membersOf(id) : [id])),
    );
    return [...new Set(members.flat())].slice(0, ADMINISTRATORS_MAX);
  };
}
