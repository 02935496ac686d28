import type { KnownBlock } from '@slack/types';
import { CREDITS_EXHAUSTED } from '../../core/credits/fund.ts';
import type { Team } from '../../core/teams/team.ts';
import type { Forecast } from '../../core/usage/burn.ts';
import type { Exhaustion } from '../../core/usage/exhaustion.ts';
import { code, mrkdwn } from '../escape.ts';
import { handledBlocks, handlingBlocks, handlingButtons, mentionOf } from './alert-handling.ts';
import type { AlertHandling } from './alert-handling.ts';
import type { Money } from '../readings.ts';
import { balanceBlock, burnText, runsOutText } from './balance.ts';
import { actions, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { topUpButton } from './top-up-button.ts';
import { roundedCredits, moment, percentOf } from './words.ts';

export interface AlertFacts {
  readonly team: Team;
  readonly money: Money;
  readonly forecast: Forecast;
  readonly thresholdPercent: number;
  /** Who sees to it, and until when it is silent. */
  readonly handling: AlertHandling;
  /** By which moments credits run out, by the slowest and the fastest pace. */
  readonly exhaustion: Exhaustion | undefined;
  /** When the episode ended; null while it lasts. */
  readonly closedAt: Date | null;
  /** Under which a top-up from this message is posted. */
  readonly reference: string;
  readonly nowMs: number;
}

/** The one message of a low balance, from its beginning to its end. */
export function alertSpeech(facts: AlertFacts): Speech {
  if (facts.closedAt !== null) {
    return resolvedSpeech(facts, facts.closedAt);
  }
  // What is reserved comes back in part; gone is only what neither is left nor can come back.
  const balance = facts.money.spendable + (facts.money.reserved ?? 0n);
  return balance <= 0n ? goneSpeech(facts) : lowSpeech(facts, balance);
}

function lowSpeech(facts: AlertFacts, balance: bigint): Speech {
  const { team, money, forecast } = facts;
  const percent = percentOf(money.spendable, money.allotment) ?? 0;
  const left = `${roundedCredits(money.spendable)} left`;
  const blocks: KnownBlock[] = [
    header(`⚠️ ${team.id} is low on credits`),
    balanceBlock(money),
    fields([
      mrkdwn`*Burn rate*\n${burnText(forecast)}`,
      mrkdwn`*Runs out*\n${runsOutText({ ...facts, isLasting: true }, balance)}`,
    ]),
    context(
      mrkdwn`${percent} % of the ${roundedCredits(money.allotment)} after the latest funding; the warning comes at ${facts.thresholdPercent} %.\nOrganization ${code(team.organizationId)}`,
    ),
    ...handlingBlocks(facts.handling),
    nextSteps(facts),
  ];
  return speech(
    mrkdwn`${mentionOf(facts.handling)}Team ${team.id} is low on credits: ${left} (${percent} %)`,
    blocks,
  );
}

function goneSpeech(facts: AlertFacts): Speech {
  const { team, money, forecast } = facts;
  const { effect, why } = effectOf(facts);
  const blocks: KnownBlock[] = [
    header(`⛔ ${team.id} has no credits left: ${effect}`),
    balanceBlock(money),
    fields([
      mrkdwn`*Burn rate until then*\n${burnText(forecast)}`,
      mrkdwn`*Latest funding*\nleft it with ${roundedCredits(money.allotment)}`,
    ]),
    context(mrkdwn`${why}\nOrganization ${code(team.organizationId)}`),
    ...handlingBlocks(facts.handling),
    nextSteps(facts),
  ];
  return speech(
    mrkdwn`${mentionOf(facts.handling)}Team ${team.id} has no credits left: ${effect}`,
    blocks,
  );
}

function effectOf(facts: AlertFacts): { readonly effect: string; readonly why: string } {
  const { status, statusReason } = facts.team;
  if (status === 'suspended' && statusReason === CREDITS_EXHAUSTED) {
    const why = 'It suspends itself at 0, as its policy says. The next top-up resumes it.';
    return { effect: 'it is suspended', why };
  }
  return isServedBelowZero(facts)
    ? { effect: 'calls still go on', why: "The team's policy lets its balance fall below 0." }
    : {
        effect: 'calls are refused',
        why: 'Each call gets 403 (credits_exhausted) until the team is topped up.',
      };
}

/** Whether calls are let through at 0, by the team's own policy. */
function isServedBelowZero({ team, money, nowMs }: AlertFacts): boolean {
  const isInGrace = (team.graceUntil?.getTime() ?? 0) > nowMs;
  return (
    team.limitPolicy === 'unlimited' ||
    ((team.limitPolicy === 'soft' || isInGrace) && money.spendable + team.overdraft > 0n)
  );
}

function nextSteps({ team, reference, handling }: AlertFacts): KnownBlock {
  return actions(
    topUpButton(team.id, { reference, style: 'primary' }),
    runButton('Show team', `/team show ${team.id}`),
    ...handlingButtons(handling),
  );
}

function resolvedSpeech({ team, money, handling }: AlertFacts, closedAt: Date): Speech {
  const said = mrkdwn`✅ Resolved: *${team.id}* was topped up, now ${roundedCredits(money.spendable)}`;
  return speech(said, [
    section(said),
    context(
      mrkdwn`Low-credit alert, ended ${moment(closedAt)} · Organization ${code(team.organizationId)}`,
    ),
    ...handledBlocks(handling),
    actions(runButton('Show team', `/team show ${team.id}`)),
  ]);
}
