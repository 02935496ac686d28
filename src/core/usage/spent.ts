import { parseDuration } from '../budgets/duration.ts';
import type { Budget } from '../budgets/budget.ts';
import { periodAt } from '../budgets/period.ts';
import type { Period } from '../budgets/period.ts';
import { meterOfBudget } from '../ceilings/ceilings.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { SpentPeriod } from '../directory/directory-records.ts';
import type { Stores } from '../stores.ts';

/** Who spends, and the budget whose period is asked about. */
export interface Spender {
  readonly subject: Subject;
  readonly organizationId: string;
  readonly budget: Budget | undefined;
}

export interface Spent {
  readonly nanoUsd: bigint;
  /** The budget's period under way; undefined where it has none. */
  readonly period: Period | undefined;
}

/**
 * What each spent as the records have it, by their names (subjectText): in the period of their budget that is under
 * way, or since their beginning where there is none. Lags the gate by what is not drained.
 */
export async function spentBy(
  stores: Stores,
  spenders: readonly Spender[],
): Promise<ReadonlyMap<string, Spent>> {
  const zones = await timeZonesOf(stores, spenders);
  const nowMs = stores.clock();
  const seen = spenders.map((spender) => {
    const period = periodOf(spender, zones.get(spender.organizationId), nowMs);
    return { ...spender, name: subjectText(spender.subject), period };
  });
  const lasting = seen.filter(({ period }) => period === undefined);
  const { directory } = stores.records;
  const [costs, spends] = await Promise.all([
    lasting.length === 0 ? NOTHING : directory.costs(lasting.map(({ subject }) => subject)),
    lasting.length === seen.length ? NOTHING : directory.spends(seen.flatMap(askedOf)),
  ]);
  return new Map(
    seen.map(({ name, period }) => {
      const nanoUsd = (period === undefined ? costs : spends).get(name) ?? 0n;
      return [name, { nanoUsd, period }];
    }),
  );
}

const NOTHING: ReadonlyMap<string, bigint> = new Map();

/** The period of a budget that is under way; undefined for one that counts for ever, and for none. */
export function periodOf(
  { budget }: Pick<Spender, 'budget'>,
  timeZone = 'UTC',
  nowMs: number,
): Period | undefined {
  if (budget === undefined || budget.duration === null) {
    return undefined;
  }
  const duration = parseDuration(budget.duration);
  return 'complaint' in duration ? undefined : periodAt(duration, budget.anchorMs, timeZone, nowMs);
}

function askedOf({
  name,
  budget,
  period,
}: Spender & { readonly name: string; readonly period: Period | undefined }): SpentPeriod[] {
  return budget === undefined || period === undefined
    ? []
    : [{ subject: name, meter: meterOfBudget(budget), startsAt: new Date(period.startsAtMs) }];
}

async function timeZonesOf(
  { records }: Stores,
  spenders: readonly Spender[],
): Promise<ReadonlyMap<string, string>> {
  const bounded = spenders.filter(({ budget }) => typeof budget?.duration === 'string');
  const ids = [...new Set(bounded.map(({ organizationId }) => organizationId))];
  const found = await Promise.all(ids.map(async (id) => records.organizations.find(id)));
  return new Map(
    found.flatMap((organization) =>
      organization === undefined ? [] : [[organization.id, organization.timeZone] as const],
    ),
  );
}
