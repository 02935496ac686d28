import { creditsToNumber } from '../../core/money.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import type { Told } from '../told.ts';
import type { BALANCE } from './answers/credits.ts';
import { spokenTerms } from './fields.ts';
import { moneyOf, spokenMoney } from './money.ts';

/** The credits of a team, with the terms by which they go and come. */
export async function balanceView(stores: Stores, team: Team): Promise<Told<typeof BALANCE>> {
  const [money, lastRefill] = await Promise.all([
    moneyOf(stores, team),
    lastRefillOf(stores, team),
  ]);
  const { autoRefill } = team;
  return {
    team_id: team.id,
    organization_id: team.organizationId,
    ...spokenMoney(money),
    percentage_used: percentage(money.used, money.allocated),
    credit_limit: null,
    status: team.status,
    ...spokenTerms(team),
    cost_markup_percentage: spokenTerms(team).markup_percent,
    auto_refill: autoRefill !== null,
    refill_amount: autoRefill === null ? null : creditsToNumber(autoRefill.amount),
    refill_period: autoRefill?.every ?? null,
    last_refill_at: lastRefill?.toISOString() ?? null,
    created_at: team.createdAt.toISOString(),
    updated_at: team.updatedAt.toISOString(),
  };
}

/** Who is not refilled is not looked through: a busy team has millions of entries. */
async function lastRefillOf(
  { records }: Stores,
  { id, autoRefill }: Team,
): Promise<Date | undefined> {
  const wanted = { kinds: ['auto_refill'], descending: true, limit: 1 } as const;
  const [last] =
    autoRefill === null
      ? []
      : await records.ledger.list({ teamId: id, from: autoRefill.since, ...wanted });
  return last?.createdAt;
}

/** Percent with two decimals, rounded down so that 100 means all of it. */
function percentage(part: bigint, whole: bigint): number {
  const hundredthsOfPercent = 10_000n;
  return whole <= 0n ? 0 : Number((part * hundredthsOfPercent) / whole) / 100;
}
