import { findSubject } from '../core/ceilings/subject-records.ts';
import type { EndedPeriod } from '../core/budgets/budget-period.ts';
import { subjectText } from '../core/ceilings/subject.ts';
import { isRefusal } from '../core/refusals.ts';
import { budgetHistory } from './blocks/budget-history.ts';
import type { Call } from './call.ts';
import type { Place } from './ceiling-places.ts';
import { tellPage } from './paging.ts';
import { refusalSpeech } from './replies.ts';

/** As many lines as one message holds. */
const PERIODS_SHOWN = 24;

/** Shows what became of the latest periods of a subject's budgets. */
export async function showBudgetHistory(call: Call, place: Place): Promise<void> {
  const { records } = call.bot.stores;
  const found = await findSubject(records, place.subject);
  if (isRefusal(found)) {
    await call.reply(refusalSpeech(found));
    return;
  }
  const subject = subjectText(place.subject);
  const { text, path = [] } = call;
  const after = path.at(-1);
  const periods = await records.budgetPeriods.history({
    subject,
    ...(after === undefined ? {} : { before: new Date(after) }),
    limit: PERIODS_SHOWN + 1,
  });
  const rows = wholeStarts(periods, PERIODS_SHOWN);
  const next = periods.length > PERIODS_SHOWN ? rows.at(-1)?.startsAt.toISOString() : undefined;
  await tellPage(call, budgetHistory(place, { rows, path, next, text }));
}

/** Periods that began together stay on one page: the next one begins with those that began before. */
function wholeStarts(found: readonly EndedPeriod[], size: number): readonly EndedPeriod[] {
  const shown = found.slice(0, size);
  const cut = found[size]?.startsAt.getTime();
  const whole = shown.filter(({ startsAt }) => startsAt.getTime() !== cut);
  return whole.length === 0 ? shown : whole;
}
