// What LiteLLM refuses of a team because of its organization: in its words, from ceilings on record.

import { mainBudget } from '../../core/ceilings/ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import type { LimitKind } from '../../core/limits/limit.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import type { Answer } from '../answer.ts';

import { organizationFrom, shownOrganization } from './default-organization.ts';
import { float, listed, wrapped } from './errors.ts';
import type { TeamFields } from './team-fields.ts';

/** The first rule that these fields of a team break; `teamId` where it is there already. */
export async function complaintAboutOrganization(
  stores: Stores,
  given: string | null | undefined,
  body: TeamFields,
  teamId?: string,
): Promise<Answer | undefined> {
  const id = organizationFrom(given);
  const organization =
    shownOrganization(id) === null ? undefined : await stores.records.organizations.find(id);
  if (organization === undefined) {
    return undefined;
  }
  return (
    complaintAboutSizes(organization, body) ??
    complaintAboutModels(organization, body) ??
    (await complaintAboutThroughput(stores, organization, body, teamId))
  );
}

function complaintAboutSizes({ id, ceilings }: Organization, body: TeamFields): Answer | undefined {
  const max = mainBudget(ceilings);
  const most = max === undefined || max.shadow ? undefined : usdToNumber(max.maxNanoUsd);
  if (typeof body.max_budget === 'number' && most !== undefined && body.max_budget > most) {
    return wrapped(400, {
      error: `Team max_budget (${float(body.max_budget)}) exceeds organization's max_budget (${float(most)}). Organization: ${id}`,
    });
  }
  for (const [field, kind] of RATES) {
    const limit = maxOf(ceilings, kind);
    const wanted = body[field];
    if (typeof wanted === 'number' && limit !== undefined && wanted > limit) {
      const error = `Team ${field} (${wanted}) exceeds organization's ${field} (${limit}). Organization: ${id}`;
      return wrapped(400, { error });
    }
  }
  return undefined;
}

const RATES = [
  ['tpm_limit', 'usage_tokens'],
  ['rpm_limit', 'requests'],
] as const satisfies readonly (readonly [keyof TeamFields, LimitKind])[];

function maxOf({ limits }: Ceilings, kind: LimitKind): number | undefined {
  return limits.find((limit) => limit.kind === kind && limit.model === null)?.max;
}

function complaintAboutModels(
  organization: Organization,
  { models }: TeamFields,
): Answer | undefined {
  const allowed = organization.models;
  if (allowed.length === 0) {
    return undefined;
  }
  const wrong = models?.find((model) => !allowed.includes(model));
  return wrong === undefined
    ? undefined
    : wrapped(400, {
        error: `Model '${wrong}' not in organization's allowed models. Organization allowed models=${listed(allowed)}. Organization: ${organization.id}`,
      });
}

/** Promised throughput is never promised twice: the sum over all teams must fit. */
async function complaintAboutThroughput(
  { records }: Stores,
  { id, ceilings }: Organization,
  body: TeamFields,
  teamId: string | undefined,
): Promise<Answer | undefined> {
  const types = [
    body.tpm_limit_type ?? body.metadata?.['tpm_limit_type'],
    body.rpm_limit_type ?? body.metadata?.['rpm_limit_type'],
  ];
  if (!types.includes('guaranteed_throughput')) {
    return undefined;
  }
  const part = { sort: 'id', descending: false, offset: 0, limit: TEAMS_MAX } as const;
  const { rows } = await records.directory.teams({
    organizationIds: [id],
    archived: false,
    ...part,
  });
  const others = rows.filter((team) => team.id !== teamId);
  for (const [field, kind] of RATES) {
    const most = maxOf(ceilings, kind);
    const wanted = body[field];
    const sum = sumOf(others, kind);
    if (typeof wanted === 'number' && most !== undefined && sum + wanted > most) {
      const name = field === 'tpm_limit' ? 'TPM' : 'RPM';
      return wrapped(
        400,
        `Allocated ${name} limit=${sum} + Team ${name} limit=${wanted} is greater than organization ${name} limit=${most}`,
      );
    }
  }
  return undefined;
}

/** More than any organization has teams. */
const TEAMS_MAX = 100_000;

function sumOf(teams: readonly Team[], kind: LimitKind): number {
  return teams.reduce((sum, { ceilings }) => sum + (maxOf(ceilings, kind) ?? 0), 0);
}
