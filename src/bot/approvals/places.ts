import type { Proposal } from '../../core/approvals/proposal.ts';
import type { Place } from '../../core/approvals/tell-proposal.ts';
import type { Stores } from '../../core/stores.ts';
import { postable } from '../call.ts';
import { createAdministrators } from '../posts/administrators.ts';
import type { RoleBook } from '../roles.ts';

/** More would be a mailing. */
const PEOPLE_MAX = 20;

/**
 * For those who decide: the channel for approvals, or themselves where there is none. For everybody: the channel
 * where it was asked for. Once it is decided, who asked is told, too; of what was done without approval, the owners,
 * or whoever stands in for them.
 */
export async function placesOf(
  { settings }: Stores,
  roles: RoleBook,
  proposal: Proposal,
): Promise<Place[]> {
  const { approvers, proposedBy, status, urgent, organizationId } = proposal;
  const book = roles.within([organizationId]);
  const { channelId } = settings.approvals;
  const deciding =
    channelId === undefined
      ? (await book.people(approvers)).filter((id) => `slack:${id}` !== proposedBy.id)
      : [channelId];
  const isOver = status !== 'pending' && status !== 'approved';
  const others = [
    postable(proposal.channelId ?? undefined),
    ...(isOver ? [personOf(proposedBy.id)] : []),
    ...(urgent ? await overseers(roles, book) : []),
  ].filter((id) => id !== undefined);
  const all = [
    ...deciding.slice(0, PEOPLE_MAX).map((id) => ({ id, isForApprovers: true })),
    ...others.slice(0, PEOPLE_MAX).map((id) => ({ id, isForApprovers: false })),
  ];
  return all.filter(({ id }, at) => all.findIndex((each) => each.id === id) === at);
}

/** What nobody approved is never told to nobody. */
async function overseers(roles: RoleBook, book: RoleBook): Promise<readonly string[]> {
  const owners = await book.people('owner');
  return owners.length > 0 ? owners : createAdministrators(roles)();
}

function personOf(actorId: string): string | undefined {
  return /^slack:([UW][A-Z0-9]+)$/.exec(actorId)?.[1];
}
