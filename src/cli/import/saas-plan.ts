// From the rows of SaaS LiteLLM to what makes the same here.

import { createHash } from 'node:crypto';
import { billionths, decimalText } from './decimal.ts';
import { homeStep } from './home-step.ts';
import { spentStep, spentSteps, userSteps } from './saas-spend.ts';
import type { SaasRows } from './saas-rows.ts';
import { begun, fieldOf, get, obstacleOf, post, progressBy, thereIf } from './step.ts';
import type { ApiRequest, Plan, Served, Step } from './step.ts';

export function saasPlan(rows: SaasRows, served: Served, home?: string): Plan {
  const known: Served = {
    models: [...served.models, ...rows.models.map(({ model_alias: alias }) => alias)],
    groups: [...served.groups, ...rows.groups.map(({ group_name: name }) => name)],
  };
  const organizations = new Set(rows.organizations.map(({ organization_id: id }) => id));
  const owners = ownersOf(rows.teams);
  const homeless = rows.teams.filter((row) => !organizations.has(row.organization_id ?? ''));
  const homeOf = ({ organization_id: id }: Team): string | undefined =>
    organizations.has(id ?? '') ? (id ?? '') : home;
  const isAway = home !== undefined && homeless.length > 0 && !organizations.has(home);
  return {
    steps: [
      ...rows.models.map(modelStep),
      ...rows.groups.map((row) => groupStep(row, known)),
      ...(isAway ? [homeStep(home)] : []),
      ...rows.organizations.flatMap((row) => {
        const step = organizationStep(row);
        const teams = new Set(
          rows.teams
            .filter((team) => homeOf(team) === row.organization_id)
            .map(({ team_id: id }) => id),
        );
        const spends = rows.spends.filter(({ team_id: id }) => teams.has(id));
        return [step, ...spentStep(`organization:${row.organization_id}`, spends, step)];
      }),
      ...rows.teams.flatMap((row) => {
        const step = teamStep(row, known, homeOf(row), owners);
        return [step, ...spentSteps(row, rows.spends, step)];
      }),
      ...userSteps(rows, homeOf),
    ],
    notes: notesOf(rows),
  };
}

/** Whose a key is: of teams that share one the first. */
function ownersOf(teams: SaasRows['teams']): ReadonlyMap<string, string> {
  const withKeys = teams.flatMap(({ virtual_key: key, team_id: id }) =>
    key ? [[key, id] as const] : [],
  );
  return new Map(withKeys.toReversed());
}

function notesOf({ teams, models }: SaasRows): string[] {
  const debtors = teams.filter((team) => remainingOf(team) < 0n).map(({ team_id: id }) => id);
  const keyless = teams.filter(({ virtual_key: key }) => !key).map(({ team_id: id }) => id);
  return [
    'Single jobs and calls, transactions, admin users, webhooks and settings stay behind; what a team had used stands in its metadata.',
    ...(models.length === 0
      ? []
      : [
          'Keys at providers are encrypted there and stay behind: store them with `quartermaster provider-credentials create`.',
        ]),
    ...(debtors.length === 0
      ? []
      : [`More was used than allocated, so these teams begin at 0 credits: ${debtors.join(', ')}`]),
    ...(keyless.length === 0
      ? []
      : [`These teams have no key there, and get one here: ${keyless.join(', ')}`]),
  ];
}

/** What is off there is made, and off here, too. */
function modelStep(row: SaasRows['models'][number]): Step {
  const { model_alias: alias, pricing_input: input, pricing_output: output } = row;
  // Both or neither; the other system tells a price of 0 as none.
  const isPriced = input !== null || output !== null;
  return {
    kind: 'model',
    name: alias,
    look: get(`/api/models/${encodeURIComponent(alias)}`),
    progress: (status) => thereIf(status === 200),
    make: post('/api/models/create', {
      model_alias: alias,
      display_name: row.display_name ?? alias,
      provider: row.provider,
      actual_model: row.actual_model,
      ...(row.description === null ? {} : { description: row.description }),
      ...(isPriced ? { pricing_input: input ?? 0, pricing_output: output ?? 0 } : {}),
      ...(row.status === 'active' ? {} : { status: 'inactive' }),
    }),
  };
}

function groupStep(row: SaasRows['groups'][number], known: Served): Step {
  const { group_name: name, model_aliases: aliases } = row;
  return {
    kind: 'access group',
    name,
    obstacle: obstacleOf(known, aliases),
    look: get(`/api/model-access-groups/${encodeURIComponent(name)}`),
    progress: (status) => thereIf(status === 200),
    make: post('/api/model-access-groups/create', {
      group_name: name,
      display_name: row.display_name ?? name,
      ...(row.description === null ? {} : { description: row.description }),
      model_aliases: aliases,
    }),
  };
}

function organizationStep(row: SaasRows['organizations'][number]): Step {
  const { organization_id: id, name, metadata, status } = row;
  const url = `/api/organizations/${encodeURIComponent(id)}`;
  return {
    kind: 'organization',
    name: id,
    look: get(url),
    progress: (told, answer) => progressBy(told, fieldOf(answer, 'metadata')),
    make: post('/api/organizations/create', {
      organization_id: id,
      name,
      metadata: begun(metadata),
      create_default_team: false,
    }),
    rest: () => [
      ...standing(url, status),
      { method: 'PUT', url, body: { metadata: metadata ?? {} } },
    ],
  };
}

const VERBS: Readonly<Record<string, string>> = {
  suspended: 'suspend',
  paused: 'pause',
  deleted: 'archive',
};

function standing(url: string, status: string | null): ApiRequest[] {
  const verb = VERBS[status ?? ''];
  const reason = `It was ${status} in SaaS LiteLLM.`;
  return verb === undefined ? [] : [post(`${url}/${verb}`, { reason })];
}

type Team = SaasRows['teams'][number];

function teamStep(
  row: Team,
  known: Served,
  organization: string | undefined,
  owners: ReadonlyMap<string, string>,
): Step {
  const { team_id: id, access_groups: groups } = row;
  const url = `/api/teams/${encodeURIComponent(id)}`;
  const used = billionths(row.credits_used);
  const metadata = used === 0n ? {} : { [USED_BEFORE]: Number(decimalText(used)) };
  const remaining = remainingOf(row);
  const sharedWith = owners.get(row.virtual_key ?? '') ?? id;
  const lost =
    organization === undefined
      ? 'it has no organization, and every team here has one: name it with --organization'
      : undefined;
  const shared = sharedWith === id ? undefined : `its key is that of team ${sharedWith}`;
  return {
    kind: 'team',
    name: id,
    obstacle: lost ?? shared ?? missingGroups(known, groups),
    look: get(url),
    progress: (status, answer) => progressBy(status, fieldOf(answer, 'metadata')),
    make: post('/api/teams/create', {
      organization_id: organization,
      team_id: id,
      access_groups: groups,
      credits_allocated: remaining > 0n ? decimalText(remaining) : 0,
      metadata: begun(metadata),
      ...termsOf(row),
      ...keyOf(row),
    }),
    rest: () => [
      ...refillOf(row),
      ...standing(url, row.status),
      { method: 'PUT', url, body: { metadata } },
    ],
  };
}

const USED_BEFORE = 'credits_used_before_import';
const LAST_FOUR = 4;

/** In billionths of a credit. */
function remainingOf({ credits_allocated: allocated, credits_used: used }: Team): bigint {
  return billionths(allocated) - billionths(used);
}

function missingGroups(known: Served, groups: readonly string[]): string | undefined {
  const missing = groups.filter((name) => !known.groups.includes(name));
  return missing.length === 0
    ? undefined
    : `there is no access group ${missing.join(', ')}, here or there`;
}

function termsOf(row: Team): object {
  const terms = {
    budget_mode: row.budget_mode,
    credits_per_dollar: row.credits_per_dollar,
    tokens_per_credit: row.tokens_per_credit,
    markup_percent: row.cost_markup_percentage,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== null));
}

/** The secret itself goes nowhere: what is sent is its digest. */
function keyOf({ virtual_key: key }: Team): object {
  return key
    ? {
        key_sha256: createHash('sha256').update(key).digest('hex'),
        key_last_four: key.slice(-LAST_FOUR),
      }
    : {};
}

function refillOf(row: Team): ApiRequest[] {
  const { team_id: id, refill_amount: amount, refill_period: period } = row;
  const body = { enabled: true, refill_amount: amount, refill_period: period };
  const url = `/api/credits/teams/${encodeURIComponent(id)}/configure-auto-refill`;
  return row.auto_refill === true && amount !== null && period !== null ? [post(url, body)] : [];
}
