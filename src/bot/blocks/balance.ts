import type { SectionBlock } from '@slack/types';
import { HOUR_MS } from '../../core/time.ts';
import type { Forecast } from '../../core/usage/burn.ts';
import type { Exhaustion } from '../../core/usage/exhaustion.ts';
import { mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { section } from './kit.ts';
import { bar, roundedCredits, moment, percentOf, roughCredits, until } from './words.ts';

const HOURS_PER_DAY = 24n;
/** Nothing is planned further ahead than this, and rates change. */
const FAR_MS = 2 * 365 * 24 * HOUR_MS;

/** The bar, and beside it what is left. */
export function balanceBlock(money: Money): SectionBlock {
  const percent = percentOf(money.spendable, money.allotment);
  const left = percent === undefined ? '' : `  ${percent} %`;
  return section(
    mrkdwn`*${roundedCredits(money.spendable)}* spendable\n${bar(money.spendable, money.allotment)}${left}`,
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

export interface RunningOut {
  readonly forecast: Forecast;
  readonly exhaustion: Exhaustion | undefined;
  readonly nowMs: number;
  /** The message stays: how long it is until then would soon be wrong, so moments alone are named. */
  readonly isLasting?: boolean;
}

/** When a balance runs out: one moment where all paces agree, else the first and the last. */
export function runsOutText(reading: RunningOut, balance: bigint): Mrkdwn {
  const { exhaustion } = reading;
  if (balance <= 0n) {
    return mrkdwn`*used up*: calls are refused`;
  }
  if (exhaustion === undefined) {
    return roughText(reading);
  }
  const { earliest, latest } = exhaustion;
  return latest.getTime() - earliest.getTime() < HOUR_MS
    ? endText(earliest, reading)
    : mrkdwn`${shortText(earliest, reading)} by the fastest pace, ${shortText(latest, reading)} by the slowest (hour, day, week)`;
}

/** From too little to rely on: a hint, and said to be one. */
function roughText(reading: RunningOut): Mrkdwn {
  const { exhaustedAt, roughFromCalls } = reading.forecast;
  if (exhaustedAt === null) {
    return mrkdwn`not foreseeable`;
  }
  const few = roughFromCalls === null ? mrkdwn`, from little use` : mrkdwn``;
  return mrkdwn`${endText(exhaustedAt, reading)}${few}`;
}

function endText(at: Date, reading: RunningOut): Mrkdwn {
  return isFar(at, reading) || reading.isLasting === true
    ? shortText(at, reading)
    : mrkdwn`${moment(at)} (${until(at, reading.nowMs)})`;
}

function shortText(at: Date, reading: RunningOut): Mrkdwn {
  if (isFar(at, reading)) {
    return mrkdwn`not within two years`;
  }
  return reading.isLasting === true ? moment(at) : mrkdwn`${until(at, reading.nowMs)}`;
}

function isFar(at: Date, { nowMs }: RunningOut): boolean {
  return at.getTime() - nowMs > FAR_MS;
}
