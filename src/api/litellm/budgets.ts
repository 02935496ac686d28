// /budget/*: named sets of limits and budgets that keys, members and organizations point to.

import { z } from 'zod';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { newId } from '../../core/ids.ts';
import type { CeilingPlan } from '../../core/plans/plan.ts';
import { changePlan, createPlan, removePlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { BOUNDS, boundsView, changesFrom } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { float, wrapped } from './errors.ts';
import { extrasOf, givenOf, storedMetadata } from './extras.ts';
import { BUDGET } from './answers/rows.ts';
import { BUDGET_SETTINGS } from './answers/changes.ts';
import type { Told } from '../told.ts';
import { UNHELD_BOUNDS } from './unheld.ts';

const FIELDS = {
  max_budget: BOUNDS.max_budget,
  soft_budget: BOUNDS.soft_budget,
  budget_duration: BOUNDS.budget_duration,
  tpm_limit: BOUNDS.tpm_limit,
  rpm_limit: BOUNDS.rpm_limit,
  max_parallel_requests: BOUNDS.max_parallel_requests,
  model_max_budget: BOUNDS.model_max_budget,
  ...UNHELD_BOUNDS,
};
const PLAN = z.strictObject({ budget_id: z.string().nullish(), ...FIELDS });

export function planView({ id, ceilings, metadata, ...plan }: CeilingPlan): Told<typeof BUDGET> {
  return {
    budget_id: id,
    ...boundsView(ceilings, extrasOf(metadata)['budget_duration']),
    created_by: plan.createdBy,
    updated_by: plan.updatedBy,
    created_at: plan.createdAt.toISOString(),
    updated_at: plan.updatedAt.toISOString(),
  };
}

function complaintAbout({ max_budget: max }: Bounds): Answer | undefined {
  if (typeof max !== 'number' || max >= 0) {
    return undefined;
  }
  const error = `max_budget must be a non-negative finite number. Received: ${float(max)}`;
  return wrapped(400, { error });
}

export const budgetNewEndpoint = endpoint({
  summary: 'Make a budget that keys, members and organizations may point to',
  action: 'system.change',
  target: 'nothing',
  body: PLAN,
  query: NO_QUERY,
  answer: BUDGET,
  async handle({ stores, actor, body }) {
    const changes = complaintAbout(body) ?? changesFrom(NO_CEILINGS, body);
    if (!Array.isArray(changes)) {
      return changes;
    }
    const id = body.budget_id ?? newId();
    const metadata = storedMetadata({}, givenOf(body, ['budget_duration']));
    const plan = await createPlan(stores, actor, { id, changes, metadata });
    if (isRefusal(plan)) {
      return plan.refused === 'plan_exists'
        ? wrapped(400, { error: `Budget with id '${id}' already exists.` })
        : plan;
    }
    return planView(plan);
  },
});

export const budgetUpdateEndpoint = endpoint({
  summary: 'Change a budget, and all who point to it',
  action: 'system.change',
  target: 'nothing',
  body: PLAN,
  query: NO_QUERY,
  refusals: ['plan_unknown'],
  answer: BUDGET,
  async handle({ stores, actor, body }) {
    const { budget_id: id } = body;
    if (!id) {
      return wrapped(400, { error: 'budget_id is required' });
    }
    const before = await stores.records.plans.find(id);
    const changes = complaintAbout(body) ?? changesFrom(before?.ceilings ?? NO_CEILINGS, body);
    if (!Array.isArray(changes)) {
      return changes;
    }
    const extras = { ...extrasOf(before?.metadata ?? {}), ...givenOf(body, ['budget_duration']) };
    const wish = { changes, metadata: storedMetadata({}, extras) };
    const changed = await changePlan(stores, actor, id, wish);
    return isRefusal(changed) ? changed : planView(changed);
  },
});

/** As many as one page shows. */
const IDS_MAX = 500;

export const budgetInfoEndpoint = endpoint({
  summary: 'Budgets by their ids',
  action: 'system.read',
  target: 'nothing',
  body: z.strictObject({ budgets: z.array(z.string()).max(IDS_MAX) }),
  query: NO_QUERY,
  answer: z.array(BUDGET),
  async handle({ stores, body }) {
    if (body.budgets.length === 0) {
      return wrapped(400, {
        error: "Specify list of budget id's to query. Passed in=[]",
      });
    }
    const found = await Promise.all(body.budgets.map(async (id) => stores.records.plans.find(id)));
    return found.filter((plan) => plan !== undefined).map(planView);
  },
});

export const budgetListEndpoint = endpoint({
  summary: 'All budgets',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: z.array(BUDGET),
  handle: async ({ stores }) => (await stores.records.plans.list()).map(planView),
});

const SETTINGS = [
  ['max_parallel_requests', 'Integer', 'The most calls at once.'],
  ['tpm_limit', 'Integer', 'The most tokens in a minute.'],
  ['rpm_limit', 'Integer', 'The most requests in a minute.'],
  ['budget_duration', 'String', 'When the budget begins anew: 30s, 30m, 30h, 30d.'],
  ['max_budget', 'Float', 'The most USD in that time.'],
  ['soft_budget', 'Float', 'The USD at which somebody is told.'],
] as const;

export const budgetSettingsEndpoint = endpoint({
  summary: 'The fields of a budget, with what they are set to',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ budget_id: z.string() }),
  answer: BUDGET_SETTINGS,
  async handle({ stores, query }) {
    const plan = await stores.records.plans.find(query.budget_id);
    const view = plan === undefined ? undefined : planView(plan);
    return SETTINGS.map(([name, type, description]) => ({
      field_name: name,
      field_type: type,
      field_description: description,
      field_value: view?.[name] ?? null,
      stored_in_db: plan !== undefined,
      field_default_value: null,
    }));
  },
});

export const budgetDeleteEndpoint = endpoint({
  summary: 'Take a budget away, and what it gave from all who pointed to it',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({ id: z.string() }),
  query: NO_QUERY,
  refusals: ['plan_unknown'],
  answer: BUDGET,
  async handle({ stores, actor, body }) {
    const removed = await removePlan(stores, actor, body.id);
    return isRefusal(removed) ? removed : planView(removed);
  },
});
