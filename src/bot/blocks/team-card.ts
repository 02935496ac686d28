import type { KnownBlock } from '@slack/types';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { allowedBelowZero } from '../../core/explain/obstacles.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Member } from '../../core/members/member.ts';
import type { Team } from '../../core/teams/team.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { TeamReading } from '../readings.ts';
import { balanceBlock, burnText, runsOutText } from './balance.ts';
import { count } from './ceilings-words.ts';
import { cureButton } from './cure-button.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { deedLine } from './deeds.ts';
import { reasonWords } from './refused-words.ts';
import { runButton } from './run-button.ts';
import { ceilingLines } from './team-ceilings.ts';
import { groupNames, modelNames, standingText, termsText } from './team-words.ts';
import { topUpButton } from './top-up-button.ts';
import { credits, roundedCredits, moment, person, roughCredits, signedCredits } from './words.ts';

const KEYS_SHOWN = 5;

/** Everything worth knowing about a team at a glance, and the next likely steps. */
export function teamCard(reading: TeamReading): Speech {
  const { team, money } = reading;
  const blocks: KnownBlock[] = [
    header(team.id),
    context(joined([standingText(team, money), ...placeOf(team)], '  ·  ')),
    balanceBlock(money),
    ...(isOutOfCredits(reading) ? [outOfCredits(team)] : []),
    fields(numbersOf(reading)),
    section(
      mrkdwn`*Models*  ${groupNames(reading.groups)}\n${modelNames(reading.groups)}\n*Price*  ${termsText(team)}`,
    ),
    ...ceilingBlocks(reading),
    ...refusedBlocks(reading),
    section(mrkdwn`${keysText(reading.keys)}${membersText(reading.members)}`),
    section(entriesText(reading.entries)),
    ...deedBlocks(reading.deeds),
    ...(money.reserved === undefined ? [gateAway()] : []),
    actions(...nextSteps(reading)),
  ];
  return speech(mrkdwn`${team.id}: ${team.status}, ${roundedCredits(money.spendable)}`, blocks);
}

function placeOf(team: Team): Mrkdwn[] {
  return [
    mrkdwn`organization ${code(team.organizationId)}`,
    ...(team.alias === team.id ? [] : [mrkdwn`“${team.alias}”`]),
    ...(team.channelId === null ? [] : [channelLink(team.channelId)]),
    ...(team.status === 'active' || team.statusReason === null
      ? []
      : [mrkdwn`because: ${team.statusReason}`]),
    ...(team.statusUntil === null ? [] : [mrkdwn`until ${moment(team.statusUntil)}`]),
  ];
}

function numbersOf(reading: TeamReading): Mrkdwn[] {
  const { money, forecast } = reading;
  return [
    mrkdwn`*Reserved*\n${money.reserved === undefined ? 'unknown' : roundedCredits(money.reserved)}`,
    mrkdwn`*Used of allocated*\n${roughCredits(money.used)} of ${credits(money.funded)}`,
    mrkdwn`*Burn rate*\n${burnText(forecast)}`,
    mrkdwn`*Runs out*\n${runsOutText(reading, money.spendable)}`,
  ];
}

/** Whether nothing is left and nothing may be overdrawn: every call is refused. */
function isOutOfCredits({ team, money, nowMs }: TeamReading): boolean {
  return money.spendable + allowedBelowZero(team, nowMs) <= 0n;
}

function outOfCredits({ id }: Team): KnownBlock {
  return section(mrkdwn`⛔ *${id} has 0 credits*: every call is refused until it is topped up.`);
}

function ceilingBlocks({ ceilings }: TeamReading): KnownBlock[] {
  const lines = ceilingLines(ceilings);
  return lines === undefined ? [] : [section(mrkdwn`*Limits and budgets*\n${lines}`)];
}

const REASONS_SHOWN = 3;

function refusedBlocks({ team, refusals }: TeamReading): KnownBlock[] {
  const { shown, more } = firstOf(refusals, REASONS_SHOWN);
  const lines = shown.map(
    ({ code: reason, calls }) => mrkdwn`${count(calls)} × ${reasonWords(reason)}`,
  );
  const rest = more === undefined ? [] : [mrkdwn`_${more}_`];
  return refusals.length === 0
    ? []
    : [
        section(
          mrkdwn`*Refused in the last 24 h*\n${joined([...lines, ...rest], '\n')}`,
          runButton('Explain', `/team explain ${team.id}`),
        ),
      ];
}

function deedBlocks(deeds: readonly AuditEntry[]): KnownBlock[] {
  return deeds.length === 0
    ? []
    : [section(mrkdwn`*Who did what last*\n${joined(deeds.map(deedLine), '\n')}`)];
}

const MEMBERS_SHOWN = 5;

function membersText(members: readonly Member[]): Mrkdwn {
  const { shown, more } = firstOf(members, MEMBERS_SHOWN);
  const names = shown.map(({ userId, role }) =>
    role === 'admin' ? mrkdwn`${userId} (admin)` : mrkdwn`${userId}`,
  );
  return members.length === 0
    ? mrkdwn``
    : mrkdwn`\n*Members*  ${joined(more === undefined ? names : [...names, mrkdwn`_${more}_`])}`;
}

function gateAway(): KnownBlock {
  return context(
    mrkdwn`⚠️ The gate can't be asked at the moment: this is the balance of the ledger, which does not know of calls under way.`,
  );
}

function keysText(keys: readonly VirtualKey[]): Mrkdwn {
  const { shown, more } = firstOf(keys, KEYS_SHOWN);
  const lines = shown.map((key) => {
    const status = key.status === 'active' ? '' : `  *${key.status}*`;
    return mrkdwn`${code(`sk-…${key.lastFour}`)}  ${key.name}${{ mrkdwn: status }}, since ${moment(key.createdAt)}`;
  });
  const rest = more === undefined ? [] : [mrkdwn`_${more}_`];
  return mrkdwn`*Keys*\n${keys.length === 0 ? mrkdwn`none` : joined([...lines, ...rest], '\n')}`;
}

function entriesText(entries: readonly CreditEntry[]): Mrkdwn {
  const lines = entries.map(
    (entry) =>
      mrkdwn`${code(signedCredits(entry.amount).padStart(8))}  ${entry.reason}  ·  ${moment(entry.createdAt)}, ${person(entry.actor)}`,
  );
  return mrkdwn`*Latest entries*\n${lines.length === 0 ? mrkdwn`none yet` : joined(lines, '\n')}`;
}

/** The most likely one first, and the only one that stands out: what lets calls pass, where they are refused. */
function nextSteps({ team, cure }: TeamReading) {
  const cured = cureButton(cure) ?? topUpButton(team.id, { style: 'primary' });
  const usage = runButton('Usage', `/team usage ${team.id}`);
  const suspend = runButton('Suspend', `/team suspend ${team.id}`, { style: 'danger' });
  const resume = runButton('Resume', `/team resume ${team.id}`, { style: 'primary' });
  const list = runButton('Teams of this organization', `/team list org=${team.organizationId}`);
  return team.status === 'active'
    ? [cured, usage, suspend, list]
    : [resume, topUpButton(team.id), usage, list];
}
