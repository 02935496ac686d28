// What a team's channel is told of a change: who did what, and what it is now.

import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import type { ChangeNews } from '../../core/posts/change-news.ts';
import type { Team } from '../../core/teams/team.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { differences, textIn } from './change-words.ts';
import { context, firstOf, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { DONE } from './status.ts';
import { groupNames } from './team-words.ts';
import { credits, roundedCredits, moment, person, signedCredits } from './words.ts';

/** What is known of them at the time of telling. */
export interface NewsReading {
  readonly team: Team | undefined;
  readonly money: Money | undefined;
  readonly groups: readonly AccessGroup[];
  readonly keys: ReadonlyMap<string, VirtualKey>;
}

/** More than these are counted: what matters is how it stands now. */
const CHANGES_SHOWN = 12;

/** One change as a sentence; several as a list, the oldest first. */
export function changeNewsSpeech(news: readonly ChangeNews[], reading: NewsReading): Speech {
  const [first, ...rest] = news;
  if (first !== undefined && rest.length === 0) {
    const because = first.reason === null ? [] : [context(mrkdwn`${first.reason}`)];
    return isStanding(first)
      ? sentence(mrkdwn`${sentenceOf(first, reading)}${reasonText(first)}`)
      : sentence(sentenceOf(first, reading), ...because);
  }
  const { shown, more } = firstOf(news, CHANGES_SHOWN);
  // The balance is that of now, not that of each change: it is said once.
  const still = { ...reading, money: undefined };
  const lines = shown.map((one) => mrkdwn`•  ${sentenceOf(one, still)}${reasonText(one)}`);
  const balance = news.some(({ action }) => action.startsWith('credits.'))
    ? reading.money
    : undefined;
  const title = mrkdwn`${news.length} changes of *${first === undefined ? '' : subjectOf(first)}*`;
  return speech(title, [
    section(title),
    section(joined(lines, '\n')),
    ...(more === undefined ? [] : [context(mrkdwn`${more}`)]),
    ...(balance === undefined ? [] : [context(mrkdwn`Now ${roundedCredits(balance.spendable)}`)]),
  ]);
}

function reasonText({ reason }: ChangeNews): Mrkdwn {
  return reason === null ? mrkdwn`` : mrkdwn`: ${reason}`;
}

function subjectOf({ teamId, target }: ChangeNews): string {
  return teamId ?? target.slice(target.indexOf(':') + 1);
}

type Words = (news: ChangeNews, reading: NewsReading) => Mrkdwn;

const WORDS: Readonly<Record<string, Words>> = {
  'team.created': (news, { groups }) =>
    mrkdwn`🔑 Team *${subjectOf(news)}* created by ${person(news.actor)}: ${credits(amountIn(news, 'allocatedMicrocredits'))}, ${groupNames(groups)}`,
  'credits.added': (news, reading) =>
    news.after?.['kind'] === 'top_up'
      ? mrkdwn`💰 Team *${subjectOf(news)}* topped up by ${person(news.actor)}: ${credits(amountIn(news))}${balanceText(reading)}`
      : movedText(
          news,
          reading,
          amountIn(news),
          textIn(news.after?.['kind'] ?? 'grant').replaceAll('_', ' '),
        ),
  'credits.deducted': (news, reading) => movedText(news, reading, -amountIn(news), 'deduction'),
  'credits.refunded': (news, reading) => movedText(news, reading, amountIn(news), 'refund'),
  'credits.expired': (news, reading) =>
    mrkdwn`⌛ Team *${subjectOf(news)}*: ${roundedCredits(amountIn(news))} expired${balanceText(reading)}`,
  'credits.transferred': (news, reading) => {
    const { from, to } = news.after ?? {};
    const isGiver = from === news.teamId;
    const amount = isGiver ? -amountIn(news) : amountIn(news);
    const other = mrkdwn`transfer ${isGiver ? 'to' : 'from'} ${code(textIn(isGiver ? to : from))}`;
    return movedText(news, reading, amount, other);
  },
  'team.auto_refill_changed': (news) => changedText(news, mrkdwn`Refill of team`),
  'team.credit_policy_changed': (news) => changedText(news, mrkdwn`What happens at 0 of team`),
  'team.ceilings_changed': (news) => changedText(news, mrkdwn`📊 Limits of team`),
  'organization.ceilings_changed': (news) => changedText(news, mrkdwn`📊 Limits of organization`),
  'team.spend_brought': (news) =>
    changedText(news, mrkdwn`📊 What was spent in another system of team`),
  'organization.spend_brought': (news) =>
    changedText(news, mrkdwn`📊 What was spent in another system of organization`),
  'organization.updated': (news) => changedText(news, mrkdwn`Organization`),
  'team.alerts_changed': (news) => changedText(news, mrkdwn`🔔 Alerts of team`),
  'organization.alerts_changed': (news) => changedText(news, mrkdwn`🔔 Alerts of organization`),
  'team.updated': (news) => changedText(news, mrkdwn`Team`),
  'member.added': (news) => memberText(news, 'added'),
  'member.removed': (news) => memberText(news, 'removed'),
};

function sentenceOf(news: ChangeNews, reading: NewsReading): Mrkdwn {
  if (isStanding(news)) {
    return standingText(news);
  }
  const words = WORDS[news.action];
  if (words !== undefined) {
    return words(news, reading);
  }
  return news.target.startsWith('key:') ? keyText(news, reading) : anyText(news);
}

function movedText(
  news: ChangeNews,
  reading: NewsReading,
  amount: bigint,
  what: string | Mrkdwn,
): Mrkdwn {
  return mrkdwn`💰 Team *${subjectOf(news)}*: ${code(signedCredits(amount))} credits, ${what} by ${person(news.actor)}${balanceText(reading)}`;
}

function balanceText({ money }: NewsReading): Mrkdwn {
  return money === undefined ? mrkdwn`` : mrkdwn`, now ${roundedCredits(money.spendable)}`;
}

function amountIn({ after }: ChangeNews, field = 'amountMicrocredits'): bigint {
  const amount = after?.[field];
  return typeof amount === 'string' && /^-?\d+$/.test(amount) ? BigInt(amount) : 0n;
}

const STANDING = /^(team|organization)\.(suspended|paused|archived|resumed)$/;

function isStanding({ action }: ChangeNews): boolean {
  return STANDING.test(action);
}

function standingText({ action, target, actor, after }: ChangeNews): Mrkdwn {
  const [, kind = 'team', verb = 'suspended'] = STANDING.exec(action) ?? [];
  const status = verb === 'resumed' ? 'active' : (verb as keyof typeof DONE);
  const id = target.slice(target.indexOf(':') + 1);
  const until = after?.['until'];
  const end = typeof until === 'string' ? mrkdwn` until ${moment(new Date(until))}` : mrkdwn``;
  const all =
    kind === 'organization' && status !== 'active' ? mrkdwn` with all its teams` : mrkdwn``;
  return mrkdwn`${DONE[status]}: ${kind} *${id}*${all}${end}, by ${person(actor)}`;
}

function changedText(news: ChangeNews, what: Mrkdwn): Mrkdwn {
  return mrkdwn`${what} *${subjectOf(news)}* changed by ${person(news.actor)}: ${differences(news)}`;
}

function memberText({ target, teamId, actor, after }: ChangeNews, verb: string): Mrkdwn {
  const user = target.slice(target.indexOf('/') + 1);
  const role = verb === 'added' ? mrkdwn` as ${textIn(after?.['role'] ?? 'user')}` : mrkdwn``;
  return mrkdwn`${user} ${verb}${role} in team *${teamId ?? ''}*, by ${person(actor)}`;
}

const KEY_VERBS: Readonly<Record<string, string>> = {
  'key.created': 'made',
  'key.rotated': 'rotated',
  'key.revoked': 'revoked',
  'key.blocked': 'blocked',
  'key.active': 'unblocked',
};

function keyText(news: ChangeNews, { keys }: NewsReading): Mrkdwn {
  const { action, target, teamId, actor } = news;
  const key = keys.get(target.slice('key:'.length));
  const name =
    key === undefined ? mrkdwn`A key` : mrkdwn`Key ${code(`${key.name} …${key.lastFour}`)}`;
  if (action === 'key.expired') {
    return mrkdwn`⌛ ${name} of team *${teamId ?? ''}* has expired: calls with it are refused`;
  }
  if (action === 'key.grace_ended') {
    return mrkdwn`🔑 ${name} of team *${teamId ?? ''}*: the secret before its rotation has stopped working`;
  }
  const verb = KEY_VERBS[action];
  return verb === undefined
    ? mrkdwn`🔑 ${name} of team *${teamId ?? ''}* changed by ${person(actor)}: ${differences(news)}`
    : mrkdwn`🔑 ${name} of team *${teamId ?? ''}* ${verb} by ${person(actor)}`;
}

/** `Team *acme-prod*: plan changed by …` of `team.plan_changed`. */
function anyText(news: ChangeNews): Mrkdwn {
  const verb = news.action.slice(news.action.indexOf('.') + 1).replaceAll('_', ' ');
  return mrkdwn`*${subjectOf(news)}*: ${verb} by ${person(news.actor)}`;
}
