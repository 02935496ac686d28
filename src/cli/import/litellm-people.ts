// People of a LiteLLM proxy: users, members of teams, and customers of its clients.

import { ceilingsRequest, plainMetadata } from './ceilings.ts';
import type { Bounds } from './ceilings.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { spendStep } from './spend.ts';
import {
  begun,
  DEFAULT_ORGANIZATION,
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

/** A person, and what they spent. */
export function personSteps(row: User, known: Known): Step[] {
  const step = personStep(row, known);
  return [step, ...spendStep(`user:${homeOf(row, known)}/${encoded(row)}`, row.spend, step)];
}

/** Roles over the whole system are not given by an import. */
const ROLES = ['org_admin', 'internal_user', 'internal_user_viewer'];

function personStep(row: User, known: Known): Step {
  const { user_id: id, user_alias, user_email, user_role: role, models } = row;
  const own = row.organizations.filter((each) => known.organizations.has(each));
  const metadata = plainMetadata(row.metadata);
  const home = encodeURIComponent(homeOf(row, known));
  const limits = `/api/organizations/${home}/users/${encoded(row)}/limits`;
  return {
    kind: 'person',
    name: id,
    obstacle: obstacleOf(known.served, models),
    look: get('/v2/user/info', { user_id: id }),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    make: post('/user/new', {
      user_id: id,
      user_alias,
      user_email,
      models,
      metadata: begun(metadata),
      auto_create_key: false,
      ...(role !== null && ROLES.includes(role) ? { user_role: role } : {}),
      ...(own.length === 0 ? {} : { organizations: own }),
    }),
    rest: () => [
      ...ceilingsRequest(limits, row, row.metadata),
      post('/user/update', { user_id: id, metadata }),
    ],
  };
}

/** The organization of each person, in which what bounds them stands, and what they spent. */
export function homesOf(
  users: readonly User[],
  organizations: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  return new Map(
    users.map((row) => {
      const [home = DEFAULT_ORGANIZATION] = row.organizations.filter((id) => organizations.has(id));
      return [row.user_id, home];
    }),
  );
}

function homeOf({ user_id: id }: User, { homes }: Known): string {
  return homes.get(id) ?? DEFAULT_ORGANIZATION;
}

function encoded({ user_id: id }: { readonly user_id: string }): string {
  return encodeURIComponent(id);
}

/** What a member of a team may spend in it, and did. */
export function memberSteps(
  row: LiteLlmRows['memberships'][number],
  budget: Bounds | undefined,
  team: Step,
): Step[] {
  const { team_id: teamId, user_id: userId } = row;
  const url = `/api/teams/${encodeURIComponent(teamId)}/members/${encoded(row)}/limits`;
  const [make] = ceilingsRequest(url, budget);
  const look: ApiRequest = { method: 'GET', url };
  const bounded = make && {
    kind: 'member budget',
    name: `${userId} in ${teamId}`,
    after: team,
    look,
    progress: (_status: number, answer: unknown) =>
      thereIf(rowsOf(answer, 'limits').length + rowsOf(answer, 'budgets').length > 0),
    make,
  };
  return [
    ...(bounded === undefined ? [] : [bounded]),
    ...spendStep(
      `member:${teamId}/${encoded(row)}`,
      row.spend,
      bounded ?? team,
      `member ${userId} in ${teamId}`,
    ),
  ];
}

/** Whom clients call for, and what was spent for them. */
export function customerSteps(row: LiteLlmRows['customers'][number]): Step[] {
  const step = customerStep(row);
  return [step, ...spendStep(`end_user:${DEFAULT_ORGANIZATION}/${row.user_id}`, row.spend, step)];
}

function customerStep(row: LiteLlmRows['customers'][number]): Step {
  const { user_id: id, alias, blocked } = row;
  const organization = { organization_id: DEFAULT_ORGANIZATION };
  return {
    kind: 'customer',
    name: id,
    obstacle: blocked ? 'it is blocked there, and nothing would hold its calls here' : undefined,
    look: get('/customer/info', { end_user_id: id, ...organization }),
    progress: (status) => thereIf(status === 200),
    make: post('/customer/new', { user_id: id, alias, ...organization }),
  };
}
