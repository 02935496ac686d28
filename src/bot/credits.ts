// What account managers do with a team's credits. Taking asks first; each change has the request's own
// reference, so that a second delivery finds what the first one did.

import type { Acted } from '../core/approvals/act.ts';
import type { ProposedAction } from '../core/approvals/action.ts';
import { complaintAboutDoing } from '../core/approvals/rehearse.ts';
import { isRepeated } from '../core/change.ts';
import type { Repeated } from '../core/change.ts';
import type { AutoRefill } from '../core/credits/auto-refill.ts';
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
import type { Movement } from './blocks/credits.ts';
import type { Speech } from './blocks/kit.ts';
import type { Call } from './call.ts';
import type { Reading } from './commands/definition.ts';
import { grantTermsFrom, policyFrom } from './credit-words.ts';
import type { GrantWords, PolicyWords } from './credit-words.ts';
import { readPage, tellPage } from './paging.ts';
import { moneyOf } from './readings.ts';
import { refusalSpeech } from './replies.ts';
import { complaintAboutFunding } from './topping-up.ts';
import { teamMeant } from './unknown-team.ts';

const ENTRIES_SHOWN = 5;
const HISTORY_SHOWN = 25;

type Read<Words> = Reading<Partial<Words> & { readonly team?: string }>;

interface AmountWords {
  /** Microcredits. */
  readonly credits: bigint;
  readonly reason: string;
}

export async function showCredits(call: Call, { values }: Read<object>): Promise<void> {
  const team = await teamMeant(call, values.team);
  if (team === undefined) {
    return;
  }
  const { stores } = call.bot;
  const { grants, ledger } = stores.records;
  const [money, ofTeam, entries] = await Promise.all([
    moneyOf(stores, team),
    grants.ofTeam(team.id),
    ledger.history(team.id, ENTRIES_SHOWN),
  ]);
  await call.reply(creditCard({ team, money, grants: ofTeam, entries, nowMs: stores.clock() }));
}

export async function showHistory(call: Call, { values }: Read<object>): Promise<void> {
  const team = await teamMeant(call, values.team);
  if (team !== undefined) {
    const { ledger } = call.bot.stores.records;
    const page = await readPage(call, {
      size: HISTORY_SHOWN,
      read: async (after, limit) =>
        ledger.list({ teamId: team.id, descending: true, after, limit }),
      placeOf: ({ postingId }) => postingId,
    });
    await tellPage(call, historySpeech(team, page));
  }
}

export async function grant(call: Call, { values }: Read<AmountWords & GrantWords>): Promise<void> {
  const { stores } = call.bot;
  const team = await teamMeant(call, values.team);
  if (team === undefined) {
    return;
  }
  const terms =
    complaintAboutFunding(team) ?? (await grantTermsFrom(stores, team.organizationId, values));
  if (isRefusal(terms)) {
    await call.reply(refusalSpeech(terms));
    return;
  }
  const wish = { ...movementOf(call, team, values), terms: terms.terms };
  const posted = await actOrAsk(call, { kind: 'grant', ...wish });
  await tellMoved(call, team, posted, { expires: terms.said });
}

export async function deduct(
  call: Call,
  { values }: Read<AmountWords & { readonly sure: boolean }>,
): Promise<void> {
  const team = await teamMeant(call, values.team);
  if (team === undefined) {
    return;
  }
  const wish = movementOf(call, team, values);
  const action = { kind: 'deduct', ...wish } as const;
  await (values.sure === true
    ? tellMoved(call, team, await actOrAsk(call, action))
    : ask(call, action, takingQuestion(team, wish, call.onceId)));
}

export async function transfer(
  call: Call,
  { values }: Read<AmountWords & { readonly to: string; readonly sure: boolean }>,
): Promise<void> {
  const team = await teamMeant(call, values.team);
  const other = team === undefined ? undefined : await teamMeant(call, values.to);
  if (team === undefined || other === undefined) {
    return;
  }
  const wish = movementOf(call, team, values);
  const action = { kind: 'transfer', ...wish, toTeamId: other.id } as const;
  await (values.sure === true
    ? tellMoved(call, team, await actOrAsk(call, action), { to: other.id })
    : ask(call, action, takingQuestion(team, { ...wish, to: other.id }, call.onceId)));
}

/** Nobody is asked about what can't be done. */
async function ask(call: Call, action: ProposedAction, question: Speech): Promise<void> {
  const complaint = await complaintAboutDoing(call.bot.stores, call.actor, action);
  await call.reply(complaint === undefined ? question : refusalSpeech(complaint));
}

export async function refund(
  call: Call,
  { values }: Read<AmountWords & { readonly call: string }>,
): Promise<void> {
  const { stores } = call.bot;
  const team = await teamMeant(call, values.team);
  if (team === undefined) {
    return;
  }
  const eventId = values.call ?? '';
  const event = await stores.records.grants.chargedEvent(eventId);
  if (event?.teamId !== team.id) {
    await call.reply(refusalSpeech(refuse('charge_unknown', { call: eventId })));
    return;
  }
  const rest = event.charge - event.refunds.reduce((sum, each) => sum + each, 0n);
  const isRest = values.credits === undefined;
  const wish = { ...movementOf(call, team, values), eventId, amount: values.credits ?? rest };
  const done = await actOrAsk(call, { kind: 'refund', ...wish, isRest });
  await tellMoved(call, team, done, { callId: eventId });
}

export async function policy(
  call: Call,
  { values }: Read<PolicyWords & { readonly reason: string }>,
): Promise<void> {
  const { stores } = call.bot;
  const team = await teamMeant(call, values.team);
  const wish = team && (await policyFrom(stores, team.organizationId, values));
  if (team === undefined || wish === undefined) {
    return;
  }
  const done = isRefusal(wish)
    ? wish
    : await actOrAsk(call, { kind: 'overdraft', ...termsOf(call, team, values.reason), wish });
  await tellTerms(call, done, policySpeech);
}

interface RefillWords {
  readonly credits: bigint | 'off';
  readonly every: string;
  readonly below: bigint;
  readonly max: bigint;
  readonly reason: string;
}

export async function refill(call: Call, { values }: Read<RefillWords>): Promise<void> {
  const team = await teamMeant(call, values.team);
  if (team === undefined) {
    return;
  }
  const { credits = 'off', every = null, below = null, max = null } = values;
  // Read against the periods that there are.
  const period = every as AutoRefill['every'];
  const wish =
    credits === 'off' ? null : { amount: credits, every: period, below, monthlyMax: max };
  const done = await actOrAsk(call, {
    kind: 'refill',
    ...termsOf(call, team, values.reason),
    wish,
  });
  await tellTerms(call, done, refillSpeech);
}

function movementOf(call: Call, team: Team, { credits = 0n, reason = '' }: Partial<AmountWords>) {
  return { teamId: team.id, amount: credits, reason, reference: `slack:${call.onceId}` };
}

/** Tells the person. A second delivery says nothing. */
async function tellMoved(
  call: Call,
  team: Team,
  moved: Acted | Refusal | Repeated,
  more: Movement = {},
): Promise<void> {
  if (isRefusal(moved)) {
    await call.reply(refusalSpeech(moved));
    return;
  }
  if (isRepeated(moved) || !moved.changed || moved.entry === undefined) {
    return;
  }
  const money = await moneyOf(call.bot.stores, team);
  await call.reply(movedSpeech(team, moved.entry, money, more));
}

/** Tells the person what a team's terms are now; a second delivery, and what waits, says nothing more. */
async function tellTerms(
  call: Call,
  done: Acted | Refusal | Repeated,
  speechOf: (team: Team) => Speech,
): Promise<void> {
  if (isRefusal(done)) {
    await call.reply(refusalSpeech(done));
  } else if (!isRepeated(done) && done.team !== undefined) {
    await call.reply(speechOf(done.team));
  }
}

function termsOf(call: Call, team: Team, reason = 'None was given') {
  return { teamId: team.id, reason, reference: `slack:${call.onceId}` };
}
