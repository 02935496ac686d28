// Who calls by a JWT.
//
// States of a JWT: unknown → being verified (shared by all who send it) → remembered, until it expires or the keys
// of its issuer are old, whichever comes first → unknown. Only whom it stands for is remembered, which never
// changes; whether they may call is the gate's to say on each call. Trade-off: a JWT that its issuer takes back
// works until then; to stop somebody at once, block the key record, or suspend team or organization here.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KeyIdentity } from '../core/gateway/gate.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Claims } from '../core/sign-in/claims.ts';
import { isRouteAllowed } from '../core/sign-in/routes.ts';
import type { SignedIn } from '../core/sign-in/sign-in.ts';
import type { VerifyJwt } from '../core/sign-in/verified.ts';
import { JWT_MAX_LENGTH } from '../core/sign-in/verified.ts';
import { SECOND_MS } from '../core/time.ts';
import type { Clock } from '../core/time.ts';

/** Each is a digest and an identity: about 10 MB together. */
const REMEMBERED_MAX = 20_000;
/** What is not remembered costs a verification, and a look into the records: a flood must not take all. */
const UNDER_WAY_MAX = 256;
/** A JWT that stands for nobody here is not looked up on each call; who is let in meanwhile waits this long. */
const REFUSED_MS = SECOND_MS;
/** Which of its teams a JWT calls for. */
const TEAM_HEADER = 'x-litellm-team-id';

export interface JwtParts {
  readonly verify: VerifyJwt;
  readonly signIn: (claims: Claims, wishedTeam: string | undefined) => Promise<SignedIn | Refusal>;
  /** Groups or paths that may be called by JWT. */
  readonly routes: readonly string[];
  /** After how long the issuer's keys are to be asked again. */
  readonly rememberMs: number;
  readonly clock: Clock;
}

interface Remembered {
  readonly found: SignedIn | Refusal;
  readonly untilMs: number;
}

/** Answers at once for a JWT that was seen before. */
export type IdentifyJwt = (
  jwt: string,
  req: IncomingMessage,
) => KeyIdentity | Refusal | Promise<KeyIdentity | Refusal>;

export function createJwtCallers(parts: JwtParts): IdentifyJwt {
  // In the order of their last use.
  const remembered = new Map<string, Remembered>();
  const underWay = new Map<string, Promise<SignedIn | Refusal>>();

  function recall(place: string): SignedIn | Refusal | undefined {
    const entry = remembered.get(place);
    if (entry === undefined) {
      return undefined;
    }
    remembered.delete(place);
    if (entry.untilMs <= parts.clock()) {
      return undefined;
    }
    remembered.set(place, entry);
    return entry.found;
  }

  function remember(place: string, found: SignedIn | Refusal, expiresAtMs: number): void {
    const lifeMs = isRefusal(found) ? REFUSED_MS : parts.rememberMs;
    remembered.set(place, { found, untilMs: Math.min(expiresAtMs, parts.clock() + lifeMs) });
    if (remembered.size > REMEMBERED_MAX) {
      const [oldest] = remembered.keys();
      remembered.delete(oldest ?? '');
    }
  }

  async function find(
    place: string,
    jwt: string,
    team: string | undefined,
  ): Promise<SignedIn | Refusal> {
    const verified = await parts.verify(jwt);
    if (isRefusal(verified)) {
      return verified;
    }
    const signedIn = await parts.signIn(verified.claims, team);
    remember(place, signedIn, verified.expiresAtMs);
    return signedIn;
  }

  async function findOnce(
    place: string,
    jwt: string,
    team: string | undefined,
  ): Promise<SignedIn | Refusal> {
    let finding = underWay.get(place);
    if (finding === undefined) {
      if (underWay.size >= UNDER_WAY_MAX) {
        return refuse('server_busy');
      }
      finding = find(place, jwt, team).finally(() => underWay.delete(place));
      underWay.set(place, finding);
    }
    return finding;
  }

  return (jwt, req) => {
    if (jwt.length > JWT_MAX_LENGTH) {
      return refuse('jwt_invalid', { complaint: `it has more than ${JWT_MAX_LENGTH} characters` });
    }
    const header = req.headers[TEAM_HEADER];
    const team = typeof header === 'string' && header !== '' ? header : undefined;
    const place = createHash('sha256')
      .update(`${jwt}\n${team ?? ''}`)
      .digest('base64');
    const known = recall(place);
    return known === undefined
      ? findOnce(place, jwt, team).then((found) => callerOf(parts, found, req))
      : callerOf(parts, known, req);
  };
}

function callerOf(
  { routes }: JwtParts,
  found: SignedIn | Refusal,
  req: IncomingMessage,
): KeyIdentity | Refusal {
  if (isRefusal(found)) {
    return found;
  }
  const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
  const route = { method: req.method ?? '', path };
  const own = found.routes ?? routes;
  return isRouteAllowed(routes, route) && isRouteAllowed(own, route)
    ? found.identity
    : refuse('jwt_denied', { complaint: 'this route is not among those that it may call' });
}
