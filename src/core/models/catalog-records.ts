import type { AccessGroup } from './access-group.ts';
import type { StoredGroup, StoredModel } from './stored-model.ts';

/** Models and access groups: those of the file, and those that people made. */
export interface CatalogRecords {
  /** Nobody else changes any of it until this change is over; and raises its version by one. */
  lockForChange(): Promise<void>;
  /** Rises with every change of models, groups and what serves them. */
  version(): Promise<bigint>;
  /** In the order of their names. */
  models(): Promise<StoredModel[]>;
  model(alias: string): Promise<StoredModel | undefined>;
  /** Makes the model, or changes it where there is one of this alias. */
  saveModel(model: Omit<StoredModel, 'createdAt' | 'updatedAt'>): Promise<void>;
  removeModel(alias: string): Promise<void>;
  groups(): Promise<StoredGroup[]>;
  saveGroup(group: Omit<StoredGroup, 'createdAt' | 'updatedAt'>): Promise<void>;
  removeGroup(name: string): Promise<void>;
  /** What stands in the file. */
  ofFile(): Promise<{ readonly models: string[]; readonly groups: AccessGroup[] }>;
  /** The organizations that may not use everything, each with what it may use at most. */
  confined(): Promise<{ readonly organizationId: string; readonly models: readonly string[] }[]>;
  /** Ids of teams that were given a group, at most `limit`. */
  teamsWith(group: string, limit: number): Promise<string[]>;
  /** Who was given each group; one that nobody was given is absent. */
  teamsByGroup(shown: number): Promise<ReadonlyMap<string, TeamsGiven>>;
  /** Who was given each model by its own name, beside groups. */
  teamsByModel(shown: number): Promise<ReadonlyMap<string, TeamsGiven>>;
}

/** Teams that were given something. */
export interface TeamsGiven {
  readonly count: number;
  /** The first of them by their ids, as many as are shown. */
  readonly ids: readonly string[];
}
