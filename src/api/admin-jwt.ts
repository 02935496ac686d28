import type { IncomingHttpHeaders } from 'node:http';
import type { Secret } from '../config/secret.ts';
import { isRefusal } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { complaintAboutManaging } from '../core/sign-in/admin.ts';
import type { CalledRoute } from '../core/sign-in/routes.ts';
import type { SignInSettings } from '../core/sign-in/settings.ts';
import { looksLikeJwt } from '../core/sign-in/verified.ts';
import type { VerifyJwt } from '../core/sign-in/verified.ts';
import { bearerIn, complaintAboutAdmin } from './admin-key.ts';

/** Who may manage by a JWT in place of the admin key. */
export interface AdminByJwt {
  readonly verify: VerifyJwt;
  readonly settings: SignInSettings;
}

/** Undefined if the headers carry the admin key, or a JWT that may manage by this route. */
export async function complaintAboutManager(
  headers: IncomingHttpHeaders,
  route: CalledRoute,
  known: { readonly adminKey: Secret; readonly jwt: AdminByJwt | undefined },
): Promise<Refusal | undefined> {
  const complaint = complaintAboutAdmin(headers, known.adminKey);
  const bearer = bearerIn(headers.authorization);
  if (complaint === undefined || known.jwt === undefined || bearer === undefined) {
    return complaint;
  }
  if (!looksLikeJwt(bearer)) {
    return complaint;
  }
  const verified = await known.jwt.verify(bearer);
  return isRefusal(verified)
    ? verified
    : complaintAboutManaging(known.jwt.settings, verified.claims, route);
}
