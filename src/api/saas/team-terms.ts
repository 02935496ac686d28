// What a team pays, under the names that the documents have for it.

import { z } from 'zod';
import { REFILL_PERIODS } from '../../core/credits/auto-refill.ts';
import { setAutoRefill } from '../../core/credits/set-auto-refill.ts';
import { creditsToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Call } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInPath } from '../target.ts';
import { CREDITS, creditsOf, spokenTerms, teamOf, termsFrom } from './fields.ts';
import { RATES, RATES_CHANGED, REFILL_CONFIGURED } from './answers/teams.ts';
import type { Told } from '../told.ts';

export const conversionRatesEndpoint = endpoint({
  summary: 'What a credit of a team is worth',
  action: 'team.read',
  target: teamInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: RATES,
  async handle({ stores, id }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const { newTeam } = stores.settings;
    return {
      team_id: id,
      ...spokenTerms(team),
      using_defaults: {
        tokens_per_credit: team.tokensPerCredit === newTeam.tokensPerCredit,
        credits_per_dollar: team.microcreditsPerUsd === newTeam.microcreditsPerUsd,
      },
    };
  },
});

const RATES_GIVEN = {
  tokens_per_credit: z.number().nullish(),
  credits_per_dollar: CREDITS.nullish(),
};

export const changeRatesEndpoint = endpoint({
  summary: 'Change what a credit of a team is worth',
  action: 'team.terms',
  target: teamInPath,
  versioned: 'team',
  body: z.strictObject(RATES_GIVEN),
  query: NO_QUERY,
  answer: RATES_CHANGED,
  handle: async (call) => changeTerms(call, call.body, 'Conversion rates updated successfully'),
});

export const budgetModeEndpoint = endpoint({
  summary: 'Change what a team pays by',
  action: 'team.terms',
  target: teamInPath,
  versioned: 'team',
  body: z.strictObject({ budget_mode: z.string(), ...RATES_GIVEN }),
  query: NO_QUERY,
  answer: RATES_CHANGED,
  async handle(call) {
    const known: readonly string[] = BUDGET_MODES;
    if (!known.includes(call.body.budget_mode)) {
      const detail = `budget_mode must be one of: ${BUDGET_MODES.join(', ')}`;
      return worded('budget_mode', `it must be one of ${BUDGET_MODES.join(', ')}`, detail);
    }
    return changeTerms(call, call.body, 'Budget mode updated successfully');
  },
});

export const markupEndpoint = endpoint({
  summary: "Change a team's markup on what calls cost",
  action: 'team.terms',
  target: teamInPath,
  versioned: 'team',
  body: z.strictObject({
    cost_markup_percentage: z.number(),
    budget_mode: z.string().nullish(),
    credits_per_dollar: CREDITS.nullish(),
  }),
  query: NO_QUERY,
  answer: RATES_CHANGED,
  async handle(call) {
    const { cost_markup_percentage: markup, ...rest } = call.body;
    return changeTerms(call, { ...rest, markup_percent: markup }, 'Markup updated successfully');
  },
});

interface TermsWish {
  readonly budget_mode?: string | null | undefined;
  readonly credits_per_dollar?: string | number | null | undefined;
  readonly tokens_per_credit?: number | null | undefined;
  readonly markup_percent?: number | null | undefined;
}

async function changeTerms(
  { stores, actor, id }: Pick<Call<unknown, unknown>, 'stores' | 'actor' | 'id'>,
  wish: TermsWish,
  message: string,
): Promise<Told<typeof RATES_CHANGED> | Refusal | Worded> {
  const { tokens_per_credit: tokens, credits_per_dollar: rate } = wish;
  if (typeof tokens === 'number' && !(Number.isSafeInteger(tokens) && tokens > 0)) {
    const detail = 'tokens_per_credit must be a positive integer';
    return worded('tokens_per_credit', 'it is no whole number above 0', detail);
  }
  if (rate !== null && rate !== undefined && !(Number(rate) > 0)) {
    const detail = 'credits_per_dollar must be a positive number';
    return worded('credits_per_dollar', 'it is no number above 0', detail);
  }
  const known = await teamOf(stores, id);
  const terms = termsFrom({
    budget_mode: wish.budget_mode,
    credits_per_dollar: rate,
    tokens_per_credit: tokens,
    markup_percent: wish.markup_percent,
  });
  if (isRefusal(known)) {
    return known;
  }
  if (isRefusal(terms) || isWorded(terms)) {
    return terms;
  }
  const team = await updateTeam(stores, actor, id, terms);
  return isRefusal(team) ? team : spokenChange(team, message);
}

function spokenChange(team: Team, message: string): Told<typeof RATES_CHANGED> {
  const markup = { cost_markup_percentage: team.markupBasisPoints / 100 };
  return { team_id: team.id, ...spokenTerms(team), ...markup, message };
}

function worded(field: string, complaint: string, detail: string): Worded {
  return { refusal: refuse('value_invalid', { field, complaint }), detail };
}

export const configureRefillEndpoint = endpoint({
  summary: 'Refill a team at the beginning of each period',
  action: 'team.terms',
  target: teamInPath,
  versioned: 'team',
  better: [
    'Refills are carried out, at the beginning of each period in the time zone of the organization.',
  ],
  body: z.strictObject({
    enabled: z.boolean(),
    refill_amount: z.number().nullish(),
    refill_period: z.string().nullish(),
  }),
  query: NO_QUERY,
  answer: REFILL_CONFIGURED,
  async handle({ stores, actor, id, body }) {
    const known = await teamOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    const wish = body.enabled ? refillFrom(body) : null;
    if (isRefusal(wish) || isWorded(wish)) {
      return wish;
    }
    const team = await setAutoRefill(stores, actor, id, wish);
    return isRefusal(team) ? team : spokenRefill(stores, team);
  },
});

function refillFrom(body: {
  readonly refill_amount?: number | null | undefined;
  readonly refill_period?: string | null | undefined;
}) {
  const { refill_amount: given, refill_period: period } = body;
  const every = REFILL_PERIODS.find((each) => each === period);
  if (typeof period === 'string' && every === undefined) {
    const detail = "refill_period must be 'monthly', 'weekly', or 'daily'";
    return worded('refill_period', `it must be one of ${REFILL_PERIODS.join(', ')}`, detail);
  }
  if (typeof given !== 'number' || !(given > 0)) {
    const detail = 'refill_amount must be a positive integer when enabling auto-refill';
    return worded('refill_amount', 'it is no number above 0', detail);
  }
  if (every === undefined) {
    const detail = 'refill_period must be specified when enabling auto-refill';
    return worded('refill_period', 'it is missing', detail);
  }
  const amount = creditsOf('refill_amount', given);
  return isRefusal(amount) ? amount : { amount, every, below: null, monthlyMax: null };
}

async function spokenRefill(stores: Stores, team: Team): Promise<Told<typeof REFILL_CONFIGURED>> {
  const { autoRefill } = team;
  const last = (await stores.records.ledger.history(team.id, REFILLS_LOOKED_AT)).find(
    ({ kind }) => kind === 'auto_refill',
  );
  return {
    team_id: team.id,
    auto_refill_enabled: autoRefill !== null,
    refill_amount: autoRefill === null ? null : creditsToNumber(autoRefill.amount),
    refill_period: autoRefill?.every ?? null,
    last_refill_at: last?.createdAt.toISOString() ?? null,
    message: `Auto-refill ${autoRefill === null ? 'disabled' : 'enabled'} successfully`,
  };
}

/** The last refill is among the latest entries, or too long ago to matter. */
const REFILLS_LOOKED_AT = 200;
