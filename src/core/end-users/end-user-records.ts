import type { Found } from '../directory/directory-records.ts';
import type { EndUser } from './end-user.ts';

/** All that are given must hold; a list that is empty finds nothing. In the order of their making. */
export interface EndUserSearch {
  readonly organizationId?: string;
  readonly ids?: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export interface EndUserRecords {
  find(organizationId: string, id: string): Promise<EndUser | undefined>;
  search(search: EndUserSearch): Promise<Found<EndUser>>;
  /** False if there is such an end user. One that was removed begins anew. */
  insert(endUser: Pick<EndUser, 'organizationId' | 'id' | 'alias' | 'metadata'>): Promise<boolean>;
  /** Raises the version by one. */
  update(
    organizationId: string,
    id: string,
    change: Partial<Pick<EndUser, 'alias' | 'status' | 'ceilings' | 'metadata'>>,
  ): Promise<void>;
  /** What it used stays on record, and nothing bounds it; the next call that names it makes it again. */
  remove(organizationId: string, id: string): Promise<void>;
}
