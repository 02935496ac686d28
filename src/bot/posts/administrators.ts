import type { RoleBook } from '../roles.ts';

/** A handful is heard; a crowd relies on each other. */
const ADMINISTRATORS_MAX = 5;

/**
 * Who is told what nobody else can be told: owners of all organizations, whoever made them so; the managers where
 * there is no owner whom Slack knows.
 */
export function createAdministrators(
  roles: Pick<RoleBook, 'activePeople'>,
): () => Promise<readonly string[]> {
  return async () => {
    const owners = await roles.activePeople('owner');
    const people = owners.length > 0 ? owners : await roles.activePeople('manager');
    return people.slice(0, ADMINISTRATORS_MAX);
  };
}
