import { MAX_USAGE_TOKENS_PER_CALL } from '../core/pricing/charge.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A member that is an object. */
export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null ? (value as Json) : undefined;
}

/** A provider's number is only believed within what a call can be. */
export function whole(value: unknown): number | undefined {
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= MAX_USAGE_TOKENS_PER_CALL
    ? value
    : undefined;
}
