// Who a person is to this workspace, as Slack says. Only full members have roles: guests, people of other
// workspaces and deactivated people have none, whatever is configured. What Slack said is remembered for a short
// while, and forgotten at once when Slack tells of a change.

import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Logger } from 'pino';
import { MINUTE_MS, SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';

export type Membership = 'member' | 'guest' | 'deactivated' | 'stranger' | 'unknown';

export interface Memberships {
  of(userId: string): Promise<Membership>;
  forget(userId: string): void;
}

const REMEMBERED_MS = 30 * SECOND_MS;
/** While Slack can't be asked, what it said before holds for a while; then nobody is a member. */
const REMEMBERED_IN_OUTAGES_MS = 10 * MINUTE_MS;
/** As many as a busy workspace has people who talk to the bot; the oldest are asked for again. */
const PEOPLE_MAX = 5_000;

interface Known {
  readonly membership: Membership;
  readonly atMs: number;
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>;
type Asked = Pick<WebClient, 'users' | 'auth'>;

export function createMemberships(client: Asked, clock: Clock, log: Logger): Memberships {
  const known = new Map<string, Known>();
  let home: string | undefined;

  async function homeOf(): Promise<string | undefined> {
    home ??= (await client.auth.test()).team_id;
    return home;
  }

  async function ask(userId: string): Promise<Membership> {
    try {
      const { user } = await client.users.info({ user: userId });
      return user === undefined ? 'unknown' : membershipOf(user, await homeOf());
    } catch (error) {
      if (error instanceof WebAPIPlatformError && ABSENT.has(error.data.error)) {
        return 'stranger';
      }
      throw error;
    }
  }

  return {
    async of(userId) {
      const before = known.get(userId);
      if (before !== undefined && clock() - before.atMs < REMEMBERED_MS) {
        return before.membership;
      }
      try {
        const membership = await ask(userId);
        known.delete(userId);
        known.set(userId, { membership, atMs: clock() });
        forgetOldest(known);
        return membership;
      } catch (error) {
        log.warn({ err: error, user: userId }, 'Slack cannot be asked who a person is');
        const isRecent = before !== undefined && clock() - before.atMs < REMEMBERED_IN_OUTAGES_MS;
        return isRecent ? before.membership : 'unknown';
      }
    },
    forget: (userId) => void known.delete(userId),
  };
}

const ABSENT = new Set(['user_not_found', 'user_not_visible']);

function membershipOf(user: SlackUser, home: string | undefined): Membership {
  if (user.deleted === true) {
    return 'deactivated';
  }
  if (user.is_restricted === true || user.is_ultra_restricted === true) {
    return 'guest';
  }
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  const isOurs = home !== undefined && teams.includes(home);
  return user.is_stranger === true || user.is_bot === true || !isOurs ? 'stranger' : 'member';
}

function forgetOldest(known: Map<string, Known>): void {
  const [oldest] = known.keys();
  if (known.size > PEOPLE_MAX && oldest !== undefined) {
    known.delete(oldest);
  }
}
