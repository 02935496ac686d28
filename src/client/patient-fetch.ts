// Sends a request until it is answered: what fails on the way, and what is asked to come later, is tried again, with
// jitter and an end. A change carries a key by which the server knows it again, so that nothing is done twice.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export type Fetch = (request: Request) => Promise<Response>;

export interface Patience {
  /** How one try is sent. */
  readonly fetch: Fetch;
  /** One try, until its answer is here; of a file, until it begins. */
  readonly timeoutMs: number;
  readonly triesMax: number;
  /** What the first try is followed by; doubles with each one, and up to as much again is added by chance. */
  readonly firstWaitMs: number;
  /** No wait is longer. Where the server asks for more, its answer is handed over in place of waiting. */
  readonly waitMaxMs: number;
  /** The statuses that say "come later". */
  readonly later: ReadonlySet<number>;
}

export const PATIENCE: Patience = {
  fetch: async (request) => fetch(request),
  // Longer than any change takes; a reader of a terminal has given up by then.
  timeoutMs: 30_000,
  // Gate and records are back within seconds: together these tries wait for 2 to 4 s where nothing else is said.
  triesMax: 4,
  firstWaitMs: 300,
  waitMaxMs: 10_000,
  later: new Set([429, 503]),
};

/** The server can't be reached, or does not answer. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** "The first one is not done yet". */
const IN_FLIGHT = 'request_in_flight';

/**
 * The answer to a request, whatever it says.
 * @throws Unreachable when the last try had none, or what the signal of the request aborts with.
 */
export async function patientFetch(
  request: Request,
  wish: Partial<Patience> = {},
): Promise<Response> {
  const patience = { ...PATIENCE, ...wish };
  if (request.method !== 'GET' && !request.headers.has('idempotency-key')) {
    request.headers.set('idempotency-key', randomUUID());
  }
  for (let tries = 1; ; tries += 1) {
    const isLast = tries >= patience.triesMax;
    const told = await tried(request.clone(), patience);
    if ('failure' in told && (isLast || request.signal.aborted)) {
      throw unreachable(request, told.failure);
    }
    const askedMs = 'failure' in told ? 0 : askedBy(told.answer);
    const isTooLong = askedMs > patience.waitMaxMs;
    if ('answer' in told && (isLast || isTooLong || !(await isForLater(told.answer, patience)))) {
      return told.answer;
    }
    const waitMs = waitAfter(askedMs, tries, patience);
    await pauseFor(waitMs, request);
  }
}

async function pauseFor(waitMs: number, { signal }: Request): Promise<void> {
  try {
    await pause(waitMs, undefined, { signal });
  } catch (error) {
    // What a timer is aborted with is an error of its own.
    throw signal.aborted ? signal.reason : error;
  }
}

type Tried = { readonly answer: Response } | { readonly failure: unknown };

/** One try; an answer in JSON is whole. */
async function tried(request: Request, { fetch, timeoutMs }: Patience): Promise<Tried> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    const answer = await fetch(new Request(request, { signal }));
    return { answer: isJson(answer) ? await whole(answer) : answer };
  } catch (failure) {
    return { failure };
  } finally {
    clearTimeout(timer);
  }
}

async function whole(answer: Response): Promise<Response> {
  const { status, statusText, headers } = answer;
  return new Response(await answer.arrayBuffer(), { status, statusText, headers });
}

function isJson({ headers }: Response): boolean {
  return /^application\/json\b/.test(headers.get('content-type') ?? '');
}

/** Whether the same request may be answered otherwise in a moment. */
async function isForLater(answer: Response, { later }: Patience): Promise<boolean> {
  if (answer.headers.has('idempotent-replayed')) {
    // It would be told the same again.
    return false;
  }
  if (answer.status === 409 && isJson(answer)) {
    const { code } = (await answer.clone().json()) as { readonly code?: unknown };
    return code === IN_FLIGHT;
  }
  return later.has(answer.status);
}

/** How long the server asks to be left alone, in milliseconds. */
function askedBy({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? '0');
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}

/** How long to wait before the next try: as long as was asked for, with jitter, and no longer than anybody waits here. */
function waitAfter(askedMs: number, tries: number, { firstWaitMs, waitMaxMs }: Patience): number {
  const ownMs = Math.min(firstWaitMs * 2 ** (tries - 1), waitMaxMs);
  return Math.min(Math.max(askedMs, ownMs) + Math.random() * ownMs, waitMaxMs);
}

function unreachable({ url, signal }: Request, failure: unknown): unknown {
  if (signal.aborted) {
    return signal.reason;
  }
  return new Unreachable(`Asking ${new URL(url).origin}: ${reasonOf(failure)}`, { cause: failure });
}

function reasonOf(failure: unknown): string {
  const { message, cause } = failure instanceof Error ? failure : new Error(String(failure));
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
