// The messages of all alerts but low credit: what happened, since when, what to do.

import type { KnownBlock } from '@slack/types';
import type { AlertEpisode, AlertKind } from '../../core/alerts/episode.ts';
import { subjectFrom } from '../../core/ceilings/subject.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { handledBlocks, handlingBlocks, handlingButtons, mentionOf } from './alert-handling.ts';
import type { AlertHandling } from './alert-handling.ts';
import { runsOutText } from './balance.ts';
import type { RunningOut } from './balance.ts';
import type { Money } from '../readings.ts';
import { budgetName, count, roughDollars } from './ceilings-words.ts';
import { actions, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { bar, credits, moment, roughCredits, roundedCredits } from './words.ts';

type OtherKind = Exclude<AlertKind, 'low_credit'>;

interface Look {
  /** Behind the sign and the team. */
  readonly title: string;
  readonly over: string;
  readonly body: readonly KnownBlock[];
  readonly cure: Mrkdwn;
  /** The next step, where there is a likely one. */
  readonly command?: readonly [label: string, text: string];
  /** Whether that step is the cure itself; else it shows what to judge by. */
  readonly isCure?: boolean;
}

export interface OtherAlert {
  readonly episode: AlertEpisode;
  readonly handling: AlertHandling;
  /** What the team has left, where the alert is about how fast it goes. */
  readonly left?: Left | undefined;
}

export interface Left extends RunningOut {
  readonly money: Money;
}

/** The one message of an episode, from its beginning to its end. */
export function alertOfKind(alert: OtherAlert): Speech {
  const { episode, handling } = alert;
  const { organizationId, teamId } = episode;
  const name = teamId ?? organizationId;
  const look = LOOKS[episode.kind as OtherKind]({ ...alert, name });
  if (episode.closedAt !== null) {
    const said = mrkdwn`✅ Over: *${name}* ${look.over}`;
    const span = mrkdwn`From ${moment(episode.openedAt)} to ${moment(episode.closedAt)} · Organization ${code(organizationId)}`;
    return speech(said, [section(said), context(span), ...handledBlocks(handling)]);
  }
  const sign = episode.severity === 'critical' ? '⛔' : '⚠️';
  return speech(
    mrkdwn`${mentionOf(handling)}${teamId === null ? 'Organization' : 'Team'} ${name} ${look.title}`,
    [
      header(`${sign} ${name} ${look.title}`),
      ...look.body,
      context(
        mrkdwn`${look.cure}\nSince ${moment(episode.openedAt)} · Organization ${code(organizationId)}`,
      ),
      ...handlingBlocks(handling),
      actions(
        ...(look.command === undefined
          ? []
          : [runButton(...look.command, look.isCure === true ? { style: 'primary' } : {})]),
        teamId === null
          ? runButton('Show organization', `/org show ${organizationId}`)
          : runButton('Show team', `/team show ${teamId}`),
        ...handlingButtons(handling),
      ),
    ],
  );
}

const LOOKS: {
  readonly [Kind in OtherKind]: (alert: OtherAlert & { readonly name: string }) => Look;
} = {
  running_out: ({ name, episode: { facts } }) => ({
    title: 'runs out of credits soon',
    over: 'no longer runs out of credits within days',
    body: [
      fields([
        mrkdwn`*Balance*\n${roundedCredits(bigOf(facts['balanceMicrocredits']))}`,
        mrkdwn`*Runs out*\n${moment(dateOf(facts['earliest']))} by the fastest pace\n${moment(dateOf(facts['latest']))} by the slowest`,
      ]),
    ],
    cure: mrkdwn`By the pace of the last hour, day and week. A top-up in time keeps calls from being refused.`,
    command: ['Top up', `/team topup ${name}`],
    isCure: true,
  }),
  budget: ({ name, episode }) => budgetLook(name, episode),
  unusual_usage: ({ name, episode: { facts }, left }) => ({
    title: `uses ${String(facts['times'] ?? 'many')} times its usual`,
    over: 'uses what it usually does again',
    body: [
      fields([
        mrkdwn`*Last hour*\n${creditsOf(facts['latestMicrocredits'])}, ${count(Number(facts['calls'] ?? 0))} calls`,
        mrkdwn`*A busy hour, usually*\n${creditsOf(facts['usualMicrocredits'])}`,
        ...(left === undefined ? [] : leftFields(left)),
      ]),
    ],
    cure: mrkdwn`Compared with ${String(facts['fromHours'] ?? '?')} hours of use in two weeks: 19 of 20 were at or below that. A loop, a leaked key, or a launch?`,
    command: ['Show limits', `/team limits ${name}`],
  }),
  error_spike: ({ name, episode: { facts } }) => ({
    title: 'has many failing calls',
    over: 'has no more failing calls than usual',
    body: [
      section(
        mrkdwn`*${count(Number(facts['failed'] ?? 0))} of ${count(Number(facts['calls'] ?? 0))}* calls failed within 15 minutes.`,
      ),
    ],
    cure: mrkdwn`Mostly a provider is down, or the client sends what the model refuses. The usage says which model fails.`,
    command: ['Show usage', `/team usage ${name}`],
  }),
  key_expiring: ({ name, episode: { subject, facts } }) => ({
    title: 'has a key that ends soon',
    over: 'has no key any more that ends soon: it was prolonged, replaced or has ended',
    body: [
      section(
        mrkdwn`Key ${code(`${String(facts['name'] ?? '')} …${String(facts['lastFour'] ?? '')}`)} ends ${moment(dateOf(facts['expiresAt']))}. From then on its calls get 401.`,
      ),
    ],
    cure: mrkdwn`Rotate it with a grace, so that the client can change over, or prolong it.`,
    command: ['Show key', `/team key show ${name} ${subject}`],
  }),
  grant_expiring: ({ name, episode: { facts } }) => ({
    title: 'has credits that expire soon',
    over:
      facts['end'] === 'expired'
        ? 'had credits that have expired'
        : 'has used its credits before they expired',
    body: [
      section(
        mrkdwn`${roundedCredits(bigOf(facts['remainingMicrocredits']))} expire ${moment(dateOf(facts['expiresAt']))}. They are used before credits that expire later.`,
      ),
    ],
    cure: mrkdwn`What is left by then is gone; a grant can't be prolonged.`,
    command: ['Show credits', `/team credits show ${name}`],
  }),
  refill_failed: ({ name, episode: { facts } }) => ({
    title: 'was not refilled',
    over: 'can be refilled again, or needs no refill',
    body: [
      fields([
        mrkdwn`*Balance*\n${roundedCredits(bigOf(facts['balanceMicrocredits']))}, refilled below ${credits(bigOf(facts['belowMicrocredits']))}`,
        mrkdwn`*Refill*\n${credits(bigOf(facts['amountMicrocredits']))} each, at most ${credits(bigOf(facts['monthlyMaxMicrocredits']))} a month`,
      ]),
    ],
    cure: mrkdwn`The most for the month is reached: raise it, or top up by hand.`,
    command: ['Top up', `/team topup ${name}`],
    isCure: true,
  }),
};

function leftFields(left: Left): Mrkdwn[] {
  const { spendable, reserved = 0n } = left.money;
  return [
    mrkdwn`*Balance*\n${roundedCredits(spendable)}`,
    mrkdwn`*Runs out*\n${runsOutText(left, spendable + reserved)}`,
  ];
}

function budgetLook(name: string, { subject, facts, stage }: AlertEpisode): Look {
  const [spent, max] = [bigOf(facts['spentNanoUsd']), bigOf(facts['maxNanoUsd'])];
  const { softNanoUsd = null } = facts;
  const soft =
    softNanoUsd === null ? '' : `; the soft amount is ${roughDollars(bigOf(softNanoUsd))}`;
  return {
    title: budgetTitle(stage, softNanoUsd !== null),
    over: 'is within its budget again',
    body: [
      section(
        mrkdwn`*${budgetName(budgetOf(String(facts['meter'] ?? '')))}* of ${String(facts['whose'] ?? 'it')}\n${bar(spent, max)}  ${roughDollars(spent)} of ${roughDollars(max)}${soft}`,
      ),
    ],
    cure: budgetCure(softNanoUsd !== null, facts['effect'] === 'counted'),
    command: ['Show budgets', budgetCommand(name, subject)],
  };
}

function budgetCure(isSoft: boolean, isCounted: boolean): Mrkdwn {
  if (isSoft) {
    return mrkdwn`A soft amount is only told: nothing is refused for it.`;
  }
  return isCounted
    ? mrkdwn`It is only counted: nothing is refused for it.`
    : mrkdwn`A budget that is spent refuses calls until its next period, or until it is raised.`;
}

function budgetTitle(stage: number, isSoft: boolean): string {
  if (isSoft) {
    return 'has spent the soft amount of a budget';
  }
  return stage >= 100 ? 'has spent a whole budget' : `has spent ${stage} % of a budget`;
}

/** Where the budget can be seen and changed. */
function budgetCommand(name: string, subject: string): string {
  const whose = subjectFrom(subject.split(' ')[0] ?? '');
  switch (whose?.kind) {
    case 'organization':
      return `/org budget ${name}`;
    case 'user':
      return `/org budget ${name} user=${whose.userId}`;
    case 'member':
      return `/team budget ${name} member=${whose.userId}`;
    default:
      return `/team budget ${name}`;
  }
}

/** `budget-1mo@gpt-4o`, as core/ceilings/ceilings.ts names it. */
function budgetOf(meter: string) {
  const [, duration = 'ever', model] = /^budget-([^@]+)(?:@(.*))?$/.exec(meter) ?? [];
  return {
    duration: duration === 'ever' ? null : duration,
    model: model === undefined ? null : decodeURIComponent(model),
  };
}

function creditsOf(digits: string | number | null | undefined): string {
  const rough = roughCredits(bigOf(digits));
  return rough === '1' ? '1 credit' : `${rough} credits`;
}

function bigOf(digits: string | number | null | undefined): bigint {
  return BigInt(digits ?? 0);
}

function dateOf(iso: string | number | null | undefined): Date {
  return new Date(iso ?? 0);
}
