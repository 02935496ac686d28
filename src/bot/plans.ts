// Plans of limits and budgets: looked at, made, changed, followed, taken away.

import type { Budget } from '../core/budgets/budget.ts';
import { NO_CEILINGS } from '../core/ceilings/ceilings.ts';
import type { Ceilings } from '../core/ceilings/ceilings.ts';
import type { CeilingChange } from '../core/ceilings/change.ts';
import { readCeilings } from '../core/ceilings/read-ceilings.ts';
import { isRepeated } from '../core/change.ts';
import type { LimitKind } from '../core/limits/limit.ts';
import { once } from '../core/once.ts';
import type { CeilingPlan } from '../core/plans/plan.ts';
import { changePlan, createPlan, followPlan, removePlan } from '../core/plans/plans.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { count, dollars } from './blocks/ceilings-words.ts';
import {
  followedSpeech,
  planCard,
  planGoneSpeech,
  planQuestion,
  PLANS_SHOWN,
  plansSpeech,
} from './blocks/plan.ts';
import type { Call } from './call.ts';
import { placeInTeam, placeOfPerson } from './ceiling-places.ts';
import type { Place } from './ceiling-places.ts';
import { budgetChanges, isMisfit, limitChanges } from './ceiling-wishes.ts';
import type { BudgetWords, LimitWords } from './ceiling-wishes.ts';
import { pageOf, tellPage } from './paging.ts';
import { refusalSpeech } from './replies.ts';
import { organizationOf } from './unknown-organization.ts';

/** As many as are counted one by one. */
const FOLLOWERS_COUNTED = 1_000;

type Bounds = Omit<LimitWords & BudgetWords, 'boost' | 'until' | 'of'>;
type PlanWords = Bounds & { readonly plan?: string };

export async function showPlans(call: Call, id: string | undefined): Promise<void> {
  const { plans } = call.bot.stores.records;
  if (id === undefined) {
    const all = await plans.list();
    const page = pageOf(call, all, { size: PLANS_SHOWN, placeOf: (plan) => plan.id });
    await tellPage(call, plansSpeech(page));
    return;
  }
  const plan = await plans.find(id);
  await (plan === undefined
    ? call.reply(refusalSpeech(refuse('plan_unknown', { plan: id })))
    : tellPlan(call, plan));
}

/** What a plan gives, for all models or for the one that is named, by the words in which it is changed. */
export async function planStanding(
  { records }: Stores,
  { plan: id = '', model }: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const plan = await records.plans.find(id);
  if (plan === undefined) {
    return {};
  }
  const { limits, budgets } = ceilingsFor(plan.ceilings, model ?? null);
  const sizeOf = (kind: LimitKind) => limits.find((limit) => limit.kind === kind)?.max;
  const told = (size: number | undefined) => (size === undefined ? 'off' : count(size));
  const each = (say: (budget: Budget) => string) =>
    budgets.length === 0 ? 'off' : budgets.map(say).join(', ');
  const every = ({ duration }: Budget) => duration ?? 'ever';
  return {
    requests: told(sizeOf('requests')),
    tokens: told(sizeOf('usage_tokens')),
    parallel: told(sizeOf('parallel')),
    max: each((budget) => `${dollars(budget.maxNanoUsd)} every ${every(budget)}`),
    every: each(every),
    soft: each(({ softNanoUsd }) => (softNanoUsd === null ? 'off' : dollars(softNanoUsd))),
  };
}

function ceilingsFor({ limits, budgets }: Ceilings, model: string | null): Ceilings {
  return {
    limits: limits.filter((limit) => limit.model === model),
    budgets: budgets.filter((budget) => budget.model === model),
  };
}

export async function makePlan(call: Call, { plan: id = '', ...words }: PlanWords): Promise<void> {
  const changes = boundsFrom(words, NO_CEILINGS);
  const made = isRefusal(changes)
    ? changes
    : await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
        createPlan(stores, call.actor, { id, changes, metadata: {} }),
      );
  if (!isRepeated(made)) {
    await (isRefusal(made) ? call.reply(refusalSpeech(made)) : tellPlan(call, made, 'made'));
  }
}

export async function changePlanFrom(
  call: Call,
  { plan: id = '', ...words }: PlanWords,
): Promise<void> {
  const changed = await once<CeilingPlan>(
    call.bot.stores,
    `slack:${call.onceId}`,
    async (stores) => {
      const before = await stores.records.plans.locked(id);
      const changes = boundsFrom(words, before?.ceilings ?? NO_CEILINGS);
      if (before === undefined || isRefusal(changes)) {
        return before === undefined ? refuse('plan_unknown', { plan: id }) : (changes as Refusal);
      }
      return changePlan(stores, call.actor, id, { changes });
    },
  );
  if (!isRepeated(changed)) {
    await (isRefusal(changed)
      ? call.reply(refusalSpeech(changed))
      : tellPlan(call, changed, 'changed'));
  }
}

/** Asks first. */
export async function deletePlan(
  call: Call,
  { plan: id, sure }: { readonly plan: string; readonly sure: boolean },
): Promise<void> {
  const { plans } = call.bot.stores.records;
  const plan = await plans.find(id);
  if (plan === undefined) {
    await call.reply(refusalSpeech(refuse('plan_unknown', { plan: id })));
    return;
  }
  if (!sure) {
    const followers = await plans.followers(id, FOLLOWERS_COUNTED);
    await call.reply(planQuestion(plan, followers.length, call.onceId));
    return;
  }
  const removed = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    removePlan(stores, call.actor, id),
  );
  if (!isRepeated(removed)) {
    await call.reply(isRefusal(removed) ? refusalSpeech(removed) : planGoneSpeech(id));
  }
}

interface FollowWords {
  readonly plan?: string;
  readonly team?: string;
  readonly org?: string;
  readonly key?: string;
  readonly member?: string;
  readonly user?: string;
}

export async function follow(call: Call, words: FollowWords): Promise<void> {
  const place = await placeFrom(call, words);
  if (place === undefined) {
    return;
  }
  const { plan = '' } = words;
  const planId = /^(none|off)$/i.test(plan) ? null : plan;
  const { stores } = call.bot;
  const followed = await once(stores, `slack:${call.onceId}`, async (inside) =>
    followPlan(inside, call.actor, place.subject, planId),
  );
  if (isRepeated(followed)) {
    return;
  }
  const reading = isRefusal(followed) ? followed : await readCeilings(stores, place.subject);
  await call.reply(
    isRefusal(reading) ? refusalSpeech(reading) : followedSpeech(place, planId, reading),
  );
}

/** Who is to follow it; undefined after the person was told what is wrong. */
async function placeFrom(call: Call, words: FollowWords): Promise<Place | undefined> {
  const { team, org, key, member, user } = words;
  const complaint = complaintAboutWhom(words);
  if (complaint !== undefined) {
    await call.reply(refusalSpeech(complaint));
    return undefined;
  }
  const again = (rest: string) => `/quartermaster plan follow ${words.plan} ${rest}`;
  if (org === undefined) {
    return placeInTeam(call, { team, key, member }, (id) => again(`team=${id}`));
  }
  const organization = await organizationOf(call, org, (id) => again(`org=${id}`));
  return organization && placeOfPerson(organization.id, user);
}

function complaintAboutWhom({ team, org, key, member, user }: FollowWords): Refusal | undefined {
  const wrong = (field: string, complaint: string) => refuse('value_invalid', { field, complaint });
  if ((team === undefined) === (org === undefined)) {
    return wrong('team', 'name one team or one organization, like team=acme-prod');
  }
  if (team === undefined && (key ?? member) !== undefined) {
    const field = key === undefined ? 'member' : 'key';
    return wrong(field, 'it belongs to a team; name that, like team=acme-prod');
  }
  return org === undefined && user !== undefined
    ? wrong('user', 'it is one of an organization; name that, like org=acme')
    : undefined;
}

async function tellPlan(call: Call, plan: CeilingPlan, done?: 'made' | 'changed'): Promise<void> {
  const { plans } = call.bot.stores.records;
  const followers = await plans.followers(plan.id, FOLLOWERS_COUNTED);
  await call.reply(planCard(plan, followers.length, done));
}

/** What the words say of limits and of a budget, beside what there is. */
function boundsFrom(words: Bounds, ceilings: Ceilings): CeilingChange[] | Refusal {
  const { requests, tokens, parallel, max, soft, every, ...shared } = words;
  const present = { ceilings, untilMs: undefined };
  const isAboutLimits = [requests, tokens, parallel].some((each) => each !== undefined);
  const isAboutBudget = [max, soft, every].some((each) => each !== undefined);
  if (!isAboutLimits && !isAboutBudget) {
    const complaint = 'name a limit or a budget, like requests=60 or max=$100 every=30d';
    return refuse('value_invalid', { field: 'requests', complaint });
  }
  const limits = isAboutLimits
    ? limitChanges({ ...shared, ...given({ requests, tokens, parallel }) }, present)
    : [];
  const budgets = isAboutBudget
    ? budgetChanges({ ...shared, ...given({ max, soft, every }) }, present)
    : [];
  const misfit = isMisfit(limits) ? limits : isMisfit(budgets) ? budgets : undefined;
  return misfit === undefined
    ? [...(limits as CeilingChange[]), ...(budgets as CeilingChange[])]
    : refuse('value_invalid', { field: misfit.argument, complaint: misfit.complaint });
}

function given<Words extends object>(
  words: Words,
): { [Name in keyof Words]?: NonNullable<Words[Name]> } {
  const found = Object.entries(words).filter(([, value]) => value !== undefined);
  // Only what is undefined was left out.
  return Object.fromEntries(found) as { [Name in keyof Words]?: NonNullable<Words[Name]> };
}
