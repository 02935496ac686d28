import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { scopesOf } from './claims.ts';
import type { Claims } from './claims.ts';
import { isRouteAllowed } from './routes.ts';
import type { CalledRoute } from './routes.ts';
import type { SignInSettings } from './settings.ts';

/** Whether a verified JWT has the scope of those who run this system. */
export function isAdmin({ adminScope }: SignInSettings, claims: Claims): boolean {
  return adminScope !== undefined && scopesOf(claims).includes(adminScope);
}

/** Refuses an admin's JWT that may not manage by this route. */
export function complaintAboutManaging(
  { adminRoutes }: SignInSettings,
  route: CalledRoute,
): Refusal | undefined {
  return isRouteAllowed(adminRoutes, route)
    ? undefined
    : refuse('jwt_denied', { complaint: `${route.path} is not among the routes of its scope` });
}
