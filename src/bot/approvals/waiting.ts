import type { Approvers } from '../../core/approvals/policy.ts';
import type { Proposal, ProposalFilter } from '../../core/approvals/proposal.ts';
import type { Bot } from '../call.ts';

export interface Waiting {
  /** For this person to decide. */
  readonly toDecide: readonly Proposal[];
  /** That this person asked for. */
  readonly asked: readonly Proposal[];
}

/** More are not looked through for one person; the oldest of them expire. */
const LOOKED_THROUGH = 500;
/** More are not shown. */
const ASKED_MAX = 100;

/** What waits for a person's decision, and what of theirs waits for others; the oldest first. */
export async function listWaiting(
  { stores, roles }: Pick<Bot, 'stores' | 'roles'>,
  userId: string,
): Promise<Waiting> {
  const { approvals } = stores.records;
  const own = `slack:${userId}`;
  const pending = { statuses: ['pending'] } as const;
  const [reached, asked] = await Promise.all([
    approvals.list({
      ...pending,
      ...(await reachOf({ stores, roles }, userId)),
      limit: LOOKED_THROUGH,
    }),
    approvals.list({ ...pending, proposedBy: own, limit: ASKED_MAX }),
  ]);
  const toDecide: Proposal[] = [];
  for (const proposal of reached.toReversed()) {
    const { proposedBy, approvedBy, approvers, organizationId } = proposal;
    const isDone = approvedBy.some(({ actor }) => actor === own);
    if (
      proposedBy.id !== own &&
      !isDone &&
      (await roles.within([organizationId]).isAmong(userId, approvers))
    ) {
      toDecide.push(proposal);
    }
  }
  return { toDecide, asked: asked.toReversed() };
}

/** Where a role of theirs may decide; and who is named, alone or in a user group of the policy, decides without one. */
async function reachOf(
  { stores, roles }: Pick<Bot, 'stores' | 'roles'>,
  userId: string,
): Promise<Pick<ProposalFilter, 'within'>> {
  const sight = await roles.sight(userId, 'approver');
  if (sight === 'everything') {
    return {};
  }
  const named = stores.settings.approvals.rules.flatMap(({ by }) => (isRole(by) ? [] : by));
  const own = named.map(async (holder) => roles.isAmong(userId, [holder]));
  const isOwn = await Promise.all(own);
  const holders = new Set([userId, ...named.filter((_, at) => isOwn[at])]);
  return { within: { organizationIds: sight, named: [...holders] } };
}

function isRole(by: Approvers): by is Exclude<Approvers, readonly string[]> {
  return typeof by === 'string';
}
