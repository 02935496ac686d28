// Organizations and teams have the same four states; a state that has an end lifts by itself: at that
// moment in the gate, and soon after on record.

import { complaintAboutEnd } from './moment.ts';
import { refuse } from './refusals.ts';
import type { Refusal } from './refusals.ts';

export type Status = 'active' | 'suspended' | 'paused' | 'archived';

export interface Standing {
  readonly status: Status;
  readonly statusReason: string | null;
  /** When it lifts by itself; null for never. */
  readonly statusUntil: Date | null;
}

export interface StatusChange {
  readonly status: Status;
  readonly reason?: string | undefined;
  /** When it lifts by itself; absent for never. */
  readonly until?: Date | undefined;
}

/** The state that counts at a moment. */
export function statusAt({ status, statusUntil }: Standing, nowMs: number): Status {
  return statusUntil !== null && statusUntil.getTime() <= nowMs ? 'active' : status;
}

/** Refuses an end that can't be. */
export function complaintAboutStatus(change: StatusChange, nowMs: number): Refusal | undefined {
  const { status, until } = change;
  if (until === undefined) {
    return undefined;
  }
  const complaint =
    status === 'active' ? 'what is active has no end' : complaintAboutEnd(until, nowMs);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'until', complaint });
}

/** What is to be written; undefined if it stands so already. */
export function standingAfter(before: Standing, change: StatusChange): Standing | undefined {
  const { status, reason, until } = change;
  const isSame = before.status === status && before.statusUntil?.getTime() === until?.getTime();
  return isSame ? undefined : { status, statusReason: reason ?? null, statusUntil: until ?? null };
}

/** `resumed`, `suspended`, …: the verb of the audit trail. */
export function verbOf(status: Status): string {
  return status === 'active' ? 'resumed' : status;
}

/** A standing as the audit trail can hold it. */
export function spokenStanding({ status, statusUntil }: Standing): Record<string, unknown> {
  return { status, ...(statusUntil === null ? {} : { until: statusUntil.toISOString() }) };
}
