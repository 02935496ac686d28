import { z } from 'zod';
import { complaintAboutId, complaintAboutName } from '../../core/ids.ts';
import { creditsToNumber, parseCreditAmount } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Team } from '../../core/teams/team.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import type { Stores } from '../../core/stores.ts';
import type { Worded } from '../answer.ts';
import type { SPOKEN_TERMS } from './answers/teams.ts';
import type { Told } from '../told.ts';

/** Credits come as a number or as text, so that no client has to trust its floats. */
export const CREDITS = z.union([z.number(), z.string()]);
/** What Postgres keeps of all that is written as a moment. */
const KEPT_YEARS = { message: 'it must be from the year 1 to the year 9999' };
export const EXACT_MOMENT = z.iso.datetime({ offset: true }).refine(isKept, KEPT_YEARS);
/** A moment, or the beginning of a day in UTC. */
export const MOMENT_GIVEN = EXACT_MOMENT.or(z.iso.date().refine(isKept, KEPT_YEARS));
/** More groups than any catalogue has; a page of names is a mistake. */
const MAX_GROUPS = 100;
export const ACCESS_GROUPS = z.array(z.string()).max(MAX_GROUPS);
export const METADATA = z.record(z.string(), z.unknown());

/** What a team pays, as this dialect names it. */
export const TERMS = {
  budget_mode: z.string().nullish(),
  credits_per_dollar: CREDITS.nullish(),
  tokens_per_credit: z.int().nullish(),
  markup_percent: z.number().nullish(),
};
/** What only those may say who set prices and give credits. */
export const MONEY_FIELDS = {
  credits_allocated: 'credits.change',
  budget_mode: 'team.terms',
  credits_per_dollar: 'team.terms',
  tokens_per_credit: 'team.terms',
  markup_percent: 'team.terms',
} as const;

type TermsGiven = z.output<z.ZodObject<typeof TERMS>>;
type Terms = Partial<
  Pick<Team, 'budgetMode' | 'microcreditsPerUsd' | 'tokensPerCredit' | 'markupBasisPoints'>
>;

/** Whether Postgres and an answer can tell it: there is no year 0, and years have four digits. */
function isKept(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1 && year <= YEAR_MAX;
}
const YEAR_MAX = 9_999;

/** Reads credits into microcredits, or refuses naming the field. */
export function creditsOf(field: string, value: string | number): bigint | Refusal {
  const amount = parseCreditAmount(value);
  return typeof amount === 'bigint'
    ? amount
    : refuse('value_invalid', { field, complaint: amount.reason });
}

/** Reads a team's terms; what was not given stays away. */
export function termsFrom(given: TermsGiven): Terms | Refusal | Worded {
  const { budget_mode: mode, credits_per_dollar: rate } = given;
  const budgetMode = BUDGET_MODES.find((each) => each === mode);
  if (typeof mode === 'string' && budgetMode === undefined) {
    const detail = `Invalid budget_mode: ${mode}. Must be one of: ${BUDGET_MODES.join(', ')}`;
    const complaint = `it must be one of ${BUDGET_MODES.join(', ')}`;
    return { refusal: refuse('value_invalid', { field: 'budget_mode', complaint }), detail };
  }
  const microcreditsPerUsd =
    rate === null || rate === undefined ? undefined : creditsOf('credits_per_dollar', rate);
  if (isRefusal(microcreditsPerUsd)) {
    return microcreditsPerUsd;
  }
  const markup = given.markup_percent;
  const markupBasisPoints =
    markup === null || markup === undefined ? undefined : basisPointsOf(markup);
  if (isRefusal(markupBasisPoints)) {
    return markupBasisPoints;
  }
  const tokens = given.tokens_per_credit;
  return {
    ...(budgetMode === undefined ? {} : { budgetMode }),
    ...(microcreditsPerUsd === undefined ? {} : { microcreditsPerUsd }),
    ...(tokens === null || tokens === undefined ? {} : { tokensPerCredit: BigInt(tokens) }),
    ...(markupBasisPoints === undefined ? {} : { markupBasisPoints }),
  };
}

export function spokenTerms(team: Team): Told<typeof SPOKEN_TERMS> {
  return {
    budget_mode: team.budgetMode,
    credits_per_dollar: creditsToNumber(team.microcreditsPerUsd),
    tokens_per_credit: Number(team.tokensPerCredit),
    markup_percent: team.markupBasisPoints / BASIS_POINTS_PER_PERCENT,
  };
}

const BASIS_POINTS_PER_PERCENT = 100;

function basisPointsOf(percent: number): number | Refusal {
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(String(percent))) {
    const complaint = `${percent} is not a percentage from 0 up with at most 2 decimals`;
    return refuse('value_invalid', { field: 'markup_percent', complaint });
  }
  return Math.round(percent * BASIS_POINTS_PER_PERCENT);
}

/** A refusal with the field named as this dialect names it, where core has another name. */
export function inFields(refusal: Refusal, names: Readonly<Record<string, string>>): Refusal {
  const field = names[String(refusal.facts['field'])];
  return refusal.refused === 'value_invalid' && field !== undefined
    ? refuse('value_invalid', { field, complaint: refusal.facts['complaint'] ?? '' })
    : refusal;
}

/** Refuses a reason that could not be shown in a ledger or an audit trail. */
export function complaintAboutReason(reason: string | undefined): Refusal | undefined {
  const complaint = reason === undefined ? undefined : complaintAboutName(reason);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'reason', complaint });
}

/** The team of an id that somebody wrote; what can't be an id names no team. */
export async function teamOf(stores: Stores, id: string): Promise<Team | Refusal> {
  const team = complaintAboutId(id) === undefined ? await stores.records.teams.find(id) : undefined;
  return team ?? refuse('team_unknown', { team: id });
}
