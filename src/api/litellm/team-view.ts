// Teams as LiteLLM shows them.

import { mainBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Member, User } from '../../core/members/member.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { may } from '../../core/permission/permissions.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { spentBy } from '../../core/usage/spent.ts';
import { MEMBER_PLAN, visibleMetadata } from '../metadata.ts';
import { boundsView, modelLimitsView } from './bounds.ts';
import { shownOrganization } from './default-organization.ts';
import { extrasOf } from './extras.ts';
import type { Json } from './extras.ts';
import { MADE_BY } from './made-by.ts';
import { listedModels } from './model-lists.ts';
import type { TEAM, TEAM_MEMBER } from './answers/rows.ts';
import type { Told } from '../told.ts';

const KEPT_NAMES = [
  'admins',
  'members',
  'router_settings',
  'access_group_ids',
  'policies',
  'object_permission',
  'object_permission_id',
  'default_team_member_models',
] as const;

/** Fields that are kept as they came, and what they are where they did not come. */
const KEPT: Pick<Told<typeof TEAM>, (typeof KEPT_NAMES)[number]> = {
  admins: [],
  members: [],
  router_settings: {},
  access_group_ids: [],
  policies: [],
  object_permission: null,
  object_permission_id: null,
  default_team_member_models: [],
};

export const TEAM_KEPT: readonly string[] = KEPT_NAMES;
/** Marks a team that was given no name: it is called by its id, and no name is told. */
export const NAMELESS = 'nameless';

/** Who is in these teams, with what is known of them. */
export interface Membership {
  readonly member: Member;
  readonly user: User | undefined;
}

/** As many people as lists of teams name at most: more would hold up the calls of this process. */
const PEOPLE_MAX = 10_000;

/** As far as the caller may know who is in these teams; everybody knows of themselves. */
export async function membershipsSeenBy(
  caller: Caller,
  stores: Stores,
  teams: readonly Team[],
): Promise<Membership[]> {
  const all = await membershipsIn(stores, teams);
  return may(caller, 'team.people.read')
    ? all
    : all.filter(({ member }) => member.userId === caller.userId);
}

export async function membershipsIn(
  { records }: Stores,
  teams: readonly Team[],
): Promise<Membership[]> {
  const members = await records.directory.membersOf(teams.map(({ id }) => id));
  const ids = [...new Set(members.map(({ userId }) => userId))];
  const organizationIds = [...new Set(teams.map(({ organizationId }) => organizationId))];
  const part = { sort: 'id', descending: false, offset: 0, limit: PEOPLE_MAX } as const;
  const { rows } = await records.directory.people({ ids, organizationIds, ...part });
  const users = new Map(rows.map((user) => [`${user.organizationId}/${user.id}`, user]));
  return members.map((member) => ({
    member,
    user: users.get(`${member.organizationId}/${member.userId}`),
  }));
}

/** Teams in full, in the order in which they came. */
export async function teamViews(
  stores: Stores,
  teams: readonly Team[],
  memberships?: readonly Membership[],
): Promise<Told<typeof TEAM>[]> {
  const spenders = teams.map(({ id, organizationId, ceilings }) => ({
    subject: { kind: 'team', teamId: id } as const,
    organizationId,
    budget: mainBudget(ceilings),
  }));
  const [all, spent] = await Promise.all([
    memberships ?? membershipsIn(stores, teams),
    spentBy(stores, spenders),
  ]);
  const byTeam = Map.groupBy(all, ({ member }) => member.teamId);
  return teams.map((team) => {
    const { nanoUsd = 0n, period } =
      spent.get(subjectText({ kind: 'team', teamId: team.id })) ?? {};
    const extras = extrasOf(team.metadata);
    const isRouted = Object.keys(team.modelAliases).length > 0;
    return {
      team_id: team.id,
      team_alias: extras[NAMELESS] === true && team.alias === team.id ? null : team.alias,
      organization_id: shownOrganization(team.organizationId),
      members_with_roles: (byTeam.get(team.id) ?? []).map(({ member, user }) =>
        memberView(member, user),
      ),
      metadata: {
        ...visibleMetadata(team.metadata),
        ...(MEMBER_PLAN in extras ? { [MEMBER_PLAN]: extras[MEMBER_PLAN] } : {}),
        ...modelLimitsView(team.ceilings),
      },
      ...boundsView(team.ceilings, extras['budget_duration']),
      budget_reset_at: period === undefined ? null : new Date(period.endsAtMs).toISOString(),
      spend: usdToNumber(nanoUsd),
      model_spend: {},
      models: shownModels(team, extras),
      blocked: team.status !== 'active',
      ...KEPT,
      ...Object.fromEntries(
        TEAM_KEPT.flatMap((name) => (name in extras ? [[name, extras[name]]] : [])),
      ),
      model_id: null,
      litellm_model_table: isRouted ? { model_aliases: team.modelAliases, ...MADE_BY } : null,
      team_member_permissions: (extras['team_member_permissions'] ?? null) as
        | readonly string[]
        | null,
      created_at: team.createdAt.toISOString(),
      updated_at: team.updatedAt.toISOString(),
    };
  });
}

export async function teamView(stores: Stores, team: Team): Promise<Told<typeof TEAM>> {
  const [view] = await teamViews(stores, [team]);
  // One for each that was asked for.
  return view as Told<typeof TEAM>;
}

/** As it came, while it still means what is in force. */
function shownModels(team: Team, extras: Json): readonly string[] {
  const listed = listedModels(team);
  return listed.length === 0 && Array.isArray(extras['models'])
    ? (extras['models'] as readonly string[])
    : listed;
}

export function memberView(
  { userId, role }: Member,
  user: User | undefined,
): Told<typeof TEAM_MEMBER> {
  return { user_id: userId, user_email: user?.email ?? null, role };
}
