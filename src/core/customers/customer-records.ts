import type { Found } from '../directory/directory-records.ts';
import type { Customer } from './customer.ts';

/** All that are given must hold; a list that is empty finds nothing. In the order of their making. */
export interface CustomerSearch {
  readonly organizationId?: string;
  readonly ids?: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export interface CustomerRecords {
  find(organizationId: string, id: string): Promise<Customer | undefined>;
  search(search: CustomerSearch): Promise<Found<Customer>>;
  /** False if there is such an end user. */
  insert(customer: Omit<Customer, 'createdAt'>): Promise<boolean>;
  update(
    organizationId: string,
    id: string,
    change: Partial<Pick<Customer, 'alias' | 'metadata'>>,
  ): Promise<void>;
  /** What it used stays on record; the next call that names it makes it again. */
  remove(organizationId: string, id: string): Promise<void>;
}
