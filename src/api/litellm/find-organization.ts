import { complaintAboutId } from '../../core/ids.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Stores } from '../../core/stores.ts';
import type { Answer } from '../answer.ts';
import { wrapped } from './errors.ts';

/** An organization that LiteLLM would know: one that was deleted is archived here, and gone there. */
export async function findOrganization(
  { records }: Stores,
  id: string,
): Promise<Organization | undefined> {
  const found =
    complaintAboutId(id) === undefined ? await records.organizations.find(id) : undefined;
  return found?.status === 'archived' ? undefined : found;
}

export function unknownOrganization(id: string): Answer {
  return wrapped(404, { error: `Organization not found for organization_id=${id}` });
}
