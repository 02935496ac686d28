import type { KnownBlock } from '@slack/types';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import type { DigestEvery, DigestSubject } from '../../core/digests/digest.ts';
import { allowedBelowZero, isHeldBack } from '../../core/explain/obstacles.ts';
import { creditsToNumber } from '../../core/money.ts';
import type { Team } from '../../core/teams/team.ts';
import { DAY_MS } from '../../core/time.ts';
import type { Forecast } from '../../core/usage/burn.ts';
import type { UsageRangeRow } from '../../core/usage/usage-range.ts';
import type { UsageTotals } from '../../core/usage/usage.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money, RefusedSum } from '../readings.ts';
import { count, roughDollars } from './ceilings-words.ts';
import { barChart, CHART_POINTS_MAX } from './chart.ts';
import { deedWords } from './deeds.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { reasonWords } from './refused-words.ts';
import { runButton } from './run-button.ts';
import { statusSign } from './team-words.ts';
import { changeText, dateLabel, periodLabel, scopeName, usageCommand } from './usage.ts';
import { roundedCredits, moment, percentOf, roughCredits } from './words.ts';

export interface DigestTeam {
  readonly team: Team;
  readonly money: Money;
  readonly forecast: Forecast;
  readonly refusals: readonly RefusedSum[];
}

export interface DigestReading {
  readonly subject: DigestSubject;
  readonly every: DigestEvery;
  /** How many before it were due and never told. */
  readonly missed: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly days: readonly UsageRangeRow[];
  readonly total: UsageTotals;
  /** The same length of time right before. */
  readonly before: UsageTotals;
  readonly changes: readonly AuditEntry[];
  readonly teams: readonly DigestTeam[];
  readonly lowCreditPercent: number;
  /** Whether what providers were paid is told. */
  readonly withCost: boolean;
  readonly nowMs: number;
}

const TITLES: Readonly<Record<DigestEvery, string>> = {
  daily: 'Yesterday',
  weekly: 'Last week',
  monthly: 'Last month',
};
/** More is no digest. */
const LINES_SHOWN = 6;
/** Credits that end within this need somebody now. */
const SOON_MS = 7 * DAY_MS;

/** What was used, what changed, what needs somebody. */
export function digestSpeech(facts: DigestReading): Speech {
  const { subject, every, total, before, days } = facts;
  const name = scopeName(subject);
  const attention = attentionOf(facts);
  const said = mrkdwn`${TITLES[every]} of ${name}: ${roundedCredits(total.charge)} in ${count(Number(total.calls))} calls, ${attention.length} to look at`;
  const command = usageCommand(subject);
  return speech(said, [
    header(`${TITLES[every]} of ${name}`),
    context(mrkdwn`${dateText(facts)}, compared with the same time before.${missedText(facts)}`),
    fields([
      mrkdwn`*Credits*\n${roughCredits(total.charge)}${changeText(total.charge, before.charge)}`,
      ...(facts.withCost
        ? [
            mrkdwn`*Cost at the providers*\n${roughDollars(total.costNanoUsd)}${changeText(total.costNanoUsd, before.costNanoUsd)}`,
          ]
        : []),
      mrkdwn`*Calls*\n${count(Number(total.calls))}${changeText(total.calls, before.calls)}`,
      mrkdwn`*Failed*\n${count(Number(total.failedCalls))}${changeText(total.failedCalls, before.failedCalls)}`,
    ]),
    ...chartBlocks(days),
    section(listOf('Needs attention', attention, mrkdwn`✅ Nothing`)),
    section(listOf('What changed', changeLines(facts.changes), mrkdwn`Nothing`)),
    actions(
      runButton('Usage', `${command} range=30d`),
      runButton(
        'Show',
        subject.kind === 'team' ? `/team show ${subject.teamId}` : `/org show ${name}`,
      ),
    ),
  ]);
}

function missedText({ missed }: DigestReading): string {
  const digests = missed === 1 ? 'One digest' : `${missed} digests`;
  return missed === 0 ? '' : ` ${digests} before this one could not be sent, and will not be.`;
}

function dateText({ firstDay, lastDay }: DigestReading): Mrkdwn {
  return firstDay === lastDay
    ? mrkdwn`${dateLabel(firstDay)}`
    : mrkdwn`${dateLabel(firstDay)} to ${dateLabel(lastDay)}`;
}

/** Of one day there is nothing to compare; more than Slack draws stand behind the button. */
function chartBlocks(days: readonly UsageRangeRow[]): KnownBlock[] {
  if (days.length < 2 || days.length > CHART_POINTS_MAX) {
    return [];
  }
  const points = days.map(({ period, charge }) => ({
    label: periodLabel(period),
    value: creditsToNumber(charge),
  }));
  return [barChart({ title: 'Credits used by day', series: 'Credits', points })];
}

/** What somebody should look at, the worst first. */
function attentionOf({ teams, lowCreditPercent, nowMs }: DigestReading): Mrkdwn[] {
  const held = teams.filter(({ team }) => isHeldBack(team, nowMs) && team.status !== 'archived');
  const calling = teams.filter(({ team }) => !isHeldBack(team, nowMs));
  return [
    ...calling
      .flatMap((each) => creditLine(each, lowCreditPercent, nowMs))
      .toSorted((a, b) => a.worst - b.worst)
      .map(({ line }) => line),
    ...calling.flatMap(refusedLine),
    ...held.map(
      ({ team }) => mrkdwn`${statusSign(team.status)} ${code(team.id)} is ${team.status}`,
    ),
  ];
}

/** What is wrong with a team's credits; `worst` is less for what is worse. */
function creditLine(
  { team, money, forecast }: DigestTeam,
  lowCreditPercent: number,
  nowMs: number,
): { readonly worst: number; readonly line: Mrkdwn }[] {
  if (money.spendable + allowedBelowZero(team, nowMs) <= 0n) {
    const line = mrkdwn`⛔ ${code(team.id)} has *no credits*: its calls are refused`;
    return [{ worst: 0, line }];
  }
  const endsAt = forecast.exhaustedAt;
  if (endsAt !== null && endsAt.getTime() - nowMs < SOON_MS) {
    const line = mrkdwn`⚠️ ${code(team.id)} runs out ${moment(endsAt)} at this pace: ${roundedCredits(money.spendable)} left`;
    return [{ worst: endsAt.getTime(), line }];
  }
  const percent = percentOf(money.spendable, money.allotment);
  return percent !== undefined && percent <= lowCreditPercent
    ? [{ worst: Infinity, line: lowLine(team, money, percent) }]
    : [];
}

function lowLine({ id }: Team, { spendable }: Money, percent: number): Mrkdwn {
  return mrkdwn`⚠️ ${code(id)} is low: ${roundedCredits(spendable)} left (${percent} %)`;
}

function refusedLine({ team, refusals }: DigestTeam): Mrkdwn[] {
  const [most] = refusals;
  const sum = refusals.reduce((calls, each) => calls + each.calls, 0);
  return most === undefined
    ? []
    : [mrkdwn`🚫 ${code(team.id)}: ${count(sum)} refused, mostly for ${reasonWords(most.code)}`];
}

/** `3 × credits posted`, the most frequent first. */
function changeLines(changes: readonly AuditEntry[]): Mrkdwn[] {
  const sums = new Map<string, number>();
  for (const { action } of changes) {
    sums.set(action, (sums.get(action) ?? 0) + 1);
  }
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .map(([action, times]) => mrkdwn`${count(times)} × ${deedWords(action)}`);
}

function listOf(title: string, lines: readonly Mrkdwn[], nothing: Mrkdwn): Mrkdwn {
  const { shown, more } = firstOf(lines, LINES_SHOWN);
  const list = lines.length === 0 ? nothing : joined(shown, '\n');
  return mrkdwn`*${title}*\n${list}${more === undefined ? mrkdwn`` : mrkdwn`\n_${more}_`}`;
}
