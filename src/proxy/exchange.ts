// One attempt at one upstream. Ends in exactly one of the outcomes below, and never throws.

import type { ServerResponse } from 'node:http';
import { createStreamRelay } from './stream-relay.ts';
import type { StreamRelay } from './stream-relay.ts';
import type { Deployment, Exchange, Listener, Upstreams } from './upstream.ts';
import type { UpstreamDialect } from './upstream-dialect.ts';

/** An answer to one plain call; larger ones than this are not text. */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

export type Attempt =
  /** A whole answer, not yet sent. */
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  /** A stream that was passed on; complete unless it broke or the client left. */
  | {
      readonly kind: 'streamed';
      readonly relay: StreamRelay;
      readonly end: 'complete' | 'broken' | 'client_left';
    }
  /** The client left before there was anything to send. */
  | { readonly kind: 'left' }
  /** No answer: unreachable, timed out, or an error status with its text. */
  | {
      readonly kind: 'failed';
      readonly status: number | undefined;
      readonly body: Buffer;
      readonly retryAfterSeconds: number | undefined;
      readonly timedOut: boolean;
    };

export interface AttemptWish {
  readonly upstreams: Upstreams;
  readonly deployment: Deployment;
  readonly dialect: UpstreamDialect;
  readonly path: string;
  readonly body: Buffer;
  /** Sent beside those that every call has. */
  readonly headers: readonly string[] | undefined;
  readonly stream: boolean;
  readonly hideUsage: boolean;
  readonly res: ServerResponse;
  /** Asked for when a stream begins; a plain answer has its headers after its settlement. */
  readonly streamHeaders: () => Readonly<Record<string, string>>;
  /** Told of each stream that begins, so that its progress can be marked. */
  readonly onRelay: (relay: StreamRelay) => void;
}

/** Why an upstream was told to stop. */
class ClientLeft extends Error {
  override name = 'ClientLeft';
}

/** What came so far. */
interface Progress {
  exchange: Exchange | undefined;
  status: number;
  retryAfterSeconds: number | undefined;
  relay: StreamRelay | undefined;
  left: boolean;
  /** Of a plain answer: all of it. Of a stream: what came in this turn and is about to be passed on. */
  chunks: Buffer[];
  length: number;
}

/** Sends a call to one deployment and relays what comes. */
export async function attempt(wish: AttemptWish): Promise<Attempt> {
  return new Promise((resolve) => {
    const { res } = wish;
    const progress: Progress = {
      exchange: undefined,
      status: 0,
      retryAfterSeconds: undefined,
      relay: undefined,
      left: false,
      chunks: [],
      length: 0,
    };
    // A client that leaves a stream ends the upstream; a plain call is billed anyway, so it is awaited.
    const onClose = (): void => {
      if (wish.stream && !res.writableFinished) {
        progress.left = true;
        progress.exchange?.abort(new ClientLeft('The client left'));
      }
    };
    const onDrain = (): void => progress.exchange?.resume();
    res.on('close', onClose);
    res.on('drain', onDrain);
    const finish = (outcome: Attempt): void => {
      res.off('close', onClose);
      res.off('drain', onDrain);
      resolve(outcome);
    };
    if (res.destroyed) {
      onClose();
    }
    const { upstreams, deployment, path, body, headers } = wish;
    upstreams.send(deployment, path, body, listenerFor(wish, progress, finish), headers);
  });
}

function listenerFor(
  wish: AttemptWish,
  progress: Progress,
  finish: (outcome: Attempt) => void,
): Listener {
  return {
    onOpen(exchange) {
      progress.exchange = exchange;
      if (progress.left) {
        exchange.abort(new ClientLeft('The client left'));
      }
    },
    onStart(status, headers) {
      progress.status = status;
      progress.retryAfterSeconds = secondsFrom(headers['retry-after']);
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
        progress.exchange?.abort(
          new Error('The answer is compressed, though that was not asked for'),
        );
        return;
      }
      if (isOk(status) && wish.stream && isEventStream(headers['content-type'])) {
        wish.res.writeHead(status, {
          'content-type': 'text/event-stream',
          ...wish.streamHeaders(),
        });
        progress.relay = createStreamRelay(wish.res, wish.dialect.stream, {
          hideUsage: wish.hideUsage,
        });
        wish.onRelay(progress.relay);
      }
    },
    onData: (chunk) => takeChunk(progress, chunk),
    onEnd() {
      passOn(progress);
      finish(ended(wish.dialect, progress));
    },
    onError(error) {
      passOn(progress);
      finish(brokenOff(progress, error));
    },
  };
}

function takeChunk(progress: Progress, chunk: Buffer): void {
  if (progress.relay !== undefined) {
    progress.chunks.push(chunk);
    if (progress.chunks.length === 1) {
      // What came in one read of the socket leaves in one write, in the same turn.
      process.nextTick(passOn, progress);
    }
    return;
  }
  progress.length += chunk.length;
  if (progress.length > ANSWER_MAX_BYTES) {
    progress.exchange?.abort(new Error(`The answer is larger than ${ANSWER_MAX_BYTES} bytes`));
  } else {
    progress.chunks.push(chunk);
  }
}

function passOn(progress: Progress): void {
  const { relay, chunks } = progress;
  if (relay === undefined || chunks.length === 0) {
    return;
  }
  progress.chunks = [];
  const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  if (!relay.take(bytes)) {
    progress.exchange?.pause();
  }
}

function ended(
  dialect: UpstreamDialect,
  { relay, chunks, status, retryAfterSeconds }: Progress,
): Attempt {
  if (relay !== undefined) {
    return { kind: 'streamed', relay, end: 'complete' };
  }
  const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  return !(isOk(status) && dialect.isAnswer(body))
    ? { kind: 'failed', status: failedStatus(status), body, retryAfterSeconds, timedOut: false }
    : { kind: 'answered', status, body };
}

function brokenOff({ relay, left, retryAfterSeconds }: Progress, error: Error): Attempt {
  if (relay !== undefined) {
    return { kind: 'streamed', relay, end: left ? 'client_left' : 'broken' };
  }
  if (left) {
    return { kind: 'left' };
  }
  const timedOut = error.name === 'HeadersTimeoutError' || error.name === 'BodyTimeoutError';
  return {
    kind: 'failed',
    status: undefined,
    body: Buffer.alloc(0),
    retryAfterSeconds,
    timedOut,
  };
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

/** An answer that can't be read is as good as none. */
function failedStatus(status: number): number | undefined {
  return isOk(status) ? undefined : status;
}

function isEventStream(contentType: string | string[] | undefined): boolean {
  return typeof contentType === 'string' && /^text\/event-stream\b/i.test(contentType);
}

function secondsFrom(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : undefined;
}
