import type { EndedPeriod } from '../../core/budgets/budget-period.ts';
import { CEILINGS_PER_SUBJECT_MAX } from '../../core/ceilings/ceilings.ts';
import { subjectFrom, subjectWords } from '../../core/ceilings/subject.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { budgetName } from '../blocks/ceilings-words.ts';
import { periodUse } from '../blocks/budget-history.ts';
import { context, firstOf, section, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { code, joined, mrkdwn } from '../escape.ts';

/** Enough for a team and its busiest keys; the rest stands in the history. */
const SHOWN = 15;

/** What was spent of each budget whose period is over. */
export async function endedBudgetsPost(
  { records }: Stores,
  posts: readonly Post<'budget.ended'>[],
): Promise<Speech | undefined> {
  const found = await Promise.all(
    posts.map(async ({ facts: { subject, meter, startsAt } }) => {
      const before = new Date(Date.parse(startsAt) + 1);
      const asked = { subject, before, limit: CEILINGS_PER_SUBJECT_MAX };
      return (await records.budgetPeriods.history(asked)).find((each) => each.meter === meter);
    }),
  );
  const ended = found.filter((each) => each !== undefined);
  const { teamId = null, organizationId = null } = posts[0] ?? {};
  const whose = teamId ?? organizationId ?? '';
  const command = teamId === null ? '/org' : '/team';
  if (ended.length === 0) {
    return undefined;
  }
  const { shown, more } = firstOf(ended, SHOWN);
  return sentence(
    mrkdwn`🔁 ${ended.length === 1 ? 'A budget' : `${ended.length} budgets`} of *${whose}* started over.`,
    section(joined(shown.map(line), '\n')),
    context(
      mrkdwn`${more === undefined ? '' : `${more}. `}${code(`${command} budget ${whose} history`)} shows earlier ones; ${code(`${command} alerts ${whose} periods=off`)} ends these messages.`,
    ),
  );
}

function line(period: EndedPeriod) {
  const subject = subjectFrom(period.subject);
  const whose = subject === undefined ? period.subject : subjectWords(subject);
  return mrkdwn`•  ${budgetName(period)} of ${whose}: ${periodUse(period)}`;
}
