import type { Stores } from '../stores.ts';
import { MINUTE_MS } from '../time.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';
import { unusualTimes, usualHour } from './unusual.ts';

/** Teams that use far more than they ever did in an hour: a loop, a leaked key, or a launch. */
export async function watchUnusualUsage(stores: Stores): Promise<number> {
  const use = await stores.records.alerts.hoursOfUse(new Date(stores.clock()));
  const findings = use.flatMap((each): Finding[] => {
    const times = unusualTimes(each);
    const facts = {
      latestMicrocredits: String(each.latest),
      usualMicrocredits: String(usualHour(each) ?? 0n),
      calls: String(each.calls),
      times: times ?? 0,
      fromHours: each.hours.length,
    };
    const { teamId } = each;
    return times === undefined
      ? []
      : [{ teamId, subject: '', stage: 0, severity: 'warning', facts }];
  });
  return settleFindings(stores, 'unusual_usage', findings);
}

/** Long enough to see a pattern, short enough to act on it. */
const FAILURES_WINDOW_MS = 15 * MINUTE_MS;
/** Fewer failures are bad luck. */
const LEAST_FAILED = 10;
/** A quarter of all calls. */
const FAILED_OF = 4n;

/** Teams of whose calls a quarter or more failed in the last minutes. */
export async function watchErrors(stores: Stores): Promise<number> {
  const since = new Date(stores.clock() - FAILURES_WINDOW_MS);
  const failures = await stores.records.alerts.failures(since, LEAST_FAILED);
  const findings = failures
    .filter(({ calls, failed }) => failed * FAILED_OF >= calls)
    .map(({ teamId, calls, failed }): Finding => {
      const facts = { calls: String(calls), failed: String(failed) };
      const severity = failed === calls ? 'critical' : 'warning';
      return { teamId, subject: '', stage: failed === calls ? 100 : 25, severity, facts };
    });
  return settleFindings(stores, 'error_spike', findings);
}
