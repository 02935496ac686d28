// The public keys of one address.
//
// States: empty → fresh (younger than the time to live) → old → fresh again, or stale while the issuer does not
// answer, or empty when it has not for too long. Invariants: one fetch at a time, which all who need it wait for;
// a failed one is not repeated at once; a key that is not in the set causes at most one fetch a minute, so that
// nobody can make us a flood by inventing key ids. Trade-off: a key that the issuer withdraws is believed until
// the set is old, and while the issuer is down as long as stale sets are.

import { createLocalJWKSet } from 'jose';
import { MINUTE_MS, SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';
import { fetchKeySet } from './fetch-key-set.ts';

const UNKNOWN_KEY_EVERY_MS = MINUTE_MS;
/** After a failure; up to as much again at random, so that replicas do not ask together. */
const RETRY_MS = 5 * SECOND_MS;

export type Keys = ReturnType<typeof createLocalJWKSet>;

export interface KeySetOptions {
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly clock: Clock;
  readonly onComplaint: (error: unknown) => void;
}

export interface KeySet {
  /** The keys as they are believed now; undefined where none can be had. */
  keys(): Promise<Keys | undefined>;
  /** As `keys`, after asking the issuer once more if that is not too soon: for a key that is not there. */
  newerKeys(): Promise<Keys | undefined>;
  /** Whether the issuer answered when it was last asked. */
  isSure(): boolean;
}

export function createKeySet(url: string, options: KeySetOptions): KeySet {
  const { ttlMs, staleMs, clock, onComplaint } = options;
  let held: { readonly keys: Keys; readonly fetchedAtMs: number } | undefined;
  let failedUntilMs: number | undefined;
  let askedForUnknownAtMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  async function fetchNow(): Promise<void> {
    try {
      held = { keys: createLocalJWKSet(await fetchKeySet(url)), fetchedAtMs: clock() };
      failedUntilMs = undefined;
    } catch (error) {
      failedUntilMs = clock() + RETRY_MS * (1 + Math.random());
      onComplaint(error);
    } finally {
      underWay = undefined;
    }
  }

  /** Never rejects: what went wrong was told. */
  async function fetchOnce(): Promise<void> {
    underWay ??= fetchNow();
    return underWay;
  }

  const isYoungerThan = (ageMs: number): boolean =>
    held !== undefined && clock() - held.fetchedAtMs < ageMs;
  const believed = (): Keys | undefined =>
    isYoungerThan(ttlMs + staleMs) ? held?.keys : undefined;

  return {
    async keys() {
      if (isYoungerThan(ttlMs)) {
        return held?.keys;
      }
      const hasFailed = failedUntilMs !== undefined;
      const mayAsk = failedUntilMs === undefined || clock() >= failedUntilMs;
      const asking = mayAsk || underWay !== undefined ? fetchOnce() : undefined;
      // While the issuer is known to be down, stale keys serve and nobody waits for it.
      if (!hasFailed || believed() === undefined) {
        await asking;
      }
      return believed();
    },
    async newerKeys() {
      if (underWay !== undefined || clock() - askedForUnknownAtMs >= UNKNOWN_KEY_EVERY_MS) {
        askedForUnknownAtMs = underWay === undefined ? clock() : askedForUnknownAtMs;
        await fetchOnce();
      }
      return believed();
    },
    isSure: () => failedUntilMs === undefined,
  };
}
