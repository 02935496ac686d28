// From rows to the words of core. The database's checks make the narrowing casts true.

import type { AutoRefill } from '../../core/credits/auto-refill.ts';
import type { CreditAccount, CreditEntry, EntryKind } from '../../core/credits/entry.ts';
import type { KeyStatus, VirtualKey } from '../../core/keys/virtual-key.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type { Member, MemberRole, OrganizationRole, User } from '../../core/members/member.ts';
import type { Organization, OrganizationStatus } from '../../core/organizations/organization.ts';
import type { BudgetMode } from '../../core/pricing/charge.ts';
import type { LimitPolicy, Team, TeamStatus } from '../../core/teams/team.ts';
import type * as rows from '../generated/client.ts';
import { ceilingsFromJson } from './ceilings-json.ts';

type Metadata = Readonly<Record<string, unknown>>;
type Aliases = Readonly<Record<string, string>>;

export function organizationFrom(row: rows.Organization): Organization {
  return {
    ...row,
    status: row.status as OrganizationStatus,
    overAllocation: row.overAllocation as Organization['overAllocation'],
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as Metadata,
  };
}

export function teamFrom(row: rows.Team): Team {
  return {
    ...row,
    status: row.status as TeamStatus,
    budgetMode: row.budgetMode as BudgetMode,
    limitPolicy: row.limitPolicy as LimitPolicy,
    modelAliases: row.modelAliases as Aliases,
    autoRefill: autoRefillFrom(row.autoRefill),
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as Metadata,
  };
}

/** Amounts stand as digits in the column. */
function autoRefillFrom(json: unknown): AutoRefill | null {
  if (json === null || json === undefined) {
    return null;
  }
  const { amount, every, below, monthlyMax, since } = json as {
    readonly amount: string;
    readonly every: AutoRefill['every'];
    readonly below: string | null;
    readonly monthlyMax: string | null;
    readonly since: string;
  };
  return {
    amount: BigInt(amount),
    every,
    below: below === null ? null : BigInt(below),
    monthlyMax: monthlyMax === null ? null : BigInt(monthlyMax),
    since: new Date(since),
  };
}

export function keyFrom(row: rows.VirtualKey): VirtualKey {
  return {
    ...row,
    status: row.status as KeyStatus,
    modelAliases: row.modelAliases as Aliases,
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as Metadata,
  };
}

export function userFrom(row: rows.User): User {
  return {
    ...row,
    role: row.role as OrganizationRole,
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as Metadata,
  };
}

/** One that was removed is as one of whom nothing was ever said. */
export function endUserFrom(row: rows.EndUser): EndUser {
  return {
    ...row,
    status: row.status === 'blocked' ? 'blocked' : 'active',
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as Metadata,
  };
}

export function memberFrom(row: rows.Member): Member {
  return { ...row, role: row.role as MemberRole, ceilings: ceilingsFromJson(row.ceilings) };
}

export function accountFrom(row: rows.CreditAccount): CreditAccount {
  const { teamId, balance, funded, used, allotment, fundingSequence } = row;
  return { teamId: teamId ?? row.id, balance, funded, used, allotment, fundingSequence };
}

/** What is read of an entry. */
export type EntryRow = Omit<rows.CreditEntry, 'id' | 'accountId' | 'sequence'>;

export function entryFrom(row: EntryRow): CreditEntry {
  return {
    postingId: row.postingId,
    kind: row.kind as EntryKind,
    amount: row.amount,
    balanceAfter: row.balanceAfter ?? 0n,
    actor: row.actor,
    reason: row.reason,
    reference: row.reference,
    createdAt: row.createdAt,
  };
}
