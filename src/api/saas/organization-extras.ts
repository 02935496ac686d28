// What the documents have for organizations beside creating, reading and changing them.

import { z } from 'zod';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import { setOrganizationStatus } from '../../core/organizations/set-status.ts';
import { isRefusal } from '../../core/refusals.ts';
import { DAY_MS, periodOf } from '../../core/time.ts';
import type { UsageRangeRow } from '../../core/usage/usage-range.ts';
import { isWorded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { organizationInPath } from '../target.ts';
import { complaintAboutReason, EXACT_MOMENT } from './fields.ts';
import { organizationOf } from './organizations.ts';
import { daysFrom, periodFrom } from './period.ts';
import { sumOf } from '../../core/usage/usage.ts';
import { spokenSummary } from './usage.ts';
import { ORGANIZATION_COSTS, ORGANIZATION_USAGE } from './answers/usage.ts';
import type { COST } from './answers/usage.ts';
import { ORGANIZATION_DONE, STATUS_REPLACED } from './answers/organizations.ts';
import type { Told } from '../told.ts';

const STATUSES = ['active', 'suspended', 'paused', 'archived', 'deleted'] as const;

export const organizationStatusEndpoint = endpoint({
  summary: 'Set the status of an organization',
  action: 'organization.change',
  target: organizationInPath,
  better: ['The status holds for every team on its next call.'],
  body: z.strictObject({
    status: z.enum(STATUSES),
    reason: z.string().nullish(),
    until: EXACT_MOMENT.nullish(),
  }),
  query: NO_QUERY,
  answer: STATUS_REPLACED,
  async handle({ stores, actor, id, body }) {
    const before = await organizationOf(stores, id);
    const reason = body.reason ?? undefined;
    if (isRefusal(before)) {
      return before;
    }
    const complaint = complaintAboutReason(reason);
    if (complaint !== undefined) {
      return complaint;
    }
    const set = await setOrganizationStatus(stores, actor, {
      organizationId: id,
      status: body.status === 'deleted' ? 'archived' : body.status,
      reason,
      until: body.until ? new Date(body.until) : undefined,
    });
    return isRefusal(set)
      ? set
      : {
          organization_id: id,
          status: set.organization.status,
          previous_status: before.status,
          updated_at: new Date(stores.clock()).toISOString(),
          reason: reason ?? null,
        };
  },
});

export const deleteOrganizationEndpoint = endpoint({
  summary: 'Delete an organization: its teams stop at once, ledgers and usage stay',
  action: 'organization.change',
  target: organizationInPath,
  better: ['A deleted organization is archived: nothing of what it paid and used is lost.'],
  body: NOTHING,
  query: NO_QUERY,
  answer: ORGANIZATION_DONE,
  async handle({ stores, actor, id }) {
    const known = await organizationOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    const wish = { organizationId: id, status: 'archived', reason: 'Deleted' } as const;
    const set = await setOrganizationStatus(stores, actor, wish);
    const message = `Organization '${id}' deleted successfully`;
    return isRefusal(set) ? set : { organization_id: id, message };
  },
});

export const organizationUsageEndpoint = endpoint({
  summary: 'Usage of an organization in a month or on a day, by team',
  action: 'organization.usage',
  target: organizationInPath,
  foreign: 'Cannot access usage data for a different organization',
  better: ['Counts credits, not jobs, as credits_used.'],
  body: NOTHING,
  query: z.strictObject({ period: z.string().optional() }),
  answer: ORGANIZATION_USAGE,
  async handle({ stores, id, query }) {
    const period = query.period ?? periodOf(new Date(stores.clock()));
    const range = periodFrom(period);
    if (isRefusal(range)) {
      return range;
    }
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const scope = { kind: 'organization', organizationId: id } as const;
    const by = ['team', 'job_type'] as const;
    const asked = { scope, ...range, step: 'all', by, withBrought: true } as const;
    const rows = await stores.records.usage.range(asked);
    const { successful_jobs: completed, ...summary } = spokenSummary(sumOf(rows));
    const byTeam = Map.groupBy(rows, (row) => row.names.team ?? '');
    const byType = Map.groupBy(rows, (row) => row.names.job_type ?? '');
    return {
      organization_id: id,
      period,
      summary: { ...summary, completed_jobs: completed, successful_jobs: completed },
      teams: Object.fromEntries(
        [...byTeam].map(([team, all]) => {
          const sum = sumOf(all);
          const used = creditsToNumber(sum.charge);
          return [
            team,
            { jobs: Number(sum.jobs), credits_used: used, cost_usd: usdToNumber(sum.costNanoUsd) },
          ];
        }),
      ),
      by_job_type: Object.fromEntries(
        [...byType].map(([type, all]) => [type, Number(sumOf(all).jobs)]),
      ),
    };
  },
});

export const organizationCostsEndpoint = endpoint({
  summary: 'What the calls of an organization cost, by day and team',
  action: 'organization.usage',
  target: organizationInPath,
  body: NOTHING,
  query: z.strictObject({ start_date: z.string().optional(), end_date: z.string().optional() }),
  answer: ORGANIZATION_COSTS,
  async handle({ stores, id, query }) {
    const range = daysFrom(query.start_date, query.end_date, stores.clock());
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    if (isWorded(range)) {
      return range;
    }
    const scope = { kind: 'organization', organizationId: id } as const;
    const asked = { scope, ...range, step: 'day', by: ['team'], withBrought: true } as const;
    const rows = await stores.records.usage.range(asked);
    const days = Map.groupBy(rows, (row) => row.period);
    const teams = Map.groupBy(rows, (row) => row.names.team ?? '');
    return {
      organization_id: id,
      start_date: range.from.toISOString().slice(0, 10),
      end_date: new Date(range.to.getTime() - DAY_MS).toISOString().slice(0, 10),
      total_cost_usd: usdToNumber(sumOf(rows).costNanoUsd),
      daily: [...days].map(([date, all]) => ({ date, ...costOf(all) })),
      teams: [...teams].map(([team_id, all]) => ({ team_id, ...costOf(all) })),
    };
  },
});

function costOf(rows: readonly UsageRangeRow[]): Told<typeof COST> {
  const { costNanoUsd, charge, jobs } = sumOf(rows);
  return {
    cost_usd: usdToNumber(costNanoUsd),
    credits_used: creditsToNumber(charge),
    jobs: Number(jobs),
  };
}
