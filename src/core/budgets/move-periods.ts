import type { Subject } from '../ceilings/subject.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Records } from '../stores.ts';
import { parseDuration } from './duration.ts';
import { periodAt } from './period.ts';

/** Those whose boundaries are the same for all of a time zone (see isAnchored). */
const OF_THE_CALENDAR = ['1d', '7d', '1mo'] as const;

/**
 * What was spent in a present period, as far as it is drained, goes along where a new time zone moves its beginning: else a
 * month's budget could be spent twice. Of periods that are counted from where they were set, which those of other
 * durations are, it does not.
 */
export async function movePeriods(
  records: Records,
  subjects: readonly Subject[],
  zones: { readonly from: string; readonly to: string },
  nowMs: number,
): Promise<void> {
  const names = subjects.map(subjectText);
  for (const text of OF_THE_CALENDAR) {
    const duration = parseDuration(text);
    if ('complaint' in duration) {
      throw new Error(`Moving periods: ${text} is no duration`);
    }
    const [from, to] = [zones.from, zones.to].map(
      (zone) => new Date(periodAt(duration, 0, zone, nowMs).startsAtMs),
    ) as [Date, Date];
    if (from.getTime() !== to.getTime()) {
      await records.budgetPeriods.moveSpends(names, text, from, to);
    }
  }
}
