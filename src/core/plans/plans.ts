// Plans of limits and budgets: made, changed, followed and taken away. A change of a plan is written to all who
// follow it in the same transaction, so that a plan and its followers never disagree.

import type { Actor } from '../audit/audit.ts';
import { spokenCeilings } from '../ceilings/audit-ceilings.ts';
import { complaintAboutAddedModels } from '../ceilings/bounded-models.ts';
import { changeCeilings } from '../ceilings/change-ceilings.ts';
import type { CeilingChange } from '../ceilings/change.ts';
import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import type { Ceilings } from '../ceilings/ceilings.ts';
import { edited } from '../ceilings/edit.ts';
import { findSubject } from '../ceilings/subject-records.ts';
import { subjectFrom, subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import { complaintAboutId } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { together } from '../together.ts';
import type { CeilingPlan } from './plan.ts';

/** As many as one transaction writes in a few seconds. */
const FOLLOWERS_MAX = 1_000;

export interface PlanWish {
  readonly id: string;
  readonly changes: readonly CeilingChange[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Makes a plan that nobody follows yet. */
export async function createPlan(
  stores: Stores,
  actor: Actor,
  { id, changes, metadata }: PlanWish,
): Promise<CeilingPlan | Refusal> {
  const complaint = complaintAboutId(id);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'budget_id', complaint });
  }
  const ceilings = edited(NO_CEILINGS, changes, stores.clock());
  if (isRefusal(ceilings)) {
    return ceilings;
  }
  return stores.records.change<CeilingPlan>(async (records) => {
    const unknown = await complaintAboutAddedModels(records, NO_CEILINGS, ceilings);
    if (unknown !== undefined) {
      return unknown;
    }
    const by = { createdBy: actor.id, updatedBy: actor.id };
    if (!(await records.plans.insert({ id, ceilings, metadata, ...by }))) {
      return refuse('plan_exists', { plan: id });
    }
    const after = spokenCeilings(ceilings);
    await records.audit.write({ actor, action: 'plan.created', target: targetOf(id), after });
    // Read back in the same transaction: what was inserted is there.
    return (await records.plans.find(id)) as CeilingPlan;
  });
}

/** Changes a plan and everybody who follows it. Counters go on as with any change of ceilings. */
export async function changePlan(
  stores: Stores,
  actor: Actor,
  id: string,
  wish: Partial<Omit<PlanWish, 'id'>>,
): Promise<CeilingPlan | Refusal> {
  return together(stores, async (inside) => {
    const { records } = inside;
    const before = await records.plans.locked(id);
    if (before === undefined) {
      return refuse('plan_unknown', { plan: id });
    }
    const changes = wish.changes ?? [];
    const ceilings = edited(before.ceilings, changes, stores.clock());
    if (isRefusal(ceilings)) {
      return ceilings;
    }
    const unknown = await complaintAboutAddedModels(records, before.ceilings, ceilings);
    if (unknown !== undefined) {
      return unknown;
    }
    const metadata = wish.metadata ?? before.metadata;
    await records.plans.update(id, { ceilings, metadata, updatedBy: actor.id });
    await records.audit.write({
      actor,
      action: 'plan.changed',
      target: targetOf(id),
      before: spokenCeilings(before.ceilings),
      after: spokenCeilings(ceilings),
    });
    const refusal = await changeFollowers(inside, actor, id, changes);
    return refusal ?? ((await records.plans.find(id)) as CeilingPlan);
  });
}

/** Takes a plan away, and what it gave from all who followed it. */
export async function removePlan(
  stores: Stores,
  actor: Actor,
  id: string,
): Promise<CeilingPlan | Refusal> {
  return together(stores, async (inside) => {
    const plan = await inside.records.plans.locked(id);
    if (plan === undefined) {
      return refuse('plan_unknown', { plan: id });
    }
    const refusal = await changeFollowers(inside, actor, id, removals(plan.ceilings));
    if (refusal !== undefined) {
      return refusal;
    }
    await inside.records.plans.remove(id);
    const before = spokenCeilings(plan.ceilings);
    await inside.records.audit.write({
      actor,
      action: 'plan.removed',
      target: targetOf(id),
      before,
    });
    return plan;
  });
}

async function changeFollowers(
  stores: Stores,
  actor: Actor,
  id: string,
  changes: readonly CeilingChange[],
): Promise<Refusal | undefined> {
  const followers = await stores.records.plans.followers(id, FOLLOWERS_MAX + 1);
  if (followers.length > FOLLOWERS_MAX) {
    const complaint = `more than ${FOLLOWERS_MAX} follow it; make a plan for some of them`;
    return refuse('value_invalid', { field: 'budget_id', complaint });
  }
  const subjects = followers.map(subjectFrom).filter((each) => each !== undefined);
  for (const subject of await inOrderOfLocks(stores, subjects)) {
    const changed = await changeCeilings(stores, actor, subject, changes);
    // A member who was removed since has nothing to change.
    if (isRefusal(changed) && changed.refused !== 'member_unknown') {
      return changed;
    }
  }
  return undefined;
}

/** By organization, whose lock comes first: so no two changes of plans wait for each other in a ring. */
async function inOrderOfLocks(
  { records }: Stores,
  subjects: readonly Subject[],
): Promise<Subject[]> {
  const placed: { readonly subject: Subject; readonly organizationId: string }[] = [];
  for (const subject of subjects) {
    const found = await findSubject(records, subject);
    // Whose subject is gone has no lock to take.
    placed.push({ subject, organizationId: isRefusal(found) ? '' : found.organizationId });
  }
  const place = ({ organizationId, subject }: (typeof placed)[number]): string =>
    `${organizationId} ${subjectText(subject)}`;
  return placed
    .toSorted((one, other) => (place(one) < place(other) ? -1 : 1))
    .map(({ subject }) => subject);
}

/** Has a subject follow a plan in place of the one that it followed; null for none. */
export async function followPlan(
  stores: Stores,
  actor: Actor,
  subject: Subject,
  planId: string | null,
): Promise<Ceilings | Refusal> {
  return together(stores, async (inside) => {
    const { plans } = inside.records;
    const name = subjectText(subject);
    const plan = planId === null ? undefined : await plans.locked(planId);
    if (planId !== null && plan === undefined) {
      return refuse('plan_unknown', { plan: planId });
    }
    const before = (await plans.followed([name])).get(name);
    const changes = [...removals(before?.ceilings), ...settings(plan?.ceilings)];
    const changed = await changeCeilings(inside, actor, subject, changes);
    if (isRefusal(changed)) {
      return changed;
    }
    await plans.follow(name, planId);
    return changed.after;
  });
}

function removals({ limits, budgets }: Ceilings = NO_CEILINGS): CeilingChange[] {
  return [
    ...limits.map(({ kind, model }) => ({ remove: 'limit', kind, model }) as const),
    ...budgets.map(({ duration, model }) => ({ remove: 'budget', duration, model }) as const),
  ];
}

function settings({ limits, budgets }: Ceilings = NO_CEILINGS): CeilingChange[] {
  return [
    ...limits.map(
      ({ kind, model, max, shadow }) => ({ set: 'limit', kind, model, max, shadow }) as const,
    ),
    ...budgets.map(
      ({ duration, model, maxNanoUsd, softNanoUsd, shadow }) =>
        ({ set: 'budget', duration, model, maxNanoUsd, softNanoUsd, shadow }) as const,
    ),
  ];
}

function targetOf(id: string): string {
  return `plan:${id}`;
}
