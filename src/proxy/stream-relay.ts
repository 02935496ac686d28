// Passes a stream of server-sent events on as it arrives. Has its dialect read the provider's usage on the
// way, hide what the client did not ask for, and keep the end marker back until the call is settled:
// whoever saw the end was charged. An error that the provider sends as an event is not passed on; it may
// hold what no client should see.

import type { ServerResponse } from 'node:http';
import type { UsageTokens } from '../core/pricing/price.ts';
import { endOfLastEvent, sifted } from './stream-events.ts';
import type { StreamDialect, StreamReading } from './upstream-dialect.ts';

/** An event that is longer is passed on unread. */
const EVENT_MAX_BYTES = 4 * 1024 * 1024;
/** What is kept for counting where the provider tells no usage; what is longer counts by proportion. */
const KEPT_MAX_BYTES = 256 * 1024;

export interface StreamRelay {
  /** Takes what arrived; false when the client reads slower than that. */
  take(chunk: Buffer): boolean;
  /** Sends what was kept back and ends the answer. */
  finish(): void;
  /** Ends the answer with an event of our own, as it stands, in place of the end marker. */
  fail(event: string): void;
  usage(): UsageTokens | undefined;
  /** What the provider told of the prompt before it began to answer. */
  begun(): UsageTokens | undefined;
  /** Whether the provider said that the answer is whole, and no error. */
  isWhole(): boolean;
  kept(): readonly Buffer[];
  relayedBytes(): number;
}

export function createStreamRelay(
  res: ServerResponse,
  dialect: StreamDialect,
  options: { readonly hideUsage: boolean },
): StreamRelay {
  let unfinished: Buffer | undefined;
  let relayedBytes = 0;
  let keptBytes = 0;
  const reading: StreamReading = {
    hideUsage: options.hideUsage,
    heldBack: undefined,
    notes: undefined,
    begun: undefined,
    usage: undefined,
    finished: false,
    erred: false,
  };
  const kept: Buffer[] = [];

  function write(bytes: Buffer): boolean {
    if (bytes.length === 0 || res.destroyed) {
      return true;
    }
    relayedBytes += bytes.length;
    if (keptBytes + bytes.length <= KEPT_MAX_BYTES) {
      keptBytes += bytes.length;
      kept.push(bytes);
    }
    return res.write(bytes);
  }

  return {
    take(chunk) {
      const bytes = unfinished === undefined ? chunk : Buffer.concat([unfinished, chunk]);
      const end = endOfLastEvent(bytes);
      if (end === 0) {
        unfinished = bytes.length > EVENT_MAX_BYTES ? undefined : bytes;
        return unfinished === undefined ? write(bytes) : true;
      }
      unfinished = end === bytes.length ? undefined : bytes.subarray(end);
      const events = end === bytes.length ? bytes : bytes.subarray(0, end);
      return write(sifted(events, dialect, reading));
    },
    finish() {
      const rest = [unfinished, reading.heldBack].filter((bytes) => bytes !== undefined);
      // With the last bytes in it, the end of the answer is one write instead of two.
      res.end(rest.length === 0 ? undefined : Buffer.concat(rest));
    },
    fail(event) {
      res.end(event);
    },
    usage: () => reading.usage,
    begun: () => reading.begun,
    isWhole: () => reading.finished && !reading.erred,
    kept: () => kept,
    relayedBytes: () => relayedBytes,
  };
}
