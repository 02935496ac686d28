// When something is to end, as people write it and as it is repeated to them.

import { endFromText } from '../core/end-text.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { DAY_MS } from '../core/time.ts';
import { DEFAULT_TIME_ZONE } from '../core/time-zone.ts';
import { moment } from './blocks/words.ts';
import { mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';

/** An end that was understood; null for never. */
export interface End {
  readonly at: Date | null;
  /** As it is repeated. */
  readonly said: Mrkdwn;
}

const NEVER = /^(never|none|off)$/i;
/** A key that lives for 30 days lives for 30 days; only a budget's `30d` is a month. */
const DAYS = /^(\d{1,4})d$/i;

/** Reads `30d`, `2h`, `friday`, `2026-12-01` or `never`; days begin and end in the customer's time zone. */
export async function endFrom(
  stores: Stores,
  organizationId: string,
  text: string,
  field: string,
): Promise<End | Refusal> {
  if (NEVER.test(text)) {
    return { at: null, said: mrkdwn`never` };
  }
  const organization = await stores.records.organizations.find(organizationId);
  const timeZone = organization?.timeZone ?? DEFAULT_TIME_ZONE;
  const nowMs = stores.clock();
  const days = DAYS.exec(text)?.[1];
  const end =
    days === undefined
      ? endFromText(text, nowMs, timeZone)
      : { atMs: nowMs + Number(days) * DAY_MS };
  if ('complaint' in end) {
    return refuse('value_invalid', { field, complaint: end.complaint });
  }
  const at = new Date(end.atMs);
  return { at, said: exactly(at, timeZone) };
}

/** In the reader's own time zone, and in the customer's, to the minute. */
function exactly(at: Date, timeZone: string): Mrkdwn {
  return mrkdwn`${moment(at)} (${endInZone(at, timeZone)})`;
}

/** In the customer's time zone, to the minute: for places where Slack tells nobody their own. */
export function endInZone(
  at: Date,
  timeZone: string,
  year: { readonly year?: 'numeric' } = {},
): string {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...year,
  });
  return `${clock.format(at)} ${timeZone}`;
}
