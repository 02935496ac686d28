import type { TeamFilter, TeamsWanted } from '../list-filters.ts';
import type { Team } from './team.ts';

export interface TeamRecords {
  find(id: string): Promise<Team | undefined>;
  /** As `find`, and nobody else changes it until this change is over. */
  locked(id: string): Promise<Team | undefined>;
  /** Ids of those whose status lifted by itself, at most `limit`. */
  lifted(at: Date, limit: number): Promise<string[]>;
  list(filter: TeamFilter): Promise<Team[]>;
  /** How many there are on all pages of such a list. */
  count(wanted: TeamsWanted): Promise<number>;
  /** Undefined if the id is taken. */
  insert(team: NewTeam): Promise<Team | undefined>;
  /** Raises the version by one. */
  update(id: string, change: Partial<NewTeam>): Promise<void>;
}

export type NewTeam = Omit<Team, 'version' | 'createdAt' | 'updatedAt'>;
