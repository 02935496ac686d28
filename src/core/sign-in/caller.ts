// Whom a JWT without the admin's scope stands for at the management door: the same key record by which it calls
// models, with the roles of the person behind it. An organization's admin need be in no team.

import { refuseKey } from '../gateway/admission.ts';
import { isDeleted } from '../members/deleted.ts';
import type { Caller } from '../permission/caller.ts';
import { callerBehind } from '../permission/find-caller.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Claims } from './claims.ts';
import { isRouteAllowed } from './routes.ts';
import type { CalledRoute } from './routes.ts';
import type { SignInSettings } from './settings.ts';
import { signIn } from './sign-in.ts';
import { personOf } from './who.ts';

export interface SignInRequest {
  readonly route: CalledRoute;
  /** Where it comes from, as keys are confined to addresses. */
  readonly address: string;
  /** The team that the client asks for, among those of its JWT. */
  readonly wishedTeam: string | undefined;
}

/** Who asks, or why they may not. What may be done here at all is said by the routes that teams may call. */
export async function callerOfJwt(
  stores: Stores,
  settings: SignInSettings,
  claims: Claims,
  request: SignInRequest,
): Promise<Caller | Refusal> {
  const { route, address, wishedTeam } = request;
  const signedIn = await signIn(stores, settings, claims, wishedTeam);
  if (isRefusal(signedIn)) {
    const manager =
      signedIn.refused === 'jwt_team_missing'
        ? await managerOf(stores, settings, claims, route)
        : undefined;
    return manager ?? signedIn;
  }
  const { identity, routes = settings.teamRoutes } = signedIn;
  const no = complaintAboutRoute([settings.teamRoutes, routes], route);
  if (no !== undefined) {
    return no;
  }
  const refusal = await refuseKey(stores.gate, identity, address);
  // As with a key: a team that is suspended still sees what it had.
  return refusal === undefined || /^(team|organization)_/.test(refusal.refused)
    ? callerBehind(stores.records, identity)
    : refusal;
}

/** The admin of the organization that a JWT without a team names; undefined where it names none. */
async function managerOf(
  { records }: Stores,
  settings: SignInSettings,
  claims: Claims,
  route: CalledRoute,
): Promise<Caller | Refusal | undefined> {
  const person = personOf(settings, claims);
  if (isRefusal(person) || person.organizationId === undefined || person.userId === undefined) {
    return undefined;
  }
  const { organizationId, userId, routes = settings.teamRoutes } = person;
  const user = await records.users.find(organizationId, userId);
  return user === undefined || user.role !== 'admin' || isDeleted(user)
    ? undefined
    : (complaintAboutRoute([settings.teamRoutes, routes], route) ?? {
        role: 'organization_admin',
        actor: { id: `api:user:${userId}`, door: 'api' },
        organizationId,
        userId,
      });
}

function complaintAboutRoute(
  allowed: readonly (readonly string[])[],
  route: CalledRoute,
): Refusal | undefined {
  return allowed.every((routes) => isRouteAllowed(routes, route))
    ? undefined
    : refuse('jwt_denied', { complaint: 'this route is not among those that it may call' });
}
