import type { Actor } from '../audit/audit.ts';
import { movePeriods } from '../budgets/move-periods.ts';
import { complaintAboutTeamsOf } from '../ceilings/change-ceilings.ts';
import { projectionOf } from '../ceilings/subject-records.ts';
import type { Subject } from '../ceilings/subject.ts';
import { tellGate } from '../change.ts';
import { complaintAboutId, complaintAboutName } from '../ids.ts';
import { complaintAboutUnknownModels } from '../models/known-models.ts';
import { complaintAboutModels } from '../models/model-rules.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { complaintAboutTimeZone } from '../time-zone.ts';
import { complaintAboutRetention } from '../usage/retention.ts';
import type { Organization } from './organization.ts';

export type OrganizationChange = Partial<
  Pick<
    Organization,
    | 'name'
    | 'timeZone'
    | 'overAllocation'
    | 'usageRetentionDays'
    | 'channelId'
    | 'models'
    | 'metadata'
  >
>;

/**
 * What the gate is told of before the answer. A new time zone concerns every budget of the calendar; of very
 * many, the outbox relay tells the rest within seconds, as it does for all of them if this process dies.
 */
const TOLD_BEFORE_ANSWER_MAX = 200;

/** What Slack calls a channel, public or private. */
const CHANNEL_ID = /^[CG][A-Z0-9]{2,}$/;

/**
 * Changes what a customer is called, where its days begin, where its news go, and whether its teams may be allowed more together
 * than it has. A new time zone moves the boundaries of its budgets and those of all that belongs to it.
 */
export async function updateOrganization(
  stores: Stores,
  actor: Actor,
  organizationId: string,
  change: OrganizationChange,
): Promise<Organization | Refusal> {
  let concerned: readonly Subject[] = [];
  const updated = await stores.records.change<Organization>(async (records) => {
    const before =
      complaintAboutId(organizationId) === undefined
        ? await records.organizations.locked(organizationId)
        : undefined;
    if (before === undefined) {
      return refuse('organization_unknown', { organization: organizationId });
    }
    const names = (change.models ?? []).filter((name) => !before.models.includes(name));
    const refusal =
      complaintAbout(change) ??
      (await complaintAboutUnknownModels(records, { field: 'models', names }));
    if (refusal !== undefined) {
      return refusal;
    }
    await records.organizations.update(organizationId, change);
    if (change.models !== undefined) {
      await records.catalog.lockForChange();
      await records.outbox.add({ kind: 'catalog.changed' });
    }
    if (change.overAllocation === 'refused') {
      const overAllocated = await complaintAboutTeamsOf(records, organizationId);
      if (overAllocated !== undefined) {
        return overAllocated;
      }
    }
    if (change.timeZone !== undefined && change.timeZone !== before.timeZone) {
      const touched = await records.organizations.touchBudgets(organizationId);
      const zones = { from: before.timeZone, to: change.timeZone };
      await movePeriods(records, touched, zones, stores.clock());
      concerned = touched.slice(0, TOLD_BEFORE_ANSWER_MAX);
    }
    await records.audit.write({
      actor,
      action: 'organization.updated',
      target: `organization:${organizationId}`,
      before: picked(before, change),
      after: { ...change },
    });
    await records.outbox.add({ kind: 'organization.changed', organizationId });
    return (await records.organizations.find(organizationId)) ?? { ...before, ...change };
  });
  if (!isRefusal(updated)) {
    const models = change.models === undefined ? [] : [{ catalog: true } as const];
    await tellGate(stores, { organizationId }, ...concerned.map(projectionOf), ...models);
  }
  return updated;
}

function complaintAbout(change: OrganizationChange): Refusal | undefined {
  const { name, timeZone, channelId = null, usageRetentionDays = null } = change;
  const aboutName = name === undefined ? undefined : complaintAboutName(name);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'name', complaint: aboutName });
  }
  if (channelId !== null && !CHANNEL_ID.test(channelId)) {
    const complaint = 'it is no id of a channel in Slack, like C0123456789';
    return refuse('value_invalid', { field: 'channel_id', complaint });
  }
  const aboutModels = complaintAboutModels(change.models ?? []);
  if (aboutModels !== undefined) {
    return aboutModels;
  }
  const aboutZone = timeZone === undefined ? undefined : complaintAboutTimeZone(timeZone);
  return aboutZone === undefined
    ? complaintAboutRetention(usageRetentionDays)
    : refuse('value_invalid', { field: 'time_zone', complaint: aboutZone });
}

/** The fields that are changed, as they were. */
function picked(before: Organization, change: OrganizationChange): Record<string, unknown> {
  const names = Object.keys(change) as (keyof OrganizationChange)[];
  return Object.fromEntries(names.map((name) => [name, before[name]]));
}
