// The words of `/audit`, read into what is looked for.

import type { AuditFilter } from '../core/audit/audit-records.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { DAY_MS } from '../core/time.ts';

export interface AuditWords {
  readonly team?: string;
  readonly org?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Days are those of UTC, as the trail has its times. */
export function auditFilterFrom(
  { team, org, actor, action, from, to }: AuditWords,
  nowMs: number,
): Omit<AuditFilter, 'limit'> | Refusal {
  const since = from === undefined ? undefined : dayFrom(from, nowMs);
  const until = to === undefined ? undefined : dayFrom(to, nowMs);
  if (since === null || until === null) {
    const field = since === null ? 'from' : 'to';
    return refuse('value_invalid', {
      field,
      complaint: 'write a day like 2026-11-01, or how many days ago like 7d',
    });
  }
  return {
    ...(team === undefined ? {} : { teamId: team }),
    ...(org === undefined ? {} : { organizationId: org }),
    ...(actor === undefined ? {} : { actor: actorFrom(actor) }),
    ...(action === undefined ? {} : { action }),
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: new Date(until.getTime() + DAY_MS) }),
  };
}

/** A mention as Slack writes it, an id, or an actor as the trail names it. */
function actorFrom(typed: string): string {
  const id = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$|^([UW][A-Z0-9]{4,})$/.exec(typed);
  return id === null ? typed : `slack:${id[1] ?? id[2] ?? ''}`;
}

const DAYS_AGO: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

/** Null for what is neither a day nor a number of days. */
function dayFrom(typed: string, nowMs: number): Date | null {
  const days = /^(\d{1,4})d$/.exec(typed)?.[1];
  if (days !== undefined) {
    return new Date(nowMs - Number(days) * DAY_MS);
  }
  const named = DAYS_AGO[typed.toLowerCase()];
  if (named !== undefined) {
    return new Date(Math.floor(nowMs / DAY_MS - named) * DAY_MS);
  }
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? new Date(`${typed}T00:00:00Z`) : undefined;
  return day === undefined || Number.isNaN(day.getTime()) ? null : day;
}
