import type { BudgetMode, ChargeTerms } from '../pricing/charge.ts';

/** The access unit of a customer: one balance, its limits. Never moves to another organization. */
export interface Team {
  readonly id: string;
  readonly organizationId: string;
  readonly alias: string;
  readonly status: TeamStatus;
  readonly statusReason: string | null;
  readonly accessGroups: readonly string[];
  readonly budgetMode: BudgetMode;
  /** Microcredits that one dollar of provider cost is worth, before markup. */
  readonly microcreditsPerUsd: bigint;
  readonly tokensPerCredit: bigint;
  readonly markupBasisPoints: number;
  /** Where news of this team is posted; null while nobody linked a channel. */
  readonly channelId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
}

export type TeamStatus = 'active' | 'suspended' | 'paused';

/** What the team pays for a call, as pricing reads it. */
export function termsOf(team: Omit<Team, 'version' | 'createdAt'>): ChargeTerms {
  switch (team.budgetMode) {
    case 'job_based':
      return { mode: 'job_based' };
    case 'consumption_usd':
      return {
        mode: 'consumption_usd',
        microcreditsPerUsd: team.microcreditsPerUsd,
        markupBasisPoints: team.markupBasisPoints,
      };
    case 'consumption_tokens':
      return {
        mode: 'consumption_tokens',
        tokensPerCredit: team.tokensPerCredit,
        markupBasisPoints: team.markupBasisPoints,
      };
  }
}
