// Customers of a LiteLLM proxy's clients: end users here. There they belong to nobody; here to the organization whose
// keys called for them, because what they use is counted there.

import type { Bounds } from './ceilings.ts';
import { historySteps } from './litellm-history.ts';
import type { UsageDay } from './litellm-history.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { presentSpend, spendStep } from './spend.ts';
import { differenceOf, get, post, thereIf } from './step.ts';
import type { Known, Step } from './step.ts';

type Customer = LiteLlmRows['customers'][number];

/** The organization of each key there is. */
export type KeyHomes = ReadonlyMap<string, string>;

/**
 * The organizations of a customer here: those whose keys called for them. Who is blocked there is blocked for all, and
 * what bounds somebody for whom nobody called yet holds wherever they are called for first.
 */
function homesOfCustomer(
  { blocked, budget_id: budgetId }: Customer,
  days: readonly UsageDay[],
  { home }: Known,
  keyHomes: KeyHomes,
): readonly string[] {
  const everywhere = [...new Set([home, ...keyHomes.values()])].toSorted();
  const callers = new Set(days.flatMap(({ api_key: key }) => keyHomes.get(key) ?? []));
  if (blocked || (callers.size === 0 && budgetId !== null)) {
    return everywhere;
  }
  return callers.size === 0 ? [home] : [...callers].toSorted();
}

/** Whom clients call for, in each organization that is theirs, and what was spent for them there. */
export function customerSteps(
  row: Customer,
  days: LiteLlmRows['customerDays'],
  budget: Bounds | undefined,
  known: Known,
  isShared: boolean,
  keyHomes: KeyHomes,
): Step[] {
  const { user_id: id } = row;
  const homes = homesOfCustomer(row, days, known, keyHomes);
  const each = Map.groupBy(days, ({ api_key: key }) => keyHomes.get(key) ?? '');
  const callers = [...each.keys()].filter((organization) => organization !== '').toSorted();
  const first = callers[0] ?? homes[0] ?? known.home;
  return homes.flatMap((organization) => {
    // What keys that are gone called for is told once.
    const gone = organization === first ? (each.get('') ?? []) : [];
    const own = [...(each.get(organization) ?? []), ...gone];
    const step = customerStep(row, organization, budget, isShared);
    const subject = `end_user:${organization}/${encodeURIComponent(id)}`;
    const counted = own.reduce((so, { spend }) => so + spend, 0);
    const whole = organization === first ? presentSpend({ ...budget, spend: row.spend }) : null;
    const spend = callers.length > 1 ? counted : whole;
    return [
      step,
      ...spendStep(subject, spend, step),
      ...historySteps(subject, `customer ${step.name}`, own.map(dayOf), step),
    ];
  });
}

function dayOf({ user_id: _id, ...day }: LiteLlmRows['customerDays'][number]): UsageDay {
  return day;
}

function customerStep(
  { user_id: id, alias, blocked, budget_id: budgetId }: Customer,
  organization: string,
  budget: Bounds | undefined,
  isShared: boolean,
): Step {
  const whose = { organization_id: organization };
  return {
    kind: 'customer',
    name: `${id} of ${organization}`,
    look: get('/customer/info', { end_user_id: id, ...whose }),
    progress: (status) => thereIf(status === 200),
    difference: (answer) => differenceOf({ alias, blocked }, answer),
    make: post('/customer/new', {
      user_id: id,
      alias,
      ...whose,
      ...(isShared ? { budget_id: budgetId } : boundsOf(budget)),
      ...(blocked ? { blocked } : {}),
    }),
  };
}

/** A budget of their own, in the fields that it is given by. */
function boundsOf(budget: Bounds | undefined): object {
  const fields = {
    max_budget: budget?.max_budget,
    soft_budget: budget?.soft_budget,
    budget_duration: budget?.budget_duration,
    tpm_limit: budget?.tpm_limit,
    rpm_limit: budget?.rpm_limit,
    max_parallel_requests: budget?.max_parallel_requests,
    model_max_budget: budget?.model_max_budget,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given);
}
