import type { Refusal } from '../refusals.ts';
import type { Claims } from './claims.ts';

/** A JWT whose signature, issuer, audience and times were found right. */
export interface VerifiedJwt {
  readonly claims: Claims;
  readonly expiresAtMs: number;
}

/** Refuses with what is wrong, and never repeats the JWT. */
export type VerifyJwt = (jwt: string) => Promise<VerifiedJwt | Refusal>;

/** Longer than any that issuers make; it travels with each call, and is hashed each time. */
export const JWT_MAX_LENGTH = 16 * 1024;

/** Whether a credential has the shape of a JWT: three parts, the first a JSON object in base64url. */
export function looksLikeJwt(credential: string): boolean {
  return credential.startsWith('eyJ') && credential.split('.', 4).length === 3;
}
