// From the rows of a LiteLLM proxy to what makes the same here.

import { ceilingsRequest, comparedBounds, plainMetadata } from './ceilings.ts';
import type { Bounds } from './ceilings.ts';
import { homeOfKey, keySteps } from './litellm-keys.ts';
import { homeStep } from './home-step.ts';
import { customerSteps } from './litellm-customers.ts';
import { historySteps } from './litellm-history.ts';
import { homelessIn, notesOf } from './litellm-notes.ts';
import { homesOf, memberSteps, personSteps } from './litellm-people.ts';
import type { Position } from './litellm-people.ts';
import { MASTER, SESSIONS } from './litellm-rows.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { tagStep } from './litellm-tags.ts';
import { presentSpend, spendStep } from './spend.ts';
import {
  begun,
  differenceOf,
  DEFAULT_ORGANIZATION,
  fieldOf,
  get,
  obstacleOf,
  obstacleOfId,
  post,
  progressBy,
  textsIn,
  thereIf,
} from './step.ts';
import type { Known, Plan, Served, Step } from './step.ts';

export function litellmPlan(
  rows: LiteLlmRows,
  served: Served,
  home: string = DEFAULT_ORGANIZATION,
): Plan {
  const budgets = new Map(rows.budgets.map((budget) => [budget.budget_id, budget]));
  const budgetOf = (id: string | null): Bounds | undefined => budgets.get(id ?? '');
  const organizations = new Set(rows.organizations.map((each) => each.organization_id));
  const pointedTo = sharedBudgets(rows);
  const known: Known = {
    home,
    organizations,
    teams: new Set(rows.teams.map(({ team_id: id }) => id)),
    lostTeams: new Set(),
    homes: homesOf(rows.users, organizations, home),
    served,
  };
  const positionsOf = (userId: string): Position[] =>
    rows.positions
      .filter(({ user_id: id }) => id === userId)
      .map((row) => ({ ...row, bounds: budgetOf(row.budget_id) }));
  const homeless = homelessIn(rows, known);
  const teams = rows.teams.map((row) => teamSteps(row, rows.memberships, budgets, known));
  const lost = teams.flatMap(([step], at) =>
    step?.obstacle === undefined ? [] : (rows.teams[at]?.team_id ?? []),
  );
  const keyRows = rows.keys.filter(({ team_id: id }) => id !== SESSIONS);
  const keyHomes = new Map(keyRows.map((row) => [row.token, homeOfKey(row, rows.teams, known)]));
  const keys = keyRows.map((row) => keySteps(row, { ...known, lostTeams: new Set(lost) }));
  const days = Map.groupBy(rows.teamDays, ({ team_id: id }) => id);
  const alone = Map.groupBy(days.get('') ?? [], ({ api_key: key }) => key);
  const customerDays = Map.groupBy(rows.customerDays, ({ user_id: id }) => id);
  return {
    steps: [
      ...(homeless === undefined || organizations.has(home) ? [] : [homeStep(home)]),
      ...rows.organizations.flatMap((row) => {
        const step = organizationStep(row, budgetOf(row.budget_id), known);
        return [step, ...spendStep(`organization:${row.organization_id}`, row.spend, step)];
      }),
      ...rows.budgets.filter(({ budget_id: id }) => pointedTo.has(id)).map(budgetStep),
      ...rows.tags.map(tagStep),
      ...rows.users
        .filter(({ user_id: id }) => id !== MASTER)
        .flatMap((row) => personSteps(row, positionsOf(row.user_id), known)),
      ...teams.flat(),
      ...keys.flat(),
      // Days are told with their keys, so after these.
      ...rows.teams.flatMap((row, at) => {
        const { team_id: id, team_alias: alias } = row;
        return historyOf(`team:${id}`, `team ${alias ?? id}`, days.get(id), teams[at]);
      }),
      ...keyRows.flatMap(({ token, team_id: id }, at) =>
        id === null ? historyOf(`key:${token}`, 'a key', alone.get(token), keys[at]) : [],
      ),
      ...rows.customers.flatMap((row) =>
        customerSteps(
          row,
          customerDays.get(row.user_id) ?? [],
          budgetOf(row.budget_id),
          known,
          pointedTo.has(row.budget_id ?? ''),
          keyHomes,
        ),
      ),
    ],
    notes: notesOf(rows, homeless),
  };
}

function historyOf(
  subject: string,
  whose: string,
  days: LiteLlmRows['teamDays'] = [],
  [after]: readonly Step[] = [],
): Step[] {
  const told = days.map(({ team_id: _team, ...day }) => day);
  return after === undefined
    ? []
    : historySteps(subject, after.kind === 'key' ? `key ${after.name}` : whose, told, after);
}

/** Those that keys point to, or several customers do: who follows one has every change of it. */
function sharedBudgets({ keys, customers }: LiteLlmRows): ReadonlySet<string> {
  const ofCustomers = Map.groupBy(customers, ({ budget_id: id }) => id ?? '');
  const several = [...ofCustomers].flatMap(([id, { length }]) => (length > 1 ? id : []));
  const all = new Set([...keys.flatMap(({ budget_id: id }) => id ?? []), ...several]);
  all.delete('');
  return all;
}

/** Of a team's metadata: the budget that its members have, unless they have one of their own. */
const MEMBER_BUDGET = 'team_member_budget_id';

function memberBudgetOf({ metadata }: LiteLlmRows['teams'][number]): string | null {
  const id = metadata?.[MEMBER_BUDGET];
  return typeof id === 'string' ? id : null;
}

function organizationStep(
  row: LiteLlmRows['organizations'][number],
  budget: Bounds | undefined,
  { served }: Known,
): Step {
  const { organization_id: id, organization_alias: alias, models } = row;
  const metadata = plainMetadata(row.metadata);
  return {
    kind: 'organization',
    name: id,
    obstacle: obstacleOfId(id) ?? obstacleOf(served, models),
    look: get('/organization/info', { organization_id: id }),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    difference: (answer) =>
      differenceOf(
        { organization_alias: alias, models, max_budget: budget?.max_budget ?? null },
        {
          organization_alias: fieldOf(answer, 'organization_alias'),
          models: fieldOf(answer, 'models'),
          max_budget: fieldOf(fieldOf(answer, 'litellm_budget_table'), 'max_budget'),
        },
      ),
    make: post('/organization/new', {
      organization_id: id,
      organization_alias: alias,
      models,
      metadata: begun(metadata),
    }),
    rest: () => [
      ...ceilingsRequest(
        `/api/organizations/${encodeURIComponent(id)}/limits`,
        budget,
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

/** A team, with what its members may spend and did. */
function teamSteps(
  row: LiteLlmRows['teams'][number],
  memberships: LiteLlmRows['memberships'],
  budgets: ReadonlyMap<string, Bounds>,
  known: Known,
): Step[] {
  const shared = memberBudgetOf(row);
  const step = teamStep(row, budgets.get(shared ?? ''), known);
  const members = new Set((row.members_with_roles ?? []).map(({ user_id: id }) => id));
  const own = memberships.filter(
    ({ team_id: id, user_id: user }) => id === row.team_id && members.has(user) && user !== MASTER,
  );
  return [
    step,
    ...spendStep(`team:${row.team_id}`, presentSpend(row), step),
    ...own.flatMap((each) =>
      memberSteps(
        each,
        budgets.get(each.budget_id ?? ''),
        step,
        shared !== null && each.budget_id === shared,
      ),
    ),
  ];
}

function teamStep(
  row: LiteLlmRows['teams'][number],
  ofMembers: Bounds | undefined,
  { home, organizations, served }: Known,
): Step {
  const { team_id: id, team_alias, organization_id: organization, models, blocked } = row;
  const members = (row.members_with_roles ?? [])
    .filter(({ user_id: user }) => user !== MASTER)
    .map(({ user_id: user, user_email: email, role }) => ({
      user_id: user ?? null,
      user_email: email ?? null,
      role: role === 'admin' ? 'admin' : 'user',
    }));
  const aliases = row.model_aliases ?? {};
  const { [MEMBER_BUDGET]: _foreign, ...metadata } = plainMetadata(row.metadata);
  const lost =
    organization !== null && !organizations.has(organization)
      ? `its organization ${organization} is not there`
      : undefined;
  return {
    kind: 'team',
    name: team_alias ?? id,
    obstacle: lost ?? obstacleOfId(id) ?? obstacleOf(served, [...models, ...textsIn(aliases)]),
    look: get('/team/info', { team_id: id }),
    progress: (status, answer) =>
      progressBy(status, fieldOf(fieldOf(answer, 'team_info'), 'metadata')),
    difference: (answer) =>
      differenceOf(
        { team_alias, models, blocked, ...comparedBounds(row) },
        fieldOf(answer, 'team_info'),
      ),
    make: post('/team/new', {
      team_id: id,
      team_alias,
      organization_id: organization ?? home,
      models,
      model_aliases: aliases,
      metadata: begun(metadata),
      members_with_roles: members,
      ...defaultsOf(ofMembers),
      blocked,
    }),
    rest: () => [
      ...ceilingsRequest(`/api/teams/${encodeURIComponent(id)}/limits`, row, row.metadata),
      post('/team/update', { team_id: id, metadata }),
    ],
  };
}

function defaultsOf(bounds: Bounds | undefined): object {
  return bounds === undefined
    ? {}
    : {
        team_member_budget: bounds.max_budget,
        team_member_budget_duration: bounds.budget_duration,
        team_member_rpm_limit: bounds.rpm_limit,
        team_member_tpm_limit: bounds.tpm_limit,
      };
}
