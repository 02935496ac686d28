// From the rows of a LiteLLM proxy to what makes the same here.

import { ceilingsRequest, plainMetadata } from './ceilings.ts';
import type { Bounds } from './ceilings.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { begun, fieldOf, get, obstacleOf, post, progressBy, rowsOf, thereIf } from './step.ts';
import type { ApiRequest, Plan, Row, Served, Step } from './step.ts';

/** Whoever has the master key, as LiteLLM writes it down; no person here. */
const MASTER = 'default_user_id';
/** Where teams and people without an organization stand here. */
const DEFAULT_ORGANIZATION = 'default';

export function litellmPlan(rows: LiteLlmRows, served: Served): Plan {
  const budgets = new Map(rows.budgets.map((budget) => [budget.budget_id, budget]));
  const organizations = new Set(rows.organizations.map((each) => each.organization_id));
  const pointedTo = new Set(rows.keys.flatMap(({ budget_id: id }) => id ?? []));
  const known: Known = { organizations, served };
  return {
    steps: [
      ...rows.organizations.map((row) =>
        organizationStep(row, budgets.get(row.budget_id ?? ''), known),
      ),
      ...rows.budgets.filter(({ budget_id: id }) => pointedTo.has(id)).map(budgetStep),
      ...rows.users.filter(({ user_id: id }) => id !== MASTER).map((row) => personStep(row, known)),
      ...rows.teams.map((row) => teamStep(row, known)),
      ...rows.memberships.flatMap((row) => memberStep(row, budgets.get(row.budget_id))),
      ...rows.keys.map((row) => keyStep(row, known)),
    ],
    notes: notesOf(rows),
  };
}

interface Known {
  readonly organizations: ReadonlySet<string>;
  readonly served: Served;
}

function notesOf({ users, keys, teams }: LiteLlmRows): string[] {
  const admins = users.filter(({ user_role: role }) => role?.startsWith('proxy_admin') === true);
  const unbounded = [...teams, ...keys, ...users].filter(
    ({ spend, max_budget: max }) => (spend ?? 0) > 0 && max === null,
  );
  return [
    ...(unbounded.length === 0
      ? []
      : [
          `Spend of ${unbounded.length} teams, keys and people without a budget stays behind: it bounds nothing. Spend of budgets comes over, and counts on.`,
        ]),
    ...(admins.length === 0
      ? []
      : [
          `Roles over the whole system are not given by an import: ${admins.map(({ user_id: id }) => id).join(', ')}`,
        ]),
    'Logs of single calls, models with their keys at providers, tags, customers and settings of the proxy stay behind.',
  ];
}

function organizationStep(
  row: LiteLlmRows['organizations'][number],
  budget: Bounds | undefined,
  { served }: Known,
): Step {
  const { organization_id: id, organization_alias: alias, models, spend } = row;
  const metadata = plainMetadata(row.metadata);
  const bounds = budget && { ...budget, spend };
  return {
    kind: 'organization',
    name: id,
    obstacle: obstacleOf(served, models),
    look: get('/organization/info', { organization_id: id }),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    make: post('/organization/new', {
      organization_id: id,
      organization_alias: alias,
      models,
      metadata: begun(metadata),
    }),
    rest: () => [
      ...ceilingsRequest(
        `/api/organizations/${encodeURIComponent(id)}/limits`,
        bounds,
        row.metadata,
      ),
      { method: 'PATCH', url: '/organization/update', body: { organization_id: id, metadata } },
    ],
  };
}

/** One that keys share: who follows it has it, and every change of it. */
function budgetStep(row: LiteLlmRows['budgets'][number]): Step {
  const { budget_id: id } = row;
  const fields = {
    max_budget: row.max_budget,
    soft_budget: row.soft_budget ?? null,
    budget_duration: row.budget_duration,
    tpm_limit: row.tpm_limit,
    rpm_limit: row.rpm_limit,
    max_parallel_requests: row.max_parallel_requests,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return {
    kind: 'budget',
    name: id,
    look: post('/budget/info', { budgets: [id] }),
    progress: (_status, answer) => thereIf(Array.isArray(answer) && answer.length > 0),
    make: post('/budget/new', { budget_id: id, ...Object.fromEntries(given) }),
  };
}

/** Roles over the whole system are not given by an import. */
const ROLES = ['org_admin', 'internal_user', 'internal_user_viewer'];

function personStep(row: LiteLlmRows['users'][number], known: Known): Step {
  const { user_id: id, user_alias, user_email, user_role: role, models } = row;
  const own = row.organizations.filter((each) => known.organizations.has(each));
  const metadata = plainMetadata(row.metadata);
  const [home = DEFAULT_ORGANIZATION] = own;
  const limits = `/api/organizations/${encodeURIComponent(home)}/users/${encodeURIComponent(id)}/limits`;
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

function teamStep(row: LiteLlmRows['teams'][number], { organizations, served }: Known): Step {
  const { team_id: id, team_alias, organization_id: organization, models, blocked } = row;
  const members = (row.members_with_roles ?? []).map((member) => ({
    user_id: member['user_id'] ?? null,
    user_email: member['user_email'] ?? null,
    role: member['role'] === 'admin' ? 'admin' : 'user',
  }));
  const aliases = row.model_aliases ?? {};
  const metadata = plainMetadata(row.metadata);
  const lost =
    organization !== null && !organizations.has(organization)
      ? `its organization ${organization} is not there`
      : undefined;
  return {
    kind: 'team',
    name: team_alias ?? id,
    obstacle: lost ?? obstacleOf(served, [...models, ...texts(aliases)]),
    look: get('/team/info', { team_id: id }),
    progress: (status, answer) =>
      progressBy(status, fieldOf(fieldOf(answer, 'team_info'), 'metadata')),
    make: post('/team/new', {
      team_id: id,
      team_alias,
      ...(organization === null ? {} : { organization_id: organization }),
      models,
      model_aliases: aliases,
      metadata: begun(metadata),
      members_with_roles: members,
      blocked,
    }),
    rest: () => [
      ...ceilingsRequest(`/api/teams/${encodeURIComponent(id)}/limits`, row, row.metadata),
      post('/team/update', { team_id: id, metadata }),
    ],
  };
}

function memberStep(
  { team_id: teamId, user_id: userId, spend }: LiteLlmRows['memberships'][number],
  budget: Bounds | undefined,
): Step[] {
  const url = `/api/teams/${encodeURIComponent(teamId)}/members/${encodeURIComponent(userId)}/limits`;
  const [make] = ceilingsRequest(url, budget && { ...budget, spend });
  if (make === undefined) {
    return [];
  }
  const look: ApiRequest = { method: 'GET', url };
  return [
    {
      kind: 'member budget',
      name: `${userId} in ${teamId}`,
      look,
      progress: (_status, answer) =>
        thereIf(rowsOf(answer, 'limits').length + rowsOf(answer, 'budgets').length > 0),
      make,
    },
  ];
}

function keyStep(row: LiteLlmRows['keys'][number], { served }: Known): Step {
  const { token, key_name: shown, key_alias: alias, team_id: teamId, user_id: userId } = row;
  const { models, expires, aliases } = row;
  const metadata = { ...plainMetadata(row.metadata), [MARK]: markFor(token) };
  const isOwned = userId !== null && userId !== MASTER;
  return {
    kind: 'key',
    name: alias ?? shown ?? token.slice(0, MARK_LENGTH),
    obstacle: obstacleOfKey(row) ?? obstacleOf(served, [...models, ...texts(aliases ?? {})]),
    look: get('/api/keys', { team_id: teamId ?? '' }),
    listed: 'keys',
    progress: (_status, answer) => {
      const known = keyIn(answer, token);
      return known === undefined ? 'missing' : progressBy(200, known['metadata']);
    },
    make: post('/api/keys/bring', {
      team_id: teamId,
      sha256: token,
      last_four: shown?.slice(-LAST_FOUR) ?? token.slice(-LAST_FOUR),
      ...(alias === null ? {} : { name: alias }),
      ...(isOwned ? { user_id: userId, create_user: true } : {}),
      ...(expires === null ? {} : { expires_at: momentOf(expires) }),
      models,
      model_aliases: aliases ?? {},
      metadata: begun(metadata),
    }),
    isRepeatable: true,
    rest(answer) {
      const id = String(fieldOf(answer, 'key_id'));
      const url = `/api/keys/${encodeURIComponent(id)}`;
      return [
        // What a key has of its own goes before what it shares with others.
        ...(row.budget_id === null
          ? []
          : [post('/key/update', { key: id, budget_id: row.budget_id })]),
        ...ceilingsRequest(`${url}/limits`, row, row.metadata),
        ...(row.blocked === true ? [post(`${url}/block`, { reason: 'blocked in LiteLLM' })] : []),
        { method: 'PUT', url, body: { metadata } },
      ];
    },
  };
}

const DIGEST = /^[0-9a-f]{64}$/;

/** What a key lacks that every key has here. */
function obstacleOfKey({
  token,
  team_id: teamId,
  expires,
}: LiteLlmRows['keys'][number]): string | undefined {
  if (teamId === null) {
    return 'it has no team, and every key here has one: put it into a team there, and import again';
  }
  if (!DIGEST.test(token)) {
    return 'the other system keeps no SHA-256 of it';
  }
  return expires !== null && Date.parse(momentOf(expires)) <= Date.now()
    ? `it ended at ${expires}`
    : undefined;
}

/** Tells a key that was brought over; so little of its digest finds no key. */
const MARK = 'brought_from_litellm';
const MARK_LENGTH = 12;
const LAST_FOUR = 4;

function markFor(digest: string): string {
  return digest.slice(0, MARK_LENGTH);
}

function keyIn(answer: unknown, digest: string): Row | undefined {
  return rowsOf(answer, 'keys').find(({ metadata }) => fieldOf(metadata, MARK) === markFor(digest));
}

/** LiteLLM's moments are UTC, and some of its versions do not say so. */
function momentOf(text: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
}

function texts(values: Row): string[] {
  return Object.values(values).filter((value) => typeof value === 'string');
}
