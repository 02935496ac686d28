import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { complaintAboutName } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { subjectOf } from './action.ts';
import { OPEN_STATUSES } from './proposal.ts';
import type { Proposal } from './proposal.ts';
import { cardOf } from './tell-proposal.ts';

export interface Question {
  readonly proposalId: string;
  readonly question: string;
  /** Where it was asked: a place of the proposal; wherever who proposed it reads it, if absent. */
  readonly place?: string | undefined;
}

/**
 * Asks in the thread of the proposal's card, in a channel if it stands in one. Where it stands in conversations with
 * one person alone, who proposed it is asked in their own.
 */
export async function askAbout(
  { records }: Stores,
  actor: Actor,
  { proposalId, question, place }: Question,
): Promise<Proposal | Refusal> {
  const complaint = complaintAboutName(question);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'question', complaint });
  }
  return records.change<Proposal>(async ({ approvals, posts, audit }) => {
    const proposal = await approvals.locked(proposalId);
    if (proposal === undefined) {
      return refuse('proposal_unknown', { proposal: proposalId });
    }
    if (!OPEN_STATUSES.includes(proposal.status)) {
      const { status, decidedBy } = proposal;
      return refuse('proposal_decided', { status, by: decidedBy ?? 'nobody' });
    }
    const places = await approvals.places(proposalId);
    const channels = places.filter((each) => !isPerson(each));
    const asked = place !== undefined && places.includes(place) ? place : undefined;
    const known = [asked, proposal.channelId].find((each) => channels.some((one) => one === each));
    const thread = known ?? channels[0] ?? asked;
    const kind = 'proposal.question';
    const facts = { proposalId, by: actor.id, question };
    if (thread !== undefined) {
      const message = cardOf(proposalId, thread);
      await posts.add({ place: thread, kind, facts, manner: 'reply', message });
    }
    const who = /^slack:([UW][A-Z0-9]+)$/.exec(proposal.proposedBy.id)?.[1];
    if (who !== undefined && channels.length === 0 && who !== thread) {
      await posts.add({ place: who, kind, facts });
    }
    await audit.write({
      actor,
      action: 'proposal.asked_about',
      target: subjectText(subjectOf(proposal.action)),
      after: { proposal: proposalId, question },
    });
    return proposal;
  });
}

function isPerson(place: string): boolean {
  return /^[UW]/.test(place);
}
