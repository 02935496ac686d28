// People of a LiteLLM proxy: users, and members of teams.

import { ceilingsRequest, plainMetadata } from './ceilings.ts';
import type { Bounds } from './ceilings.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { presentSpend, spendStep } from './spend.ts';
import {
  begun,
  differenceOf,
  fieldOf,
  get,
  obstacleOf,
  post,
  progressBy,
  rowsOf,
  thereIf,
} from './step.ts';
import type { ApiRequest, Known, Step } from './step.ts';

type User = LiteLlmRows['users'][number];

/** What a person is in an organization, with what they may spend there. */
export type Position = LiteLlmRows['positions'][number] & { readonly bounds: Bounds | undefined };

/** A person, and what they spent. */
export function personSteps(row: User, positions: readonly Position[], known: Known): Step[] {
  const step = personStep(row, positions, known);
  const subject = `user:${homeOf(row, known)}/${encoded(row)}`;
  return [step, ...spendStep(subject, presentSpend(row), step)];
}

/** Roles over the whole system are not given by an import. */
const ROLES = ['org_admin', 'internal_user', 'internal_user_viewer'];

function personStep(row: User, positions: readonly Position[], known: Known): Step {
  const { user_id: id, user_alias, user_email, user_role: role, models } = row;
  const own = row.organizations.filter((each) => known.organizations.has(each));
  const metadata = plainMetadata(row.metadata);
  const home = homeOf(row, known);
  const standing = positions.filter(({ organization_id: each }) => own.includes(each));
  return {
    kind: 'person',
    name: id,
    obstacle: obstacleOf(known.served, models),
    look: get('/v2/user/info', { user_id: id }),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    difference: (answer) => differenceOf({ user_alias, user_email, models }, answer),
    make: post('/user/new', {
      user_id: id,
      user_alias,
      user_email,
      models,
      metadata: begun(metadata),
      auto_create_key: false,
      ...(role !== null && ROLES.includes(role) ? { user_role: role } : {}),
      organizations: own.length === 0 ? [home] : own,
    }),
    rest: () => [
      ...ceilingsRequest(limitsOf(home, row), boundsAt(home, row, standing), row.metadata),
      ...standing.flatMap((position) => positionRequests(position, home)),
      post('/user/update', { user_id: id, metadata }),
    ],
  };
}

function limitsOf(organization: string, row: { readonly user_id: string }): string {
  return `/api/organizations/${encodeURIComponent(organization)}/users/${encoded(row)}/limits`;
}

/** What bounds a person in their own organization: what bounds them everywhere, and there. */
function boundsAt(home: string, row: User, positions: readonly Position[]): Bounds {
  const there = positions.find(({ organization_id: id }) => id === home)?.bounds;
  const { max_budget: max = null, budget_duration: duration = null } = there ?? {};
  if (max === null) {
    return row;
  }
  if (row.max_budget === null || row.budget_duration === duration) {
    const least = Math.min(max, row.max_budget ?? max);
    return { ...row, max_budget: least, budget_duration: duration };
  }
  const window = { max_budget: max, budget_duration: duration };
  return { ...row, budget_limits: [...(row.budget_limits ?? []), window] };
}

function positionRequests(position: Position, home: string): ApiRequest[] {
  const { organization_id: id, user_id, user_role: role, bounds } = position;
  const member = { user_id, role: 'org_admin' };
  return [
    ...(role === 'org_admin'
      ? [post('/organization/member_add', { organization_id: id, member })]
      : []),
    ...(id === home ? [] : ceilingsRequest(limitsOf(id, position), bounds)),
  ];
}

/** The organization of each person, in which what bounds them stands, and what they spent. */
export function homesOf(
  users: readonly User[],
  organizations: ReadonlySet<string>,
  otherwise: string,
): ReadonlyMap<string, string> {
  return new Map(
    users.map((row) => {
      const [home = otherwise] = row.organizations.filter((id) => organizations.has(id));
      return [row.user_id, home];
    }),
  );
}

function homeOf({ user_id: id }: User, { homes, home }: Known): string {
  return homes.get(id) ?? home;
}

function encoded({ user_id: id }: { readonly user_id: string }): string {
  return encodeURIComponent(id);
}

/** What a member of a team may spend in it, and did; who has the team's default follows that. */
export function memberSteps(
  row: LiteLlmRows['memberships'][number],
  budget: Bounds | undefined,
  team: Step,
  followsTeam: boolean,
): Step[] {
  const { team_id: teamId, user_id: userId } = row;
  const url = `/api/teams/${encodeURIComponent(teamId)}/members/${encoded(row)}/limits`;
  const [make] = followsTeam ? [] : ceilingsRequest(url, budget);
  const bounded = make && {
    kind: 'member budget',
    name: `${userId} in ${teamId}`,
    after: team,
    look: get('/team/info', { team_id: teamId }),
    progress: (_status: number, answer: unknown) => thereIf(hasOwnBounds(answer, userId)),
    make,
    isRepeatable: true,
    // Whoever has bounds of their own follows the team's no more.
    rest: () => [
      post('/team/member_update', { team_id: teamId, user_id: userId, ...asMember(budget) }),
    ],
  };
  return [
    ...(bounded === undefined ? [] : [bounded]),
    ...spendStep(
      `member:${teamId}/${encoded(row)}`,
      presentSpend({ ...budget, spend: row.spend }),
      bounded ?? team,
      { whose: `member ${userId} in ${teamId}` },
    ),
  ];
}

function asMember(budget: Bounds | undefined): object {
  return {
    max_budget_in_team: budget?.max_budget ?? null,
    budget_duration: budget?.budget_duration ?? null,
    tpm_limit: budget?.tpm_limit ?? null,
    rpm_limit: budget?.rpm_limit ?? null,
  };
}

/** Whether a member has bounds, and not those of the team. */
function hasOwnBounds(team: unknown, userId: string): boolean {
  const shared = fieldOf(fieldOf(fieldOf(team, 'team_info'), 'metadata'), 'team_member_budget_id');
  const row = rowsOf(team, 'team_memberships').find(({ user_id: id }) => id === userId);
  const followed = row?.['budget_id'] ?? null;
  return (
    (row?.['litellm_budget_table'] ?? null) !== null && (followed === null || followed !== shared)
  );
}
