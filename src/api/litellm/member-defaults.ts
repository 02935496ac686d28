// `team_member_budget` and its like: what every member of a team is bounded by, kept as a plan of the team that its
// members follow, unless they have bounds of their own.

import type { Actor } from '../../core/audit/audit.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { sha256 } from '../../core/ids.ts';
import { changePlan, createPlan, followPlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { MEMBER_PLAN } from '../metadata.ts';
import { changesFrom } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { extrasOf, storedMetadata } from './extras.ts';
import type { TeamFields } from './team-fields.ts';

/** As much of a digest as keeps two teams apart. */
const DIGEST_LENGTH = 24;

/** The one plan that a team's own fields may change: no other is reached through a team. */
function ownPlanId(teamId: string): string {
  return `team-budget-${sha256(teamId).slice(0, DIGEST_LENGTH)}`;
}

/** The id of the plan that members of a team follow; undefined where there is none. */
export function memberPlanOf(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const id = extrasOf(metadata)[MEMBER_PLAN];
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
  const id = ownPlanId(teamId);
  const known = await stores.records.plans.find(id);
  const changes = changesFrom(known?.ceilings ?? NO_CEILINGS, bounds);
  if (isRefusal(changes)) {
    return changes;
  }
  const plan =
    known === undefined
      ? await createPlan(stores, actor, { id, changes, metadata: {} })
      : await changePlan(stores, actor, id, { changes });
  if (isRefusal(plan)) {
    return plan;
  }
  const team = await stores.records.teams.find(teamId);
  if (memberPlanOf(team?.metadata ?? {}) === id) {
    return undefined;
  }
  const noted = await updateTeam(stores, actor, teamId, ({ metadata }) => ({
    metadata: storedMetadata(metadata, { ...extrasOf(metadata), [MEMBER_PLAN]: id }),
  }));
  return isRefusal(noted) ? noted : followAll(stores, actor, teamId, id);
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
