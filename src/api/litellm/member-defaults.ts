// `team_member_budget` and its like: what every member of a team is bounded by, kept as a plan of the team that its
// members follow, unless they have bounds of their own.

import type { Actor } from '../../core/audit/audit.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { newId } from '../../core/ids.ts';
import { changePlan, createPlan, followPlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { changesFrom } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import type { TeamFields } from './team-fields.ts';

/** Where LiteLLM shows which budget it is. */
const PLACE = 'team_member_budget_id';

/** The id of the plan that members of a team follow; undefined where there is none. */
export function memberPlanOf(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const id = metadata[PLACE];
  return typeof id === 'string' ? id : undefined;
}

/** Makes or changes the plan of a team's members; nothing where no such field was given. */
export async function setMemberDefaults(
  stores: Stores,
  actor: Actor,
  teamId: string,
  body: TeamFields,
): Promise<Refusal | undefined> {
  const bounds = memberBounds(body);
  if (Object.values(bounds).every((value) => value === undefined)) {
    return undefined;
  }
  const team = await stores.records.teams.find(teamId);
  const id = memberPlanOf(team?.metadata ?? {});
  const known = id === undefined ? undefined : await stores.records.plans.find(id);
  const changes = changesFrom(known?.ceilings ?? NO_CEILINGS, bounds);
  if (isRefusal(changes)) {
    return changes;
  }
  if (known !== undefined) {
    const changed = await changePlan(stores, actor, known.id, { changes });
    return isRefusal(changed) ? changed : undefined;
  }
  const plan = await createPlan(stores, actor, {
    id: `team-budget-${newId()}`,
    changes,
    metadata: {},
  });
  if (isRefusal(plan)) {
    return plan;
  }
  const noted = await updateTeam(stores, actor, teamId, ({ metadata }) => ({
    metadata: { ...metadata, [PLACE]: plan.id },
  }));
  return isRefusal(noted) ? noted : followAll(stores, actor, teamId, plan.id);
}

function memberBounds(body: TeamFields): Bounds {
  const period = body.team_member_budget_duration ?? body.budget_duration;
  const isBudget =
    body.team_member_budget !== undefined || body.team_member_budget_duration !== undefined;
  return {
    max_budget: body.team_member_budget,
    budget_duration: isBudget ? period : undefined,
    tpm_limit: body.team_member_tpm_limit,
    rpm_limit: body.team_member_rpm_limit,
  };
}

async function followAll(
  stores: Stores,
  actor: Actor,
  teamId: string,
  planId: string,
): Promise<Refusal | undefined> {
  for (const { userId } of await stores.records.members.ofTeam(teamId)) {
    const refusal = await followMemberPlan(
      stores,
      actor,
      { kind: 'member', teamId, userId },
      planId,
    );
    if (refusal !== undefined) {
      return refusal;
    }
  }
  return undefined;
}

/** Has a member follow the team's plan, unless they have bounds of their own. */
export async function followMemberPlan(
  stores: Stores,
  actor: Actor,
  subject: Extract<Subject, { kind: 'member' }>,
  planId: string,
): Promise<Refusal | undefined> {
  const member = await stores.records.members.find(subject.teamId, subject.userId);
  const followed = await stores.records.plans.followed([subjectText(subject)]);
  const { limits = [], budgets = [] } = member?.ceilings ?? {};
  if (followed.size === 0 && limits.length + budgets.length > 0) {
    return undefined;
  }
  const done = await followPlan(stores, actor, subject, planId);
  return isRefusal(done) ? done : undefined;
}
