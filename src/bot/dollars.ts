// `$20` where credits are asked for: what they come to by the rate of the team that is named, said again in the answer.

import { creditsToText, NANO_USD_PER_USD } from '../core/money.ts';
import type { Stores } from '../core/stores.ts';
import type { Team } from '../core/teams/team.ts';
import { context } from './blocks/kit.ts';
import { credits } from './blocks/words.ts';
import type { Call } from './call.ts';
import { readTyped } from './commands/grammar.ts';
import type { Argument, Reading } from './commands/definition.ts';
import { dollarsComplaint, dollarsOf, ECHO, isDollars } from './commands/dollar-words.ts';
import { isUnreadable, readKind } from './commands/kinds.ts';
import type { Kind, Unreadable } from './commands/kinds.ts';
import { mrkdwn, shortened } from './escape.ts';
import type { Mrkdwn } from './escape.ts';

/** Whose rate it is. */
type DollarRate = Pick<Team, 'budgetMode' | 'microcreditsPerUsd' | 'tokensPerCredit'> & {
  /** `acme-prod`, `a new team`. */
  readonly whose: string;
};

/** An amount in dollars as credits, with the sentence that repeats it. */
interface Understood {
  readonly credits: string;
  readonly said: Mrkdwn;
}

const CREDIT_KINDS: readonly Kind[] = ['credits', 'credits_or_off'];

/**
 * What stands in dollars is put into credits. Amounts that have no rate are told how to type them; `said` repeats
 * what was understood.
 */
export async function withDollars(
  stores: Stores,
  known: readonly Argument[],
  reading: Reading,
): Promise<{ readonly reading: Reading; readonly said: readonly Mrkdwn[] }> {
  const { typed } = reading;
  const inDollars = known.filter(
    ({ name, kind }) =>
      CREDIT_KINDS.includes(kind) &&
      isDollars(typed[name] ?? '') &&
      reading.complaints[name] === dollarsComplaint(typed[name] ?? ''),
  );
  if (inDollars.length === 0) {
    return { reading, said: [] };
  }
  const rate = await rateFor(stores, known, typed);
  const read = inDollars.map(({ name }) => [name, understood(typed[name] ?? '', rate)] as const);
  const inCredits = read.map(([name, each]) => [
    name,
    'credits' in each ? each.credits : undefined,
  ]);
  const found = Object.fromEntries(inCredits.filter(([, each]) => each !== undefined));
  const again = readTyped(known, { ...typed, ...found });
  const refused = read.flatMap(([name, each]) =>
    isUnreadable(each) ? [[name, each.complaint] as const] : [],
  );
  const others = Object.entries(reading.complaints).filter(([name]) => found[name] === undefined);
  return {
    reading: {
      ...again,
      stray: reading.stray,
      complaints: {
        ...again.complaints,
        ...Object.fromEntries(others),
        ...Object.fromEntries(refused),
      },
    },
    said: read.flatMap(([, each]) => ('said' in each ? [each.said] : [])),
  };
}

/** The team's own where one is named; that of new teams where one is made; none where there are many. */
async function rateFor(
  { records, settings }: Pick<Stores, 'records' | 'settings'>,
  known: readonly Argument[],
  typed: Readonly<Record<string, string>>,
): Promise<DollarRate | undefined> {
  const named = known.find(({ kind, isNew }) => kind === 'team' && isNew !== true);
  if (named !== undefined) {
    const team = await records.teams.find(typed[named.name] ?? '');
    return team === undefined ? undefined : { ...team, whose: team.id };
  }
  return known.some(({ isNew }) => isNew === true)
    ? newTeamRate(settings, typed['mode'])
    : undefined;
}

/** What a team counts by that is made now. */
function newTeamRate({ newTeam }: Stores['settings'], mode: string | undefined): DollarRate {
  const read = mode === undefined ? newTeam.budgetMode : readKind('mode', mode);
  const budgetMode = isUnreadable(read) ? newTeam.budgetMode : read;
  return { ...newTeam, budgetMode, whose: 'a new team' };
}

/** `$20` by a rate; why not, and what to type, where there is none. */
function understood(typed: string, rate: DollarRate | undefined): Understood | Unreadable {
  if (rate?.budgetMode !== 'consumption_usd') {
    return { complaint: dollarsComplaint(typed, whyNot(rate)) };
  }
  const nanoUsd = readKind('usd', dollarsOf(typed));
  if (typeof nanoUsd !== 'bigint') {
    return isUnreadable(nanoUsd) ? nanoUsd : { complaint: dollarsComplaint(typed) };
  }
  const shown = shortened(typed, ECHO);
  const amount = (nanoUsd * rate.microcreditsPerUsd) / NANO_USD_PER_USD;
  return {
    credits: creditsToText(amount),
    said: mrkdwn`${shown} was read as ${credits(amount)}: ${rate.whose} counts ${credits(rate.microcreditsPerUsd)} for a US dollar.`,
  };
}

function whyNot(rate: DollarRate | undefined): string {
  switch (rate?.budgetMode) {
    case undefined:
      return 'it is not clear by the rate of which team';
    case 'job_based':
      return `${rate.whose} counts by the job, 1 credit for each`;
    case 'consumption_tokens':
      return `${rate.whose} counts by tokens, ${rate.tokensPerCredit.toLocaleString('en')} for a credit`;
    case 'consumption_usd':
      return 'it could not be read';
  }
}

/** The same call, whose first answer repeats what was understood. */
export function repeatingBack(call: Call, said: readonly Mrkdwn[]): Call {
  let isSaid = said.length === 0;
  return {
    ...call,
    async reply(speech, options) {
      const more = isSaid || speech.refusal !== undefined ? [] : [context(...said)];
      isSaid ||= more.length > 0;
      await call.reply({ ...speech, blocks: [...speech.blocks, ...more] }, options);
    },
  };
}

/** Fields of credits in the form of a new team that hold dollars: what they come to, or why not. */
export function dollarFields(
  { settings }: Pick<Stores, 'settings'>,
  typed: Readonly<Record<string, string | undefined>>,
  mode?: string,
) {
  const rate = newTeamRate(settings, mode);
  const read = Object.entries(typed)
    .filter(([, text]) => isDollars(text ?? ''))
    .map(([field, text = '']) => [field, understood(text, rate)] as const);
  return {
    given: Object.fromEntries(
      read.flatMap(([field, each]) => ('credits' in each ? [[field, each.credits] as const] : [])),
    ),
    complaints: Object.fromEntries(
      read.flatMap(([field, each]) =>
        isUnreadable(each) ? [[field, each.complaint] as const] : [],
      ),
    ),
    said: read.flatMap(([, each]) => ('said' in each ? [each.said] : [])),
  };
}
