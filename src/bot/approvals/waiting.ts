import type { Proposal } from '../../core/approvals/proposal.ts';
import type { Bot } from '../call.ts';

export interface Waiting {
  /** For this person to decide. */
  readonly toDecide: readonly Proposal[];
  /** That this person asked for. */
  readonly asked: readonly Proposal[];
}

/** More are not looked through for one person; the oldest of them expire. */
const LOOKED_THROUGH = 500;

/** What waits for a person's decision, and what of theirs waits for others; the oldest first. */
export async function listWaiting(
  { stores, roles }: Pick<Bot, 'stores' | 'roles'>,
  userId: string,
): Promise<Waiting> {
  const own = `slack:${userId}`;
  const pending = await stores.records.approvals.list({
    statuses: ['pending'],
    limit: LOOKED_THROUGH,
  });
  const toDecide: Proposal[] = [];
  for (const proposal of pending.toReversed()) {
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
  return {
    toDecide,
    asked: pending.toReversed().filter(({ proposedBy }) => proposedBy.id === own),
  };
}
