// What is to be asked of the management API to have here what another system has: each step says how to see whether it
// is done already, so that an import may be repeated.

import type { Bounds, LiteLlmRows } from './litellm-rows.ts';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
}

export interface Step {
  readonly kind: 'organization' | 'budget' | 'person' | 'team' | 'member budget' | 'key';
  readonly name: string;
  /** Answers whether it is there. */
  readonly look: Request;
  isThere(status: number, answer: unknown): boolean;
  readonly make: Request;
  /** What is to be asked once that is answered. */
  after?(answer: unknown): Request | undefined;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** What stays behind, and why. */
  readonly notes: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

export function planOf(rows: LiteLlmRows): Plan {
  const budgets = new Map(rows.budgets.map((budget) => [budget.budget_id, budget]));
  const organizations = new Set(rows.organizations.map((each) => each.organization_id));
  const pointedTo = new Set(rows.keys.flatMap(({ budget_id: id }) => id ?? []));
  const alone = rows.keys.filter(({ team_id: id }) => id === null);
  const steps = [
    ...rows.organizations.map((row) => organizationStep(row, budgets.get(row.budget_id ?? ''))),
    ...rows.budgets.filter(({ budget_id: id }) => pointedTo.has(id)).map(budgetStep),
    ...rows.users.map((row) => personStep(row, organizations)),
    ...rows.teams.map(teamStep),
    ...rows.memberships.flatMap((row) => memberStep(row, budgets.get(row.budget_id))),
    ...rows.keys.flatMap(keyStep),
  ];
  const notes = [
    'Spend stays behind: budgets begin at 0 here, and what was spent before is in the other system.',
    ...alone.map(
      ({ key_name: name }) =>
        `Key ${name ?? '(unnamed)'} has no team, and every key here has one: put it into a team there, and import again.`,
    ),
  ];
  return { steps, notes };
}

function organizationStep(
  row: LiteLlmRows['organizations'][number],
  budget: Bounds | undefined,
): Step {
  const { organization_id: id, organization_alias: alias, models, metadata } = row;
  return {
    kind: 'organization',
    name: id,
    look: { method: 'GET', url: `/organization/info?${query({ organization_id: id })}` },
    isThere: isFound,
    make: post('/organization/new', {
      organization_id: id,
      organization_alias: alias,
      models,
      metadata: metadata ?? {},
      ...boundsOf(budget),
    }),
  };
}

function budgetStep(row: LiteLlmRows['budgets'][number]): Step {
  return {
    kind: 'budget',
    name: row.budget_id,
    look: post('/budget/info', { budgets: [row.budget_id] }),
    isThere: (_status, answer) => Array.isArray(answer) && answer.length > 0,
    make: post('/budget/new', { budget_id: row.budget_id, ...boundsOf(row) }),
  };
}

/** Roles over the whole system are not given by an import. */
const ROLES = ['org_admin', 'internal_user', 'internal_user_viewer'];

function personStep(row: LiteLlmRows['users'][number], organizations: ReadonlySet<string>): Step {
  const { user_id: id, user_alias, user_email, user_role: role, models, metadata } = row;
  const known = row.organizations.filter((each) => organizations.has(each));
  return {
    kind: 'person',
    name: id,
    look: { method: 'GET', url: `/v2/user/info?${query({ user_id: id })}` },
    isThere: isFound,
    make: post('/user/new', {
      user_id: id,
      user_alias,
      user_email,
      models,
      metadata: metadata ?? {},
      auto_create_key: false,
      ...(role !== null && ROLES.includes(role) ? { user_role: role } : {}),
      ...(known.length === 0 ? {} : { organizations: known }),
      ...boundsOf(row),
    }),
  };
}

function teamStep(row: LiteLlmRows['teams'][number]): Step {
  const { team_id: id, team_alias, organization_id, models, metadata, blocked } = row;
  const members = (row.members_with_roles ?? []).map((member) => ({
    user_id: member['user_id'] ?? null,
    user_email: member['user_email'] ?? null,
    role: member['role'] === 'admin' ? 'admin' : 'user',
  }));
  return {
    kind: 'team',
    name: team_alias ?? id,
    look: { method: 'GET', url: `/team/info?${query({ team_id: id })}` },
    isThere: isFound,
    make: post('/team/new', {
      team_id: id,
      team_alias,
      ...(organization_id === null ? {} : { organization_id }),
      models,
      model_aliases: row.model_aliases ?? {},
      metadata: metadata ?? {},
      members_with_roles: members,
      blocked,
      ...boundsOf(row),
    }),
  };
}

function memberStep(
  { team_id: teamId, user_id: userId }: LiteLlmRows['memberships'][number],
  budget: Bounds | undefined,
): Step[] {
  if (budget === undefined) {
    return [];
  }
  const { max_budget: max, tpm_limit, rpm_limit } = budget;
  const wish = { team_id: teamId, user_id: userId, max_budget_in_team: max, tpm_limit, rpm_limit };
  return [
    {
      kind: 'member budget',
      name: `${userId} in ${teamId}`,
      look: { method: 'GET', url: `/team/info?${query({ team_id: teamId })}` },
      isThere: (_status, answer) =>
        rowsIn(answer, 'team_memberships').some(
          (each) => each['user_id'] === userId && each['litellm_budget_table'] !== null,
        ),
      make: post('/team/member_update', wish),
    },
  ];
}

function keyStep(row: LiteLlmRows['keys'][number]): Step[] {
  const {
    token,
    key_name: shown,
    key_alias: alias,
    team_id: teamId,
    user_id,
    models,
    expires,
  } = row;
  if (teamId === null) {
    return [];
  }
  const lastFour = shown?.slice(-4) ?? token.slice(-4);
  return [
    {
      kind: 'key',
      name: alias ?? shown ?? token.slice(0, 8),
      look: { method: 'GET', url: `/api/keys?${query({ team_id: teamId })}` },
      isThere: (_status, answer) =>
        rowsIn(answer, 'keys').some(({ metadata }) => markOf(metadata) === markFor(token)),
      make: post('/api/keys/bring', {
        team_id: teamId,
        sha256: token,
        last_four: lastFour,
        ...(alias === null ? {} : { name: alias }),
        ...(user_id === null ? {} : { user_id, create_user: true }),
        ...(expires === null ? {} : { expires_at: expires }),
        models,
        model_aliases: row.aliases ?? {},
        metadata: { ...row.metadata, [MARK]: markFor(token) },
      }),
      after(answer) {
        const change = {
          ...boundsOf(row),
          ...(row.budget_id === null ? {} : { budget_id: row.budget_id }),
          ...(row.blocked === true ? { blocked: true } : {}),
        };
        const { key_id: key } = answer as { readonly key_id?: string };
        return key === undefined || Object.keys(change).length === 0
          ? undefined
          : post('/key/update', { key, ...change });
      },
    },
  ];
}

/** Tells a key that was brought over; so little of its digest finds no key. */
const MARK = 'brought_from_litellm';
const MARK_LENGTH = 12;

function markFor(digest: string): string {
  return digest.slice(0, MARK_LENGTH);
}

function markOf(metadata: unknown): unknown {
  return typeof metadata === 'object' && metadata !== null ? (metadata as Row)[MARK] : undefined;
}

/** What is null is not there, and is not sent. */
function boundsOf(row: Bounds | undefined): Row {
  if (row === undefined) {
    return {};
  }
  const { max_budget, soft_budget, budget_duration, tpm_limit, rpm_limit } = row;
  const { max_parallel_requests } = row;
  const bounds = {
    max_budget,
    soft_budget,
    budget_duration,
    tpm_limit,
    rpm_limit,
    max_parallel_requests,
  };
  const given = Object.entries(bounds).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given);
}

function isFound(status: number): boolean {
  return status === 200;
}

function rowsIn(answer: unknown, name: string): readonly Row[] {
  const list = typeof answer === 'object' && answer !== null ? (answer as Row)[name] : undefined;
  return Array.isArray(list) ? (list as readonly Row[]) : [];
}

function post(url: string, body: unknown): Request {
  return { method: 'POST', url, body };
}

function query(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
