import type { Button } from '@slack/types';
import type { CreditPolicy } from '../../core/credits/policy.ts';
import type { AutoRefillWish } from '../../core/credits/set-auto-refill.ts';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { DEFAULT_PRIORITY } from '../../core/credits/grant.ts';
import type { CreditGrant } from '../../core/credits/grant.ts';
import { creditsToText } from '../../core/money.ts';
import type { Team } from '../../core/teams/team.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { quoted } from '../commands/words.ts';
import type { Page } from '../paging.ts';
import type { Money } from '../readings.ts';
import { balanceBlock } from './balance.ts';
import { actions, context, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { cancelButton } from './cancel-button.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';
import { credits, roundedCredits, moment, person, signedCredits, until } from './words.ts';

/** More would push the rest of the message away. */
const GRANTS_SHOWN = 10;

export interface CreditReading {
  readonly team: Team;
  readonly money: Money;
  readonly grants: readonly CreditGrant[];
  readonly entries: readonly CreditEntry[];
  readonly nowMs: number;
}

/** Balance, grants in the order of their use, what happens at 0, the latest entries. */
export function creditCard({ team, money, grants, entries, nowMs }: CreditReading): Speech {
  const shown = grants.slice(0, GRANTS_SHOWN).map((grant) => grantText(grant, nowMs));
  const more = grants.length - shown.length;
  const rest = more > 0 ? [mrkdwn`and ${more} more`] : [];
  const said = mrkdwn`*Credits of ${code(team.id)}*`;
  const { reserved = 0n, spendable } = money;
  const held =
    reserved === 0n
      ? []
      : [context(mrkdwn`${roundedCredits(reserved)} more are held by calls under way.`)];
  const list = shown.length === 0 ? mrkdwn`none` : joined([...shown, ...rest], '\n');
  return speech(mrkdwn`${said}: ${roundedCredits(spendable)} spendable`, [
    section(said),
    balanceBlock(money),
    ...held,
    section(mrkdwn`*Grants, in the order of their use*\n${list}`),
    section(mrkdwn`*At 0*: ${policyText(team)}\n*Refill*: ${refillText(team.autoRefill)}`),
    section(mrkdwn`*Latest entries*\n${entriesText(entries)}`),
    actions(
      runButton('Top up', `/team topup ${team.id}`),
      runButton('History', `/team credits history ${team.id}`),
    ),
  ]);
}

function grantText(grant: CreditGrant, nowMs: number): Mrkdwn {
  const { remaining, amount, expiresAt, category, priority } = grant;
  const of = remaining === amount ? mrkdwn`` : mrkdwn` of ${creditsToText(amount)}`;
  const end =
    expiresAt === null
      ? mrkdwn`never expires`
      : mrkdwn`expires ${moment(expiresAt)} (${until(expiresAt, nowMs)})`;
  const rank = priority === DEFAULT_PRIORITY ? mrkdwn`` : mrkdwn`, priority ${priority}`;
  return mrkdwn`• ${roundedCredits(remaining)}${of}, ${category}${rank}, ${end}`;
}

function entriesText(entries: readonly CreditEntry[]): Mrkdwn {
  const lines = entries.map(
    (entry) =>
      mrkdwn`${code(signedCredits(entry.amount))} ${entry.reason}\n${entry.kind.replaceAll('_', ' ')}  ·  ${moment(entry.createdAt)}  ·  ${person(entry.actor)}  ·  then ${creditsToText(entry.balanceAfter)}`,
  );
  // Each has two lines: without a gap, which belong together is not seen.
  return lines.length === 0 ? mrkdwn`none yet` : joined(lines, '\n\n');
}

/** Lines with the longest reasons fit a section of 3,000 characters. */
const ENTRIES_IN_SECTION = 8;

/** A page of entries, the latest first. */
export function historySpeech(team: Team, page: Page<CreditEntry>): Speech {
  const which = page.path.length === 0 ? 'Latest' : 'Earlier';
  const parts = Array.from({ length: Math.ceil(page.rows.length / ENTRIES_IN_SECTION) }, (_, at) =>
    page.rows.slice(at * ENTRIES_IN_SECTION, (at + 1) * ENTRIES_IN_SECTION),
  );
  const sections = (parts.length === 0 ? [[]] : parts).map((rows) => section(entriesText(rows)));
  return sentence(
    mrkdwn`*${which} entries of ${code(team.id)}*`,
    ...sections,
    ...pageButtons(page, 'time'),
  );
}

export function policyText({
  limitPolicy,
  overdraft,
  graceUntil,
  autoSuspend,
}: CreditPolicy): Mrkdwn {
  const suspends = autoSuspend ? mrkdwn`, then the team is suspended until it is funded` : mrkdwn``;
  if (limitPolicy === 'unlimited') {
    return mrkdwn`calls go on, without an end (unlimited)`;
  }
  if (limitPolicy === 'soft') {
    return mrkdwn`calls go on down to −${credits(overdraft)} (soft)${suspends}`;
  }
  return graceUntil === null
    ? mrkdwn`calls are refused (hard)${suspends}`
    : mrkdwn`calls go on down to −${credits(overdraft)} until ${moment(graceUntil)}, then they are refused (hard)${suspends}`;
}

export function refillText(refill: AutoRefillWish | null): Mrkdwn {
  if (refill === null) {
    return mrkdwn`off`;
  }
  const { amount, every, below, monthlyMax } = refill;
  const when = [
    ...(every === null ? [] : [mrkdwn`${every}`]),
    ...(below === null ? [] : [mrkdwn`when fewer than ${credits(below)} are left`]),
  ];
  const most = monthlyMax === null ? mrkdwn`` : mrkdwn`, at most ${credits(monthlyMax)} a month`;
  return mrkdwn`${credits(amount)} ${joined(when, ' and ')}${most}`;
}

export function policySpeech(team: Team): Speech {
  return sentence(
    mrkdwn`✅ At 0 credits of ${code(team.id)}: ${policyText(team)}.`,
    actions(creditsButton(team)),
  );
}

export function refillSpeech(team: Team): Speech {
  return sentence(
    mrkdwn`✅ Refill of ${code(team.id)}: ${refillText(team.autoRefill)}.`,
    actions(creditsButton(team)),
  );
}

function creditsButton({ id }: Pick<Team, 'id'>): Button {
  return runButton('Show credits', `/team credits ${id}`);
}

/** What an entry alone does not say. */
export interface Movement {
  readonly to?: string;
  readonly from?: string;
  /** The call that is given back. */
  readonly callId?: string;
  /** When granted credits end, as it is repeated. */
  readonly expires?: Mrkdwn | undefined;
}

const MOVED: Readonly<Partial<Record<CreditEntry['kind'], string>>> = {
  grant: 'granted',
  refund: 'refunded',
  adjustment: 'deducted',
  transfer: 'transferred',
};

function movementText(entry: CreditEntry, { to, from, callId, expires }: Movement): Mrkdwn {
  const amount = entry.amount < 0n ? -entry.amount : entry.amount;
  const other =
    to === undefined
      ? from === undefined
        ? mrkdwn``
        : mrkdwn` from ${code(from)}`
      : mrkdwn` to ${code(to)}`;
  const call = callId === undefined ? mrkdwn`` : mrkdwn` for the call ${code(callId)}`;
  const end = expires === undefined ? mrkdwn`` : mrkdwn`, until ${expires}`;
  return mrkdwn`${credits(amount)} ${MOVED[entry.kind] ?? entry.kind}${other}${call}${end}`;
}

/** For the person who moved credits. */
export function movedSpeech(
  team: Team,
  entry: CreditEntry,
  money: Money,
  more: Movement = {},
): Speech {
  const said = mrkdwn`✅ ${code(team.id)}: ${movementText(entry, more)}. Now ${roundedCredits(money.spendable)} spendable.`;
  return speech(said, [
    section(said),
    context(mrkdwn`Reason: ${entry.reason}`),
    actions(creditsButton(team)),
  ]);
}

interface Taking {
  readonly amount: bigint;
  readonly reason: string;
  readonly to?: string;
}

/** Asks before credits are taken from a team. */
export function takingQuestion(team: Team, { amount, reason, to }: Taking, once: string): Speech {
  const action = to === undefined ? 'deduct' : 'transfer';
  const label = to === undefined ? 'Deduct' : 'Transfer';
  const where = to === undefined ? mrkdwn`` : mrkdwn` to ${code(to)}`;
  const target = to === undefined ? '' : ` to=${to}`;
  const command = `/team credits ${action} ${team.id} ${creditsToText(amount)}${target} reason=${quoted(reason)} sure=yes`;
  return sentence(
    mrkdwn`${label} *${credits(amount)}* from ${code(team.id)}${where}? It can't spend them any more; what calls under way hold stays.\nReason: ${reason}`,
    actions(runButton(label, command, { once, style: 'danger' }), cancelButton()),
  );
}
