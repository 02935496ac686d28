import type { AccessGroup } from '../core/models/access-group.ts';
import type { Team } from '../core/teams/team.ts';

/** The aliases that a team's groups grant, sorted. */
export function aliasesOf(team: Team, groups: readonly AccessGroup[]): string[] {
  const granted = groups.filter((group) => team.accessGroups.includes(group.name));
  return [...new Set(granted.flatMap((group) => group.aliases))].sort();
}
