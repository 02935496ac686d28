// What account managers do with a team's credits. Taking asks first; each change has the request's own
// reference, so that a second delivery finds what the first one did.

import type { Acted } from '../core/approvals/act.ts';
import { isRepeated } from '../core/change.ts';
import type { Repeated } from '../core/change.ts';
import { deductCredits } from '../core/credits/deduct.ts';
import { setCreditPolicy } from '../core/credits/policy.ts';
import { setAutoRefill } from '../core/credits/set-auto-refill.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Team } from '../core/teams/team.ts';
import { actOrAsk } from './approvals/ask.ts';
import {
  creditCard,
  historySpeech,
  movedSpeech,
  refillSpeech,
  policySpeech,
  takingQuestion,
} from './blocks/credits.ts';
import type { Call } from './call.ts';
import { creditsFrom, grantTermsFrom, policyFrom, refillFrom } from './credit-words.ts';
import type { CreditWords } from './credit-words.ts';
import { moneyOf } from './readings.ts';
import { refusalSpeech } from './replies.ts';
import { tellUnknownTeam } from './unknown-team.ts';

interface CreditWish {
  readonly team: Team;
  readonly words: CreditWords;
}

type CreditAction = (call: Call, wish: CreditWish) => Promise<void>;

/** What `/team credits` can do, by its word. */
const CREDIT_ACTIONS: Readonly<Record<string, CreditAction>> = {
  show,
  history,
  grant,
  deduct,
  transfer,
  refund,
  policy,
  refill,
};

export const CREDIT_ACTION_NAMES: readonly string[] = Object.keys(CREDIT_ACTIONS);
/** For these, looking is enough. */
const READING = ['show', 'history'];
const ENTRIES_SHOWN = 5;
const HISTORY_SHOWN = 25;

/** Does one of the actions above for a team, if there is one and the person may. */
export async function runCreditAction(
  call: Call,
  action: string,
  teamId: string,
  words: CreditWords,
): Promise<void> {
  const act = CREDIT_ACTIONS[action];
  const needed = READING.includes(action) ? 'viewer' : 'manager';
  const complaint = await call.bot.roles.complaint(call.userId, needed);
  if (act === undefined || complaint !== undefined) {
    await (complaint === undefined ? undefined : call.reply(complaint));
    return;
  }
  const team = await call.bot.stores.records.teams.find(teamId);
  if (team === undefined) {
    const refusal = refuse('team_unknown', { team: teamId });
    await tellUnknownTeam(call, refusal, teamId, (id) => `/team credits ${action} ${id}`);
    return;
  }
  await act(call, { team, words });
}

async function show(call: Call, { team }: CreditWish): Promise<void> {
  const { stores } = call.bot;
  const { grants, ledger } = stores.records;
  const [money, ofTeam, entries] = await Promise.all([
    moneyOf(stores, team),
    grants.ofTeam(team.id),
    ledger.history(team.id, ENTRIES_SHOWN),
  ]);
  await call.reply(creditCard({ team, money, grants: ofTeam, entries, nowMs: stores.clock() }));
}

async function history(call: Call, { team }: CreditWish): Promise<void> {
  const entries = await call.bot.stores.records.ledger.history(team.id, HISTORY_SHOWN);
  await call.reply(historySpeech(team, entries));
}

async function grant(call: Call, { team, words }: CreditWish): Promise<void> {
  const { stores } = call.bot;
  const amount = creditsFrom(words.what, 'credits');
  const terms = await grantTermsFrom(stores, team.organizationId, words);
  const refusal = [amount, terms, reasonOf(words)].find(isRefusal);
  if (refusal !== undefined || isRefusal(amount) || isRefusal(terms)) {
    await call.reply(refusalSpeech(refusal as Refusal));
    return;
  }
  const wish = { ...movementOf(call, team, words), amount, terms };
  await tellMoved(call, team, await actOrAsk(call, { kind: 'grant', ...wish }));
}

async function deduct(call: Call, { team, words }: CreditWish): Promise<void> {
  const amount = creditsFrom(words.what, 'credits');
  const refusal = [amount, reasonOf(words)].find(isRefusal);
  if (refusal !== undefined || isRefusal(amount)) {
    await call.reply(refusalSpeech(refusal as Refusal));
    return;
  }
  if (words.sure !== 'yes') {
    const { reason = '' } = words;
    await call.reply(takingQuestion(team, amount, { reason }, call.onceId));
    return;
  }
  const wish = { ...movementOf(call, team, words), amount };
  const posted = await deductCredits(call.bot.stores, call.actor, wish);
  await tellMoved(
    call,
    team,
    isRefusal(posted) ? posted : { entry: posted.entry, changed: !posted.repeated },
  );
}

async function transfer(call: Call, { team, words }: CreditWish): Promise<void> {
  const amount = creditsFrom(words.what, 'credits');
  const missing =
    words.to === undefined
      ? refuse('value_invalid', { field: 'to', complaint: 'say which team, like to=acme-dev' })
      : undefined;
  const refusal = [amount, missing, reasonOf(words)].find(isRefusal);
  if (refusal !== undefined || isRefusal(amount)) {
    await call.reply(refusalSpeech(refusal as Refusal));
    return;
  }
  if (words.sure !== 'yes') {
    await call.reply(takingQuestion(team, amount, words, call.onceId));
    return;
  }
  const wish = { ...movementOf(call, team, words), amount, toTeamId: words.to ?? '' };
  const moved = await actOrAsk(call, { kind: 'transfer', ...wish });
  await tellMoved(call, team, moved);
}

async function refund(call: Call, { team, words }: CreditWish): Promise<void> {
  const { stores } = call.bot;
  const { what: eventId, amount: typed } = words;
  const amount = typed === undefined ? undefined : creditsFrom(typed, 'amount');
  const event =
    eventId === undefined ? undefined : await stores.records.grants.chargedEvent(eventId);
  const unknown =
    event?.teamId === team.id ? undefined : refuse('charge_unknown', { call: eventId ?? '?' });
  const refusal = [unknown, amount, reasonOf(words)].find(isRefusal);
  if (refusal !== undefined || isRefusal(amount)) {
    await call.reply(refusalSpeech(refusal as Refusal));
    return;
  }
  const rest = (event?.charge ?? 0n) - (event?.refunds ?? []).reduce((sum, each) => sum + each, 0n);
  const wish = { ...movementOf(call, team, words), eventId: eventId ?? '', amount: amount ?? rest };
  const isRest = amount === undefined;
  await tellMoved(call, team, await actOrAsk(call, { kind: 'refund', ...wish, isRest }));
}

async function policy(call: Call, { team, words }: CreditWish): Promise<void> {
  const { stores } = call.bot;
  const wish = await policyFrom(stores, team.organizationId, words);
  if (isRefusal(wish)) {
    await call.reply(refusalSpeech(wish));
    return;
  }
  const changed = await setCreditPolicy(stores, call.actor, team.id, wish);
  await call.reply(isRefusal(changed) ? refusalSpeech(changed) : policySpeech(changed));
}

async function refill(call: Call, { team, words }: CreditWish): Promise<void> {
  const wish = refillFrom(words);
  if (isRefusal(wish)) {
    await call.reply(refusalSpeech(wish));
    return;
  }
  const changed = await setAutoRefill(call.bot.stores, call.actor, team.id, wish);
  await call.reply(isRefusal(changed) ? refusalSpeech(changed) : refillSpeech(changed));
}

function movementOf(call: Call, team: Team, { reason = '' }: CreditWords) {
  return { teamId: team.id, reason, reference: `slack:${call.onceId}` };
}

function reasonOf({ reason }: CreditWords): string | Refusal {
  return (
    reason ??
    refuse('value_invalid', { field: 'reason', complaint: 'say why, like reason="Invoice 114"' })
  );
}

/** Tells the person. A second delivery says nothing. */
async function tellMoved(call: Call, team: Team, moved: Acted | Refusal | Repeated): Promise<void> {
  if (isRefusal(moved)) {
    await call.reply(refusalSpeech(moved));
    return;
  }
  if (isRepeated(moved) || !moved.changed || moved.entry === undefined) {
    return;
  }
  const money = await moneyOf(call.bot.stores, team);
  await call.reply(movedSpeech(team, moved.entry, money));
}
