// Figures over many teams: the dashboard, and who needs credits.

import { z } from 'zod';
import { creditsToNumber } from '../../core/money.ts';
import type { Within } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { DAY_MS } from '../../core/time.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInQuery } from '../target.ts';
import { teamOf } from './fields.ts';
import { sumOf } from '../../core/usage/usage.ts';
import { DASHBOARD, TRENDS, UTILIZATION } from './answers/credits.ts';
import type { Told } from '../told.ts';

export const dashboardEndpoint = endpoint({
  summary: 'How many of everything there is',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: DASHBOARD,
  async handle({ stores }) {
    const { totals } = stores.records;
    const all = await totals.all();
    return {
      organizations: all.organizations,
      teams: all.teams,
      modelGroups: all.accessGroups,
      keys: all.keys,
      totalCredits: creditsToNumber(all.funded),
      creditsRemaining: creditsToNumber(all.balance),
      creditsUsed: creditsToNumber(all.used),
    };
  },
});

/** As documented: above half is healthy, a fifth or less is critical. */
const HEALTHY_ABOVE_PERCENT = 50;
const WARNING_ABOVE_PERCENT = 20;
/** A list that somebody can work through. */
const NEEDING_ATTENTION_MAX = 100;

export const utilizationEndpoint = endpoint({
  summary: 'How far the credits of all teams are used, and who needs more',
  action: 'credits.read',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: UTILIZATION,
  async handle({ stores, within }) {
    const teams = (await accountsOf(stores, within)).filter(({ funded }) => funded > 0n);
    const byStatus = Map.groupBy(teams, (team) => statusOf(percentLeft(team)));
    const count = (status: 'healthy' | 'warning' | 'critical'): number =>
      byStatus.get(status)?.length ?? 0;
    const sum = (pick: (team: TeamAccount) => bigint): number =>
      creditsToNumber(teams.reduce((all, team) => all + pick(team), 0n));
    const used = teams.map((team) => 100 - percentLeft(team));
    const average = used.reduce((all, each) => all + each, 0) / Math.max(1, used.length);
    return {
      total_teams: teams.length,
      summary: {
        total_allocated: sum(({ funded }) => funded),
        total_remaining: sum(({ balance }) => balance),
        total_used: sum((team) => team.used),
        avg_utilization: Math.round(average * 100) / 100,
      },
      by_status: {
        healthy: count('healthy'),
        warning: count('warning'),
        critical: count('critical'),
      },
      teams_needing_attention: teams
        .filter((team) => statusOf(percentLeft(team)) !== 'healthy')
        .toSorted((a, b) => percentLeft(a) - percentLeft(b))
        .slice(0, NEEDING_ATTENTION_MAX)
        .map((team) => ({
          team_id: team.teamId,
          credits_remaining: creditsToNumber(team.balance),
          percentage: percentLeft(team),
          status: statusOf(percentLeft(team)),
        })),
    };
  },
});

interface TeamAccount {
  readonly teamId: string;
  readonly funded: bigint;
  readonly balance: bigint;
  readonly used: bigint;
}

async function accountsOf(stores: Stores, within: Within): Promise<readonly TeamAccount[]> {
  return stores.records.totals.accounts(within);
}

/** With two decimals. */
function percentLeft({ funded, balance }: TeamAccount): number {
  return Number((balance * 10_000n) / funded) / 100;
}

function statusOf(left: number): 'healthy' | 'warning' | 'critical' {
  return left > HEALTHY_ABOVE_PERCENT
    ? 'healthy'
    : left > WARNING_ABOVE_PERCENT
      ? 'warning'
      : 'critical';
}

const TREND_DAYS_DEFAULT = 30;
const TREND_DAYS_MAX = 366;

export const trendsEndpoint = endpoint({
  summary: 'Credits used by day, and when they will run out at this rate',
  action: 'credits.read',
  target: teamInQuery,
  foreign: 'Cannot access credit balance for a different team',
  body: NOTHING,
  query: z.strictObject({
    team_id: z.string(),
    days: z.coerce.number().int().min(1).max(TREND_DAYS_MAX).default(TREND_DAYS_DEFAULT),
  }),
  answer: TRENDS,
  async handle({ stores, query }) {
    const team = await teamOf(stores, query.team_id);
    return isRefusal(team) ? team : trendOf(stores, team, query.days);
  },
});

async function trendOf(stores: Stores, team: Team, days: number): Promise<Told<typeof TRENDS>> {
  const to = new Date(stores.clock());
  const range = { from: new Date(to.getTime() - days * DAY_MS), to };
  const scope = { kind: 'team', teamId: team.id } as const;
  const [rows, account] = await Promise.all([
    stores.records.usage.range({ scope, ...range, step: 'day', by: [] }),
    stores.records.ledger.account(team.id),
  ]);
  const used = sumOf(rows).charge;
  const perDay = Number(used) / days;
  const left = Number(account?.balance ?? 0n);
  const daysLeft = perDay > 0 ? Math.max(0, left / perDay) : null;
  return {
    team_id: team.id,
    days,
    daily_usage: rows.map((row) => ({
      date: row.period,
      credits_used: creditsToNumber(row.charge),
      jobs: Number(row.jobs),
    })),
    average_daily_usage: creditsToNumber(BigInt(Math.round(perDay))),
    credits_remaining: creditsToNumber(account?.balance ?? 0n),
    estimated_days_remaining: daysLeft === null ? null : Math.round(daysLeft * 10) / 10,
    estimated_depletion_date:
      daysLeft === null || daysLeft > TREND_DAYS_MAX
        ? null
        : new Date(to.getTime() + daysLeft * DAY_MS).toISOString().slice(0, 10),
  };
}
