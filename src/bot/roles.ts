// Who may do what. Roles are given in the configuration to people and to user groups; members of groups
// are asked of Slack and remembered for a short while. Trade-off: who leaves a group keeps its role for
// up to 30 s. Nobody has a role when none is configured: closed, never open.

import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackRoles } from '../config/settings.ts';
import { refuse } from '../core/refusals.ts';
import { SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';
import { context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { code, mrkdwn } from './escape.ts';
import { cureText } from './refusal-text.ts';

/** What something needs. A manager may do everything; an approver may look, too. */
export type Role = 'anyone' | 'viewer' | 'approver' | 'manager';
type Held = Exclude<Role, 'anyone'>;

export interface RoleBook {
  /** What to tell a person who may not; undefined if they may. */
  complaint(userId: string, needed: Role): Promise<Speech | undefined>;
}

/** Slack lets an app ask for members 20 times a minute; ten groups at most double that at worst. */
const MEMBERS_REMEMBERED_MS = 30 * SECOND_MS;

const RANK: Readonly<Record<Role, number>> = { anyone: 0, viewer: 1, approver: 2, manager: 3 };

export function createRoles(
  roles: SlackRoles,
  client: Pick<WebClient, 'usergroups'>,
  clock: Clock,
  log: Logger,
): RoleBook {
  const membersOf = createMembers(client, clock, log);
  const given: readonly [Held, readonly string[]][] = [
    ['manager', roles.managers],
    ['approver', roles.approvers],
    ['viewer', roles.viewers],
  ];
  const isConfigured = given.some(([, ids]) => ids.length > 0);

  async function held(userId: string): Promise<Held | undefined> {
    const named = given.find(([, ids]) => ids.includes(userId))?.[0];
    for (const [role, ids] of given) {
      if (role === named) {
        return role;
      }
      const groups = ids.filter((id) => id.startsWith('S'));
      const members = await Promise.all(groups.map(membersOf));
      if (members.some((ofGroup) => ofGroup.has(userId))) {
        return role;
      }
    }
    return undefined;
  }

  return {
    async complaint(userId, needed) {
      if (needed === 'anyone') {
        return undefined;
      }
      if (!isConfigured) {
        return unconfigured(userId);
      }
      const has = await held(userId);
      return has !== undefined && RANK[has] >= RANK[needed] ? undefined : denied(needed, has);
    },
  };
}

/** The members of user groups; a group that can't be asked has none. */
function createMembers(client: Pick<WebClient, 'usergroups'>, clock: Clock, log: Logger) {
  // As many entries as groups are configured: bounded by the file.
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

  return async (group: string): Promise<ReadonlySet<string>> => {
    const known = remembered.get(group);
    if (known !== undefined && known.until > clock()) {
      return known.members;
    }
    const members = ask(group);
    remembered.set(group, { until: clock() + MEMBERS_REMEMBERED_MS, members });
    return members;
  };
}

function unconfigured(userId: string): Speech {
  const said = mrkdwn`Nobody may use Quartermaster yet: no roles are configured, so everything but help is refused.`;
  const cure = mrkdwn`Put ${code(`slack: { roles: { managers: [${userId}] } }`)} into ${code('quartermaster.yaml')} and restart. ${code(userId)} is you.`;
  return sentence(said, context(cure));
}

function denied(needed: Held, has: Held | undefined): Speech {
  const refusal = refuse('role_missing', { needed, person: 'you', has: has ?? 'none' });
  const holding = has === undefined ? mrkdwn`you have no role` : mrkdwn`you have the role *${has}*`;
  return sentence(mrkdwn`This needs the role *${needed}*; ${holding}.`, context(cureText(refusal)));
}
