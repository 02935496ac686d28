import { complaintAboutId } from '../../core/ids.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';

/** A team that LiteLLM would know: one that was deleted is archived here, and gone there. */
export async function findTeam({ records }: Stores, id: string): Promise<Team | undefined> {
  const team = complaintAboutId(id) === undefined ? await records.teams.find(id) : undefined;
  return team?.status === 'archived' ? undefined : team;
}
