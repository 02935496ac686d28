import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';

/** Slack lets an app ask for members 20 times a minute; ten groups at most double that at worst. */
const MEMBERS_REMEMBERED_MS = 30 * SECOND_MS;

export interface GroupMembers {
  of(group: string): Promise<ReadonlySet<string>>;
  forget(group: string): void;
}

/** The members of user groups, remembered for a short while; a group that can't be asked has none. */
export function createGroupMembers(
  client: Pick<WebClient, 'usergroups'>,
  clock: Clock,
  log: Logger,
): GroupMembers {
  // As many entries as groups have roles: bounded by the file and by what owners give.
  const remembered = new Map<string, { until: number; members: Promise<ReadonlySet<string>> }>();

  async function ask(group: string): Promise<ReadonlySet<string>> {
    try {
      const { users } = await client.usergroups.users.list({ usergroup: group });
      return new Set(users);
    } catch (error) {
      log.warn({ err: error, group }, 'Members of a user group cannot be asked');
      remembered.delete(group);
      return new Set();
    }
  }

  return {
    forget: (group) => void remembered.delete(group),
    async of(group) {
      const known = remembered.get(group);
      if (known !== undefined && known.until > clock()) {
        return known.members;
      }
      const members = ask(group);
      remembered.set(group, { until: clock() + MEMBERS_REMEMBERED_MS, members });
      return members;
    },
  };
}
