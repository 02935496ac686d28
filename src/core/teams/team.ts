import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import type { Ceilings } from '../ceilings/ceilings.ts';
import type { AutoRefill } from '../credits/auto-refill.ts';
import type { BudgetMode, ChargeTerms } from '../pricing/charge.ts';

/** The access unit of a customer: one balance, its limits. Never moves to another organization. */
export interface Team {
  readonly id: string;
  readonly organizationId: string;
  readonly alias: string;
  readonly status: TeamStatus;
  readonly statusReason: string | null;
  /** When a suspension or pause lifts by itself. */
  readonly statusUntil: Date | null;
  readonly accessGroups: readonly string[];
  /** Models beside those of its groups; `prefix*` stands for all that begin so. */
  readonly models: readonly string[];
  /** The team's own names for models. */
  readonly modelAliases: Readonly<Record<string, string>>;
  readonly budgetMode: BudgetMode;
  /** Microcredits that one dollar of provider cost is worth, before markup. */
  readonly microcreditsPerUsd: bigint;
  readonly tokensPerCredit: bigint;
  readonly markupBasisPoints: number;
  readonly limitPolicy: LimitPolicy;
  /** Microcredits that the balance may fall below 0: while the policy is soft, or until the grace ends. */
  readonly overdraft: bigint;
  readonly graceUntil: Date | null;
  /** Suspend when nothing is left, resume with the next funding. */
  readonly autoSuspend: boolean;
  readonly autoRefill: AutoRefill | null;
  readonly ceilings: Ceilings;
  /** What every member may at the management door beside what their role may. */
  readonly memberPermissions: readonly string[];
  /** Where news of this team is posted; null while nobody linked a channel. */
  readonly channelId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
  /** When somebody changed it last. */
  readonly updatedAt: Date;
}

/** What a team begins with where nothing else is wished. */
export const PLAIN_TEAM = {
  status: 'active',
  statusReason: null,
  statusUntil: null,
  accessGroups: [],
  models: [],
  modelAliases: {},
  limitPolicy: 'hard',
  overdraft: 0n,
  graceUntil: null,
  autoSuspend: false,
  autoRefill: null,
  ceilings: NO_CEILINGS,
  memberPermissions: [],
  channelId: null,
  metadata: {},
} as const satisfies Partial<Team>;

export type TeamStatus = 'active' | 'suspended' | 'paused' | 'archived';

/** What happens at 0. hard: calls are refused. soft: served down to the overdraft. unlimited: served. */
export type LimitPolicy = 'hard' | 'soft' | 'unlimited';

/** How far below 0 the balance may fall, in microcredits, and until when (0: for ever). */
export function overdraftOf(team: Pick<Team, 'limitPolicy' | 'overdraft' | 'graceUntil'>): {
  readonly microcredits: bigint;
  readonly untilMs: number;
} {
  switch (team.limitPolicy) {
    case 'unlimited':
      return { microcredits: UNLIMITED_OVERDRAFT, untilMs: 0 };
    case 'soft':
      return { microcredits: team.overdraft, untilMs: 0 };
    case 'hard': {
      const untilMs = team.graceUntil?.getTime() ?? 0;
      return { microcredits: untilMs === 0 ? 0n : team.overdraft, untilMs };
    }
  }
}

/** A floor that no team reaches, and that sums with any balance below 2^53. */
const UNLIMITED_OVERDRAFT = 900_000_000_000_000n;

/** What the team pays for a call, as pricing reads it. */
export function termsOf(team: Omit<Team, 'version' | 'createdAt' | 'updatedAt'>): ChargeTerms {
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
