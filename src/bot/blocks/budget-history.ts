import type { KnownBlock } from '@slack/types';
import type { EndedPeriod } from '../../core/budgets/budget-period.ts';
import { DAY_MS } from '../../core/time.ts';
import type { Place } from '../ceiling-places.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, dollars, roughDollars } from './ceilings-words.ts';
import { actions, context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';
import { bar, percentOf } from './words.ts';

/** A page of the periods of a subject's budgets that are over, the latest first. */
export function budgetHistory(place: Place, page: Page<EndedPeriod>): Speech {
  const title = `Ended budgets of ${place.title}`;
  const byBudget = Map.groupBy(page.rows, ({ meter }) => meter);
  const sections = [...byBudget.values()].map(budgetSection);
  const blocks: KnownBlock[] = [
    header(title),
    ...(sections.length === 0
      ? [section(mrkdwn`None of its budgets has come to the end of a period yet.`)]
      : sections),
    ...pageButtons(page, 'time'),
    context(mrkdwn`Days are those of UTC. What calls cost at the providers, without markup.`),
    actions(
      runButton('Budgets now', `${place.command} budget ${place.words}`),
      runButton('How to change', `${place.command} help budget`),
    ),
  ];
  return speech(mrkdwn`${title}`, blocks);
}

function budgetSection(periods: readonly EndedPeriod[]): KnownBlock {
  const [first] = periods;
  const name = first === undefined ? mrkdwn`` : budgetName(first);
  return section(joined([mrkdwn`*${name}*`, ...periods.map(periodLine)], '\n'));
}

function periodLine(period: EndedPeriod): Mrkdwn {
  const { spentNanoUsd, maxNanoUsd } = period;
  return mrkdwn`${bar(spentNanoUsd, maxNanoUsd)}  ${code(daysOf(period))}  ${periodUse(period)}`;
}

/** `*$12.50* of $500.00 (2 %), 3 calls refused`. */
export function periodUse({
  spentNanoUsd,
  maxNanoUsd,
  refusedCalls,
  periods,
}: EndedPeriod): Mrkdwn {
  if (periods > 1) {
    return mrkdwn`nothing in ${count(periods)} periods of ${dollars(maxNanoUsd)}`;
  }
  const percent = percentOf(spentNanoUsd, maxNanoUsd);
  const part = percent === undefined ? '' : ` (${percent} %)`;
  const calls = refusedCalls === 1 ? '1 call' : `${count(refusedCalls ?? 0)} calls`;
  const refused = refusedCalls === null || refusedCalls === 0 ? '' : `, ${calls} refused`;
  return mrkdwn`*${roughDollars(spentNanoUsd)}* of ${dollars(maxNanoUsd)}${part}${refused}`;
}

/** `2026-11-01 – 2026-11-30`, of shorter ones `2026-11-01 13:00 – 14:00`. */
function daysOf({ startsAt, endsAt }: EndedPeriod): string {
  const [start, end] = [startsAt, endsAt].map((each) => each.toISOString().replace('T', ' '));
  const isShort = endsAt.getTime() - startsAt.getTime() < DAY_MS;
  return isShort
    ? `${start?.slice(0, 16)} – ${end?.slice(11, 16)}`
    : `${start?.slice(0, 10)} – ${end?.slice(0, 10)}`;
}
