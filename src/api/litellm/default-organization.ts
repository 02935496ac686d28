// Teams and people of LiteLLM may belong to no organization. Here everybody belongs to one, because what is counted
// together must lie together; those without are all in this one, so that a person's budget counts over their teams.

/** The same that teams made for a JWT without an organization belong to. */
export const DEFAULT_ORGANIZATION = 'default';

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
