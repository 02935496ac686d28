import { findSubject } from '../core/ceilings/subject-records.ts';
import { subjectText } from '../core/ceilings/subject.ts';
import { isRefusal } from '../core/refusals.ts';
import { budgetHistory } from './blocks/budget-history.ts';
import type { Call } from './call.ts';
import type { Place } from './ceiling-places.ts';
import { refusalSpeech } from './replies.ts';

/** As many lines as one message holds; the API has all. */
const PERIODS_SHOWN = 24;

/** Shows what became of the latest periods of a subject's budgets. */
export async function showBudgetHistory(call: Call, place: Place): Promise<void> {
  const { records } = call.bot.stores;
  const found = await findSubject(records, place.subject);
  if (isRefusal(found)) {
    await call.reply(refusalSpeech(found));
    return;
  }
  const asked = { subject: subjectText(place.subject), limit: PERIODS_SHOWN };
  await call.reply(budgetHistory(place, await records.budgetPeriods.history(asked)));
}
