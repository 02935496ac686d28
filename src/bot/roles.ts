// Who holds which role. Roles are given to people and to user groups, by the configuration and by owners; for all
// organizations or for one. Members of groups are asked of Slack and remembered for a short while, or until Slack
// tells of a change. Nobody has a role when none is given: closed, never open.

import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackRoles } from '../config/settings.ts';
import type { Approvers } from '../core/approvals/policy.ts';
import { countsFor, isAtLeast, ROLES } from '../core/policy.ts';
import type { Role as Held, RoleGrant } from '../core/policy.ts';
import type { GivenRole } from '../core/settings/role-records.ts';
import type { Clock } from '../core/time.ts';
import { denied, outsider, unconfigured } from './blocks/role-complaints.ts';
import type { Speech } from './blocks/kit.ts';
import { fixedGrants } from './fixed-roles.ts';
import { createGroupMembers } from './group-members.ts';
import type { GroupMembers, NamedGroup } from './group-members.ts';
import { createMemberships } from './membership.ts';
import type { Membership, Memberships } from './membership.ts';
import type { Sight } from './sight.ts';

/** What something needs. */
export type Role = 'anyone' | Held;

/** A role with where it comes from: an owner who gave it, or the configuration file. */
export type KnownRole = (RoleGrant & { readonly givenBy: null }) | GivenRole;

/** What Slack says of one who holds a role, or is to hold one. */
export type HolderStanding = Membership | 'group' | 'empty_group' | 'unknown_group';

export interface RoleBook {
  /** What to tell a person who may not; undefined if they may. */
  complaint(userId: string, needed: Role): Promise<Speech | undefined>;
  /** Whether a person is one of those who approve. */
  isAmong(userId: string, approvers: Approvers): Promise<boolean>;
  /** The people and user groups who approve, by id. */
  holders(approvers: Approvers): Promise<string[]>;
  /** The people who approve, as far as Slack says who is in a group. */
  people(approvers: Approvers): Promise<string[]>;
  /** The people with this very role who are members of the workspace now. */
  activePeople(role: Exclude<Held, 'viewer'>): Promise<string[]>;
  /** Every role that was given, whatever it counts for. */
  all(): Promise<readonly KnownRole[]>;
  /** Those of them that a person has, by name or by a group. */
  rolesOf(userId: string): Promise<readonly KnownRole[]>;
  standingOf(holder: string): Promise<HolderStanding>;
  /** Where a person has at least this role, whatever this book is narrowed to. */
  sight(userId: string, needed: Held): Promise<Sight>;
  /** The user groups that may be given roles. */
  groups(): Promise<readonly NamedGroup[]>;
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
  readonly given: () => Promise<readonly GivenRole[]>;
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

/** A crowd is not asked about one by one: those who are sought are few. */
const LOOKED_AT_MAX = 20;

/** No organization has this id. */
const ANYWHERE = '*';
/** Of several, roles must count in each. */
type Scopes = readonly (string | undefined)[];

function bookOf(sources: Sources, scopes: Scopes): RoleBook {
  const { fixed, given, members, memberships } = sources;
  const all = async (): Promise<readonly KnownRole[]> => [
    ...fixed.map((grant) => ({ ...grant, givenBy: null })),
    ...(await given()),
  ];
  const complaint = async (userId: string, needed: Role) =>
    needed === 'anyone' ? undefined : complaintOf(sources, scopes, userId, needed);
  const holders = async (approvers: Approvers): Promise<string[]> => {
    if (typeof approvers !== 'string') {
      return [...approvers];
    }
    const known = await all();
    return [...new Set(scopes.flatMap((scope) => holdersOf(known, approvers, scope)))];
  };
  const people = async (approvers: Approvers): Promise<string[]> => {
    const found = (await holders(approvers)).map(async (id) =>
      isGroup(id) ? [...(await members.of(id))] : [id],
    );
    return [...new Set((await Promise.all(found)).flat())];
  };
  return {
    complaint,
    holders,
    async isAmong(userId, approvers) {
      if (typeof approvers === 'string') {
        return (await complaint(userId, approvers)) === undefined;
      }
      return (await isMember(memberships, userId)) && isNamed(members, userId, approvers);
    },
    people,
    async activePeople(role) {
      const found = (await people(role)).slice(0, LOOKED_AT_MAX);
      const active = await Promise.all(found.map(async (id) => isMember(memberships, id)));
      return found.filter((_, at) => active[at]);
    },
    all,
    async rolesOf(userId) {
      const known = await all();
      const has = known.map(async ({ holder }) => isNamed(members, userId, [holder]));
      const held = await Promise.all(has);
      return known.filter((_, at) => held[at]);
    },
    standingOf: async (holder) => standingOf(sources, holder),
    sight: async (userId, needed) => sightOf(sources, userId, needed),
    groups: async () => members.list(),
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
  sources: Sources,
  scopes: Scopes,
  userId: string,
  needed: Held,
): Promise<Speech | undefined> {
  const { fixed, given, members, memberships } = sources;
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
      const sight = has === undefined ? await sightOf(sources, userId, 'viewer') : [];
      return denied(needed, has, sight === 'everything' ? [] : sight);
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

async function sightOf(
  { fixed, given, members, memberships }: Sources,
  userId: string,
  needed: Held,
): Promise<Sight> {
  if (!(await isMember(memberships, userId))) {
    return [];
  }
  const enough = [...fixed, ...(await given())].filter(({ role }) => isAtLeast(role, needed));
  const has = enough.map(async ({ holder }) => isNamed(members, userId, [holder]));
  const held = await Promise.all(has);
  const counting = enough.filter((_, at) => held[at]).map(({ organizationId }) => organizationId);
  return counting.includes(null)
    ? 'everything'
    : [...new Set(counting.filter((id) => id !== null))].toSorted();
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

async function isMember(memberships: Memberships, userId: string): Promise<boolean> {
  return (await memberships.of(userId)) === 'member';
}

/** A group counts as empty where none of the first it has is a member of the workspace. */
async function standingOf(
  { members, memberships }: Pick<Sources, 'members' | 'memberships'>,
  holder: string,
): Promise<HolderStanding> {
  if (!isGroup(holder)) {
    return memberships.of(holder);
  }
  if (!(await members.isKnown(holder))) {
    return 'unknown_group';
  }
  for (const userId of [...(await members.of(holder))].slice(0, LOOKED_AT_MAX)) {
    if (await isMember(memberships, userId)) {
      return 'group';
    }
  }
  return 'empty_group';
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
