import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { scopesOf, textAt, textsAt } from './claims.ts';
import type { Claims, ClaimPath } from './claims.ts';
import type { ScopeGrant, SignInSettings } from './settings.ts';

/** Whom a JWT says it stands for, whatever team is meant. Nothing of it was looked up yet. */
interface Person {
  readonly organizationId: string | undefined;
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly models: readonly string[];
  /** Routes that the scopes confine it to; undefined where they do not. */
  readonly routes: readonly string[] | undefined;
}

export interface Who extends Person {
  /** The first that exists is meant. */
  readonly teamIds: readonly string[];
  /** Whether the one team was named as such; a group of the directory must not become a team by itself. */
  readonly isTeamCertain: boolean;
}

/** Reads the claims; `wishedTeam` is what the client asks for, and must be among the teams of the JWT. */
export function whoIs(
  settings: SignInSettings,
  claims: Claims,
  wishedTeam: string | undefined,
): Who | Refusal {
  const person = personOf(settings, claims);
  if ('refused' in person) {
    return person;
  }
  const teams = teamsOf(settings, claims, wishedTeam);
  return 'refused' in teams ? teams : { ...teams, ...person };
}

/** Reads the claims but for the teams. */
export function personOf(settings: SignInSettings, claims: Claims): Person | Refusal {
  const email = textAt(claims, settings.userEmail);
  const granted = grantedBy(settings.scopes, claims);
  const complaint =
    complaintAboutEmail(settings.emailDomain, email, claims) ??
    complaintAboutRoles(settings.userRoles, claims) ??
    (granted === undefined ? 'none of its scopes allows any call' : undefined);
  if (complaint !== undefined || granted === undefined) {
    return refuse('jwt_denied', { complaint: complaint ?? '' });
  }
  return {
    ...granted,
    organizationId: textAt(claims, settings.organizationId),
    userId: textAt(claims, settings.userId),
    email,
  };
}

/** LiteLLM's order: what the client asks for, the claim of one team, the groups, the default. */
function teamsOf(
  { teamId, teamIds, defaultTeamId }: SignInSettings,
  claims: Claims,
  wishedTeam: string | undefined,
): Pick<Who, 'teamIds' | 'isTeamCertain'> | Refusal {
  const named = textAt(claims, teamId);
  const groups = textsAt(claims, teamIds);
  if (wishedTeam !== undefined) {
    const own = [...new Set(named === undefined ? groups : [named, ...groups])];
    return own.includes(wishedTeam)
      ? { teamIds: [wishedTeam], isTeamCertain: true }
      : refuse('jwt_team_not_listed', { team: wishedTeam, allowed: own.join(', ') || 'none' });
  }
  if (named !== undefined) {
    return { teamIds: [named], isTeamCertain: true };
  }
  if (groups.length > 0) {
    return { teamIds: groups, isTeamCertain: false };
  }
  return defaultTeamId === undefined
    ? refuse('jwt_team_missing', { complaint: complaintAboutTeams(teamId, teamIds) })
    : { teamIds: [defaultTeamId], isTeamCertain: true };
}

function complaintAboutTeams(teamId?: ClaimPath, teamIds?: ClaimPath): string {
  const names = [teamId, teamIds]
    .filter((path) => path !== undefined)
    .map((path) => path.join('.'));
  return names.length === 0
    ? 'no claim is configured that could'
    : `it has no claim ${names.join(' and no ')}`;
}

function complaintAboutEmail(
  domain: string | undefined,
  email: string | undefined,
  claims: Claims,
): string | undefined {
  if (domain === undefined) {
    return undefined;
  }
  if (email === undefined) {
    return 'it has no email address, and those of one domain alone are allowed';
  }
  if (claims['email_verified'] === false) {
    return 'its email address was not verified';
  }
  return email.toLowerCase().endsWith(`@${domain.toLowerCase()}`)
    ? undefined
    : 'Email domain not allowed';
}

function complaintAboutRoles(
  roles: SignInSettings['userRoles'],
  claims: Claims,
): string | undefined {
  return roles === undefined ||
    textsAt(claims, roles.claim).some((role) => roles.allowed.includes(role))
    ? undefined
    : 'its user has none of the roles that are allowed';
}

/** What all of its scopes allow together; undefined where they allow nothing. */
function grantedBy(
  scopes: readonly ScopeGrant[] | undefined,
  claims: Claims,
): Pick<Who, 'models' | 'routes'> | undefined {
  if (scopes === undefined) {
    return { models: [], routes: undefined };
  }
  const held = scopesOf(claims);
  const grants = scopes.filter(({ scope }) => held.includes(scope));
  return grants.length === 0
    ? undefined
    : {
        models: together(grants.map(({ models }) => models)),
        routes: grants.some(({ routes }) => routes.length === 0)
          ? undefined
          : together(grants.map(({ routes }) => routes)),
      };
}

/** An empty list allows all, and so do all lists with an empty one among them. */
function together(lists: readonly (readonly string[])[]): string[] {
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())].sort();
}

/** One customer's JWT must not open another customer's team of that name. */
export function complaintAboutOrganization(
  { organizationId }: Who,
  team: { readonly id: string; readonly organizationId: string },
): string | undefined {
  return organizationId === undefined || organizationId === team.organizationId
    ? undefined
    : `team ${team.id} does not belong to organization ${organizationId}`;
}
