// The messages of all alerts but low credit: what happened, since when, what to do.

import type { KnownBlock } from '@slack/types';
import type { AlertEpisode, AlertKind } from '../../core/alerts/episode.ts';
import type { Team } from '../../core/teams/team.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { handledBlocks, handlingBlocks, handlingButtons, mentionOf } from './alert-handling.ts';
import type { AlertHandling } from './alert-handling.ts';
import { budgetName, roughDollars } from './ceilings-words.ts';
import { actions, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { bar, credits, moment, roughCredits, until } from './words.ts';

type OtherKind = Exclude<AlertKind, 'low_credit'>;

interface Look {
  /** Behind the sign and the team. */
  readonly title: string;
  readonly over: string;
  readonly body: readonly KnownBlock[];
  readonly cure: Mrkdwn;
  /** The next step, where there is a likely one. */
  readonly command?: readonly [label: string, text: string];
}

export interface OtherAlert {
  readonly team: Team;
  readonly episode: AlertEpisode;
  readonly handling: AlertHandling;
  readonly nowMs: number;
}

/** The one message of an episode, from its beginning to its end. */
export function alertOfKind(alert: OtherAlert): Speech {
  const { team, episode, handling } = alert;
  const look = LOOKS[episode.kind as OtherKind](alert);
  if (episode.closedAt !== null) {
    const said = mrkdwn`✅ Over: *${team.id}* ${look.over}`;
    const span = mrkdwn`From ${moment(episode.openedAt)} to ${moment(episode.closedAt)}.  Organization ${code(team.organizationId)}.`;
    return speech(said, [section(said), context(span), ...handledBlocks(handling)]);
  }
  const sign = episode.severity === 'critical' ? '⛔' : '⚠️';
  return speech(mrkdwn`${mentionOf(handling)}Team ${team.id} ${look.title}`, [
    header(`${sign} ${team.id} ${look.title}`),
    ...look.body,
    context(
      mrkdwn`${look.cure}`,
      mrkdwn`Since ${moment(episode.openedAt)}.  Organization ${code(team.organizationId)}.`,
    ),
    ...handlingBlocks(handling),
    actions(
      ...(look.command === undefined
        ? []
        : [runButton(look.command[0], look.command[1], { style: 'primary' })]),
      runButton('Show team', `/team show ${team.id}`),
      ...handlingButtons(handling),
    ),
  ]);
}

const LOOKS: { readonly [Kind in OtherKind]: (alert: OtherAlert) => Look } = {
  running_out: ({ team, episode: { facts }, nowMs }) => ({
    title: 'runs out of credits soon',
    over: 'no longer runs out of credits within days',
    body: [
      fields([
        mrkdwn`*Balance*\n${credits(bigOf(facts['balanceMicrocredits']))}`,
        mrkdwn`*Runs out*\n${until(dateOf(facts['earliest']), nowMs)} by the fastest pace\n${until(dateOf(facts['latest']), nowMs)} by the slowest`,
      ]),
    ],
    cure: mrkdwn`By the pace of the last hour, day and week. A top-up in time keeps calls from being refused.`,
    command: ['Top up', `/team topup ${team.id}`],
  }),
  budget: ({ team, episode: { facts, stage } }) => {
    const [spent, max] = [bigOf(facts['spentNanoUsd']), bigOf(facts['maxNanoUsd'])];
    const name = budgetName(budgetOf(String(facts['meter'] ?? '')));
    return {
      title: stage >= 100 ? 'has spent a whole budget' : `has spent ${stage} % of a budget`,
      over: 'is within its budget again',
      body: [
        section(
          mrkdwn`*${name}* of ${String(facts['whose'] ?? 'it')}\n${bar(spent, max)}  ${roughDollars(spent)} of ${roughDollars(max)}`,
        ),
      ],
      cure: mrkdwn`A budget that is spent refuses calls until its next period, unless it is only counted.`,
      command: ['Show budgets', `/team budget ${team.id}`],
    };
  },
  unusual_usage: ({ team, episode: { facts } }) => ({
    title: `uses ${String(facts['times'] ?? 'many')} times its usual`,
    over: 'uses what it usually does again',
    body: [
      fields([
        mrkdwn`*Last hour*\n${creditsOf(facts['latestMicrocredits'])}, ${String(facts['calls'] ?? '?')} calls`,
        mrkdwn`*A busy hour, usually*\n${creditsOf(facts['usualMicrocredits'])}`,
      ]),
    ],
    cure: mrkdwn`Compared with ${String(facts['fromHours'] ?? '?')} hours of use in two weeks: 19 of 20 were at or below that. A loop, a leaked key, or a launch?`,
    command: ['Show limits', `/team limits ${team.id}`],
  }),
  error_spike: ({ episode: { facts } }) => ({
    title: 'has many failing calls',
    over: 'has no more failing calls than usual',
    body: [
      section(
        mrkdwn`*${String(facts['failed'] ?? '?')} of ${String(facts['calls'] ?? '?')}* calls failed within 15 minutes.`,
      ),
    ],
    cure: mrkdwn`Mostly a provider is down, or the client sends what the model refuses.`,
  }),
  key_expiring: ({ team, episode: { facts }, nowMs }) => ({
    title: `has a key that ends ${until(dateOf(facts['expiresAt']), nowMs)}`,
    over: 'has no key any more that ends soon: it was prolonged, replaced or has ended',
    body: [
      section(
        mrkdwn`Key ${code(`${String(facts['name'] ?? '')} …${String(facts['lastFour'] ?? '')}`)} ends ${moment(dateOf(facts['expiresAt']))}. From then on its calls get 401.`,
      ),
    ],
    cure: mrkdwn`Rotate it with a grace, so that the client can change over, or prolong it.`,
    command: ['List keys', `/team key list ${team.id}`],
  }),
  refill_failed: ({ team, episode: { facts } }) => ({
    title: 'was not refilled: the most for the month is reached',
    over: 'can be refilled again, or needs no refill',
    body: [
      fields([
        mrkdwn`*Balance*\n${credits(bigOf(facts['balanceMicrocredits']))}, refilled below ${credits(bigOf(facts['belowMicrocredits']))}`,
        mrkdwn`*Refill*\n${credits(bigOf(facts['amountMicrocredits']))} each, at most ${credits(bigOf(facts['monthlyMaxMicrocredits']))} a month`,
      ]),
    ],
    cure: mrkdwn`Raise the most for the month, or top up by hand.`,
    command: ['Show credits', `/team credits show ${team.id}`],
  }),
};

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
