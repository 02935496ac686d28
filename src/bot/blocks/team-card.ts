import type { KnownBlock } from '@slack/types';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { creditsToText } from '../../core/money.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Team } from '../../core/teams/team.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { TeamReading } from '../readings.ts';
import { balanceBlock, burnText, exhaustionText } from './balance.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { groupNames, modelNames, statusText, termsText } from './team-words.ts';
import { topUpButton } from './top-up-button.ts';
import { credits, moment, person, signedCredits } from './words.ts';

const KEYS_SHOWN = 5;

/** Everything worth knowing about a team at a glance, and the next likely steps. */
export function teamCard(reading: TeamReading): Speech {
  const { team, money } = reading;
  const blocks: KnownBlock[] = [
    header(team.id),
    context(joined([statusText(team.status), ...placeOf(team)], '  ·  ')),
    balanceBlock(money),
    fields(numbersOf(reading)),
    section(
      mrkdwn`*Models*  ${groupNames(reading.groups)}\n${modelNames(reading.groups)}\n*Price*  ${termsText(team)}`,
    ),
    section(keysText(reading.keys)),
    section(entriesText(reading.entries)),
    ...(money.reserved === undefined ? [gateAway()] : []),
    actions(...nextSteps(team)),
  ];
  return speech(mrkdwn`${team.id}: ${team.status}, ${credits(money.spendable)}`, blocks);
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

function numbersOf({ money, forecast, nowMs }: TeamReading): Mrkdwn[] {
  return [
    mrkdwn`*Reserved*\n${money.reserved === undefined ? 'unknown' : credits(money.reserved)}`,
    mrkdwn`*Used of allocated*\n${creditsToText(money.used)} of ${credits(money.funded)}`,
    mrkdwn`*Burn rate*\n${burnText(forecast)}`,
    mrkdwn`*Runs out*\n${exhaustionText(forecast, money.spendable, nowMs)}`,
  ];
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

function nextSteps(team: Team) {
  const suspend = runButton('Suspend', `/team suspend ${team.id}`, { style: 'danger' });
  const resume = runButton('Resume', `/team resume ${team.id}`, { style: 'primary' });
  const list = runButton('Teams of this organization', `/team list org=${team.organizationId}`);
  return team.status === 'active'
    ? [topUpButton(team.id, { style: 'primary' }), suspend, list]
    : [resume, topUpButton(team.id), list];
}
