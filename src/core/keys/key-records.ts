import type { KeyFilter, KeysWanted } from '../list-filters.ts';
import type { KeyEnd } from './note-ends.ts';
import type { VirtualKey } from './virtual-key.ts';

export interface KeyRecords {
  insert(key: NewKey): Promise<void>;
  find(id: string): Promise<VirtualKey | undefined>;
  /** As `find`, and nobody else changes it until this change is over. */
  locked(id: string): Promise<VirtualKey | undefined>;
  /** Raises the version by one. */
  update(id: string, change: Partial<Omit<NewKey, 'id' | FixedOfKey>>): Promise<void>;
  /** In the order of their making. */
  ofTeam(teamId: string): Promise<VirtualKey[]>;
  list(filter: KeyFilter): Promise<VirtualKey[]>;
  /** How many keys a list has on all of its pages. */
  count(filter: KeysWanted): Promise<number>;
  /** As `ofTeam`, of several at once. */
  ofTeams(teamIds: readonly string[]): Promise<VirtualKey[]>;
  /** What ended by itself until a moment and is not noted yet, at most `limit`. */
  ended(at: Date, limit: number): Promise<KeyEnd[]>;
  /** True for the one who notes it first. */
  noteEnd(end: KeyEnd): Promise<boolean>;
}

export type NewKey = Omit<VirtualKey, 'version' | 'createdAt' | 'updatedAt'>;
/** The gate remembers these for ever. */
type FixedOfKey = 'teamId' | 'organizationId' | 'userId';
