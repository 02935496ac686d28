// Puts sign-in by JWT together, for whichever doors are open.

import type { Logger } from 'pino';
import type { AdminByJwt } from './api/authenticate.ts';
import type { JwtConfig } from './config/jwt.ts';
import { signIn } from './core/sign-in/sign-in.ts';
import type { Stores } from './core/stores.ts';
import { createVerify } from './identity-provider/verify.ts';
import type { JwtParts } from './proxy/jwt-callers.ts';

/** What the doors need of it; they share the issuers' keys. */
export interface SignInParts {
  readonly proxy: JwtParts;
  readonly admin: AdminByJwt;
}

/** Undefined where nobody signs in by JWT. */
export function openSignIn(
  stores: Stores,
  jwt: JwtConfig | undefined,
  log: Pick<Logger, 'warn'>,
): SignInParts | undefined {
  if (jwt === undefined) {
    return undefined;
  }
  const { trust, signIn: settings } = jwt;
  const { clock } = stores;
  const verify = createVerify(trust, {
    clock,
    onComplaint: (error) => log.warn({ err: error }, 'public keys for JWTs could not be fetched'),
  });
  return {
    admin: { verify, settings },
    proxy: {
      verify,
      clock,
      routes: settings.teamRoutes,
      rememberMs: trust.publicKeyTtlMs,
      signIn: async (claims, wishedTeam) => signIn(stores, settings, claims, wishedTeam),
    },
  };
}
