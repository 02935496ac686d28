// One attempt at one upstream. Ends in exactly one of the outcomes below, and never throws.

import type { ServerResponse } from 'node:http';
import { createStreamRelay } from './stream-relay.ts';
import type { StreamRelay } from './stream-relay.ts';
import type { Deployment, Exchange, Upstreams } from './upstream.ts';

/** An answer to one plain call; larger ones than this are not text. */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

export type Attempt =
  /** A whole answer, not yet sent. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: Buffer;
      readonly answer: unknown;
    }
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
  readonly path: string;
  readonly body: Buffer;
  readonly stream: boolean;
  readonly hideUsage: boolean;
  readonly res: ServerResponse;
  readonly streamHeaders: Readonly<Record<string, string>>;
  /** Told of each stream that begins, so that its progress can be marked. */
  readonly onRelay: (relay: StreamRelay) => void;
}

class ClientLeft extends Error {}

/** Sends a call to one deployment and relays what comes. */
export async function attempt(wish: AttemptWish): Promise<Attempt> {
  return new Promise((resolve) => {
    const { res } = wish;
    let exchange: Exchange | undefined;
    let status = 0;
    let retryAfterSeconds: number | undefined;
    let relay: StreamRelay | undefined;
    let left = false;
    const chunks: Buffer[] = [];
    let length = 0;

    // A client that leaves a stream ends the upstream; a plain call is billed anyway, so it is awaited.
    const onClose = (): void => {
      if (wish.stream && !res.writableFinished) {
        left = true;
        exchange?.abort(new ClientLeft());
      }
    };
    const onDrain = (): void => exchange?.resume();
    const finish = (outcome: Attempt): void => {
      res.off('close', onClose);
      res.off('drain', onDrain);
      resolve(outcome);
    };
    res.on('close', onClose);
    res.on('drain', onDrain);

    wish.upstreams.send(wish.deployment, wish.path, wish.body, {
      onOpen(opened) {
        exchange = opened;
        if (left) {
          opened.abort(new ClientLeft());
        }
      },
      onStart(startedStatus, headers) {
        status = startedStatus;
        retryAfterSeconds = secondsFrom(headers['retry-after']);
        if (isOk(status) && wish.stream && isEventStream(headers['content-type'])) {
          res.writeHead(status, { 'content-type': 'text/event-stream', ...wish.streamHeaders });
          relay = createStreamRelay(res, { hideUsage: wish.hideUsage });
          wish.onRelay(relay);
        }
      },
      onData(chunk) {
        if (relay !== undefined) {
          if (!relay.take(chunk)) {
            exchange?.pause();
          }
          return;
        }
        length += chunk.length;
        if (length > ANSWER_MAX_BYTES) {
          exchange?.abort(new Error(`The answer is larger than ${ANSWER_MAX_BYTES} bytes`));
        } else {
          chunks.push(chunk);
        }
      },
      onEnd() {
        if (relay !== undefined) {
          finish({ kind: 'streamed', relay, end: 'complete' });
          return;
        }
        const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        const answer = isOk(status) ? parsed(body) : undefined;
        finish(
          answer === undefined
            ? {
                kind: 'failed',
                status: failedStatus(status),
                body,
                retryAfterSeconds,
                timedOut: false,
              }
            : { kind: 'answered', status, body, answer },
        );
      },
      onError(error) {
        if (relay !== undefined) {
          finish({ kind: 'streamed', relay, end: left ? 'client_left' : 'broken' });
        } else if (left) {
          finish({ kind: 'left' });
        } else {
          const timedOut =
            error.name === 'HeadersTimeoutError' || error.name === 'BodyTimeoutError';
          const body = Buffer.alloc(0);
          finish({ kind: 'failed', status: undefined, body, retryAfterSeconds, timedOut });
        }
      },
    });
    if (res.destroyed) {
      onClose();
    }
  });
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

/** An answer that can't be read is as good as none. */
function failedStatus(status: number): number | undefined {
  return isOk(status) ? undefined : status;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isEventStream(contentType: string | string[] | undefined): boolean {
  return typeof contentType === 'string' && contentType.startsWith('text/event-stream');
}

function secondsFrom(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : undefined;
}
