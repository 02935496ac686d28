// Slack's signature covers the time and the body, and stays good for five minutes: whoever has seen a signed
// request could send it again until then. So the signatures that were answered are remembered for that long.
// One kind of request repeats itself: who types, deletes and types again within a second has Slack ask for the same
// options of a menu, under the same signature. It changes nothing and is answered again.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { MINUTE_MS } from '../core/time.ts';

/** As long as a signature is believed, and one minute for clocks that differ. */
const REMEMBERED_MS = 6 * MINUTE_MS;
const REFUSED_STATUS = 401;
/** What Slack asks of a menu takes a kilobyte or two, with the form that it stands in up to a hundred more. */
const REPEATED_BYTES_MAX = 256 * 1_024;

/**
 * Lets each signed request through once, and one for the options of a menu as often as it comes. What was not answered
 * well may come again: Slack itself sends it anew then. A process remembers its own requests; what reaches another one
 * has no second effect, for each change is made once by the id of its delivery.
 */
export function refusingReplays(listener: RequestListener, clock: () => number): RequestListener {
  const seenAtMs = new Map<string, number>();
  return (request, response) => {
    const signature = String(request.headers['x-slack-signature'] ?? '');
    forgetBefore(seenAtMs, clock() - REMEMBERED_MS);
    if (seenAtMs.has(signature)) {
      void answerRepeated(listener, request, response);
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

async function answerRepeated(
  listener: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (await asksForOptions(request)) {
    listener(request, response);
  } else {
    response.writeHead(REFUSED_STATUS).end();
  }
}

/**
 * Whether a request says that it asks for the options of a menu; whether Slack says so, too, the listener finds out by the
 * signature. The body is left where Bolt looks for one that was read already.
 */
async function asksForOptions(request: IncomingMessage & { rawBody?: Buffer }): Promise<boolean> {
  const size = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(size <= REPEATED_BYTES_MAX)) {
    return false;
  }
  try {
    const body = await buffer(request);
    request.rawBody = body;
    const asked: unknown = JSON.parse(new URLSearchParams(body.toString()).get('payload') ?? '{}');
    return (asked as { readonly type?: unknown } | null)?.type === 'block_suggestion';
  } catch {
    // It broke off, or is nothing that Slack sends.
    return false;
  }
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
