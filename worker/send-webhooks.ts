// Webhooks leave in a loop of each worker: what is due stands in Postgres, so nothing is lost with a queue,
// and a delivery that is taken is leased, so no two workers send it at once. An endpoint that answers slowly
// holds up its own few places and nobody else's.

import { deliverWebhook } from '../src/core/webhooks/deliver.ts';
import type { PostWebhook } from '../src/core/webhooks/deliver.ts';
import type { Stores } from '../src/core/stores.ts';

/** Sockets at once of one worker. */
const PLACES = 32;
const PLACES_PER_ENDPOINT = 4;
/** Longer than a try may take: after it, whoever took the delivery must be dead. */
const LEASE_MS = 60_000;

export interface WebhookSender {
  /** Takes what is due and lets it go. Answers how many it took, before they are through. */
  send(): Promise<number>;
  /** Until nothing is under way. */
  settled(): Promise<void>;
}

export function createWebhookSender(
  stores: Stores,
  post: PostWebhook,
  onFault: (error: unknown) => void,
): WebhookSender {
  const busy = new Map<Promise<void>, string>();
  const isFull = (endpointId: string): boolean =>
    [...busy.values()].filter((each) => each === endpointId).length >= PLACES_PER_ENDPOINT;
  return {
    async send() {
      const limit = PLACES - busy.size;
      if (limit <= 0) {
        return 0;
      }
      const nowMs = stores.clock();
      const taken = await stores.records.webhooks.take({
        at: new Date(nowMs),
        leaseUntil: new Date(nowMs + LEASE_MS),
        limit,
        perEndpoint: PLACES_PER_ENDPOINT,
        but: [...new Set(busy.values())].filter(isFull),
      });
      for (const delivery of taken) {
        // One that could not be noted comes again when its lease is over.
        const under = deliverWebhook(stores, delivery, post)
          .then(() => undefined, onFault)
          .finally(() => busy.delete(under));
        busy.set(under, delivery.endpointId);
      }
      return taken.length;
    },
    async settled() {
      await Promise.all(busy.keys());
    },
  };
}
