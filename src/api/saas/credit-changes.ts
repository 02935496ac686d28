// What moves credits beside adding them: grants with terms, payments, deductions, refunds, transfers. A request
// with an Idempotency-Key may be sent again: the second answer tells what the first one did.

import { z } from 'zod';
import { deductCredits } from '../../core/credits/deduct.ts';
import type { Posted } from '../../core/credits/entry.ts';
import { addPayment, grantCredits } from '../../core/credits/grant-credits.ts';
import { GRANT_CATEGORIES } from '../../core/credits/grant.ts';
import { refundUsage } from '../../core/credits/refund.ts';
import { transferCredits } from '../../core/credits/transfer.ts';
import { creditsToNumber } from '../../core/money.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { teamInBody, teamInPath } from '../target.ts';
import { CREDITS, creditsOf, EXACT_MOMENT, inFields, teamOf } from './fields.ts';
import { moneyOf, spokenMoney } from './money.ts';
import { referenceOf } from './posting-reference.ts';
import { transactionAsAdded } from './transaction.ts';
import { ADDED, DEDUCTED, MOVED, REFUNDED, REPLENISHED } from './answers/credits.ts';
import type { CHANGED } from './answers/credits.ts';
import type { Told } from '../told.ts';

const REASON = z.string().nullish();

const GRANT_TERMS = {
  priority: z.int().nullish(),
  category: z.enum(GRANT_CATEGORIES).nullish(),
  /** ISO 8601; absent for never. */
  expires_at: EXACT_MOMENT.nullish(),
};

function termsOf({
  priority,
  category,
  expires_at: expiresAt,
}: z.output<z.ZodObject<typeof GRANT_TERMS>>) {
  return {
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(typeof category === 'string' ? { category } : {}),
    ...(typeof expiresAt === 'string' ? { expiresAt: new Date(expiresAt) } : {}),
  };
}

export const grantEndpoint = endpoint({
  isOwn: true,
  summary: 'Add credits that may end, by priority and category',
  action: 'credits.change',
  target: teamInBody,
  body: z.strictObject({ team_id: z.string(), credits: CREDITS, reason: REASON, ...GRANT_TERMS }),
  query: NO_QUERY,
  answer: ADDED,
  handle: async ({ stores, actor, caller, body, idempotencyKey }) =>
    change(stores, body, referenceOf(caller, idempotencyKey), 'credits_added', async (wish) =>
      grantCredits(stores, actor, {
        ...wish,
        reason: body.reason ?? 'Credit grant',
        terms: termsOf(body),
      }),
    ),
});

export const replenishEndpoint = endpoint({
  summary: 'Add what a payment brought',
  action: 'credits.change',
  target: teamInPath,
  body: z.strictObject({
    credits: CREDITS,
    payment_type: z.enum(['subscription', 'one_time']),
    payment_amount_usd: z.number().nonnegative().nullish(),
    reason: REASON,
    ...GRANT_TERMS,
  }),
  query: NO_QUERY,
  answer: REPLENISHED,
  handle: async ({ stores, actor, caller, id, body, idempotencyKey }) => {
    const { payment_type: paymentType, payment_amount_usd: usd } = body;
    const paid = typeof usd === 'number' ? ` ($${usd.toFixed(2)} USD)` : '';
    const said = body.reason ?? `Credit replenishment from ${paymentType} payment`;
    const recurring = paymentType === 'subscription';
    const given = { team_id: id, credits: body.credits };
    const answer = await change(
      stores,
      given,
      referenceOf(caller, idempotencyKey),
      'credits_added',
      async (wish) =>
        addPayment(stores, actor, {
          ...wish,
          recurring,
          reason: `${said}${paid}`,
          terms: termsOf(body),
        }),
    );
    if (isRefusal(answer)) {
      return answer;
    }
    const { credits_before: before, credits_after: after } = answer.transaction;
    const balances = { credits_before: before, credits_after: after };
    return {
      ...answer,
      ...balances,
      payment_type: paymentType,
      payment_amount_usd: usd ?? null,
    };
  },
});

export const deductEndpoint = endpoint({
  isOwn: true,
  summary: 'Take spendable credits',
  action: 'credits.change',
  target: teamInBody,
  body: z.strictObject({ team_id: z.string(), credits: CREDITS, reason: REASON }),
  query: NO_QUERY,
  answer: DEDUCTED,
  handle: async ({ stores, actor, caller, body, idempotencyKey }) =>
    change(stores, body, referenceOf(caller, idempotencyKey), 'credits_deducted', async (wish) =>
      deductCredits(stores, actor, { ...wish, reason: body.reason ?? 'Manual credit deduction' }),
    ),
});

export const transferEndpoint = endpoint({
  isOwn: true,
  summary: 'Move credits to another team of the organization',
  action: 'credits.change',
  target: 'nothing',
  body: z.strictObject({
    from_team_id: z.string(),
    to_team_id: z.string(),
    credits: CREDITS,
    reason: REASON,
  }),
  query: NO_QUERY,
  refusals: ['team_unknown'],
  answer: MOVED,
  handle: async ({ stores, actor, caller, body, idempotencyKey }) => {
    const { from_team_id: from, to_team_id: to, credits } = body;
    const receiver = await teamOf(stores, to);
    if (isRefusal(receiver)) {
      return receiver;
    }
    const given = { team_id: from, credits };
    const moved = await change(
      stores,
      given,
      referenceOf(caller, idempotencyKey),
      'credits_moved',
      async (wish) => {
        const reason = body.reason ?? `Transfer to ${to}`;
        return transferCredits(stores, actor, { ...wish, toTeamId: receiver.id, reason });
      },
    );
    return isRefusal(moved) ? moved : { ...moved, from_team_id: from, to_team_id: to };
  },
});

export const refundEndpoint = endpoint({
  isOwn: true,
  summary: 'Give back what a call was charged',
  action: 'credits.change',
  target: 'nothing',
  body: z.strictObject({
    /** A call or a job, as the usage names it. */
    call_id: z.string(),
    /** Absent for all that was not refunded yet. */
    credits: CREDITS.nullish(),
    reason: REASON,
  }),
  query: NO_QUERY,
  refusals: ['charge_unknown'],
  answer: REFUNDED,
  handle: async ({ stores, actor, caller, body, idempotencyKey }) => {
    const { call_id: eventId, credits, reason } = body;
    const amount =
      credits === null || credits === undefined ? undefined : creditsOf('credits', credits);
    if (isRefusal(amount)) {
      return amount;
    }
    const reference = referenceOf(caller, idempotencyKey);
    const wish = { eventId, amount, reason: reason ?? `Refund of ${eventId}`, reference };
    const refunded = await refundUsage(stores, actor, wish);
    if (isRefusal(refunded)) {
      return inFields(refunded, CREDITS_NAMED);
    }
    const team = await teamOf(stores, refunded.teamId);
    return isRefusal(team) ? team : spokenChange(stores, team, refunded, 'credits_refunded');
  },
});

interface Wish {
  readonly teamId: string;
  readonly amount: bigint;
  readonly reference: string;
}

/** How much was moved stands under a name that says what was done. */
type Changed<Field extends string> = Told<typeof CHANGED> & Readonly<Record<Field, number>>;

/** What the changes of one team have in common: who is meant, how much, and what is said of it. */
async function change<Field extends string>(
  stores: Stores,
  given: { readonly team_id: string; readonly credits: string | number },
  reference: string,
  field: Field,
  post: (wish: Wish) => Promise<Posted | Refusal>,
): Promise<Changed<Field> | Refusal> {
  const team = await teamOf(stores, given.team_id);
  if (isRefusal(team)) {
    return team;
  }
  const amount = creditsOf('credits', given.credits);
  if (isRefusal(amount)) {
    return amount;
  }
  const posted = await post({ teamId: team.id, amount, reference });
  return isRefusal(posted)
    ? inFields(posted, CREDITS_NAMED)
    : spokenChange(stores, team, posted, field);
}

async function spokenChange<Field extends string>(
  stores: Stores,
  team: Team,
  { entry, repeated }: Posted,
  field: Field,
): Promise<Changed<Field>> {
  const money = await moneyOf(stores, team);
  const size = creditsToNumber(entry.amount < 0n ? -entry.amount : entry.amount);
  return {
    team_id: team.id,
    ...({ [field]: size } as Record<Field, number>),
    ...spokenMoney(money),
    transaction_id: entry.postingId,
    transaction: transactionAsAdded(team, entry),
    repeated,
  };
}

/** Core's word, and that of all requests here. */
const CREDITS_NAMED = { amount: 'credits' } as const;
