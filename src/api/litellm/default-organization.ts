// Teams and people of LiteLLM may belong to no organization. Here everybody belongs to one, because what is counted
// together must lie together; those without are all in this one, so that a person's budget counts over their teams.

import type { Actor } from '../../core/audit/audit.ts';
import { insertOrganization } from '../../core/organizations/create-organization.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { HOUSE_ORGANIZATION } from '../../core/organizations/organization.ts';

/** The same that teams made for a JWT without an organization belong to. */
export const DEFAULT_ORGANIZATION = HOUSE_ORGANIZATION;

/** LiteLLM's word for teams without an organization, in filters. */
const NO_ORGANIZATION = 'default_organization';

/** The organization that a request means. */
export function organizationFrom(given: string | null | undefined): string {
  return given === null || given === undefined || given === '' || given === NO_ORGANIZATION
    ? DEFAULT_ORGANIZATION
    : given;
}

/** The organization as LiteLLM shows it. */
export function shownOrganization(id: string): string | null {
  return id === DEFAULT_ORGANIZATION ? null : id;
}

/** The organization of those without one is made with the first row of it. */
export async function ensureDefault(
  { records }: Stores,
  actor: Actor,
  organizationId: string,
): Promise<Refusal | undefined> {
  if (organizationId !== DEFAULT_ORGANIZATION) {
    return undefined;
  }
  const known = await records.organizations.find(organizationId);
  return known === undefined
    ? insertOrganization(records, actor, { id: organizationId, name: organizationId })
    : undefined;
}
