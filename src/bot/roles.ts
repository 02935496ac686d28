// Who holds which role. Roles are given to people and to user groups, by the configuration and by owners; for all
// organizations or for one. Members of groups are asked of Slack and remembered for a short while, or until Slack
// tells of a change. Nobody has a role when none is given: closed, never open.

import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackRoles } from '../config/settings.ts';
import type { Approvers } from '../core/approvals/policy.ts';
import { countsFor, isAtLeast, ROLES } from '../core/policy.ts';
import type { Role as Held, RoleGrant } from '../core/policy.ts';
import type { Clock } from '../core/time.ts';
import { denied, outsider, unconfigured } from './blocks/role-complaints.ts';
import type { Speech } from './blocks/kit.ts';
import { createGroupMembers } from './group-members.ts';
import type { GroupMembers } from './group-members.ts';
import { createMemberships } from './membership.ts';
import type { Memberships } from './membership.ts';

/** What something needs. */
export type Role = 'anyone' | Held;

export interface RoleBook {
  /** What to tell a person who may not; undefined if they may. */
  complaint(userId: string, needed: Role): Promise<Speech | undefined>;
  /** Whether a person is one of those who approve. */
  isAmong(userId: string, approvers: Approvers): Promise<boolean>;
  /** The people and user groups who approve, by id. */
  holders(approvers: Approvers): Promise<string[]>;
  /** The people who approve, as far as Slack says who is in a group. */
  people(approvers: Approvers): Promise<string[]>;
  /** The same book, where roles of these organizations count, too. Several: roles that count in each. */
  within(organizationIds: readonly string[]): RoleBook;
  /** The same book, where a role of whatever organization counts. */
  anywhere(): RoleBook;
  /** Slack told that a person or a group has changed. */
  forget(id: string): void;
}

/** What a book is made of. */
interface Sources {
  /** Roles of the configuration file. */
  readonly fixed: readonly RoleGrant[];
  /** Roles that owners gave. */
  readonly given: () => Promise<readonly RoleGrant[]>;
  readonly members: GroupMembers;
  readonly memberships: Memberships;
}

/** `given` reads the roles that owners gave. */
export function createRoles(
  roles: SlackRoles,
  client: Pick<WebClient, 'usergroups' | 'users' | 'auth'>,
  clock: Clock,
  log: Logger,
  given: Sources['given'] = async () => [],
): RoleBook {
  const members = createGroupMembers(client, clock, log);
  const memberships = createMemberships(client, clock, log);
  return bookOf({ fixed: fixedGrants(roles), given, members, memberships }, [undefined]);
}

/** No organization has this id. */
const ANYWHERE = '*';
/** Of several, roles must count in each. */
type Scopes = readonly (string | undefined)[];

function bookOf(sources: Sources, scopes: Scopes): RoleBook {
  const { members, memberships } = sources;
  const complaint = async (userId: string, needed: Role) =>
    needed === 'anyone' ? undefined : complaintOf(sources, scopes, userId, needed);
  const holders = async (approvers: Approvers): Promise<string[]> => {
    if (typeof approvers !== 'string') {
      return [...approvers];
    }
    const all = [...sources.fixed, ...(await sources.given())];
    return [...new Set(scopes.flatMap((scope) => holdersOf(all, approvers, scope)))];
  };
  return {
    complaint,
    holders,
    async isAmong(userId, approvers) {
      if (typeof approvers === 'string') {
        return (await complaint(userId, approvers)) === undefined;
      }
      const isMember = (await memberships.of(userId)) === 'member';
      return isMember && isNamed(members, userId, approvers);
    },
    async people(approvers) {
      const people = (await holders(approvers)).map(async (id) =>
        isGroup(id) ? [...(await members.of(id))] : [id],
      );
      return [...new Set((await Promise.all(people)).flat())];
    },
    within: (organizationIds) =>
      bookOf(sources, organizationIds.length === 0 ? [undefined] : organizationIds),
    anywhere: () => bookOf(sources, [ANYWHERE]),
    forget(id) {
      members.forget(id);
      memberships.forget(id);
    },
  };
}

async function complaintOf(
  { fixed, given, members, memberships }: Sources,
  scopes: Scopes,
  userId: string,
  needed: Held,
): Promise<Speech | undefined> {
  const all = [...fixed, ...(await given())];
  if (all.length === 0) {
    return unconfigured(userId);
  }
  const membership = await memberships.of(userId);
  if (membership !== 'member') {
    return outsider(membership);
  }
  for (const scope of scopes) {
    const counting = all.filter((grant) => countsIn(grant, scope));
    if ((await bestOf(counting, members, userId, needed)) === undefined) {
      const has = await bestOf(counting, members, userId, 'viewer');
      const elsewhere = has ?? (await bestOf(all, members, userId, 'viewer'));
      return denied(needed, has, has === undefined && elsewhere !== undefined);
    }
  }
  return undefined;
}

/** The best role that is at least `needed`; groups are asked only as far as they matter. */
async function bestOf(
  grants: readonly RoleGrant[],
  members: GroupMembers,
  userId: string,
  needed: Held,
): Promise<Held | undefined> {
  const enough = grants
    .filter(({ role }) => isAtLeast(role, needed))
    .toSorted((a, b) => ROLES.indexOf(b.role) - ROLES.indexOf(a.role));
  for (const { holder, role } of enough) {
    if (await isNamed(members, userId, [holder])) {
      return role;
    }
  }
  return undefined;
}

/** Whether a person is one of these, or in one of these groups. */
async function isNamed(
  members: GroupMembers,
  userId: string,
  holders: readonly string[],
): Promise<boolean> {
  if (holders.includes(userId)) {
    return true;
  }
  for (const group of holders.filter(isGroup)) {
    if ((await members.of(group)).has(userId)) {
      return true;
    }
  }
  return false;
}

/** Those with this very role: who is above it may approve, but is not called for each. */
function holdersOf(grants: readonly RoleGrant[], role: Held, scope: string | undefined): string[] {
  return grants
    .filter((grant) => grant.role === role && countsIn(grant, scope))
    .map(({ holder }) => holder);
}

function countsIn(grant: RoleGrant, scope: string | undefined): boolean {
  return scope === ANYWHERE || countsFor(grant, scope);
}

function isGroup(holder: string): boolean {
  return holder.startsWith('S');
}

function fixedGrants({ organizations = {}, ...all }: SlackRoles): RoleGrant[] {
  const scopes: [string | null, Omit<SlackRoles, 'organizations'>][] = [
    [null, all],
    ...Object.entries(organizations),
  ];
  return scopes.flatMap(([organizationId, { owners = [], managers, approvers, viewers }]) =>
    Object.entries({
      owner: owners,
      manager: managers,
      approver: approvers,
      viewer: viewers,
    }).flatMap(([role, holders]) =>
      holders.map((holder) => ({ holder, role: role as Held, organizationId })),
    ),
  );
}
