import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { scopesOf } from './claims.ts';
import type { Claims } from './claims.ts';
import { isRouteAllowed } from './routes.ts';
import type { CalledRoute } from './routes.ts';
import type { SignInSettings } from './settings.ts';

/** Refuses a verified JWT that may not manage by this route. */
export function complaintAboutManaging(
  { adminScope, adminRoutes }: SignInSettings,
  claims: Claims,
  route: CalledRoute,
): Refusal | undefined {
  if (adminScope === undefined) {
    return refuse('jwt_denied', { complaint: 'no JWT may manage here, the admin key alone' });
  }
  if (!scopesOf(claims).includes(adminScope)) {
    return refuse('jwt_denied', { complaint: `it lacks the scope ${adminScope}` });
  }
  return isRouteAllowed(adminRoutes, route)
    ? undefined
    : refuse('jwt_denied', { complaint: `${route.path} is not among the routes of its scope` });
}
