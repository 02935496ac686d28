// What a team begins with is weighed as a top-up: credits are credits. Where they need a second person, the team is
// made without any, and they wait.

import { propose, weighCredits } from '../approvals/propose.ts';
import type { Proposal } from '../approvals/proposal.ts';
import type { Actor } from '../audit/audit.ts';
import { isRepeated } from '../change.ts';
import type { Repeated } from '../change.ts';
import { complaintAboutFunding, FUNDING_REASON_OF_NEW_TEAM } from '../credits/funding.ts';
import { once } from '../once.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { createTeam } from './create-team.ts';
import type { TeamCreated, TeamWish } from './create-team.ts';

export interface TeamMade extends TeamCreated {
  /** Its first credits, where they wait for others; it has none until then. */
  readonly waiting: Proposal | undefined;
}

interface Asking {
  /** Where it was asked for. */
  readonly channelId: string | undefined;
  readonly onceKey: string;
}

/** As createTeam, within the approval policy of who asks; once for each `onceKey`. */
export async function createTeamOrAsk(
  stores: Stores,
  actor: Actor,
  wish: TeamWish,
  { onceKey, channelId }: Asking,
): Promise<TeamMade | Refusal | Repeated> {
  return once(stores, onceKey, async (inside) => makeTeamOrAsk(inside, actor, wish, channelId));
}

/** The same inside of a change. */
export async function makeTeamOrAsk(
  inside: Stores,
  actor: Actor,
  wish: TeamWish,
  channelId: string | undefined,
): Promise<TeamMade | Refusal> {
  const { id: teamId, organizationId, credits: amount } = wish;
  const weighed = { kind: 'top_up', organizationId, amount } as const;
  const needed = amount > 0n ? await weighCredits(inside, actor, weighed) : undefined;
  const complaint =
    needed === undefined ? undefined : complaintAboutFunding(amount, { balance: 0n, funded: 0n });
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'credits', complaint });
  }
  const made = needed === undefined ? wish : { ...wish, credits: 0n };
  const created = await createTeam(inside, actor, made);
  if (isRefusal(created) || isRepeated(created)) {
    return isRefusal(created)
      ? created
      : refuse('team_exists', { team: teamId, organization: '?' });
  }
  if (needed === undefined) {
    return { ...created, waiting: undefined };
  }
  const reason = FUNDING_REASON_OF_NEW_TEAM;
  const reference = `initial:${teamId}`;
  const action = { kind: 'top_up', teamId, amount, reason, reference } as const;
  const proposed = await propose(inside, actor, { action, channelId }, needed);
  return isRefusal(proposed) ? proposed : { ...created, waiting: proposed.proposal };
}
