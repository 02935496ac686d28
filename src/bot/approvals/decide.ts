// What the buttons of a proposal do. Whether the person may is asked anew with each press; who comes second is
// told who was first.

import { showAlert } from '../../core/alerts/tell-alert.ts';
import { approve, reject } from '../../core/approvals/decide.ts';
import type { Decided } from '../../core/approvals/decide.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { episodeOf } from '../alert-reference.ts';
import { context, section, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { proposalCard } from '../blocks/proposal-card.ts';
import type { ProposalValue } from '../blocks/proposal-card.ts';
import { approversText, differencesText, standingOf, titleOf } from '../blocks/proposal-words.ts';
import type { Call } from '../call.ts';
import { mrkdwn } from '../escape.ts';
import { refusalSpeech } from '../replies.ts';
import { announceSoon } from './ask.ts';
import { buttonsFor } from './buttons.ts';
import { readProposal } from './reading.ts';

/** The proposal, if this person may decide on it; undefined after they were told why not. */
export async function decidable(call: Call, proposalId: string): Promise<Proposal | Speech> {
  const proposal = await call.bot.stores.records.approvals.find(proposalId);
  if (proposal === undefined) {
    return refusalSpeech(refuse('proposal_unknown', { proposal: proposalId }));
  }
  const book = call.bot.roles.within([proposal.organizationId]);
  if (await book.isAmong(call.userId, proposal.approvers)) {
    return proposal;
  }
  const outside = await book.complaint(call.userId, 'viewer');
  const who = approversText(proposal.approvers);
  return (
    outside ??
    sentence(
      mrkdwn`Only ${who} decides on this.`,
      context(mrkdwn`Nothing was changed; it still waits.`),
    )
  );
}

export function isSpeech(value: Proposal | Speech): value is Speech {
  return 'blocks' in value;
}

/** One person's yes to what they saw. */
export async function pressApprove(call: Call, { id, seen }: ProposalValue): Promise<void> {
  const proposal = await decidable(call, id);
  if (isSpeech(proposal)) {
    await call.reply(proposal);
    return;
  }
  const decided = await approve(call.bot.stores, call.actor, { proposalId: id, seen });
  await (isRefusal(decided) && decided.refused === 'proposal_outdated'
    ? showAnew(call, id)
    : tellDecided(call, id, decided));
}

/** Who asked takes it back. */
export async function pressWithdraw(call: Call, { id }: ProposalValue): Promise<void> {
  const proposal = await call.bot.stores.records.approvals.find(id);
  if (proposal !== undefined && proposal.proposedBy.id !== call.actor.id) {
    await call.reply(sentence(mrkdwn`Only who asked for it can withdraw it.`));
    return;
  }
  const { roles } = call.bot;
  if (!(await roles.isAmong(call.userId, [call.userId]))) {
    // Who has lost only a role may still take back what waits; who is no member any more may do nothing.
    const complaint = await roles.complaint(call.userId, 'viewer');
    await call.reply(complaint ?? sentence(mrkdwn`Only members of this workspace do this.`));
    return;
  }
  const wish = { proposalId: id, reason: 'Withdrawn' };
  await tellDecided(call, id, await reject(call.bot.stores, call.actor, wish));
}

/** The team has changed since: the person sees how it stands, and decides on that. */
async function showAnew(call: Call, id: string): Promise<void> {
  const { stores } = call.bot;
  const proposal = await stores.records.approvals.find(id);
  if (proposal === undefined) {
    return;
  }
  const reading = await readProposal(stores, proposal);
  const card = proposalCard(reading, await buttonsFor(call, proposal));
  const what =
    reading.differences.length === 0 ? mrkdwn`` : mrkdwn`: ${differencesText(reading.differences)}`;
  const said = mrkdwn`⚠️ *The team has changed since this was shown*${what}. Nothing was done. This is how it stands now:`;
  await call.reply({ text: said.mrkdwn, blocks: [section(said), ...card.blocks] });
  await announceSoon(call.bot, id);
}

/** Tells the person what came of it, and everybody through the messages where it stands. */
export async function tellDecided(
  call: Call,
  id: string,
  decided: Decided | Refusal,
): Promise<void> {
  await call.reply(await decidedSpeech(call, id, decided));
  if (isRefusal(decided)) {
    return;
  }
  await announceSoon(call.bot, id);
  const episodeId = episodeOf(decided.proposal.action.reference);
  if (episodeId !== undefined) {
    const { alerts, posts } = call.bot.stores.records;
    const episode = await alerts.find(episodeId);
    await (episode && showAlert(posts, episode));
  }
}

/** For who decided, or came second. */
export async function decidedSpeech(
  call: Call,
  id: string,
  decided: Decided | Refusal,
): Promise<Speech> {
  if (!isRefusal(decided)) {
    const { proposal } = decided;
    return sentence(mrkdwn`*${titleOf(proposal.action)}*\n${standingOf(proposal)}`);
  }
  if (decided.refused !== 'proposal_decided') {
    return refusalSpeech(decided);
  }
  const proposal = await call.bot.stores.records.approvals.find(id);
  return proposal === undefined
    ? refusalSpeech(decided)
    : sentence(
        mrkdwn`This was decided before. *Nothing was done now.*\n*${titleOf(proposal.action)}*\n${standingOf(proposal)}`,
      );
}
