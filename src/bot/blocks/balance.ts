import type { SectionBlock } from '@slack/types';
import { HOUR_MS } from '../../core/time.ts';
import type { Forecast } from '../../core/usage/burn.ts';
import { mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { section } from './kit.ts';
import { bar, credits, moment, percentOf, roughCredits, until } from './words.ts';

const HOURS_PER_DAY = 24n;
/** Nothing is planned further ahead than this, and rates change. */
const FAR_MS = 2 * 365 * 24 * HOUR_MS;

/** The bar, and beside it what is left. */
export function balanceBlock(money: Money): SectionBlock {
  const percent = percentOf(money.spendable, money.allotment);
  const left = percent === undefined ? '' : `  ${percent} %`;
  return section(
    mrkdwn`*${credits(money.spendable)}* spendable\n${bar(money.spendable, money.allotment)}${left}`,
  );
}

/** `12.5 an hour, 300 a day`; from few calls, the hour alone and from how many; or why there is no rate. */
export function burnText({ burnPerHour, roughFromCalls }: Forecast): Mrkdwn {
  if (burnPerHour === null) {
    return mrkdwn`no use in the last 24 h`;
  }
  const hourly = mrkdwn`${roughCredits(burnPerHour)} an hour`;
  return roughFromCalls === null
    ? mrkdwn`${hourly}, ${roughCredits(burnPerHour * HOURS_PER_DAY)} a day`
    : mrkdwn`${hourly} (rough: from ${roughFromCalls} call${roughFromCalls === 1n ? '' : 's'})`;
}

/** When credits run out at this rate. */
export function exhaustionText(burn: Forecast, spendable: bigint, nowMs: number): Mrkdwn {
  if (spendable <= 0n) {
    return mrkdwn`*used up*: calls are refused`;
  }
  if (burn.burnPerHour === null || burn.exhaustedAt === null) {
    return mrkdwn`not foreseeable`;
  }
  return burn.exhaustedAt.getTime() - nowMs > FAR_MS
    ? mrkdwn`not within two years`
    : mrkdwn`${moment(burn.exhaustedAt)} (${until(burn.exhaustedAt, nowMs)})`;
}
