// Taking a change to many teams back, where that can be honest: what was suspended goes back to what it was, what
// was added is taken by entries of its own. Access that was widened may be in use already: it is not taken back.

import { actOrPropose } from '../approvals/propose.ts';
import type { Actor } from '../audit/audit.ts';
import { deductCredits } from '../credits/deduct.ts';
import { once } from '../once.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { setTeamStatus } from '../teams/set-status.ts';
import { BULK_PLAN_LIFE_MS, BULK_UNDO_MS } from './bulk-plan.ts';
import type { BulkAction, BulkOutcome, BulkPlan, SeenTeam } from './bulk-plan.ts';
import { STATUS_AFTER } from './plan-bulk.ts';
import { outcomeOf, referenceOf } from './run-bulk.ts';

type UndoableAction = Exclude<BulkAction, { kind: 'allow' | 'deny' }>;

/** Whether there is an honest way back. */
export function isUndoable(action: BulkAction): action is UndoableAction {
  return action.kind !== 'allow' && action.kind !== 'deny';
}

/**
 * Takes back what a plan did, team by team, each once however often it is asked. A team that the plan did not
 * change, or that somebody changed after it, is left as it is.
 */
export async function undoBulk(
  stores: Stores,
  actor: Actor,
  planId: string,
): Promise<{ readonly plan: BulkPlan; readonly outcomes: readonly BulkOutcome[] } | Refusal> {
  const plan = await stores.records.bulkPlans.find(planId);
  const lifeMs = BULK_PLAN_LIFE_MS + BULK_UNDO_MS;
  if (plan === undefined || stores.clock() > plan.createdAt.getTime() + lifeMs) {
    return refuse('plan_expired');
  }
  const outcomes: BulkOutcome[] = [];
  for (const teamId of plan.teamIds) {
    outcomes.push(await undoOne(stores, actor, plan, teamId));
  }
  return { plan, outcomes };
}

async function undoOne(
  stores: Stores,
  actor: Actor,
  plan: BulkPlan,
  teamId: string,
): Promise<BulkOutcome> {
  const { action } = plan;
  const seen = plan.seen[teamId];
  const reference = referenceOf(plan, teamId);
  const wasDone = await stores.records.receipts.isClaimed(reference);
  if (!wasDone || seen === undefined || !isUndoable(action)) {
    return { teamId, is: 'unchanged' };
  }
  return action.kind === 'topup'
    ? takeBack(stores, actor, action, { teamId, reference })
    : setBack(stores, actor, action, { teamId, reference, seen });
}

interface One {
  readonly teamId: string;
  readonly reference: string;
}

/** An entry of its own; what was used meanwhile can't be taken, and is told. */
async function takeBack(
  stores: Stores,
  actor: Actor,
  { reason }: UndoableAction,
  { teamId, reference }: One,
): Promise<BulkOutcome> {
  const entry = await stores.records.ledger.find(teamId, reference);
  if (entry === undefined) {
    return { teamId, is: 'unchanged' };
  }
  return outcomeOf(teamId, async () => {
    const taken = await deductCredits(stores, actor, {
      teamId,
      amount: entry.amount,
      reason: `Undo: ${reason}`,
      reference: `undo:${reference}`,
    });
    if (isRefusal(taken)) {
      return taken;
    }
    return taken.repeated ? { answeredBefore: true } : { changed: true };
  });
}

/** To what the team was; a resume may need an approval, as any other. */
async function setBack(
  stores: Stores,
  actor: Actor,
  action: Exclude<UndoableAction, { kind: 'topup' }>,
  { teamId, reference, seen }: One & { readonly seen: SeenTeam },
): Promise<BulkOutcome> {
  const onceKey = `undo:${reference}`;
  const reason = `Undo: ${action.reason}`;
  const unless = async (records: Records) =>
    complaintAboutStatus(records, teamId, STATUS_AFTER[action.kind]);
  if (seen.status === 'active') {
    const subject = { kind: 'team', teamId } as const;
    const resume = { kind: 'resume', subject, reason, reference: onceKey } as const;
    return outcomeOf(teamId, async () =>
      actOrPropose(stores, actor, { action: resume, channelId: undefined, onceKey, unless }),
    );
  }
  const until = seen.statusUntil === null ? undefined : new Date(seen.statusUntil);
  const wish = { teamId, status: seen.status, reason, until };
  return outcomeOf(teamId, async () =>
    once(
      stores,
      onceKey,
      async (inside) => (await unless(inside.records)) ?? setTeamStatus(inside, actor, wish),
    ),
  );
}

async function complaintAboutStatus(
  records: Records,
  teamId: string,
  expected: SeenTeam['status'],
): Promise<Refusal | undefined> {
  const team = await records.teams.locked(teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  const change = `it is ${team.status} by now`;
  return team.status === expected
    ? undefined
    : refuse('changed_since_preview', { team: teamId, change });
}
