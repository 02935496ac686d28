// Posts a webhook into the open network: to nothing private, not for long, not following anybody elsewhere, and
// reading next to nothing of the answer.

import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { complaintAboutReach } from '../core/webhooks/reach.ts';
import type { PostWebhook } from '../core/webhooks/deliver.ts';
import type { WebhookPolicy } from '../core/webhooks/webhook.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** The specification suggests 15 to 30 s; whoever needs longer should answer first and work after. */
const DEADLINE_MS = 15_000;
/** Nothing of an answer but its status is of use; a connection is kept if the rest is this short. */
const ANSWER_MAX_BYTES = 4_096;
const KEPT_ALIVE_MS = 1_000;

export interface WebhookClient {
  readonly post: PostWebhook;
  close(): Promise<void>;
}

/** A name as the system resolves it; tests put their own in its place. */
export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, done) => lookup(hostname, { all: true }, done);

/** Opens the client. One that is given up on is given up on after `deadlineMs`. */
export function createWebhookClient(
  policy: WebhookPolicy,
  { resolve = resolveBySystem, deadlineMs = DEADLINE_MS } = {},
): WebhookClient {
  const agent = new Agent({
    connect: { lookup: guarded(policy, resolve), timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEPT_ALIVE_MS,
    pipelining: 1,
  });
  return {
    async post({ url, headers, body }) {
      const deadline = AbortSignal.timeout(deadlineMs);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers,
          body,
          signal: deadline,
        });
        await answer.body.dump({ limit: ANSWER_MAX_BYTES, signal: deadline });
        return { status: answer.statusCode };
      } catch (error) {
        throw deadline.aborted
          ? new Error(`it did not answer within ${deadlineMs} ms`, { cause: error })
          : error;
      }
    },
    close: async () => agent.destroy(),
  };
}

/** The very addresses that were checked are connected to: a name that changes in between changes nothing. */
function guarded(policy: WebhookPolicy, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      const complaint = addresses
        .map(({ address }) => complaintAboutReach(address, policy))
        .find((each) => each !== undefined);
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address`), '');
      } else if (complaint !== undefined) {
        callback(new Error(`${hostname} may not be reached: ${complaint}`), '');
      } else if (options.all === true) {
        callback(null, [...addresses]);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
