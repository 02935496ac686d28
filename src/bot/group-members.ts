import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';

/** Slack lets an app ask for members 20 times a minute; ten groups at most double that at worst. */
const MEMBERS_REMEMBERED_MS = 30 * SECOND_MS;

/** A user group by its names. */
export interface NamedGroup {
  readonly id: string;
  /** What people type behind an @. */
  readonly handle: string;
  readonly name: string;
}

export interface GroupMembers {
  of(group: string): Promise<ReadonlySet<string>>;
  /** Whether Slack knows this group at this moment; false where it can't be asked. */
  isKnown(group: string): Promise<boolean>;
  /** Every group of the workspace; remembered as long as members are. */
  list(): Promise<readonly NamedGroup[]>;
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

  async function of(group: string): Promise<ReadonlySet<string>> {
    const known = remembered.get(group);
    if (known !== undefined && known.until > clock()) {
      return known.members;
    }
    const members = ask(group);
    remembered.set(group, { until: clock() + MEMBERS_REMEMBERED_MS, members });
    return members;
  }

  let named: { until: number; groups: Promise<readonly NamedGroup[]> } | undefined;

  async function askNames(): Promise<readonly NamedGroup[]> {
    try {
      const { usergroups: all = [] } = await client.usergroups.list({});
      return all.map(({ id = '', handle = '', name = '' }) => ({ id, handle, name }));
    } catch (error) {
      named = undefined;
      throw error;
    }
  }

  return {
    async list() {
      if (named === undefined || named.until <= clock()) {
        named = { until: clock() + MEMBERS_REMEMBERED_MS, groups: askNames() };
      }
      return named.groups;
    },
    forget: (group) => void remembered.delete(group),
    of,
    async isKnown(group) {
      remembered.delete(group);
      await of(group);
      return remembered.has(group);
    },
  };
}
