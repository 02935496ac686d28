import type { CeilingChange } from '../ceilings/change.ts';
import type { LimitPolicy } from '../teams/team.ts';
import type { ClaimPath } from './claims.ts';

/** Whose JWTs are believed. */
export interface JwtTrust {
  /** Key sets of issuers, or their discovery documents; each https, or http on this machine. */
  readonly publicKeyUrls: readonly string[];
  /** One of them must be in the JWT; undefined where the operator lets any pass. */
  readonly audiences: readonly string[] | undefined;
  readonly issuers: readonly string[] | undefined;
  /** Asymmetric ones alone: with the others, who can verify can sign. */
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds: number;
  /** How long a key set is believed without asking again. */
  readonly publicKeyTtlMs: number;
  /** How much longer, while the issuer does not answer. */
  readonly publicKeyStaleMs: number;
}

/** What the claims of a JWT mean, and what is made for who is new. */
export interface SignInSettings {
  /** Who has it may manage; undefined where no JWT may. */
  readonly adminScope: string | undefined;
  /** Groups or paths that such a caller may manage by. */
  readonly adminRoutes: readonly string[];
  /** Groups or paths that all others may call. */
  readonly teamRoutes: readonly string[];
  readonly teamId: ClaimPath | undefined;
  readonly teamIds: ClaimPath | undefined;
  /** For JWTs that name no team. */
  readonly defaultTeamId: string | undefined;
  /** Undefined where an unknown team is refused. */
  readonly newTeam: NewTeamOfJwt | undefined;
  readonly userId: ClaimPath | undefined;
  readonly userEmail: ClaimPath | undefined;
  /** Creates people who are new; else they are refused. */
  readonly createsUsers: boolean;
  readonly emailDomain: string | undefined;
  readonly userRoles:
    | { readonly claim: ClaimPath; readonly allowed: readonly string[] }
    | undefined;
  readonly organizationId: ClaimPath | undefined;
  /** What each scope allows; undefined where scopes do not confine. */
  readonly scopes: readonly ScopeGrant[] | undefined;
}

/** What a team begins with that was first named by a JWT. */
export interface NewTeamOfJwt {
  /** Where the JWT names none. */
  readonly organizationId: string;
  readonly accessGroups: readonly string[];
  readonly models: readonly string[];
  readonly microcredits: bigint;
  readonly limitPolicy: LimitPolicy;
  readonly ceilings: readonly CeilingChange[];
}

export interface ScopeGrant {
  readonly scope: string;
  /** Names, access groups, `prefix*`; empty for all of the team's. */
  readonly models: readonly string[];
  /** Empty for all that teams may call. */
  readonly routes: readonly string[];
}
