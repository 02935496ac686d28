import type { IncomingMessage } from 'node:http';
import type { Gate, KeyIdentity } from '../core/gateway/gate.ts';
import { identifyKey } from '../core/keys/brought-key.ts';
import { complaintAboutKey, lastFourOf } from '../core/keys/virtual-key.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { looksLikeJwt } from '../core/sign-in/verified.ts';
import type { IdentifyJwt } from './jwt-callers.ts';

/** Keys whose identity is remembered; it never changes. About 30 MB. */
const REMEMBERED_MAX = 100_000;

/** Answers at once for a key that was seen before. */
export type Authenticate = (
  req: IncomingMessage,
) => KeyIdentity | Refusal | Promise<KeyIdentity | Refusal>;

/** Finds out who calls, by the Authorization header or x-api-key. Whether they may is the gate's to say. */
export function createAuthenticate(
  gate: Gate,
  pepper: string,
  identifyJwt?: IdentifyJwt,
): Authenticate {
  const remembered = new Map<string, KeyIdentity>();

  async function identify(secretKey: string): Promise<KeyIdentity | Refusal> {
    const complaint = complaintAboutKey(secretKey);
    if (complaint !== undefined) {
      return refuse('key_malformed', { complaint });
    }
    const lastFour = lastFourOf(secretKey);
    const identity = await identifyKey(gate, secretKey, pepper);
    if (identity === undefined) {
      return refuse('key_unknown', { lastFour });
    }
    if (remembered.size >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.set(secretKey, identity);
    return identity;
  }

  return (req) => {
    const secretKey = keyFrom(req);
    if (typeof secretKey !== 'string') {
      return secretKey;
    }
    const known = remembered.get(secretKey);
    if (known !== undefined) {
      return known;
    }
    return identifyJwt !== undefined && looksLikeJwt(secretKey)
      ? identifyJwt(secretKey, req)
      : identify(secretKey);
  };
}

function keyFrom(req: IncomingMessage): string | Refusal {
  const header = req.headers.authorization;
  if (header === undefined || header === '') {
    const apiKey = req.headers['x-api-key'];
    return typeof apiKey === 'string' && apiKey !== '' ? apiKey : refuse('key_missing');
  }
  const space = header.indexOf(' ');
  const scheme = space === -1 ? header : header.slice(0, space);
  if (scheme.toLowerCase() !== 'bearer') {
    return refuse('key_malformed', {
      complaint: space === -1 ? 'there is no "Bearer" before it' : 'the scheme is not "Bearer"',
    });
  }
  const secretKey = space === -1 ? '' : header.slice(space + 1);
  return secretKey === '' ? refuse('key_missing') : secretKey;
}
