// What posts say of a proposal: its card, that it still waits, what is asked about it.

import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { readProposal } from '../approvals/reading.ts';
import { sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { proposalCard } from '../blocks/proposal-card.ts';
import { callOut, titleOf } from '../blocks/proposal-words.ts';
import { person, until } from '../blocks/words.ts';
import { joined, mrkdwn } from '../escape.ts';

/** The card as it is true now. */
export async function proposalPost(
  stores: Stores,
  [first]: readonly Post<'proposal'>[],
): Promise<Speech | undefined> {
  const proposal = first && (await stores.records.approvals.find(first.facts.proposalId));
  return proposal === undefined ? undefined : proposalCard(await readProposal(stores, proposal));
}

/** Nobody needs to be reminded of what is decided. */
export async function proposalReminderPost(
  { records, clock }: Stores,
  [first]: readonly Post<'proposal.reminder'>[],
): Promise<Speech | undefined> {
  const proposal = first && (await records.approvals.find(first.facts.proposalId));
  if (proposal?.status !== 'pending') {
    return undefined;
  }
  const called = joined((first?.facts.called ?? []).map(callOut), ' ');
  const end = until(proposal.expiresAt, clock());
  return sentence(
    mrkdwn`⏰ ${called} This still waits for a decision, and expires ${end}: *${titleOf(proposal.action)}*`,
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
