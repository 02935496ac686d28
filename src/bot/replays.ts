// Slack's signature covers the time and the body, and stays good for five minutes: whoever has seen a signed
// request could send it again until then. So the signatures that were answered are remembered for that long.

import type { RequestListener } from 'node:http';
import { MINUTE_MS } from '../core/time.ts';

/** As long as a signature is believed, and one minute for clocks that differ. */
const REMEMBERED_MS = 6 * MINUTE_MS;
const REFUSED_STATUS = 401;

/**
 * Lets each signed request through once. What was not answered well may come again: Slack itself sends it anew
 * then. A process remembers its own requests; what reaches another one has no second effect, for each change
 * is made once by the id of its delivery.
 */
export function refusingReplays(listener: RequestListener, clock: () => number): RequestListener {
  const seenAtMs = new Map<string, number>();
  return (request, response) => {
    const signature = String(request.headers['x-slack-signature'] ?? '');
    forgetBefore(seenAtMs, clock() - REMEMBERED_MS);
    if (seenAtMs.has(signature)) {
      response.writeHead(REFUSED_STATUS).end();
      return;
    }
    seenAtMs.set(signature, clock());
    response.once('close', () => {
      if (!response.writableFinished || response.statusCode >= 300) {
        seenAtMs.delete(signature);
      }
    });
    listener(request, response);
  };
}

/** A map keeps its entries in the order in which they came. */
function forgetBefore(seenAtMs: Map<string, number>, atMs: number): void {
  for (const [signature, seenAt] of seenAtMs) {
    if (seenAt >= atMs) {
      return;
    }
    seenAtMs.delete(signature);
  }
}
