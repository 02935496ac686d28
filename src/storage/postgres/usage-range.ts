// Answers questions about usage out of the roll-ups: the smallest of the three that knows, by organization, by team or
// by key.

import { segmentsOf } from '../../core/usage/usage-range.ts';
import type {
  UsageDimension,
  UsageQuery,
  UsageRangeRow,
  UsageScope,
  UsageSegment,
  UsageStep,
} from '../../core/usage/usage-range.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** Rows of an answer; empty where the scope is unknown. In the order of period and names. */
export async function usageRange(
  scope: PostgresScope,
  query: UsageQuery,
): Promise<UsageRangeRow[]> {
  const timeZone = await timeZoneOf(scope, query.scope);
  const segments = timeZone === undefined ? [] : segmentsOf(query, timeZone);
  if (segments.length === 0) {
    return [];
  }
  const rows = await scope.$queryRaw<RawRow[]>(rangeStatement(query, segments));
  return rows.map((row) => rowFrom(row, query));
}

/** The one statement that answers. */
export function rangeStatement(query: UsageQuery, segments: readonly UsageSegment[]): Prisma.Sql {
  const by = dimensionsOf(query);
  const columns = [startOf(query.step), ...by.map((dimension) => COLUMNS[dimension])];
  const table = tableOf(query.scope, by);
  const named = by.map((dimension) => NAMED_BY[dimension]);
  const rows = [
    ...segments.map((segment) => rowsOf(table, query.scope, segment, named)),
    ...broughtRows(query, segments, named),
  ];
  const names = Prisma.join(columns.map((_, at) => alias(at)));
  return Prisma.sql`
    SELECT ${Prisma.join(columns.map((column, at) => Prisma.sql`${column} AS ${alias(at)}`))},
      sum(calls)::bigint AS calls, sum(failed_calls)::bigint AS "failedCalls",
      sum(jobs)::bigint AS jobs, sum(failed_jobs)::bigint AS "failedJobs",
      sum(input_tokens)::bigint AS "inputTokens", sum(output_tokens)::bigint AS "outputTokens",
      sum(cost_nano_usd)::bigint AS "costNanoUsd", sum(charge)::bigint AS charge
    FROM (${Prisma.join(rows, ' UNION ALL ')}) AS used
    ${by.includes('tag') ? EACH_TAG : Prisma.empty}
    GROUP BY ${names} ORDER BY ${names}
    ${query.limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${query.limit}`}`;
}

function dimensionsOf({ by }: UsageQuery): UsageDimension[] {
  return [...new Set(by)];
}

/** The period, then the names in the order in which they were asked for. */
type RawRow = Omit<UsageRangeRow, 'period' | 'names'> & {
  readonly c0: Date | null;
  readonly [name: `c${number}`]: unknown;
};

function rowFrom(row: RawRow, query: UsageQuery): UsageRangeRow {
  const { calls, failedCalls, jobs, failedJobs, inputTokens, outputTokens } = row;
  const { costNanoUsd, charge } = row;
  const sums = { calls, failedCalls, jobs, failedJobs, inputTokens, outputTokens };
  const names = Object.fromEntries(
    dimensionsOf(query).map((dimension, at) => [dimension, String(row[`c${at + 1}`])]),
  );
  return { period: periodOf(query.step, row.c0), names, ...sums, costNanoUsd, charge };
}

function alias(at: number): Prisma.Sql {
  return Prisma.raw(`c${at}`);
}

/** Ids and names in the order of their bytes, which no setting of the database changes. */
const COLUMNS: Readonly<Record<UsageDimension, Prisma.Sql>> = {
  team: Prisma.sql`team_id COLLATE "C"`,
  key: Prisma.sql`key_id COLLATE "C"`,
  user: Prisma.sql`coalesce(user_id, '') COLLATE "C"`,
  model: Prisma.sql`model COLLATE "C"`,
  tag: Prisma.sql`tag COLLATE "C"`,
  job_type: Prisma.sql`job_type COLLATE "C"`,
};

const EACH_TAG = Prisma.sql`CROSS JOIN LATERAL json_array_elements_text(tags::json) AS each (tag)`;

/** When the period began, as the roll-ups have it. */
function startOf(step: UsageStep): Prisma.Sql {
  switch (step) {
    case 'hour':
    case 'day':
      return Prisma.sql`starts`;
    case 'month':
      return Prisma.sql`date_trunc('month', starts, 'UTC')`;
    case 'all':
      return Prisma.sql`NULL::timestamptz`;
  }
}

function periodOf(step: UsageStep, starts: Date | null): string {
  const text = starts?.toISOString() ?? '';
  switch (step) {
    case 'hour':
      return text.replace('.000Z', 'Z');
    case 'day':
      return text.slice(0, 'YYYY-MM-DD'.length);
    case 'month':
      return text.slice(0, 'YYYY-MM'.length);
    case 'all':
      return '';
  }
}

type Table = 'usage_by_key' | 'usage_by_team' | 'usage_by_organization';

function tableOf({ kind }: UsageScope, by: readonly UsageDimension[]): Table {
  const isOfKeys = kind === 'key' || kind === 'user' || by.includes('key') || by.includes('user');
  if (isOfKeys) {
    return 'usage_by_key';
  }
  return kind === 'team' || by.includes('team') ? 'usage_by_team' : 'usage_by_organization';
}

/** The columns in which the names stand. */
const NAMED_BY: Readonly<Record<UsageDimension, string>> = {
  team: 'team_id',
  key: 'key_id',
  user: 'user_id',
  model: 'model',
  tag: 'tags',
  job_type: 'job_type',
};
const COUNTED =
  'calls, failed_calls, jobs, failed_jobs, input_tokens, output_tokens, cost_nano_usd';

function rowsOf(
  table: Table,
  scope: UsageScope,
  segment: UsageSegment,
  named: readonly string[],
): Prisma.Sql {
  const { grain, from, to } = segment;
  return Prisma.sql`SELECT ${Prisma.raw(['starts', ...named, COUNTED, 'charge'].join(', '))} FROM ${Prisma.raw(table)}
    WHERE ${whose(scope, table)} AND grain = ${grain} AND starts >= ${from} AND starts < ${to}`;
}

/** What another system counted, by day alone. */
function broughtRows(
  { withBrought, step, by, scope }: UsageQuery,
  segments: readonly UsageSegment[],
  named: readonly string[],
): Prisma.Sql[] {
  const [first, last] = [segments[0], segments.at(-1)];
  if (withBrought !== true || step === 'hour' || by.includes('tag') || !first || !last) {
    return [];
  }
  const columns = Prisma.raw(['starts', ...named, COUNTED].join(', '));
  return [
    Prisma.sql`SELECT ${columns}, 0 AS charge FROM brought_usage
      WHERE ${whose(scope, 'usage_by_key')} AND starts >= ${first.from} AND starts < ${last.to}`,
  ];
}

function whose(scope: UsageScope, table: Table): Prisma.Sql {
  switch (scope.kind) {
    case 'team':
      return Prisma.sql`team_id = ${scope.teamId}`;
    case 'key':
      return Prisma.sql`key_id = ${scope.keyId}`;
    case 'organization':
      return table === 'usage_by_organization'
        ? Prisma.sql`organization_id = ${scope.organizationId}`
        : Prisma.sql`team_id IN (SELECT id FROM teams WHERE organization_id = ${scope.organizationId})`;
    case 'user':
      // The same id may be another person in another organization.
      return Prisma.sql`user_id = ${scope.userId}
        AND team_id IN (SELECT id FROM teams WHERE organization_id = ${scope.organizationId})`;
  }
}

async function timeZoneOf(scope: PostgresScope, of: UsageScope): Promise<string | undefined> {
  const select = { timeZone: true } as const;
  switch (of.kind) {
    case 'organization':
    case 'user': {
      const where = { id: of.organizationId };
      return (await scope.organization.findUnique({ where, select }))?.timeZone;
    }
    case 'team': {
      const where = { teams: { some: { id: of.teamId } } };
      return (await scope.organization.findFirst({ where, select }))?.timeZone;
    }
    case 'key': {
      const where = { teams: { some: { keys: { some: { id: of.keyId } } } } };
      return (await scope.organization.findFirst({ where, select }))?.timeZone;
    }
  }
}
