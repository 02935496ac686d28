import type { Proposal } from '../../core/approvals/proposal.ts';
import type { CardButtons } from '../blocks/proposal-card.ts';
import type { Call } from '../call.ts';

/** The buttons of a card that is this person's alone: those that they may use. */
export async function buttonsFor(call: Call, proposal: Proposal): Promise<CardButtons> {
  const { userId, bot } = call;
  const book = bot.roles.within([proposal.organizationId]);
  const isOwn = proposal.proposedBy.id === call.actor.id;
  const hasApproved = proposal.approvedBy.some(({ actor }) => actor === call.actor.id);
  const { urgent, urgentOwn } = bot.stores.settings.approvals;
  return {
    decide: !isOwn && !hasApproved && (await book.isAmong(userId, proposal.approvers)),
    withdraw: isOwn,
    urgent: urgent !== null && (!isOwn || urgentOwn) && (await book.isAmong(userId, urgent)),
  };
}
