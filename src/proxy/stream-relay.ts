// Passes a stream of server-sent events on as it arrives. Reads the provider's usage on the way, hides
// its chunk from a client that did not ask for it, and keeps the end marker back until the call is
// settled: whoever saw the end was charged. An error that the provider sends as an event is not passed on;
// it may hold what no client should see.

import type { ServerResponse } from 'node:http';
import type { UsageTokens } from '../core/pricing/price.ts';
import { usageFrom } from './usage-reading.ts';

/** An event that is longer is passed on unread. */
const EVENT_MAX_BYTES = 4 * 1024 * 1024;
/** What is kept for counting where the provider tells no usage; what is longer counts by proportion. */
const KEPT_MAX_BYTES = 256 * 1024;

const LINE_FEED = 0x0a;
const END_OF_EVENT = Buffer.from('\n\n');
const END_OF_EVENT_CRLF = Buffer.from('\r\n\r\n');
/** An event without any of these needs no look inside. OpenAI writes "usage":null into every other one. */
const USAGE = Buffer.from('"usage":{');
const USAGE_SPACED = Buffer.from('"usage": {');
const DONE = Buffer.from('[DONE]');
const ERROR = Buffer.from('"error"');
const FINISH = Buffer.from('"finish_reason":"');

export interface StreamRelay {
  /** Takes what arrived; false when the client reads slower than that. */
  take(chunk: Buffer): boolean;
  /** Sends what was kept back and ends the answer. */
  finish(): void;
  /** Ends the answer with an event of our own in place of the end marker. */
  fail(event: string): void;
  usage(): UsageTokens | undefined;
  /** Whether the provider said that the answer is whole, and no error. */
  isWhole(): boolean;
  kept(): readonly Buffer[];
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
  let keptBytes = 0;
  let finished = false;
  let erred = false;
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

  /** Whether an event is to be passed on. */
  function look(event: Buffer): boolean {
    if (event.includes(DONE) && isEndMarker(event)) {
      heldBack = event;
      finished = true;
      return false;
    }
    finished ||= event.includes(FINISH);
    const isInteresting =
      event.includes(USAGE) || event.includes(USAGE_SPACED) || event.includes(ERROR);
    const told = isInteresting ? parsedEvent(event) : undefined;
    if (isError(told)) {
      erred = true;
      return false;
    }
    const found = usageFrom(told);
    usage = found ?? usage;
    return !(found !== undefined && hasNoChoices(told) && options.hideUsage);
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
      return write(sifted(events, look));
    },
    finish() {
      const rest = [unfinished, heldBack].filter((bytes) => bytes !== undefined);
      // With the last bytes in it, the end of the answer is one write instead of two.
      res.end(rest.length === 0 ? undefined : Buffer.concat(rest));
    },
    fail(event) {
      res.end(`data: ${event}\n\n`);
    },
    usage: () => usage,
    isWhole: () => finished && !erred,
    kept: () => kept,
    relayedBytes: () => relayedBytes,
  };
}

const MARKS = [USAGE, USAGE_SPACED, FINISH, DONE, ERROR];

/** The events without those that are not to be passed on. Looks only at events that hold a mark. */
function sifted(events: Buffer, look: (event: Buffer) => boolean): Buffer {
  const passed: Buffer[] = [];
  let from = 0;
  for (let at = firstMark(events, 0); at !== -1;) {
    const start = startOfEvent(events, at);
    const end = endOfEvent(events, at);
    if (!look(events.subarray(start, end))) {
      passed.push(events.subarray(from, start));
      from = end;
    }
    at = firstMark(events, end);
  }
  return from === 0 ? events : Buffer.concat([...passed, events.subarray(from)]);
}

function firstMark(events: Buffer, from: number): number {
  let first = -1;
  for (const mark of MARKS) {
    const at = events.indexOf(mark, from);
    if (at !== -1 && (first === -1 || at < first)) {
      first = at;
    }
  }
  return first;
}

function startOfEvent(events: Buffer, at: number): number {
  const plain = events.lastIndexOf(END_OF_EVENT, at);
  const crlf = events.lastIndexOf(END_OF_EVENT_CRLF, at);
  return Math.max(
    plain === -1 ? 0 : plain + END_OF_EVENT.length,
    crlf === -1 ? 0 : crlf + END_OF_EVENT_CRLF.length,
  );
}

function endOfEvent(events: Buffer, at: number): number {
  const plain = events.indexOf(END_OF_EVENT, at);
  const crlf = events.indexOf(END_OF_EVENT_CRLF, at);
  return Math.min(
    plain === -1 ? events.length : plain + END_OF_EVENT.length,
    crlf === -1 ? events.length : crlf + END_OF_EVENT_CRLF.length,
  );
}

/** Where the last complete event ends; 0 when there is none. */
function endOfLastEvent(bytes: Buffer): number {
  if (bytes.at(-1) === LINE_FEED && bytes.at(-2) === LINE_FEED) {
    return bytes.length;
  }
  return startOfEvent(bytes, bytes.length);
}

function dataOf(event: Buffer): string {
  return event
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n')
    .trim();
}

/** A story may hold the very same characters. */
function isEndMarker(event: Buffer): boolean {
  return dataOf(event) === '[DONE]';
}

function parsedEvent(event: Buffer): unknown {
  try {
    return JSON.parse(dataOf(event));
  } catch {
    return undefined;
  }
}

function isError(told: unknown): boolean {
  const error = (told as { error?: unknown } | null | undefined)?.error;
  return error !== undefined && error !== null;
}

function hasNoChoices(told: unknown): boolean {
  const choices = (told as { choices?: unknown } | undefined)?.choices;
  return choices === undefined || (Array.isArray(choices) && choices.length === 0);
}
