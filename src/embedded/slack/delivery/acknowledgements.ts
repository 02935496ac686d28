import { ACK_TIMEOUT_MS } from '../limits.ts';
import type { Receipt } from './envelope.ts';

/**
 * Envelopes that went out by a socket and wait for their acknowledgement.
 *
 * States: waiting → acknowledged, or waiting → late after 3 s, or waiting → unreachable at the end.
 * Each is settled once; an acknowledgement of what nobody waits for changes nothing.
 */
export type Acknowledgements = {
  /** Resolves when the envelope is acknowledged or late. */
  expect(envelopeId: string): Promise<Receipt>;
  /** Takes one in; returns whether somebody still waited for it. */
  take(envelopeId: string, body: unknown): boolean;
  giveUp(detail: string): void;
};

type Waiting = { settle(receipt: Receipt): void; sentAtMs: number };

export function createAcknowledgements(): Acknowledgements {
  const waiting = new Map<string, Waiting>();
  return {
    expect(envelopeId) {
      const sentAtMs = performance.now();
      const { promise, resolve } = Promise.withResolvers<Receipt>();
      const settle = (receipt: Receipt): void => {
        clearTimeout(timer);
        waiting.delete(envelopeId);
        resolve(receipt);
      };
      const late: Receipt = { outcome: 'late', tookMs: ACK_TIMEOUT_MS };
      const timer = setTimeout(() => settle(late), ACK_TIMEOUT_MS);
      waiting.get(envelopeId)?.settle({ outcome: 'unreachable', detail: 'sent again meanwhile' });
      waiting.set(envelopeId, { settle, sentAtMs });
      return promise;
    },
    take(envelopeId, body) {
      const entry = waiting.get(envelopeId);
      const tookMs = Math.round(performance.now() - (entry?.sentAtMs ?? 0));
      entry?.settle({ outcome: 'acknowledged', body, tookMs });
      return entry !== undefined;
    },
    giveUp(detail) {
      for (const entry of waiting.values()) {
        entry.settle({ outcome: 'unreachable', detail });
      }
    },
  };
}
