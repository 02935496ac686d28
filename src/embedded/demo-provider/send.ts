import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { errorReply } from './reply.ts';
import type { Dialect, Reply } from './reply.ts';

/** How a call ended, for the statistics. */
export type Ending = 'answered' | 'aborted' | 'faulted';

export interface Pace {
  /** Before the first byte. */
  readonly latencyMs: number;
  /** Between the events of a stream; 0 sends them all at once. */
  readonly eventDelayMs: number;
}

/** Sends a reply at its pace, with its fault, and says how that ended. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  pace: Pace,
  fault: Fault | null,
): Promise<Ending> {
  const left = new AbortController();
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      left.abort();
      resolve();
    });
  });
  try {
    await wait(pace.latencyMs + (fault?.kind === 'slow' ? fault.latencyMs : 0), left.signal);
    const ending = await send(response, reply, pace, fault, left.signal);
    await closed;
    return ending === 'answered' && !response.writableFinished ? 'aborted' : ending;
  } catch {
    // The client left while we waited.
    return 'aborted';
  }
}

async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  if (delayMs > 0) {
    await pause(delayMs, undefined, { signal });
  }
}

async function send(
  response: ServerResponse,
  reply: Reply,
  pace: Pace,
  fault: Fault | null,
  signal: AbortSignal,
): Promise<Ending> {
  const kind = fault?.kind ?? null;
  if (typeof kind === 'number') {
    sendStatus(response, kind, fault?.retryAfterSeconds ?? 0, reply.dialect);
    return 'faulted';
  }
  if (kind === 'garbage') {
    response.writeHead(200, { 'content-type': reply.contentType });
    response.end('<html>not what you asked');
    return 'faulted';
  }
  if (kind === 'hang') {
    return 'aborted';
  }
  const isBroken = kind === 'cut' || kind === 'stall';
  const parts = reply.events ?? [reply.body];
  response.writeHead(reply.status, headersOf(reply));
  await sendParts(response, isBroken ? halfOf(parts) : parts, pace, signal);
  if (!isBroken) {
    response.end();
    return 'answered';
  }
  if (kind === 'cut') {
    // Sends what was written, then ends the connection without the reply's last chunk.
    response.socket?.destroySoon();
    return 'faulted';
  }
  return 'aborted';
}

function headersOf(reply: Reply): Record<string, string | number> {
  const length = reply.events === null ? { 'content-length': reply.body.length } : {};
  return { 'content-type': reply.contentType, ...length };
}

async function sendParts(
  response: ServerResponse,
  parts: readonly Buffer[],
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  for (const part of parts) {
    response.write(part);
    await wait(pace.eventDelayMs, signal);
  }
}

/** Half of the events, or half of the bytes of a reply that is no stream. */
function halfOf(parts: readonly Buffer[]): Buffer[] {
  const [only] = parts;
  return parts.length === 1 && only
    ? [only.subarray(0, Math.ceil(only.length / 2))]
    : parts.slice(0, Math.ceil(parts.length / 2));
}

function sendStatus(
  response: ServerResponse,
  status: number,
  retryAfterSeconds: number,
  dialect: Dialect,
): void {
  const types =
    dialect === 'openai'
      ? { busy: 'rate_limit_exceeded', failed: 'server_error' }
      : { busy: 'rate_limit_error', failed: 'api_error' };
  const type = status === 429 ? types.busy : types.failed;
  const reply = errorReply(status, 'The demonstration was asked to fail.', type, dialect);
  if (status === 429 || status === 503) {
    response.setHeader('retry-after', retryAfterSeconds);
  }
  response.writeHead(status, headersOf(reply)).end(reply.body);
}
