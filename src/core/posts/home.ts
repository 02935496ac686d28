import type { Organization } from '../organizations/organization.ts';
import type { Records } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { OPERATORS } from './post.ts';

/** Where a team is spoken to: its own channel, else its organization's, else the operators'. */
export async function homeOf(
  { organizations }: Pick<Records, 'organizations'>,
  { channelId, organizationId }: Pick<Team, 'channelId' | 'organizationId'>,
): Promise<string> {
  return channelId ?? homeOfOrganization(await organizations.find(organizationId));
}

/** Where an organization is spoken to: its channel, else the operators'. */
export function homeOfOrganization(organization: Organization | undefined): string {
  return organization?.channelId ?? OPERATORS;
}
