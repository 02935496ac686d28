import { applyApproved } from '../../src/core/approvals/decide.ts';
import { lapseProposals } from '../../src/core/approvals/lapse.ts';
import { announceProposal } from '../../src/bot/approvals/announce.ts';
import type { PayloadOf } from '../../src/queue/tasks.ts';
import type { WorkerParts } from '../parts.ts';

/** Does what was approved and is not done yet, and brings its messages up to date. */
export async function carryProposal(
  { services, roles }: WorkerParts,
  { proposalId }: PayloadOf<'carry-proposal'>,
): Promise<void> {
  const { stores, log } = services;
  await applyApproved(stores, proposalId);
  if (roles === undefined) {
    log.warn({ proposalId }, 'a proposal could not be told: no Slack is configured');
    return;
  }
  await announceProposal({ stores, roles }, proposalId);
}

/** Ends proposals whose time is over, and has approvers reminded. */
export async function lapseOldProposals({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const { expired, reminded } = await lapseProposals(stores);
  if (expired + reminded > 0) {
    log.info({ expired, reminded }, 'proposals expired or were reminded of');
  }
}
