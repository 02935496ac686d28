// Setting, changing, boosting and removing limits and budgets.
//
// States of one change: asked → locked (the organization's row) → checked → written with audit and outbox, all
// in one transaction → told to the gate. The row lock makes changes of one organization's ceilings wait for each
// other: two at once neither overwrite one another nor pass an over-allocation check that both together break.
// Trade-off: such changes of one organization are made one by one, which people never notice.

import type { Actor } from '../audit/audit.ts';
import { countSpentBefore } from '../budgets/count-before.ts';
import { tellGate } from '../change.ts';
import { watchedEndUser, watchEndUsers } from '../end-users/watch-end-users.ts';
import type { ProjectionSubject } from '../gateway/gate.ts';
import { complaintAboutAddedModels } from './bounded-models.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { spokenCeilings } from './audit-ceilings.ts';
import type { Ceilings } from './ceilings.ts';
import type { BudgetChange, CeilingChange, LimitChange } from './change.ts';
import { edited, replaced } from './edit.ts';
import { complaintAboutAllocation } from './over-allocation.ts';
import { changeOf, findSubject, projectionOf, saveCeilings } from './subject-records.ts';
import { subjectText } from './subject.ts';
import type { Subject } from './subject.ts';

export interface CeilingsChanged {
  readonly before: Ceilings;
  readonly after: Ceilings;
  /** False if they were so already. */
  readonly changed: boolean;
}

/**
 * Changes what bounds a subject: all of the changes or none. Holds on the next request of every replica. A
 * counter goes on as long as its kind or duration and its model stay.
 */
export async function changeCeilings(
  stores: Stores,
  actor: Actor,
  subject: Subject,
  changes: readonly CeilingChange[],
): Promise<CeilingsChanged | Refusal> {
  return change(stores, actor, subject, (before) => edited(before, changes, stores.clock()));
}

/** As changeCeilings, but what is not in the new set is removed. */
export async function replaceCeilings(
  stores: Stores,
  actor: Actor,
  subject: Subject,
  set: readonly (LimitChange | BudgetChange)[],
): Promise<CeilingsChanged | Refusal> {
  return change(stores, actor, subject, (before) => replaced(before, set, stores.clock()));
}

async function change(
  stores: Stores,
  actor: Actor,
  subject: Subject,
  edit: (before: Ceilings) => Ceilings | Refusal,
): Promise<CeilingsChanged | Refusal> {
  const done = await stores.records.change<CeilingsChanged>(async (records) => {
    const before = await lockedCeilings(records, subject);
    if (isRefusal(before)) {
      return before;
    }
    const after = edit(before.ceilings);
    if (isRefusal(after)) {
      return after;
    }
    const unknown = await complaintAboutAddedModels(records, before.ceilings, after);
    if (unknown !== undefined) {
      return unknown;
    }
    const spoken = { before: spokenCeilings(before.ceilings), after: spokenCeilings(after) };
    if (JSON.stringify(spoken.before) === JSON.stringify(spoken.after)) {
      return { before: before.ceilings, after, changed: false };
    }
    await saveCeilings(records, subject, after);
    await countSpentBefore(records, subject, before, after, stores.clock());
    const refusal = await complaintAboutOrganization(records, subject, before.organizationId);
    if (refusal !== undefined) {
      return refusal;
    }
    const action = `${subject.kind}.ceilings_changed`;
    await records.audit.write({ actor, action, target: subjectText(subject), ...spoken });
    await records.outbox.add(changeOf(subject));
    if (subject.kind === 'end_user') {
      await watchEndUsers(records, before.organizationId);
    }
    return { before: before.ceilings, after, changed: true };
  });
  if (!isRefusal(done)) {
    await tellGate(stores, ...toldOf(subject));
  }
  return done;
}

function toldOf(subject: Subject): readonly ProjectionSubject[] {
  return subject.kind === 'end_user'
    ? watchedEndUser(subject.organizationId, subject.endUserId)
    : [projectionOf(subject)];
}

/** Reads a subject anew once nobody else can change what bounds it. */
async function lockedCeilings(records: Records, subject: Subject) {
  const found = await findSubject(records, subject);
  if (isRefusal(found)) {
    return found;
  }
  await records.organizations.locked(found.organizationId);
  return findSubject(records, subject);
}

/** The rule of the organization, after what was written; a refusal undoes it. */
async function complaintAboutOrganization(
  records: Records,
  subject: Subject,
  organizationId: string,
): Promise<Refusal | undefined> {
  return subject.kind === 'organization' || subject.kind === 'team'
    ? complaintAboutTeamsOf(records, organizationId)
    : undefined;
}

/** One page of teams; more at once gains nothing. */
const TEAMS_PER_PAGE = 500;

/** Whether an organization that refuses it is over-allocated by its teams, as they stand in the records. */
export async function complaintAboutTeamsOf(
  records: Records,
  organizationId: string,
): Promise<Refusal | undefined> {
  const organization = await records.organizations.find(organizationId);
  if (organization === undefined) {
    return refuse('organization_unknown', { organization: organizationId });
  }
  const { ceilings } = organization;
  if (organization.overAllocation === 'allowed' || isEmpty(ceilings)) {
    return undefined;
  }
  const teams: Ceilings[] = [];
  for (let after = ''; ;) {
    const page = await records.teams.list({ organizationId, after, limit: TEAMS_PER_PAGE });
    teams.push(...page.map((team) => team.ceilings));
    const last = page.at(-1);
    if (last === undefined || page.length < TEAMS_PER_PAGE) {
      return complaintAboutAllocation(organizationId, ceilings, teams);
    }
    after = last.id;
  }
}

function isEmpty({ limits, budgets }: Ceilings): boolean {
  return limits.length === 0 && budgets.length === 0;
}
