import type { Actor } from '../audit/audit.ts';
import type { ProposedAction } from '../approvals/action.ts';
import { actOrPropose } from '../approvals/propose.ts';
import type { ActedOrProposed } from '../approvals/propose.ts';
import { isRepeated } from '../change.ts';
import type { Repeated } from '../change.ts';
import { NotYetInForce } from '../faults.ts';
import { once } from '../once.ts';
import { isRefusal, publicSentence, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { accessAfter } from '../teams/change-access.ts';
import { setTeamStatus } from '../teams/set-status.ts';
import { updateTeam } from '../teams/update-team.ts';
import { BULK_PLAN_LIFE_MS } from './bulk-plan.ts';
import type { BulkAction, BulkOutcome, BulkPlan } from './bulk-plan.ts';
import { changedSince, seenOf, wouldChange } from './plan-bulk.ts';

/**
 * Does what a plan says, team by team, each once however often it is asked: after a crash, asking again goes on
 * where it stopped. `onDone` hears of each team. One that can't be changed stops none of the others.
 */
export async function runBulk(
  stores: Stores,
  actor: Actor,
  planId: string,
  onDone: (outcomes: readonly BulkOutcome[], plan: BulkPlan) => Promise<void>,
): Promise<{ readonly plan: BulkPlan; readonly outcomes: readonly BulkOutcome[] } | Refusal> {
  const plan = await stores.records.bulkPlans.find(planId);
  if (plan === undefined || stores.clock() > plan.createdAt.getTime() + BULK_PLAN_LIFE_MS) {
    return refuse('plan_expired');
  }
  const outcomes: BulkOutcome[] = [];
  for (const teamId of plan.teamIds) {
    outcomes.push(await outcomeFor(stores, actor, plan, teamId));
    await onDone(outcomes, plan);
  }
  return { plan, outcomes };
}

async function outcomeFor(
  stores: Stores,
  actor: Actor,
  plan: BulkPlan,
  teamId: string,
): Promise<BulkOutcome> {
  const { action } = plan;
  const reference = referenceOf(plan, teamId);
  const proposed = proposedAction(action, { teamId, reference });
  const unless = async (records: Records) => complaintAboutChange(records, plan, teamId);
  return outcomeOf(teamId, async () =>
    proposed === undefined
      ? once(
          stores,
          reference,
          async (inside) => (await unless(inside.records)) ?? doOne(inside, actor, action, teamId),
        )
      : actOrPropose(stores, actor, {
          action: proposed,
          channelId: undefined,
          onceKey: reference,
          unless,
          ...(action.kind === 'topup'
            ? { weighedAs: action.microcredits * BigInt(plan.teamIds.length) }
            : {}),
        }),
  );
}

/** Names what a plan does to one team: the receipt of it, and of a top-up the reference of its entry. */
export function referenceOf({ id }: Pick<BulkPlan, 'id'>, teamId: string): string {
  return `bulk:${id}:${teamId}`;
}

/** What was previewed is done, or nothing: a team that is another one by now is told. */
async function complaintAboutChange(
  records: Records,
  { action, seen }: BulkPlan,
  teamId: string,
): Promise<Refusal | undefined> {
  const account = await records.ledger.lockedAccount(teamId);
  const team = await records.teams.find(teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const change = changedSince(action, seen[teamId], seenOf(team, account));
  return change === undefined
    ? undefined
    : refuse('changed_since_preview', { team: teamId, change });
}

type Did = ActedOrProposed | { readonly changed: boolean } | Refusal | Repeated;

/** What an attempt came to, for the report. */
export async function outcomeOf(teamId: string, attempt: () => Promise<Did>): Promise<BulkOutcome> {
  try {
    const done = await attempt();
    if (isRepeated(done)) {
      return { teamId, is: 'done_before' };
    }
    if (!isRefusal(done) && 'proposal' in done) {
      return { teamId, is: 'waiting' };
    }
    if (isRefusal(done)) {
      return { teamId, is: 'refused', why: publicSentence(done) };
    }
    return { teamId, is: done.changed ? 'done' : 'unchanged' };
  } catch (error) {
    // It is saved, and holds as soon as the gate is back.
    return { teamId, is: error instanceof NotYetInForce ? 'done' : 'failed' };
  }
}

interface One {
  readonly teamId: string;
  readonly reference: string;
}

/** What policy may ask a second person for, of many teams as of one. */
function proposedAction(
  action: BulkAction,
  { teamId, reference }: One,
): ProposedAction | undefined {
  switch (action.kind) {
    case 'topup': {
      const { microcredits: amount, reason } = action;
      return { kind: 'top_up', teamId, amount, reason, reference };
    }
    case 'resume':
      return {
        kind: 'resume',
        subject: { kind: 'team', teamId },
        reason: action.reason,
        reference,
      };
    default:
      return undefined;
  }
}

async function doOne(
  stores: Stores,
  actor: Actor,
  action: BulkAction,
  teamId: string,
): Promise<{ readonly changed: boolean } | Refusal> {
  switch (action.kind) {
    case 'suspend':
    case 'pause': {
      const status = action.kind === 'suspend' ? 'suspended' : 'paused';
      return setTeamStatus(stores, actor, { teamId, status, reason: action.reason });
    }
    case 'resume':
    case 'topup':
      return { changed: false };
    case 'allow':
    case 'deny':
      return changeAccess(stores, actor, action, teamId);
  }
}

async function changeAccess(
  stores: Stores,
  actor: Actor,
  action: Extract<BulkAction, { names: unknown }>,
  teamId: string,
): Promise<{ readonly changed: boolean } | Refusal> {
  const groups = (await stores.records.accessGroups.list()).map((group) => group.name);
  const wish = action.kind === 'allow' ? { add: action.names } : { remove: action.names };
  const team = await stores.records.teams.find(teamId);
  if (team !== undefined && !wouldChange(team, action, groups)) {
    return { changed: false };
  }
  const updated = await updateTeam(stores, actor, teamId, (found) =>
    accessAfter(found, { ...wish, groups }),
  );
  return isRefusal(updated) ? updated : { changed: true };
}
