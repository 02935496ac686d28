import { DAY_MS } from '../time.ts';
import type { RefundPart } from './entry.ts';
import type { ChargedEvent } from './grant-records.ts';
import type { CreditGrant } from './grant.ts';

/** Credits of a grant that has expired come back for this long: time enough to use them, and no more. */
export const REFUND_LIFE_MS = 30 * DAY_MS;

/**
 * Where the next so many microcredits of a call return to. A posting charges for many calls: the slice of one
 * lies behind those of smaller id, along the grants in the order in which they were taken. Refunds unwind
 * the slice from its end, so that two never return the same; what lies behind all grants was overdraft.
 */
export function refundParts(event: ChargedEvent, amount: bigint, nowMs: number): RefundPart[] {
  const refunded = event.refunds.reduce((sum, each) => sum + each, 0n);
  const end = event.ahead + event.charge - refunded;
  const start = end - amount;
  const parts: RefundPart[] = [];
  let from = 0n;
  for (const { grant, amount: used } of event.uses) {
    const part = min(end, from + used) - max(start, from);
    if (part > 0n) {
      parts.push({ amount: part, grantId: grant.id, terms: termsIfExpired(grant, nowMs) });
    }
    from += used;
  }
  const overdrawn = end - max(start, from);
  return overdrawn > 0n
    ? [...parts, { amount: overdrawn, grantId: undefined, terms: undefined }]
    : parts;
}

function termsIfExpired(grant: CreditGrant, nowMs: number): RefundPart['terms'] {
  const { priority, category, expiresAt } = grant;
  return expiresAt === null || expiresAt.getTime() > nowMs
    ? undefined
    : { priority, category, expiresAt: new Date(nowMs + REFUND_LIFE_MS) };
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
