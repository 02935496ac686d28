// From rows to the words of core. The database's checks make the narrowing casts true.

import type { AlertEpisode, LowCreditFacts } from '../../core/alerts/episode.ts';
import type { CreditAccount, CreditEntry, EntryKind } from '../../core/credits/entry.ts';
import type { KeyStatus, VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Organization, OrganizationStatus } from '../../core/organizations/organization.ts';
import type { BudgetMode } from '../../core/pricing/charge.ts';
import type { Team, TeamStatus } from '../../core/teams/team.ts';
import type * as rows from '../generated/client.ts';

type Metadata = Readonly<Record<string, unknown>>;

export function organizationFrom(row: rows.Organization): Organization {
  return {
    ...row,
    status: row.status as OrganizationStatus,
    metadata: row.metadata as Metadata,
  };
}

export function teamFrom(row: rows.Team): Team {
  return {
    ...row,
    status: row.status as TeamStatus,
    budgetMode: row.budgetMode as BudgetMode,
    metadata: row.metadata as Metadata,
  };
}

export function keyFrom(row: rows.VirtualKey): VirtualKey {
  return { ...row, status: row.status as KeyStatus };
}

export function accountFrom(row: rows.CreditAccount): CreditAccount {
  const { teamId, balance, funded, used, allotment, fundingSequence } = row;
  return { teamId: teamId ?? row.id, balance, funded, used, allotment, fundingSequence };
}

export function entryFrom(row: rows.CreditEntry): CreditEntry {
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

export function episodeFrom(row: rows.AlertEpisode): AlertEpisode {
  return {
    id: row.id,
    teamId: row.teamId,
    kind: 'low_credit',
    thresholdPercent: row.threshold,
    openedAt: row.openedAt,
    closedAt: row.closedAt,
    facts: row.facts as unknown as LowCreditFacts,
    channelId: row.channelId,
    messageStamp: row.messageStamp,
  };
}
