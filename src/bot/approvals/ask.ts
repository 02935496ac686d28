// The way of every action that may need an approval: done at once, or shown to those who decide.

import type { Acted } from '../../core/approvals/act.ts';
import type { ProposedAction } from '../../core/approvals/action.ts';
import { actOrPropose } from '../../core/approvals/propose.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { isRepeated } from '../../core/change.ts';
import type { Repeated } from '../../core/change.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Posted } from '../../core/credits/entry.ts';
import type { Refusal } from '../../core/refusals.ts';
import { person } from '../blocks/words.ts';
import { context, section } from '../blocks/kit.ts';
import { proposalCard } from '../blocks/proposal-card.ts';
import type { Bot, Call } from '../call.ts';
import { channelLink, code, mrkdwn } from '../escape.ts';
import { announceProposal } from './announce.ts';
import { buttonsFor } from './buttons.ts';
import { readProposal } from './reading.ts';

/**
 * Does it once for this call. Where it must wait for others, the person and those who decide are told, and
 * nothing is left to do or say for the caller: the answer is that of a repetition.
 */
export async function actOrAsk(
  call: Call,
  action: ProposedAction,
): Promise<Acted | Refusal | Repeated> {
  const done = await actOrPropose(call.bot.stores, call.actor, {
    action,
    channelId: call.channelId,
    onceKey: `slack:${call.onceId}`,
  });
  if (isRefusal(done) || isRepeated(done) || !('proposal' in done)) {
    return done;
  }
  await tellWaiting(call, done.proposal, done.isNew);
  return { answeredBefore: true };
}

/** Tells the person that it waits, and has it shown to those who decide. */
export async function tellWaiting(call: Call, proposal: Proposal, isNew: boolean): Promise<void> {
  const { bot } = call;
  const card = proposalCard(
    await readProposal(bot.stores, proposal),
    await buttonsFor(call, proposal),
  );
  const { channelId } = bot.stores.settings.approvals;
  const where =
    channelId === undefined ? mrkdwn`` : mrkdwn` It is shown in ${channelLink(channelId)}.`;
  const said = isNew
    ? mrkdwn`This needs a second pair of eyes before it is done.${where}`
    : mrkdwn`${person(proposal.proposedBy.id)} asked for the same before. *Nothing was done now.*`;
  await call.reply({ text: card.text, blocks: [section(said), ...card.blocks, context(HELP)] });
  await announceSoon(bot, proposal.id);
}

const HELP = mrkdwn`Nothing has changed yet. Owners see what needs an approval with ${code('/quartermaster settings')}.`;

/** At once where Slack can be reached; the worker does the same again, from the records. */
export async function announceSoon(bot: Bot, proposalId: string): Promise<void> {
  await announceProposal(bot, proposalId).catch((error: unknown) =>
    bot.log.warn({ err: error, proposal: proposalId }, 'A proposal is told later, by the worker'),
  );
}

/** The ledger's line of what was done about credits. */
export function postedBy({ entry, changed }: Acted): Posted {
  if (entry === undefined) {
    throw new Error('Moving credits: it was done, and there is no line of it in the ledger');
  }
  return { entry, repeated: !changed };
}
