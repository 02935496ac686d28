// Limits and budgets of every subject: one shape, six paths.

import { z } from 'zod';
import type { CeilingsReading } from '../../core/ceilings/read-ceilings.ts';
import { readCeilings } from '../../core/ceilings/read-ceilings.ts';
import { replaceCeilings } from '../../core/ceilings/change-ceilings.ts';
import type { BudgetChange, LimitChange } from '../../core/ceilings/change.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import type { MeterReading } from '../../core/gateway/gate.ts';
import { LIMIT_KINDS } from '../../core/limits/limit.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import type { Action } from '../../core/permission/permissions.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { budgetHistoryEndpoint } from './budget-history.ts';
import { keyInPath, organizationInPath, teamInPath } from '../target.ts';
import type { FindRows, Params } from '../target.ts';
import type { Versioned } from '../versions.ts';
import { CEILINGS_TOLD } from './answers/operations.ts';
import type { METER } from './answers/operations.ts';
import type { Told } from '../told.ts';
import { EXACT_MOMENT } from './fields.ts';

/** Dollars come as a number or as text, so that no client has to trust its floats. */
const USD = z.union([z.number(), z.string()]);
/** More than any subject may have is told by the rule itself; a page of them is not read. */
const LIST_MAX = 1_000;

const LIMIT = z.strictObject({
  kind: z.enum(LIMIT_KINDS),
  model: z.string().nullish(),
  max: z.number(),
  shadow: z.boolean().nullish(),
  boost: z.strictObject({ by: z.number(), until: EXACT_MOMENT }).nullish(),
});

const BUDGET = z.strictObject({
  max_usd: USD,
  soft_usd: USD.nullish(),
  duration: z.string().nullish(),
  model: z.string().nullish(),
  shadow: z.boolean().nullish(),
  boost: z.strictObject({ by_usd: USD, until: EXACT_MOMENT }).nullish(),
});

/** The whole set: what is not in it is removed. */
const CEILINGS = z.strictObject({
  limits: z.array(LIMIT).max(LIST_MAX),
  budgets: z.array(BUDGET).max(LIST_MAX),
});

interface Trio {
  readonly get: Endpoint;
  readonly put: Endpoint;
  /** What became of its budgets. */
  readonly history: Endpoint;
}

interface Place {
  readonly versioned?: Versioned;
  readonly of: string;
  readonly reads: Action;
  readonly changes: Action;
  readonly target: FindRows<unknown, unknown>;
  subject(params: Params): Subject;
}

function trio({ of, reads, changes, target, subject, versioned }: Place): Trio {
  const ofVersion = versioned === undefined ? {} : { versioned };
  return {
    get: endpoint({
      isOwn: true,
      ...ofVersion,
      summary: `Limits and budgets ${of}, with what is used of them`,
      action: reads,
      target,
      body: NOTHING,
      query: NO_QUERY,
      answer: CEILINGS_TOLD,
      handle: async ({ stores, params }) => shown(stores, subject(params)),
    }),
    put: endpoint({
      isOwn: true,
      ...ofVersion,
      summary: `Replace the limits and budgets ${of}`,
      action: changes,
      target,
      body: CEILINGS,
      query: NO_QUERY,
      answer: CEILINGS_TOLD,
      async handle({ stores, actor, body, params }) {
        const set = setFrom(body);
        if (isRefusal(set)) {
          return set;
        }
        const replaced = await replaceCeilings(stores, actor, subject(params), set);
        return isRefusal(replaced) ? replaced : shown(stores, subject(params));
      },
    }),
    history: budgetHistoryEndpoint({ of, reads, target, subject }),
  };
}

export const organizationLimits = trio({
  versioned: 'organization',
  of: 'of an organization: all its teams together',
  reads: 'organization.read',
  changes: 'organization.change',
  target: organizationInPath,
  subject: ({ id = '' }) => ({ kind: 'organization', organizationId: id }),
});
export const teamLimits = trio({
  versioned: 'team',
  of: 'of a team',
  reads: 'team.read',
  changes: 'team.limits',
  target: teamInPath,
  subject: ({ id = '' }) => ({ kind: 'team', teamId: id }),
});
export const keyLimits = trio({
  versioned: 'key',
  of: 'of a key',
  reads: 'key.read',
  changes: 'person.limits',
  target: keyInPath,
  subject: ({ id = '' }) => ({ kind: 'key', keyId: id }),
});
export const memberLimits = trio({
  of: 'of a person within a team',
  reads: 'team.people.read',
  changes: 'person.limits',
  target: teamInPath,
  subject: ({ id = '', user = '' }) => ({ kind: 'member', teamId: id, userId: user }),
});
export const userLimits = trio({
  of: 'of a person over all teams',
  reads: 'organization.people.read',
  changes: 'organization.people.change',
  target: organizationInPath,
  subject: ({ id = '', user = '' }) => ({ kind: 'user', organizationId: id, userId: user }),
});

export const endUserLimits = trio({
  of: 'of an end user: calls that name them',
  reads: 'organization.people.read',
  changes: 'organization.people.change',
  target: organizationInPath,
  subject: ({ id = '', user = '' }) => ({ kind: 'end_user', organizationId: id, endUserId: user }),
});

/** What the body says, in the words of core; a size in full, so that nothing of before shines through. */
function setFrom(body: z.output<typeof CEILINGS>): (LimitChange | BudgetChange)[] | Refusal {
  const set: (LimitChange | BudgetChange)[] = body.limits.map((limit): LimitChange => {
    const { kind, model, max, shadow, boost } = limit;
    return {
      set: 'limit',
      kind,
      model: model ?? null,
      max,
      shadow: shadow ?? false,
      boost: boost ? { by: boost.by, untilMs: Date.parse(boost.until) } : null,
    };
  });
  for (const [at, budget] of body.budgets.entries()) {
    const read = budgetFrom(budget, `budgets[${at}]`);
    if (isRefusal(read)) {
      return read;
    }
    set.push(read);
  }
  return set;
}

function budgetFrom(given: z.output<typeof BUDGET>, place: string): BudgetChange | Refusal {
  const maxNanoUsd = usdOf(`${place}.max_usd`, given.max_usd);
  const soft = given.soft_usd ?? null;
  const softNanoUsd = soft === null ? null : usdOf(`${place}.soft_usd`, soft);
  const boost = given.boost ?? null;
  const byNanoUsd = boost === null ? 0n : usdOf(`${place}.boost.by_usd`, boost.by_usd);
  if (isRefusal(maxNanoUsd)) {
    return maxNanoUsd;
  }
  if (isRefusal(softNanoUsd)) {
    return softNanoUsd;
  }
  if (isRefusal(byNanoUsd)) {
    return byNanoUsd;
  }
  return {
    set: 'budget',
    duration: given.duration ?? null,
    model: given.model ?? null,
    maxNanoUsd,
    softNanoUsd,
    shadow: given.shadow ?? false,
    boost: boost === null ? null : { byNanoUsd, untilMs: Date.parse(boost.until) },
  };
}

function usdOf(field: string, value: string | number): bigint | Refusal {
  const amount = parseUsdAmount(value);
  return typeof amount === 'bigint'
    ? amount
    : refuse('value_invalid', { field, complaint: amount.reason });
}

async function shown(
  stores: Stores,
  subject: Subject,
): Promise<Told<typeof CEILINGS_TOLD> | Refusal> {
  const reading = await readCeilings(stores, subject);
  return isRefusal(reading) ? reading : spoken(reading);
}

/** What is in use is null while the gate is away; `stale` says so. A boost that has ended is none. */
function spoken(reading: CeilingsReading): Told<typeof CEILINGS_TOLD> {
  const { subject, organizationId, limits, budgets, isGateAway, nowMs } = reading;
  const lasts = (boost: { readonly untilMs: number } | null) =>
    boost !== null && boost.untilMs > nowMs;
  return {
    subject: subjectText(subject),
    organization_id: organizationId,
    limits: limits.map(({ limit: { kind, model, max, shadow, boost }, now }) => ({
      kind,
      model,
      max,
      shadow,
      boost: boost !== null && lasts(boost) ? { by: boost.by, until: isoOf(boost.untilMs) } : null,
      used: now?.used ?? null,
      held: now?.held ?? null,
      ...spokenMeter(now),
    })),
    budgets: budgets.map(({ budget, now }) => {
      const { boost } = budget;
      return {
        max_usd: usdToNumber(budget.maxNanoUsd),
        soft_usd: budget.softNanoUsd === null ? null : usdToNumber(budget.softNanoUsd),
        duration: budget.duration,
        model: budget.model,
        shadow: budget.shadow,
        boost:
          boost !== null && lasts(boost)
            ? { by_usd: usdToNumber(boost.byNanoUsd), until: isoOf(boost.untilMs) }
            : null,
        used_usd: now === undefined ? null : usdToNumber(BigInt(now.used)),
        held_usd: now === undefined ? null : usdToNumber(BigInt(now.held)),
        ...spokenMeter(now),
      };
    }),
    ...(isGateAway ? { stale: true } : {}),
  };
}

function spokenMeter(now: MeterReading | undefined): Told<typeof METER> {
  return { resets_at: now?.resetsAt?.toISOString() ?? null, missed: now?.missed ?? null };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
