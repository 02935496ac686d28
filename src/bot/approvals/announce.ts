import { tellProposal } from '../../core/approvals/tell-proposal.ts';
import type { Stores } from '../../core/stores.ts';
import type { RoleBook } from '../roles.ts';
import { placesOf } from './places.ts';

/** What telling works with; a Bot has it all. */
export interface ProposalTeller {
  readonly stores: Stores;
  readonly roles: RoleBook;
}

/**
 * Has a proposal told where it is to stand, and its messages brought up to date: by posts, so once and also after a
 * restart. May be called any number of times. Throws what the records throw: the caller tries again.
 */
export async function announceProposal(
  { stores, roles }: ProposalTeller,
  proposalId: string,
): Promise<void> {
  const proposal = await stores.records.approvals.find(proposalId);
  if (proposal !== undefined) {
    const called = await roles.within([proposal.organizationId]).holders(proposal.approvers);
    await tellProposal(stores, proposal, await placesOf(stores, roles, proposal), called);
  }
}
