import type { KnownBlock } from '@slack/types';
import type { Team } from '../../core/teams/team.ts';
import type { Forecast } from '../../core/usage/burn.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { balanceBlock, burnText, exhaustionText } from './balance.ts';
import { actions, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { topUpButton } from './top-up-button.ts';
import { credits, moment, percentOf } from './words.ts';

export interface AlertFacts {
  readonly team: Team;
  readonly money: Money;
  readonly forecast: Forecast;
  readonly thresholdPercent: number;
  /** When the episode ended; null while it lasts. */
  readonly closedAt: Date | null;
  /** Under which a top-up from this message is posted. */
  readonly reference: string;
  readonly nowMs: number;
}

/** The one message of a low balance, from its beginning to its end. */
export function alertSpeech(facts: AlertFacts): Speech {
  return facts.closedAt === null ? lowSpeech(facts) : resolvedSpeech(facts, facts.closedAt);
}

function lowSpeech(facts: AlertFacts): Speech {
  const { team, money, forecast, nowMs } = facts;
  const percent = percentOf(money.spendable, money.allotment) ?? 0;
  const left = `${credits(money.spendable)} left`;
  const blocks: KnownBlock[] = [
    header(`⚠️ ${team.id} is low on credits`),
    balanceBlock(money),
    fields([
      mrkdwn`*Burn rate*\n${burnText(forecast)}`,
      mrkdwn`*Runs out*\n${exhaustionText(forecast, money.spendable, nowMs)}`,
    ]),
    context(
      mrkdwn`${percent} % of the ${credits(money.allotment)} after the latest funding; the warning comes at ${facts.thresholdPercent} %.  Organization ${code(team.organizationId)}.`,
    ),
    actions(
      topUpButton(team.id, { reference: facts.reference, style: 'primary' }),
      runButton('Show team', `/team show ${team.id}`),
    ),
  ];
  return speech(mrkdwn`Team ${team.id} is low on credits: ${left} (${percent} %)`, blocks);
}

function resolvedSpeech({ team, money }: AlertFacts, closedAt: Date): Speech {
  const said = mrkdwn`✅ Resolved: *${team.id}* was topped up, now ${credits(money.spendable)}`;
  return speech(said, [
    section(said),
    context(
      mrkdwn`Low-credit alert, ended ${moment(closedAt)}.  Organization ${code(team.organizationId)}.`,
    ),
    actions(runButton('Show team', `/team show ${team.id}`)),
  ]);
}
