// What happens at 0, what is added without asking, and whether a charge would pass now.

import { z } from 'zod';
import { REFILL_PERIODS } from '../../core/credits/auto-refill.ts';
import { checkCredits } from '../../core/credits/check.ts';
import { setCreditPolicy } from '../../core/credits/policy.ts';
import { setAutoRefill } from '../../core/credits/set-auto-refill.ts';
import { creditsToNumber, creditsToText } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInBody, teamInPath } from '../target.ts';
import { CREDITS, creditsOf, EXACT_MOMENT, teamOf } from './fields.ts';
import { CHECKED, POLICY, REFILL } from './answers/credits.ts';
import type { Told } from '../told.ts';

/** As documented: one call of a team that pays by the job. */
const NEEDED = CREDITS.default(1);

export const checkTeamEndpoint = endpoint({
  summary: 'Whether a charge would pass now, with the team in the path',
  action: 'credits.read',
  target: teamInPath,
  foreign: 'Cannot check credits for a different team',
  body: NOTHING,
  query: z.strictObject({ credits_needed: NEEDED }),
  answer: CHECKED,
  handle: async ({ stores, id, query }) => check(stores, id, query.credits_needed),
});

export const checkEndpoint = endpoint({
  isOwn: true,
  summary: 'Whether a charge would pass now',
  action: 'credits.read',
  target: teamInBody,
  foreign: 'Cannot check credits for a different team',
  body: z.strictObject({ team_id: z.string(), credits_needed: NEEDED }),
  query: NO_QUERY,
  answer: CHECKED,
  handle: async ({ stores, body }) => check(stores, body.team_id, body.credits_needed),
});

async function check(
  stores: Stores,
  id: string,
  needed: string | number,
): Promise<Told<typeof CHECKED> | Refusal> {
  const team = await teamOf(stores, id);
  if (isRefusal(team)) {
    return team;
  }
  const amount = creditsOf('credits_needed', needed);
  if (isRefusal(amount)) {
    return amount;
  }
  const { available, spendable, reserved, overdraft } = await checkCredits(stores, team, amount);
  return {
    team_id: team.id,
    has_credits: available,
    available,
    credits_needed: creditsToNumber(amount),
    credits_remaining: creditsToNumber(spendable),
    spendable: creditsToNumber(spendable),
    reserved: creditsToNumber(reserved),
    overdraft: creditsToNumber(overdraft),
    status: team.status,
    ...(available
      ? {}
      : {
          error: `Insufficient credits: ${creditsToText(amount)} are needed, ${creditsToText(spendable)} are spendable`,
        }),
  };
}

export const policyEndpoint = endpoint({
  isOwn: true,
  summary: 'What happens when credits run out',
  versioned: 'team',
  action: 'team.terms',
  target: teamInPath,
  body: z.strictObject({
    limit_policy: z.enum(['hard', 'soft', 'unlimited']).optional(),
    overdraft: CREDITS.optional(),
    grace_until: EXACT_MOMENT.nullish(),
    auto_suspend: z.boolean().optional(),
  }),
  query: NO_QUERY,
  answer: POLICY,
  handle: async ({ stores, actor, id, body }) => {
    const overdraft =
      body.overdraft === undefined ? undefined : creditsOf('overdraft', body.overdraft);
    const known = await teamOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    if (isRefusal(overdraft)) {
      return overdraft;
    }
    const { limit_policy: limitPolicy, grace_until: grace, auto_suspend: autoSuspend } = body;
    const team = await setCreditPolicy(stores, actor, id, {
      ...(limitPolicy === undefined ? {} : { limitPolicy }),
      ...(overdraft === undefined ? {} : { overdraft }),
      ...(grace === undefined ? {} : { graceUntil: grace === null ? null : new Date(grace) }),
      ...(autoSuspend === undefined ? {} : { autoSuspend }),
    });
    return isRefusal(team) ? team : spokenPolicy(team);
  },
});

function spokenPolicy(team: Team): Told<typeof POLICY> {
  return {
    team_id: team.id,
    limit_policy: team.limitPolicy,
    overdraft: creditsToNumber(team.overdraft),
    grace_until: team.graceUntil?.toISOString() ?? null,
    auto_suspend: team.autoSuspend,
    status: team.status,
  };
}

export const autoRefillEndpoint = endpoint({
  isOwn: true,
  summary: 'Credits that are added without asking',
  versioned: 'team',
  action: 'team.terms',
  target: teamInPath,
  body: z.strictObject({
    enabled: z.boolean().default(true),
    amount: CREDITS.optional(),
    every: z.enum(REFILL_PERIODS).nullish(),
    below: CREDITS.nullish(),
    monthly_max: CREDITS.nullish(),
  }),
  query: NO_QUERY,
  answer: REFILL,
  handle: async ({ stores, actor, id, body }) => {
    const known = await teamOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    if (!body.enabled) {
      return spokenRefill(await setAutoRefill(stores, actor, id, null));
    }
    const [amount, below, monthlyMax] = [
      body.amount === undefined
        ? refuse('value_invalid', { field: 'amount', complaint: 'it is missing' })
        : creditsOf('amount', body.amount),
      orNull('below', body.below),
      orNull('monthly_max', body.monthly_max),
    ];
    if (isRefusal(amount) || isRefusal(below) || isRefusal(monthlyMax)) {
      return [amount, below, monthlyMax].find(isRefusal) as Refusal;
    }
    const wish = { amount, every: body.every ?? null, below, monthlyMax };
    return spokenRefill(await setAutoRefill(stores, actor, id, wish));
  },
});

function orNull(field: string, value: string | number | null | undefined): bigint | null | Refusal {
  return value === null || value === undefined ? null : creditsOf(field, value);
}

function spokenRefill(team: Team | Refusal): Told<typeof REFILL> | Refusal {
  if (isRefusal(team)) {
    return team;
  }
  const { autoRefill } = team;
  const spoken = (amount: bigint | null): number | null =>
    amount === null ? null : creditsToNumber(amount);
  return {
    team_id: team.id,
    enabled: autoRefill !== null,
    amount: spoken(autoRefill?.amount ?? null),
    every: autoRefill?.every ?? null,
    below: spoken(autoRefill?.below ?? null),
    monthly_max: spoken(autoRefill?.monthlyMax ?? null),
  };
}
