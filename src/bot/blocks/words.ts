// How amounts, times and people are put into words, the same in every message.

import { CLIENT } from '../../core/keys/reveal-link.ts';
import {
  creditsInWords,
  creditsToText,
  divideRoundingUp,
  MICROCREDITS_PER_CREDIT,
} from '../../core/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time.ts';
import { mrkdwn, mention } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** As many as stand beside a button on a narrow screen. */
const BAR_CELLS = 16;
const PERCENT = 100n;

/** `▰▰▰▰▰▱▱▱▱▱`: how much of the whole is left. More than the whole is a full bar. */
export function bar(part: bigint, whole: bigint): string {
  const percent = percentOf(part, whole) ?? 0;
  const exact = Math.round((Math.min(percent, 100) / 100) * BAR_CELLS);
  // Something left must not look like nothing, nor nearly all like all.
  const least = percent > 0 ? 1 : 0;
  const most = percent < 100 ? BAR_CELLS - 1 : BAR_CELLS;
  const filled = Math.max(least, Math.min(most, exact));
  return '▰'.repeat(filled) + '▱'.repeat(BAR_CELLS - filled);
}

/** Whole percent, rounded down; undefined of nothing. */
export function percentOf(part: bigint, whole: bigint): number | undefined {
  if (whole <= 0n) {
    return undefined;
  }
  return part <= 0n ? 0 : Number((part * PERCENT) / whole);
}

/** `1,000 credits`, `1 credit`, to the last digit: what people decide, such as an amount to add or a threshold. */
export function credits(microcredits: bigint): string {
  return creditsInWords(microcredits);
}

/**
 * `2,750.71 credits`: what calls change all the time, a balance or what was used. From one credit on two decimals,
 * rounded so that no balance looks like more than it is; the ledger and the management API have every digit.
 */
export function roundedCredits(microcredits: bigint): string {
  const size = microcredits < 0n ? -microcredits : microcredits;
  if (size < MICROCREDITS_PER_CREDIT) {
    return credits(microcredits);
  }
  const down = microcredits < 0n ? -divideRoundingUp(size, HUNDREDTH) : microcredits / HUNDREDTH;
  return credits(down * HUNDREDTH);
}

const HUNDREDTH = MICROCREDITS_PER_CREDIT / 100n;

/** Credits of a rate, rounded down: more digits would pretend to know. */
export function roughCredits(microcredits: bigint): string {
  const step = ROUGH_STEPS.find(({ from }) => microcredits >= from)?.step ?? 1n;
  return creditsToText((microcredits / step) * step);
}

/** From 100 credits whole ones, from one a tenth, below a thousandth. */
const ROUGH_STEPS = [
  { from: 100n * MICROCREDITS_PER_CREDIT, step: MICROCREDITS_PER_CREDIT },
  { from: MICROCREDITS_PER_CREDIT, step: MICROCREDITS_PER_CREDIT / 10n },
  { from: 1_000n, step: 1_000n },
] as const;

/** `+1,000` or `−12.5`. */
export function signedCredits(microcredits: bigint): string {
  return microcredits < 0n ? `−${creditsToText(-microcredits)}` : `+${creditsToText(microcredits)}`;
}

/** A moment in the reader's own time zone. */
export function moment(at: Date): Mrkdwn {
  const seconds = Math.floor(at.getTime() / 1000);
  const fallback = at.toISOString().slice(0, 16).replace('T', ' ');
  return { mrkdwn: `<!date^${seconds}^{date_short_pretty} at {time}|${fallback} UTC>` };
}

/** Up to here an hour more or less is told, too. */
const HOURS_TOLD_DAYS = 6;

/** How long it is until then, never longer than it is. For what is read at once: a message that stays has the moment. */
export function until(at: Date, nowMs: number): string {
  const leftMs = at.getTime() - nowMs;
  if (leftMs < MINUTE_MS) {
    return 'within a minute';
  }
  if (leftMs < HOUR_MS) {
    return `in ${Math.floor(leftMs / MINUTE_MS)} min`;
  }
  if (leftMs < 2 * DAY_MS) {
    const hours = Math.floor(leftMs / HOUR_MS);
    const minutes = Math.floor((leftMs % HOUR_MS) / MINUTE_MS);
    return minutes === 0 ? `in ${hours} h` : `in ${hours} h ${minutes} min`;
  }
  const days = Math.floor(leftMs / DAY_MS);
  const hours = Math.floor((leftMs % DAY_MS) / HOUR_MS);
  const more = days > HOURS_TOLD_DAYS || hours === 0 ? '' : ` ${hours} h`;
  return `in ${days.toLocaleString('en')} days${more}`;
}

/** Who did something, from the id that the ledger keeps. */
export function person(actorId: string): Mrkdwn {
  if (actorId.startsWith('slack:')) {
    return mention(actorId.slice('slack:'.length));
  }
  if (actorId.startsWith('api:')) {
    return mrkdwn`the API (${actorId.slice('api:'.length)})`;
  }
  if (actorId.startsWith('sign-on:')) {
    return mrkdwn`${actorId.slice('sign-on:'.length)} (signed on)`;
  }
  return actorId.startsWith('link:')
    ? mrkdwn`the link for ${linkHolder(actorId.slice('link:'.length))}`
    : mrkdwn`the system`;
}

/** Whom a reveal link was made for. */
function linkHolder(madeFor: string): Mrkdwn {
  if (madeFor === CLIENT) {
    return mrkdwn`the client`;
  }
  return madeFor.startsWith('user:') ? mrkdwn`${madeFor.slice('user:'.length)}` : person(madeFor);
}
