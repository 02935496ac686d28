// Server-sent events, as bytes: where each begins and ends, and which of them are worth a look inside.

import type { StreamDialect, StreamReading } from './upstream-dialect.ts';

const LINE_FEED = 0x0a;
const END_OF_EVENT = Buffer.from('\n\n');
const END_OF_EVENT_CRLF = Buffer.from('\r\n\r\n');

/** The events without those that are not to be passed on. Looks only at events that hold a mark. */
export function sifted(events: Buffer, dialect: StreamDialect, reading: StreamReading): Buffer {
  const passed: Buffer[] = [];
  let from = 0;
  for (let at = firstMark(events, dialect.marks, 0); at !== -1;) {
    const start = startOfEvent(events, at);
    const end = endOfEvent(events, at);
    if (!dialect.look(events.subarray(start, end), reading)) {
      passed.push(events.subarray(from, start));
      from = end;
    }
    at = firstMark(events, dialect.marks, end);
  }
  return from === 0 ? events : Buffer.concat([...passed, events.subarray(from)]);
}

function firstMark(events: Buffer, marks: readonly Buffer[], from: number): number {
  let first = -1;
  for (const mark of marks) {
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
export function endOfLastEvent(bytes: Buffer): number {
  if (bytes.at(-1) === LINE_FEED && bytes.at(-2) === LINE_FEED) {
    return bytes.length;
  }
  return startOfEvent(bytes, bytes.length);
}

/** What an event carries, without its field names. */
export function dataOf(event: Buffer): string {
  return event
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n')
    .trim();
}

/** What an event carries as JSON; undefined where it is none. */
export function parsedEvent(event: Buffer): unknown {
  try {
    return JSON.parse(dataOf(event));
  } catch {
    return undefined;
  }
}
