import { Temporal } from 'temporal-polyfill';
import type { Subject } from '../ceilings/subject.ts';

/** How often a channel is told how somebody did. */
export type DigestEvery = 'daily' | 'weekly' | 'monthly';
export const DIGEST_EVERY: readonly DigestEvery[] = ['daily', 'weekly', 'monthly'];

/** Of whom a digest tells. */
export type DigestSubject = Extract<Subject, { kind: 'team' | 'organization' }>;

export interface Digest {
  readonly channelId: string;
  readonly subject: DigestSubject;
  readonly every: DigestEvery;
  /** Whether its figures follow as a file. */
  readonly csv: boolean;
  /** When the next one is due. */
  readonly nextAt: Date;
  readonly createdBy: string;
}

export interface DigestRecords {
  /** In the order of their subjects. */
  list(limit: number): Promise<Digest[]>;
  /** In place of the one of this channel and subject, where there is one. */
  put(digest: Digest): Promise<void>;
  /** False if there was none. */
  remove(channelId: string, subject: DigestSubject): Promise<boolean>;
  due(at: Date, limit: number): Promise<Digest[]>;
  /** False if another moved it first, or it is gone. */
  move(digest: Digest, nextAt: Date): Promise<boolean>;
}

/** When people begin their day. */
const HOUR_TOLD = 9;
const MONDAY = 1;
const DAYS_PER_WEEK = 7;

/** The first morning behind a moment on which a digest is due, in the customer's time zone. */
export function nextDigest(every: DigestEvery, after: Date, timeZone: string): Date {
  const now = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone);
  const today = now.toPlainDate();
  const first = dueFrom(every, today);
  const at = morningOf(first, timeZone);
  return at.getTime() > after.getTime()
    ? at
    : morningOf(dueFrom(every, today.add({ days: 1 })), timeZone);
}

/** The last morning up to a moment on which one was due, and how many were due before it and never told. */
export function lastDue(
  { every, nextAt }: Pick<Digest, 'every' | 'nextAt'>,
  now: Date,
  timeZone: string,
): { readonly at: Date; readonly missed: number } {
  let at = nextAt;
  for (let missed = 0; ; missed += 1) {
    const next = nextDigest(every, at, timeZone);
    if (next.getTime() > now.getTime()) {
      return { at, missed };
    }
    at = next;
  }
}

/** The first date from this one on that is a Monday, a first of a month, or any day. */
function dueFrom(every: DigestEvery, date: Temporal.PlainDate): Temporal.PlainDate {
  switch (every) {
    case 'daily':
      return date;
    case 'weekly':
      return date.add({ days: (MONDAY - date.dayOfWeek + DAYS_PER_WEEK) % DAYS_PER_WEEK });
    case 'monthly':
      return date.day === 1 ? date : date.with({ day: 1 }).add({ months: 1 });
  }
}

function morningOf(date: Temporal.PlainDate, timeZone: string): Date {
  const at = date.toZonedDateTime({ timeZone, plainTime: { hour: HOUR_TOLD } });
  return new Date(at.epochMilliseconds);
}

/** The whole days that a digest of a morning tells of: yesterday, last week, last month. */
export function digestRange(
  every: DigestEvery,
  at: Date,
  timeZone: string,
): { readonly from: Date; readonly to: Date } {
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const first =
    every === 'monthly'
      ? today.subtract({ months: 1 })
      : today.subtract({ days: every === 'weekly' ? DAYS_PER_WEEK : 1 });
  const midnight = (date: Temporal.PlainDate) =>
    new Date(date.toZonedDateTime(timeZone).epochMilliseconds);
  return { from: midnight(first), to: midnight(today) };
}
