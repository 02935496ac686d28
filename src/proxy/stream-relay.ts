// Passes a stream of server-sent events on as it arrives. Reads the provider's usage on the way, hides
// its chunk from a client that did not ask for it, and keeps the end marker back until the call is
// settled: whoever saw the end was charged.

import type { ServerResponse } from 'node:http';
import type { UsageTokens } from '../core/pricing/price.ts';
import { usageFrom } from './usage-reading.ts';

/** An event that is longer is passed on unread. */
const EVENT_MAX_BYTES = 4 * 1024 * 1024;
/** What is kept for counting where the provider tells no usage. */
const KEPT_MAX_BYTES = 8 * 1024 * 1024;

const END_OF_EVENT = Buffer.from('\n\n');
const END_OF_EVENT_CRLF = Buffer.from('\r\n\r\n');
const USAGE = Buffer.from('"usage"');
const DONE = Buffer.from('[DONE]');

export interface StreamRelay {
  /** Takes what arrived; false when the client reads slower than that. */
  take(chunk: Buffer): boolean;
  /** Sends what was kept back and ends the answer. */
  finish(): void;
  usage(): UsageTokens | undefined;
  relayed(): readonly Buffer[];
  relayedBytes(): number;
}

export function createStreamRelay(
  res: ServerResponse,
  options: { readonly hideUsage: boolean },
): StreamRelay {
  let unfinished: Buffer | undefined;
  let heldBack: Buffer | undefined;
  let usage: UsageTokens | undefined;
  let relayedBytes = 0;
  const kept: Buffer[] = [];

  function write(bytes: Buffer): boolean {
    if (bytes.length === 0 || res.destroyed) {
      return true;
    }
    relayedBytes += bytes.length;
    if (relayedBytes <= KEPT_MAX_BYTES) {
      kept.push(bytes);
    }
    return res.write(bytes);
  }

  /** Looks into events one by one; only done where one of them is of interest. */
  function sift(events: Buffer): Buffer {
    const passed: Buffer[] = [];
    for (const event of eventsOf(events)) {
      if (event.includes(DONE)) {
        heldBack = event;
        continue;
      }
      const told = event.includes(USAGE) ? parsedEvent(event) : undefined;
      const found = usageFrom(told);
      usage = found ?? usage;
      const isExtra = found !== undefined && hasNoChoices(told);
      if (!(isExtra && options.hideUsage)) {
        passed.push(event);
      }
    }
    return Buffer.concat(passed);
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
      const isPlain = !events.includes(USAGE) && !events.includes(DONE);
      return write(isPlain ? events : sift(events));
    },
    finish() {
      for (const rest of [unfinished, heldBack]) {
        if (rest !== undefined) {
          write(rest);
        }
      }
      res.end();
    },
    usage: () => usage,
    relayed: () => kept,
    relayedBytes: () => relayedBytes,
  };
}

/** Where the last complete event ends; 0 when there is none. */
function endOfLastEvent(bytes: Buffer): number {
  const plain = bytes.lastIndexOf(END_OF_EVENT);
  const crlf = bytes.lastIndexOf(END_OF_EVENT_CRLF);
  return Math.max(
    plain === -1 ? 0 : plain + END_OF_EVENT.length,
    crlf === -1 ? 0 : crlf + END_OF_EVENT_CRLF.length,
  );
}

function eventsOf(events: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = 0;
  while (start < events.length) {
    const plain = events.indexOf(END_OF_EVENT, start);
    const crlf = events.indexOf(END_OF_EVENT_CRLF, start);
    const ends = [
      plain === -1 ? events.length : plain + END_OF_EVENT.length,
      crlf === -1 ? events.length : crlf + END_OF_EVENT_CRLF.length,
    ];
    const end = Math.min(...ends);
    found.push(events.subarray(start, end));
    start = end;
  }
  return found;
}

function parsedEvent(event: Buffer): unknown {
  const data = event
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n');
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function hasNoChoices(told: unknown): boolean {
  const choices = (told as { choices?: unknown } | undefined)?.choices;
  return choices === undefined || (Array.isArray(choices) && choices.length === 0);
}
