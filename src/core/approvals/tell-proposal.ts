// A proposal is one message in each place where it stands, kept current in place: a post of the manner `keep`. What
// is shown is made of the records when it is said, so that it does not matter who decided, where, or how often this
// runs. A place that has it once keeps it, also when those who decide are others meanwhile.

import type { Stores } from '../stores.ts';
import type { Proposal } from './proposal.ts';

/** Where a proposal is to stand. */
export interface Place {
  /** A channel, or a person for their own conversation with the bot. */
  readonly id: string;
  /** Whether those who decide look there: then they are reminded there. */
  readonly isForApprovers: boolean;
}

/** Names the one message of a proposal in a place. */
export function cardOf(proposalId: string, place: string): string {
  return `proposal:${proposalId}:${place}`;
}

/**
 * Has a proposal shown in these places and wherever it stands already, and those who decide reminded once when it is
 * time: `called` are their ids. May be called any number of times.
 */
export async function tellProposal(
  { records }: Pick<Stores, 'records'>,
  { id }: Pick<Proposal, 'id'>,
  places: readonly Place[],
  called: readonly string[],
): Promise<void> {
  await records.change(async ({ approvals, posts }) => {
    const proposal = await approvals.locked(id);
    if (proposal === undefined) {
      return undefined;
    }
    await approvals.addPlaces(
      id,
      places.map((place) => place.id),
    );
    const isDue = proposal.status === 'pending' && proposal.remindedAt !== null;
    for (const place of await approvals.places(id)) {
      const message = cardOf(id, place);
      const about = { place, message };
      const facts = { proposalId: id };
      await posts.add({ ...about, kind: 'proposal', manner: 'keep', facts });
      const isRead = places.some((each) => each.id === place && each.isForApprovers);
      if (isDue && isRead && (await approvals.remindOnce(id, place))) {
        const reminder = { proposalId: id, called };
        await posts.add({
          ...about,
          kind: 'proposal.reminder',
          manner: 'reply',
          facts: reminder,
        });
      }
    }
    return undefined;
  });
}
