import { errors, jwtVerify } from 'jose';
import type { CryptoKey, JWTHeaderParameters, JWTVerifyOptions } from 'jose';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { JwtTrust } from '../core/sign-in/settings.ts';
import { JWT_MAX_LENGTH } from '../core/sign-in/verified.ts';
import type { VerifyJwt } from '../core/sign-in/verified.ts';
import type { Clock } from '../core/time.ts';
import { createKeySet } from './key-set.ts';
import type { Keys, KeySet } from './key-set.ts';

/** The issuer's keys cannot be had now. */
class KeysUnavailable extends Error {}

export interface VerifyOptions {
  readonly clock: Clock;
  /** Told when an issuer's keys could not be fetched. */
  readonly onComplaint: (error: unknown) => void;
}

/** Verifies JWTs of the issuers that the operator trusts. */
export function createVerify(trust: JwtTrust, { clock, onComplaint }: VerifyOptions): VerifyJwt {
  const sets = trust.publicKeyUrls.map((url) =>
    createKeySet(url, {
      ttlMs: trust.publicKeyTtlMs,
      staleMs: trust.publicKeyStaleMs,
      clock,
      onComplaint,
    }),
  );
  const options: JWTVerifyOptions = {
    algorithms: [...trust.algorithms],
    clockTolerance: trust.clockToleranceSeconds,
    // One without an end could never be taken back.
    requiredClaims: ['exp'],
    ...(trust.audiences === undefined ? {} : { audience: [...trust.audiences] }),
    ...(trust.issuers === undefined ? {} : { issuer: [...trust.issuers] }),
  };

  return async (jwt) => {
    if (jwt.length > JWT_MAX_LENGTH) {
      const complaint = `it has more than ${JWT_MAX_LENGTH} characters`;
      return refuse('jwt_invalid', { complaint });
    }
    try {
      const now = { currentDate: new Date(clock()) };
      const { payload } = await jwtVerify(jwt, async (header) => keyFor(sets, header), {
        ...options,
        ...now,
      });
      // Required above, and a number after jose's check of it.
      return { claims: payload, expiresAtMs: (payload.exp as number) * 1_000 };
    } catch (error) {
      return refusalOf(error, trust);
    }
  };
}

/** The key that the header names; from the sets as they are, else as they are now. */
async function keyFor(sets: readonly KeySet[], header: JWTHeaderParameters): Promise<CryptoKey> {
  const found =
    (await firstKey(sets, header, async (set) => set.keys())) ??
    (await firstKey(sets, header, async (set) => set.newerKeys()));
  if (found !== undefined) {
    return found;
  }
  if (sets.every((set) => set.isSure())) {
    throw new errors.JWKSNoMatchingKey();
  }
  throw new KeysUnavailable();
}

async function firstKey(
  sets: readonly KeySet[],
  header: JWTHeaderParameters,
  read: (set: KeySet) => Promise<Keys | undefined>,
): Promise<CryptoKey | undefined> {
  for (const keys of await Promise.all(sets.map(read))) {
    try {
      const key = await keys?.(header);
      if (key !== undefined) {
        return key;
      }
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
    }
  }
  return undefined;
}

function refusalOf(error: unknown, trust: JwtTrust): Refusal {
  if (error instanceof KeysUnavailable) {
    return refuse('jwt_keys_unavailable');
  }
  if (error instanceof errors.JOSEError) {
    return refuse('jwt_invalid', { complaint: complaintIn(error, trust) });
  }
  throw error;
}

/** What is wrong, in words that hold nothing of the JWT but its times. */
function complaintIn(error: errors.JOSEError, { algorithms }: JwtTrust): string {
  if (error instanceof errors.JWTExpired) {
    return `it expired at ${timeText(error.payload.exp)}`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return complaintAboutClaim(error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `its algorithm is not one of ${algorithms.join(', ')}`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'its signature is not by the key that it names';
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return 'it was signed with a key id (kid) that its issuer does not publish';
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'it does not say by which of the keys of its issuer it was signed (kid)';
  }
  return 'it is not a well-formed JWT';
}

function complaintAboutClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed): string {
  const isMissing = reason === 'missing';
  switch (claim) {
    case 'aud':
      return isMissing ? 'it names no audience (aud)' : 'it is meant for another audience (aud)';
    case 'iss':
      return isMissing ? 'it names no issuer (iss)' : 'it is of another issuer (iss)';
    case 'exp':
      return isMissing ? 'it never expires (exp)' : 'its expiry (exp) is no time';
    case 'nbf':
      return `it is not valid before ${timeText(payload.nbf)}`;
    default:
      return 'one of its claims is not acceptable';
  }
}

function timeText(seconds: unknown): string {
  const at = new Date(Number(seconds) * 1_000);
  return Number.isNaN(at.getTime()) ? 'a time that cannot be read' : at.toISOString();
}
