import type { KnownBlock } from '@slack/types';
import type { Explanation, RefusedReason } from '../../core/explain/explain.ts';
import type { Obstacle } from '../../core/explain/obstacles.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { refusalText } from '../refusal-text.ts';
import { cureButton } from './cure-button.ts';
import { actions, context, divider, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { meterText, reasonWords, subjectText } from './refused-words.ts';
import { runButton } from './run-button.ts';
import { count, roughDollars } from './ceilings-words.ts';
import { moment, roundedCredits, until } from './words.ts';

/** More push the button off the screen. */
const REASONS_SHOWN = 5;
const OBSTACLES_SHOWN = 4;

/** Why calls of a team are or were refused, with the one button that cures it. */
export function explainSpeech(explanation: Explanation): Speech {
  const { team, obstacles, reasons, cure } = explanation;
  const button = cureButton(cure);
  const verdict = verdictOf(explanation);
  const blocks: KnownBlock[] = [
    header(`Calls of ${team.id}`),
    section(verdict),
    ...obstacles.slice(0, OBSTACLES_SHOWN).map((each) => section(obstacleText(each, explanation))),
    divider(),
    section(reasonsTitle(reasons)),
    ...reasons.slice(0, REASONS_SHOWN).flatMap(reasonBlocks),
    ...moreReasons(reasons),
    actions(
      ...(button === undefined ? [] : [button]),
      runButton('Look again', `/team explain ${team.id}`),
      runButton('Show team', `/team show ${team.id}`),
    ),
    context(
      mrkdwn`Every error that a client gets carries a request id: ${code(`/team explain ${team.id} request=<id>`)} says exactly why that one call was refused.`,
    ),
  ];
  return speech(verdict, blocks);
}

function verdictOf({ team, obstacles, reasons, spendable }: Explanation): Mrkdwn {
  const [first] = obstacles;
  if (first?.kind === 'ceiling_full') {
    return mrkdwn`🟡 Calls of ${code(team.id)} are refused *for the moment*: ${whatIsFull(first)}.`;
  }
  if (first !== undefined) {
    return mrkdwn`🔴 *Every call* of ${code(team.id)} is refused at the moment.`;
  }
  const open = reasons.filter(({ isCured }) => isCured === false);
  return open.length === 0
    ? mrkdwn`🟢 Nothing stands in the way: calls of ${code(team.id)} go through. ${roundedCredits(spendable)} spendable.`
    : mrkdwn`🟡 Calls of ${code(team.id)} go through in general, but some of those refused lately would *still be refused*.`;
}

/** One thing in the way, in a sentence or two. */
function obstacleText(obstacle: Obstacle, { nowMs }: Explanation): Mrkdwn {
  switch (obstacle.kind) {
    case 'team_status':
      return mrkdwn`⛔ The team is *${obstacle.team.status}*${reasonAndEnd(obstacle.team, nowMs)}.`;
    case 'organization_status': {
      const { organization } = obstacle;
      return mrkdwn`⛔ Its organization ${code(organization.id)} is *${organization.status}*${reasonAndEnd(organization, nowMs)}.`;
    }
    case 'no_key':
      return mrkdwn`⛔ It has *no key* yet, so nobody can call.`;
    case 'dead_keys':
      return mrkdwn`⛔ *None of its keys works*: ${code(`sk-…${obstacle.key.lastFour}`)} ${keyFate(obstacle.key.status)}.`;
    case 'no_model':
      return mrkdwn`⛔ It may use *no model* yet: it has neither an access group nor a model of its own.`;
    case 'no_credits':
      return mrkdwn`⛔ It has *${roundedCredits(obstacle.spendable)}* to spend. Each call sets some aside before it starts, so none can start.`;
    case 'ceiling_full': {
      const { resetsAt } = obstacle.meter;
      const end =
        resetsAt === undefined
          ? mrkdwn``
          : mrkdwn` All of it can be used again from ${moment(resetsAt)} on (${until(resetsAt, nowMs)}).`;
      return mrkdwn`⏳ ${whatIsFull(obstacle)}.${end}`;
    }
  }
}

function whatIsFull({ subject, meter }: Extract<Obstacle, { kind: 'ceiling_full' }>): Mrkdwn {
  const amount = (number: number) =>
    meter.meter.startsWith('budget-') ? roughDollars(BigInt(number)) : count(number);
  const used = amount(meter.used + meter.held);
  return mrkdwn`*${meterText(meter.meter)}* of ${subjectText(subject)} is used up (${used} of ${amount(meter.max)})`;
}

function reasonAndEnd(
  held: { readonly statusReason: string | null; readonly statusUntil: Date | null },
  nowMs: number,
): Mrkdwn {
  const { statusReason, statusUntil } = held;
  const why = statusReason === null ? mrkdwn`` : mrkdwn`, because: ${statusReason}`;
  return statusUntil === null
    ? why
    : mrkdwn`${why}, until ${moment(statusUntil)} (${until(statusUntil, nowMs)})`;
}

function keyFate(status: string): string {
  return status === 'active' ? 'has expired' : `is ${status}`;
}

function reasonsTitle(reasons: readonly RefusedReason[]): Mrkdwn {
  const sum = reasons.reduce((calls, each) => calls + each.calls, 0);
  return sum === 0
    ? mrkdwn`*The last 24 hours*\nNo call was refused.`
    : mrkdwn`*The last 24 hours*\n${count(sum)} ${sum === 1 ? 'call was' : 'calls were'} refused:`;
}

function reasonBlocks({ code: reason, calls: number, latest, isCured }: RefusedReason) {
  const title = mrkdwn`*${count(number)} ×* ${reasonWords(reason)}`;
  if (latest === undefined) {
    return [section(title)];
  }
  const fate =
    isCured === undefined
      ? mrkdwn``
      : isCured
        ? mrkdwn`✅ A call like this would go through by now.  ·  `
        : mrkdwn`❌ A call like this would still be refused.  ·  `;
  return [
    section(joined([title, refusalText(latest.refusal)], '\n')),
    context(mrkdwn`${fate}Latest ${moment(latest.at)}${whoAsked(latest)}  ·  ${code(latest.id)}`),
  ];
}

function whoAsked({ refusal: { seen } }: NonNullable<RefusedReason['latest']>): Mrkdwn {
  return seen === undefined ? mrkdwn`` : mrkdwn` by ${code(`sk-…${seen.lastFour}`)}`;
}

function moreReasons(reasons: readonly RefusedReason[]): KnownBlock[] {
  const { more } = firstOf(reasons, REASONS_SHOWN);
  const others = reasons.slice(REASONS_SHOWN).map((each) => reasonWords(each.code));
  return more === undefined ? [] : [context(mrkdwn`${more}: ${joined(others)}`)];
}
