import type { UsageRecords } from '../../core/stores.ts';
import type { UsageEvent, UsageRow } from '../../core/usage/usage-event.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function usageIn(scope: PostgresScope): UsageRecords {
  return {
    async between(teamId, from, to) {
      const rows = await scope.usageDay.groupBy({
        by: ['jobType', 'model'],
        where: { teamId, day: { gte: from, lt: to } },
        _sum: {
          calls: true,
          failedCalls: true,
          inputTokens: true,
          outputTokens: true,
          costNanoUsd: true,
          charge: true,
        },
        orderBy: [{ jobType: 'asc' }, { model: 'asc' }],
      });
      return rows.map(({ jobType, model, _sum: sum }): UsageRow => ({
        jobType,
        model,
        calls: sum.calls ?? 0n,
        failedCalls: sum.failedCalls ?? 0n,
        inputTokens: sum.inputTokens ?? 0n,
        outputTokens: sum.outputTokens ?? 0n,
        costNanoUsd: sum.costNanoUsd ?? 0n,
        charge: sum.charge ?? 0n,
      }));
    },
    async chargedSince(teamId, since) {
      const seen = await scope.usageEvent.aggregate({
        where: { teamId, startedAt: { gte: since } },
        _sum: { charge: true },
        _min: { startedAt: true },
      });
      return { charged: seen._sum.charge ?? 0n, first: seen._min.startedAt };
    },
  };
}

/** Adds events to the days they started on, in UTC. */
export async function addToDays(
  scope: PostgresScope,
  events: readonly UsageEvent[],
): Promise<void> {
  const rows = [...sumByDay(events).values()];
  if (rows.length === 0) {
    return;
  }
  const column = <Value>(value: (row: DayRow) => Value): Value[] => rows.map(value);
  await scope.$executeRaw(Prisma.sql`
    INSERT INTO usage_days (team_id, day, job_type, model, calls, failed_calls, input_tokens,
      output_tokens, cost_nano_usd, charge)
    SELECT * FROM unnest(
      ${column((r) => r.teamId)}::text[], ${column((r) => r.day)}::date[],
      ${column((r) => r.jobType)}::text[], ${column((r) => r.model)}::text[],
      ${column((r) => r.calls)}::bigint[], ${column((r) => r.failedCalls)}::bigint[],
      ${column((r) => r.inputTokens)}::bigint[], ${column((r) => r.outputTokens)}::bigint[],
      ${column((r) => r.costNanoUsd)}::bigint[], ${column((r) => r.charge)}::bigint[])
    ON CONFLICT (team_id, day, job_type, model) DO UPDATE SET
      calls = usage_days.calls + excluded.calls,
      failed_calls = usage_days.failed_calls + excluded.failed_calls,
      input_tokens = usage_days.input_tokens + excluded.input_tokens,
      output_tokens = usage_days.output_tokens + excluded.output_tokens,
      cost_nano_usd = usage_days.cost_nano_usd + excluded.cost_nano_usd,
      charge = usage_days.charge + excluded.charge`);
}

interface DayRow extends UsageRow {
  readonly teamId: string;
  readonly day: string;
}

function sumByDay(events: readonly UsageEvent[]): Map<string, DayRow> {
  const days = new Map<string, DayRow>();
  for (const event of events) {
    const day = event.startedAt.toISOString().slice(0, 10);
    const place = [event.teamId, day, event.jobType, event.model].join('\n');
    const sum = days.get(place);
    days.set(place, {
      teamId: event.teamId,
      day,
      jobType: event.jobType,
      model: event.model,
      calls: (sum?.calls ?? 0n) + 1n,
      failedCalls: (sum?.failedCalls ?? 0n) + (event.outcome === 'completed' ? 0n : 1n),
      inputTokens: (sum?.inputTokens ?? 0n) + event.inputTokens,
      outputTokens: (sum?.outputTokens ?? 0n) + event.outputTokens,
      costNanoUsd: (sum?.costNanoUsd ?? 0n) + event.costNanoUsd,
      charge: (sum?.charge ?? 0n) + event.charge,
    });
  }
  return days;
}
