import { subjectFrom, subjectWords } from '../ceilings/subject.ts';
import type { Stores } from '../stores.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { SpentBudget } from './alert-records.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

const FULL_PERCENT = 100n;

/**
 * Budgets of organizations, teams, keys, people and members of which a chosen part, all, or the soft amount is
 * spent. A period that begins anew, and a budget that was raised, end it. By what was drained: a few hundred
 * milliseconds behind the gate. With `since` only budgets are read of which more may be spent, or that were told.
 */
export async function watchBudgets(stores: Stores, since?: Date): Promise<number> {
  const { records, settings, clock } = stores;
  const { ofTeams, ofOrganizations } = await records.alerts.policies();
  const usual = settings.budgetPercents;
  const percentsOf = ({ teamId, organizationId }: SpentBudget): readonly number[] =>
    (teamId === null ? undefined : ofTeams.get(teamId)?.budgetPercents) ??
    ofOrganizations.get(organizationId)?.budgetPercents ??
    usual;
  const chosen = [...ofTeams.values(), ...ofOrganizations.values()];
  const all = [...usual, ...chosen.flatMap((policy) => policy.budgetPercents ?? [])];
  const least = Math.min(Number(FULL_PERCENT), ...all);
  const budgets = await records.alerts.spentBudgets(least, new Date(clock()), since);
  const findings = budgets.flatMap((budget) => [
    ...stageFound(budget, percentsOf(budget)),
    ...softFound(budget),
  ]);
  return settleFindings(stores, 'budget', findings);
}

/** A budget that was lowered below what is spent, by nobody's call, is told this late. */
const ALL_EVERY_MS = 10 * MINUTE_MS;
/** An hour of usage began up to so long before its calls were written, if nothing held them up. */
const HOUR_WRITTEN_WITHIN_MS = 2 * HOUR_MS;

/** Since when calls matter to a look at budgets; undefined where all budgets are to be looked at. */
export function usedSince(lastLook: Date | null, nowMs: number): Date | undefined {
  const turnOf = (ms: number): number => Math.floor(ms / ALL_EVERY_MS);
  return lastLook === null || turnOf(lastLook.getTime()) !== turnOf(nowMs)
    ? undefined
    : new Date(lastLook.getTime() - HOUR_WRITTEN_WITHIN_MS);
}

/** The highest of the percents that is reached. */
function stageFound(budget: SpentBudget, percents: readonly number[]): Finding[] {
  const { spentNanoUsd, maxNanoUsd, shadow } = budget;
  const reached = [...percents, Number(FULL_PERCENT)].filter(
    (percent) => spentNanoUsd * FULL_PERCENT >= maxNanoUsd * BigInt(percent),
  );
  if (reached.length === 0) {
    return [];
  }
  const isRefusing = spentNanoUsd >= maxNanoUsd && !shadow;
  return [
    {
      ...whose(budget),
      subject: nameOf(budget),
      stage: Math.max(...reached),
      severity: isRefusing ? 'critical' : 'warning',
      facts: factsOf(budget),
    },
  ];
}

/** Reaching a soft amount is told, and refuses nothing. */
function softFound(budget: SpentBudget): Finding[] {
  const { spentNanoUsd, softNanoUsd } = budget;
  if (softNanoUsd === null || spentNanoUsd < softNanoUsd) {
    return [];
  }
  const facts = { ...factsOf(budget), softNanoUsd: String(softNanoUsd) };
  const subject = `${nameOf(budget)} soft`;
  return [{ ...whose(budget), subject, stage: 0, severity: 'warning', facts }];
}

function whose({ teamId, organizationId }: SpentBudget) {
  return { teamId, organizationId };
}

/** Another period is another crossing. */
function nameOf({ subject, meter, startsAt }: SpentBudget): string {
  return `${subject} ${meter} ${startsAt.getTime()}`;
}

function factsOf({ subject, name, meter, spentNanoUsd, maxNanoUsd, shadow }: SpentBudget) {
  const known = subjectFrom(subject);
  const words = known === undefined ? subject : subjectWords(known);
  return {
    whose: name === null ? words : `key ${name}`,
    meter,
    spentNanoUsd: String(spentNanoUsd),
    maxNanoUsd: String(maxNanoUsd),
    effect: shadow ? 'counted' : 'refused',
  };
}
