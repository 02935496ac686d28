import { request } from 'undici';
import { z } from 'zod';
import { Fault } from '../core/faults.ts';
import { isSafeKeyAddress } from '../core/sign-in/key-address.ts';
import { SECOND_MS } from '../core/time.ts';

/** Calls wait for it, so it must be short; issuers answer within a fraction of a second. */
const DEADLINE_MS = 5 * SECOND_MS;
/** Sets of real issuers have some kilobytes. */
const BYTES_MAX = 256 * 1024;
const KEYS_MAX = 100;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(KEYS_MAX) });
/** What stands at `/.well-known/openid-configuration`. */
const discovery = z.object({ jwks_uri: z.string() });

export type KeySetJson = z.infer<typeof keySet>;

/** Fetches an issuer's public keys, by way of its discovery document where the address is of that. */
export async function fetchKeySet(url: string): Promise<KeySetJson> {
  const first = await fetchJson(url);
  const found = discovery.safeParse(first);
  const json = found.success ? await fetchJson(found.data.jwks_uri) : first;
  const read = keySet.safeParse(json);
  if (!read.success) {
    throw new Fault(`Fetching public keys: ${originOf(url)} answers no key set that can be read`);
  }
  return read.data;
}

async function fetchJson(url: string): Promise<unknown> {
  const place = originOf(url);
  if (!isSafeKeyAddress(url)) {
    throw new Fault(`Fetching public keys: ${place} is not https, and not on this machine`);
  }
  // One deadline for all of it. Redirects are not followed: they could lead anywhere.
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const { statusCode, body } = await request(url, {
      signal,
      reset: true,
      headers: { accept: 'application/json' },
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > BYTES_MAX) {
        throw new Fault(`it answers more than ${BYTES_MAX} bytes`);
      }
      chunks.push(chunk as Buffer);
    }
    if (statusCode !== 200) {
      throw new Fault(`it answers with status ${statusCode}`);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    const why = signal.aborted ? `no answer within ${DEADLINE_MS} ms` : (error as Error).message;
    throw new Fault(`Fetching public keys from ${place}: ${why}`, { cause: error });
  }
}

/** Paths and queries may hold secrets. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'an address that cannot be read';
}
