// What needs a second pair of eyes. Pure: amounts and rules in, the deciding rule out.

import { MICROCREDITS_PER_CREDIT, NANO_USD_PER_USD } from '../money.ts';
import { POLICY } from '../policy.ts';
import type { Role } from '../policy.ts';
import { HOUR_MS } from '../time.ts';
import type { ActionKind } from './action.ts';

/** Who may approve: everybody with a role as good as this, or these people (U…, W…) and user groups (S…). */
export type Approvers = Exclude<Role, 'viewer'> | readonly string[];

export interface ApprovalRule {
  readonly action: ActionKind;
  /**
   * Only above this: microcredits, of an overdraft its depth, of a refill what it adds in a month; for budgets nano-USD of
   * the new size, for limits their new size. Null for always.
   */
  readonly above: bigint | null;
  /** In these organizations; null for all. */
  readonly organizations: readonly string[] | null;
  /** How many different people must approve. */
  readonly approvals: number;
  readonly by: Approvers;
}

export interface ApprovalPolicy {
  readonly rules: readonly ApprovalRule[];
  /** Microcredits that one person may add, move and take within 24 h without a second one; null for no bound. */
  readonly perPersonPerDay: bigint | null;
  readonly remindAfterMs: number;
  readonly expireAfterMs: number;
  /** Who may do it at once, with a reason that owners are told; null for nobody. */
  readonly urgent: Exclude<Role, 'viewer'> | null;
  /** Whether they may do so with what they proposed themselves. */
  readonly urgentOwn: boolean;
  /** Where proposals are shown to approvers. */
  readonly channelId: string | undefined;
}

export type NeededApproval = Pick<ApprovalRule, 'approvals' | 'by'>;

const credits = (count: bigint): bigint => count * MICROCREDITS_PER_CREDIT;
const rule = (action: ActionKind, above: bigint): ApprovalRule => ({
  action,
  above,
  organizations: null,
  approvals: 1,
  by: POLICY.decide,
});

/** What holds where the configuration says nothing; docs/approvals.md gives the reasons. */
export const DEFAULT_APPROVALS: ApprovalPolicy = {
  rules: [
    rule('top_up', credits(10_000n)),
    rule('grant', credits(10_000n)),
    rule('refund', credits(1_000n)),
    rule('transfer', credits(10_000n)),
    rule('deduct', credits(10_000n)),
    rule('overdraft', credits(1_000n)),
    rule('refill', credits(10_000n)),
    rule('budget', 10_000n * NANO_USD_PER_USD),
  ],
  perPersonPerDay: credits(50_000n),
  remindAfterMs: 4 * HOUR_MS,
  expireAfterMs: 72 * HOUR_MS,
  urgent: 'manager',
  urgentOwn: false,
  channelId: undefined,
};

export interface Weighed {
  readonly kind: ActionKind;
  readonly organizationId: string;
  /** In the unit of the rule's `above`; 0 where nothing is raised. */
  readonly amount: bigint;
  /** Microcredits that the person added and moved within 24 h; 0 for what is not about credits. */
  readonly movedBefore: bigint;
  readonly isCredits: boolean;
}

/** The approval that is needed: of the rules that apply, the one with the most approvals. Undefined for none. */
export function neededApproval(
  policy: ApprovalPolicy,
  weighed: Weighed,
): NeededApproval | undefined {
  const applying = policy.rules.filter((each) => applies(each, weighed));
  const strictest = applying.toSorted((a, b) => b.approvals - a.approvals)[0];
  return (
    strictest ?? (isOverDay(policy, weighed) ? { approvals: 1, by: POLICY.decide } : undefined)
  );
}

function applies(
  { action, above, organizations }: ApprovalRule,
  { kind, organizationId, amount }: Weighed,
): boolean {
  return (
    action === kind &&
    (above === null || amount > above) &&
    (organizations === null || organizations.includes(organizationId))
  );
}

function isOverDay(
  { perPersonPerDay }: ApprovalPolicy,
  { isCredits, amount, movedBefore }: Weighed,
): boolean {
  return isCredits && perPersonPerDay !== null && movedBefore + amount > perPersonPerDay;
}
