import type {
  BudgetPeriod,
  BudgetPeriodRecords,
  EndedPeriod,
} from '../../core/budgets/budget-period.ts';
import { HOUR_MS } from '../../core/time.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function budgetPeriodsIn(scope: PostgresScope): BudgetPeriodRecords {
  const { budgetPeriod: periods } = scope;
  return {
    async keep(subject, present, at, meter) {
      await scope.$queryRaw`SELECT 1 FROM budget_periods
        WHERE subject = ${subject} AND ended_at IS NULL FOR UPDATE`;
      const where = { subject, endedAt: null, ...(meter === undefined ? {} : { meter }) };
      const noted = await periods.findMany({ where });
      for (const row of noted.filter(({ endsAt }) => endsAt > at)) {
        const now = present.find((each) => each.meter === row.meter);
        await keepOne(scope, row, now);
      }
      const missing = present.filter((each) => !noted.some((row) => row.meter === each.meter));
      const data = missing.map((each) => ({ ...each, dueAt: dueAtOf(each) }));
      await periods.createMany({ data, skipDuplicates: true });
    },
    due: async (at, limit) =>
      (
        await periods.findMany({
          where: { endedAt: null, dueAt: { lte: at } },
          orderBy: { dueAt: 'asc' },
          take: limit,
        })
      ).map(periodFrom),
    end: async ({ subject, meter, startsAt }, at, refusedCalls) =>
      (
        await periods.updateMany({
          where: { subject, meter, startsAt, endedAt: null, dueAt: { lte: at } },
          data: { endedAt: at, refusedCalls },
        })
      ).count === 1,
    spentIn: async ({ subject, meter }, from, to, limit) =>
      (
        await scope.budgetSpend.findMany({
          where: { subject, meter, startsAt: { gte: from, lt: to } },
          orderBy: { startsAt: 'asc' },
          take: limit,
        })
      ).map(({ startsAt }) => startsAt),
    ...spendsIn(scope),
    addEnded: async (period, at) => {
      const data = { ...period, dueAt: dueAtOf(period), endedAt: at };
      await periods.createMany({ data, skipDuplicates: true });
    },
    history: async ({ subject, before = null, limit }) =>
      (
        await scope.$queryRaw<HistoryRow[]>`
          SELECT period.*, (
            SELECT coalesce(sum(spent_nano_usd), 0)::bigint FROM budget_spends AS spend
            WHERE spend.subject = period.subject AND spend.meter = period.meter
              AND spend.starts_at >= period.starts_at AND spend.starts_at < period.ends_at
          ) AS spent_nano_usd
          FROM budget_periods AS period
          WHERE subject = ${subject} AND ended_at IS NOT NULL
            AND (${before}::timestamptz IS NULL OR starts_at < ${before}::timestamptz)
          ORDER BY starts_at DESC, meter LIMIT ${limit}`
      ).map(endedFrom),
  };
}

function spendsIn(
  scope: PostgresScope,
): Pick<BudgetPeriodRecords, 'raise' | 'atLeast' | 'moveSpends'> {
  return {
    async moveSpends(subjects, duration, from, to) {
      const meter = `budget-${duration}`;
      await scope.$executeRaw`
        WITH moved AS (
          DELETE FROM budget_spends WHERE subject = ANY(${[...subjects]}) AND starts_at = ${from}
            AND (meter = ${meter} OR starts_with(meter, ${`${meter}@`})) RETURNING subject, meter, spent_nano_usd
        )
        INSERT INTO budget_spends AS known (subject, meter, starts_at, spent_nano_usd)
        SELECT subject, meter, ${to}::timestamptz, spent_nano_usd FROM moved
        ON CONFLICT (subject, meter, starts_at)
          DO UPDATE SET spent_nano_usd = known.spent_nano_usd + excluded.spent_nano_usd`;
    },
    async raise({ subject, meter, startsAt }, nanoUsd) {
      await scope.$executeRaw`
        INSERT INTO budget_spends AS known (subject, meter, starts_at, spent_nano_usd)
        VALUES (${subject}, ${meter}, ${startsAt}, ${nanoUsd})
        ON CONFLICT (subject, meter, starts_at)
          DO UPDATE SET spent_nano_usd = known.spent_nano_usd + excluded.spent_nano_usd`;
    },
    async atLeast({ subject, meter, startsAt }, nanoUsd) {
      await scope.$executeRaw`
        INSERT INTO budget_spends AS known (subject, meter, starts_at, spent_nano_usd)
        VALUES (${subject}, ${meter}, ${startsAt}, ${nanoUsd})
        ON CONFLICT (subject, meter, starts_at)
          DO UPDATE SET spent_nano_usd = greatest(known.spent_nano_usd, excluded.spent_nano_usd)`;
    },
  };
}

/** A period stays where it began: what was spent before it belongs to the one before. */
async function keepOne(
  { budgetPeriod: periods }: PostgresScope,
  { subject, meter, startsAt }: rows.BudgetPeriod,
  now: BudgetPeriod | undefined,
): Promise<void> {
  const where = { subject_meter_startsAt: { subject, meter, startsAt } };
  if (now === undefined) {
    await periods.delete({ where });
  } else if (now.endsAt > startsAt) {
    const { endsAt, maxNanoUsd } = now;
    const dueAt = dueAtOf({ startsAt, endsAt });
    await periods.update({ where, data: { endsAt, maxNanoUsd, dueAt } });
  }
}

/** Budgets of seconds and minutes are looked at once an hour: they would fill the table by being idle. */
function dueAtOf({ startsAt, endsAt }: Pick<BudgetPeriod, 'startsAt' | 'endsAt'>): Date {
  return new Date(Math.max(endsAt.getTime(), startsAt.getTime() + HOUR_MS));
}

interface HistoryRow {
  readonly subject: string;
  readonly meter: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly organization_id: string;
  readonly team_id: string | null;
  readonly duration: string;
  readonly model: string | null;
  readonly max_nano_usd: bigint;
  readonly periods: number;
  readonly refused_calls: number | null;
  readonly spent_nano_usd: bigint;
}

function endedFrom(row: HistoryRow): EndedPeriod {
  return {
    subject: row.subject,
    meter: row.meter,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    organizationId: row.organization_id,
    teamId: row.team_id,
    duration: row.duration,
    model: row.model,
    maxNanoUsd: row.max_nano_usd,
    periods: row.periods,
    refusedCalls: row.refused_calls,
    spentNanoUsd: row.spent_nano_usd,
  };
}

function periodFrom(row: rows.BudgetPeriod): BudgetPeriod {
  const { periods: _periods, refusedCalls: _refused, dueAt: _due, endedAt: _ended, ...rest } = row;
  return rest;
}
