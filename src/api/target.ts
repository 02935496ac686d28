// Whose rows a request is about. Looked up before a handler runs, for callers who do not see everybody.

import { complaintAboutId } from '../core/ids.ts';
import type { Caller, Tenant } from '../core/permission/caller.ts';
import type { Stores } from '../core/stores.ts';

/** What of a request names a row: its parts were read, but their ids may be anything. */
export interface Given<Body = unknown, Query = unknown> {
  readonly params: Params;
  readonly body: Body;
  readonly query: Query;
}

/** Parameters of the path by name; empty where the path has none. */
export type Params = Readonly<Record<string, string>>;

/** Finds the rows; undefined for one that does not exist. */
export type FindRows<Body, Query> = (
  stores: Stores,
  given: Given<Body, Query>,
  caller: Caller,
) => Promise<readonly (Tenant | undefined)[]>;

/**
 * Nothing of any customer; a list that the handler confines to `within`; or rows that are looked up.
 */
export type Target<Body = unknown, Query = unknown> = 'nothing' | 'listed' | FindRows<Body, Query>;

type Pick1<Body, Query> = (given: Given<Body, Query>) => string | undefined;

export function ofOrganization<Body, Query>(pick: Pick1<Body, Query>): FindRows<Body, Query> {
  return async (_stores, given) => {
    const id = pick(given);
    return [id === undefined ? undefined : { organizationId: id }];
  };
}

export function ofTeam<Body, Query>(pick: Pick1<Body, Query>): FindRows<Body, Query> {
  return async (stores, given) => [await tenantOfTeam(stores, pick(given))];
}

export function ofKey<Body, Query>(pick: Pick1<Body, Query>): FindRows<Body, Query> {
  return async (stores, given) => {
    const id = pick(given);
    const isId = id !== undefined && complaintAboutId(id) === undefined;
    const key = isId ? await stores.records.keys.find(id) : undefined;
    return [key === undefined ? undefined : { ...key, keyId: key.id }];
  };
}

/** Whose a team is; what can't be an id names none. */
export async function tenantOfTeam(
  stores: Stores,
  id: string | undefined,
): Promise<Tenant | undefined> {
  const isId = id !== undefined && complaintAboutId(id) === undefined;
  const team = isId ? await stores.records.teams.find(id) : undefined;
  return team === undefined ? undefined : { organizationId: team.organizationId, teamId: team.id };
}

export const organizationInPath = ofOrganization(({ params }) => params['id']);
export const teamInPath = ofTeam(({ params }) => params['id']);
export const keyInPath = ofKey(({ params }) => params['id']);

interface NamesTeam {
  readonly team_id?: string | null | undefined;
}
export const teamInQuery = ofTeam<unknown, NamesTeam>(({ query }) => query.team_id ?? undefined);
export const teamInBody = ofTeam<NamesTeam, unknown>(({ body }) => body.team_id ?? undefined);

interface NamesOrganization {
  readonly organization_id?: string | null | undefined;
}
export const organizationInBody = ofOrganization<NamesOrganization, unknown>(
  ({ body }) => body.organization_id ?? undefined,
);
