// What posts say of a proposal: its card, that it still waits, what is asked about it.

import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { readProposal } from '../approvals/reading.ts';
import { sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { proposalCard } from '../blocks/proposal-card.ts';
import { callOut, titleOf } from '../blocks/proposal-words.ts';
import { moment, person } from '../blocks/words.ts';
import { joined, mrkdwn } from '../escape.ts';
import { isInternal } from './client-channels.ts';

/** The card as it is true now. */
export async function proposalPost(
  stores: Stores,
  [first]: readonly Post<'proposal'>[],
): Promise<Speech | undefined> {
  const proposal = first && (await stores.records.approvals.find(first.facts.proposalId));
  if (first === undefined || proposal === undefined) {
    return undefined;
  }
  // What providers are paid is no business of the customer, whose people may be in the channel where it was asked.
  const withCost = await isInternal(stores, first.place);
  return proposalCard(await readProposal(stores, proposal, { withCost }));
}

/** Nobody needs to be reminded of what is decided. */
export async function proposalReminderPost(
  { records }: Stores,
  [first]: readonly Post<'proposal.reminder'>[],
): Promise<Speech | undefined> {
  const proposal = first && (await records.approvals.find(first.facts.proposalId));
  if (proposal?.status !== 'pending') {
    return undefined;
  }
  const called = joined((first?.facts.called ?? []).map(callOut), ' ');
  return sentence(
    mrkdwn`⏰ ${called} This still waits for a decision, and expires ${moment(proposal.expiresAt)}: *${titleOf(proposal.action)}*`,
  );
}

export async function proposalQuestionPost(
  { records }: Stores,
  [first]: readonly Post<'proposal.question'>[],
): Promise<Speech | undefined> {
  const proposal = first && (await records.approvals.find(first.facts.proposalId));
  if (first === undefined || proposal === undefined) {
    return undefined;
  }
  const { by, question } = first.facts;
  const about = first.manner === 'reply' ? mrkdwn`` : mrkdwn` about *${titleOf(proposal.action)}*`;
  return sentence(
    mrkdwn`❓ ${person(by)} asks ${person(proposal.proposedBy.id)}${about}: ${question}`,
  );
}
