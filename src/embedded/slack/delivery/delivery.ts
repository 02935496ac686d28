import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ENVELOPES_KEPT_MAX, EVENT_RETRY_DELAYS_MS } from '../limits.ts';
import type { Transcript } from '../transcript.ts';
import type { Envelope, Receipt } from './envelope.ts';
import { postEnvelope } from './request-url.ts';
import { createSockets } from './sockets.ts';

/**
 * The way to the app: its request address if it has one, else its sockets.
 *
 * Invariants: a person's action is sent once; an event is sent again, up to three times, until it
 * is acknowledged; all that was sent can be sent again as it was.
 */
export type Delivery = {
  deliver(envelope: Envelope): Promise<Receipt>;
  /** Sends an event and sees to its retries; resolves with the first attempt. */
  deliverEvent(envelope: Envelope): Promise<Receipt>;
  redeliver(envelope?: Envelope): Promise<Receipt>;
  sent(): readonly Envelope[];
  /** Open sockets of the app. */
  connections(): number;
  isReachable(): boolean;
  useRequestUrl(requestUrl: string | undefined): void;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  refresh(reason: 'warning' | 'refresh_requested'): void;
  close(): Promise<void>;
};

export type DeliveryOptions = {
  appId: string;
  signingSecret: string;
  requestUrl: string | undefined;
  transcript: Transcript;
  onConnectionChange: () => void;
};

export function createDelivery(options: DeliveryOptions): Delivery {
  const { transcript } = options;
  const sent: Envelope[] = [];
  const retries = new Set<NodeJS.Timeout>();
  const lastSignedAtS = new Map<string, number>();
  let requestUrl = options.requestUrl;
  let closed = false;

  const sockets = createSockets({
    appId: options.appId,
    onChange: options.onConnectionChange,
    onAcknowledged(envelopeId, payload, inTime) {
      transcript.write(inTime ? 'ack' : 'ack (late)', { envelopeId, payload });
    },
  });

  async function deliver(envelope: Envelope): Promise<Receipt> {
    sent.push(envelope);
    sent.splice(0, sent.length - ENVELOPES_KEPT_MAX);
    transcript.write('envelope', envelope);
    if (requestUrl === undefined) {
      return sockets.send(envelope);
    }
    const timestampS = signedAtS(lastSignedAtS, envelope);
    const receipt = await postEnvelope(requestUrl, options.signingSecret, envelope, timestampS);
    transcript.write('ack', receipt);
    return receipt;
  }

  function retryLater(envelope: Envelope, receipt: Receipt): void {
    const attempt = (envelope.retry_attempt ?? 0) + 1;
    const delayMs = EVENT_RETRY_DELAYS_MS[attempt - 1];
    if (receipt.outcome === 'acknowledged' || delayMs === undefined || closed) {
      return;
    }
    const reason = receipt.outcome === 'late' ? 'timeout' : 'http_error';
    const next = { ...envelope, retry_attempt: attempt, retry_reason: reason };
    const timer = setTimeout(() => {
      retries.delete(timer);
      void deliverEvent(next);
    }, delayMs);
    retries.add(timer);
  }

  async function deliverEvent(envelope: Envelope): Promise<Receipt> {
    const receipt = await deliver(envelope);
    retryLater(envelope, receipt);
    return receipt;
  }

  return {
    deliver,
    deliverEvent,
    redeliver: async (given) => deliver(again(given ?? sent.at(-1))),
    sent: () => sent,
    connections: () => sockets.count(),
    isReachable: () => requestUrl !== undefined || sockets.count() > 0,
    useRequestUrl(next) {
      requestUrl = next;
      options.onConnectionChange();
    },
    accept: (request, socket, head) => sockets.accept(request, socket, head),
    refresh: (reason) => sockets.refresh(reason),
    async close() {
      closed = true;
      for (const timer of retries) {
        clearTimeout(timer);
      }
      await sockets.close();
    },
  };
}

/** When, in seconds. What is sent again has another time and so another signature: else it would be a replay. */
function signedAtS(lastSignedAtS: Map<string, number>, { envelope_id: id }: Envelope): number {
  // The app compares with the real clock, whatever the workspace was told of the time.
  const atS = Math.max(Math.floor(Date.now() / 1000), (lastSignedAtS.get(id) ?? 0) + 1);
  lastSignedAtS.set(id, atS);
  const [oldest] = lastSignedAtS.keys();
  if (lastSignedAtS.size > ENVELOPES_KEPT_MAX && oldest !== undefined) {
    lastSignedAtS.delete(oldest);
  }
  return atS;
}

/** The same once more: only events say that they are a repetition. */
function again(envelope: Envelope | undefined): Envelope {
  if (!envelope) {
    throw new Error('Cannot redeliver: nothing was delivered yet, act as a person first');
  }
  const retry = { retry_attempt: (envelope.retry_attempt ?? 0) + 1, retry_reason: 'timeout' };
  return envelope.type === 'events_api' ? { ...envelope, ...retry } : { ...envelope };
}
