import type { HoursOfUse } from './alert-records.ts';

/** With less past than this, nothing is unusual yet. */
export const LEAST_HOURS = 24;
export const LEAST_DAYS = 3;
/** So many times the busiest usual hour. */
const TIMES = 3n;
/** One expensive call is no pattern. */
const LEAST_CALLS = 20n;
/** Nineteen of twenty hours lie at or below the usual. */
const USUAL_OF = 20;

/** What a busy hour of a team usually takes, in microcredits; undefined with too little past to say. */
export function usualHour({ hours, days }: Pick<HoursOfUse, 'hours' | 'days'>): bigint | undefined {
  if (hours.length < LEAST_HOURS || days < LEAST_DAYS) {
    return undefined;
  }
  const sorted = [...hours].sort((a, b) => (a < b ? -1 : 1));
  return sorted[Math.ceil((sorted.length * (USUAL_OF - 1)) / USUAL_OF) - 1];
}

/** How many times its usual busy hour a team used in the last hour; undefined if that is nothing unusual. */
export function unusualTimes(use: HoursOfUse): number | undefined {
  const usual = usualHour(use);
  if (usual === undefined || usual <= 0n || use.calls < LEAST_CALLS) {
    return undefined;
  }
  return use.latest > usual * TIMES ? Number(use.latest / usual) : undefined;
}
