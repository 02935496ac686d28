// Finding rows by more than their ids: what lists and searches of the management door ask for.

import type { Subject } from '../ceilings/subject.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';
import type { Member, OrganizationRole, User } from '../members/member.ts';
import type { Team } from '../teams/team.ts';

/** A part of what was found, and how much there is of it. */
export interface Found<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

interface Part<Column extends string> {
  /** Rows that are equal in it come in the order of their ids. */
  readonly sort: Column;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** All that are given must hold; a list that is empty finds nothing. */
export interface TeamSearch extends Part<'id' | 'alias' | 'createdAt'> {
  readonly organizationIds?: readonly string[];
  readonly ids?: readonly string[];
  /** In any case of letters. */
  readonly idContains?: string;
  readonly aliasContains?: string;
  /** Either is so: the id is the text, or begins with it; the alias contains it in any case of letters. */
  readonly idOrAlias?: { readonly text: string; readonly idBegins: boolean };
  /** Leaves out those whose ids begin so. */
  readonly idBeginsNot?: string;
  /** Of whom this person is a member. */
  readonly memberId?: string;
  /** Those that were archived, or those that were not. */
  readonly archived: boolean;
}

/** A text that stands at a place of the metadata. */
export interface Noted {
  readonly path: readonly string[];
  readonly anyOf: readonly string[];
}

export interface KeyOwners {
  readonly userId?: string;
  readonly teamIds?: readonly string[];
  readonly createdBy?: string;
}

export interface KeySearch extends Part<'id' | 'name' | 'createdAt' | 'updatedAt'> {
  readonly organizationIds?: readonly string[];
  readonly teamIds?: readonly string[];
  readonly ids?: readonly string[];
  readonly userId?: string;
  readonly userIdContains?: string;
  readonly name?: string;
  /** In any case of letters. */
  readonly nameContains?: string;
  readonly nameIsNot?: string;
  /** The whole id, or a part of the name. */
  readonly idOrName?: string;
  /** One of these holds: whose they are, whose team, who made them. */
  readonly either?: KeyOwners;
  readonly blocked?: boolean;
  readonly expiry?: { readonly at: Date; readonly expired: boolean };
  readonly noted?: readonly Noted[];
  /** Those that were revoked, or those that were not. */
  readonly revoked: boolean;
}

export interface PeopleSearch extends Part<'id' | 'name' | 'email' | 'createdAt'> {
  readonly organizationIds?: readonly string[];
  readonly ids?: readonly string[];
  /** The whole address, in any case of letters. */
  readonly email?: string;
  readonly emailContains?: string;
  /** One of both contains it, in any case of letters. */
  readonly idOrEmailContains?: string;
  /** In one of these teams. */
  readonly teamIds?: readonly string[];
  readonly role?: OrganizationRole;
  readonly noted?: readonly Noted[];
}

export interface DirectoryRecords {
  teams(search: TeamSearch): Promise<Found<Team>>;
  keys(search: KeySearch): Promise<Found<VirtualKey>>;
  /** One row for each organization that a person belongs to. */
  people(search: PeopleSearch): Promise<Found<User>>;
  /** By the hash of the secret that is in force. */
  keyByHash(hash: string): Promise<VirtualKey | undefined>;
  /** Those present in any of these teams, in the order of their coming. */
  membersOf(teamIds: readonly string[]): Promise<Member[]>;
  /** What these people are members of, or were removed from, in the order of their coming. */
  membershipsOf(userIds: readonly string[]): Promise<Member[]>;
  /** How many keys each of these people has among those that are searched for; who has none is left out. */
  keyCounts(
    search: Omit<KeySearch, keyof Part<string>>,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
  /**
   * Whether a key that was not revoked has this name. Whoever asks for the same name waits until this change is
   * over, so that two at once do not both find it free.
   */
  isKeyNameTaken(name: string): Promise<boolean>;
  /** What clients may call models, sorted. */
  modelNames(): Promise<string[]>;
  /** What keys that were not revoked are tagged with, sorted; of one organization where it is named. */
  tags(organizationId?: string): Promise<string[]>;
  /** What their calls cost so far, here and where they came from, in nano-USD, by their names (subjectText), of those
   * that had any. */
  costs(subjects: readonly Subject[]): Promise<ReadonlyMap<string, bigint>>;
  /** What was spent of budgets in one of their periods, in nano-USD; those that have none are left out. */
  spends(periods: readonly SpentPeriod[]): Promise<ReadonlyMap<string, bigint>>;
}

/** One period of one budget. */
export interface SpentPeriod {
  /** As subjectText names it. */
  readonly subject: string;
  readonly meter: string;
  readonly startsAt: Date;
}
