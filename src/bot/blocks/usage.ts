import type { KnownBlock } from '@slack/types';
import { creditsToNumber } from '../../core/money.ts';
import type { UsageDimension, UsageScope } from '../../core/usage/usage-range.ts';
import type { UsageTotals } from '../../core/usage/usage.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { USAGE_RANGES } from '../usage-reading.ts';
import type { UsagePeriod, UsageRange, UsageReading } from '../usage-reading.ts';
import { count, roughDollars } from './ceilings-words.ts';
import { barChart, CHART_POINTS_MAX, tableBlock } from './chart.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { percentOf, roughCredits, roundedCredits } from './words.ts';

/** More rows hide what the table is to show; the CSV has all of them. */
const PARTS_SHOWN = 10;
const DAYS_PER_WEEK = 7;

const PART_NAMES: Readonly<Record<UsageDimension, string>> = {
  model: 'Model',
  team: 'Team',
  key: 'Key',
  user: 'Person',
  tag: 'Tag',
  job_type: 'Kind of job',
};

/** Usage and spend of a team, organization, key or person, with a chart and its largest parts. */
export function usageMessage(reading: UsageReading): Speech {
  const { total, before, periods } = reading;
  const title = `Usage of ${scopeName(reading.scope)}`;
  const summary = mrkdwn`${title}, ${rangeWords(reading.range)}: ${roundedCredits(total.charge)} in ${count(Number(total.calls))} calls`;
  const blocks: KnownBlock[] = [
    header(title),
    context(
      mrkdwn`Usage of ${rangeWords(reading.range)} up to ${dateLabel(reading.until)}, in days of ${reading.timeZone}. Compared with the same time before.`,
    ),
    fields([
      mrkdwn`*Credits*\n${roughCredits(total.charge)}${changeText(total.charge, before.charge)}`,
      mrkdwn`*Cost at the providers*\n${roughDollars(total.costNanoUsd)}${changeText(total.costNanoUsd, before.costNanoUsd)}`,
      mrkdwn`*Calls*\n${count(Number(total.calls))}${failedText(total)}${changeText(total.calls, before.calls)}`,
      mrkdwn`*Tokens in and out*\n${bigCount(total.inputTokens)} and ${bigCount(total.outputTokens)}`,
    ]),
    ...(total.calls === 0n
      ? [section(mrkdwn`Nothing was used in this time.`)]
      : [chartOf(periods), partsTable(reading)]),
    ...morePartsBlocks(reading),
    actions(...nextSteps(reading)),
  ];
  return speech(summary, blocks);
}

/** `acme-prod`: as it stands in a title. */
export function scopeName(scope: UsageScope): string {
  switch (scope.kind) {
    case 'organization':
      return scope.organizationId;
    case 'team':
      return scope.teamId;
    case 'key':
      return `key ${scope.keyId}`;
    case 'user':
      return scope.userId;
  }
}

export function rangeWords(range: UsageRange): string {
  return range === '365d' ? 'the last 12 months' : `the last ${USAGE_RANGES[range]} days`;
}

/** ` ▲ 20 %` against the time before; nothing where there is nothing to compare with. */
export function changeText(now: bigint, before: bigint): Mrkdwn {
  if (before <= 0n || now === before) {
    return mrkdwn``;
  }
  const percent = percentOf(now > before ? now - before : before - now, before) ?? 0;
  return mrkdwn`  ${now > before ? '▲' : '▼'} ${count(percent)} %`;
}

function failedText({ failedCalls }: UsageTotals): string {
  return failedCalls === 0n ? '' : `, ${count(Number(failedCalls))} failed`;
}

/** `1.2 M`: nobody reads the digits of a billion tokens. */
function bigCount(tokens: bigint): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(
    tokens,
  );
}

function chartOf(periods: readonly UsagePeriod[]): KnownBlock {
  const bars = periods.length > CHART_POINTS_MAX ? byWeek(periods) : periods.map(pointOf);
  const step = periods.length > CHART_POINTS_MAX ? 'week' : stepOf(periods);
  return barChart({ title: `Credits used by ${step}`, series: 'Credits', points: bars });
}

function stepOf(periods: readonly UsagePeriod[]): string {
  return (periods[0]?.period.length ?? 0) > 'yyyy-mm'.length ? 'day' : 'month';
}

function pointOf({ period, charge }: UsagePeriod) {
  return { label: periodLabel(period), value: creditsToNumber(charge) };
}

/** Sums of seven days, each named by its first; the last one ends today. */
function byWeek(periods: readonly UsagePeriod[]) {
  const weeks: { label: string; value: number }[] = [];
  for (let end = periods.length; end > 0; end -= DAYS_PER_WEEK) {
    const days = periods.slice(Math.max(0, end - DAYS_PER_WEEK), end);
    const charge = days.reduce((sum, day) => sum + day.charge, 0n);
    weeks.unshift({
      label: `from ${periodLabel(days[0]?.period ?? '')}`,
      value: creditsToNumber(charge),
    });
  }
  return weeks;
}

/** `1 Nov` of a day, `Nov 2026` of a month. */
export function periodLabel(period: string): string {
  const isMonth = period.length === 'yyyy-mm'.length;
  const at = new Date(`${isMonth ? `${period}-01` : period}T00:00:00Z`);
  const shape: Intl.DateTimeFormatOptions = isMonth
    ? { month: 'short', year: 'numeric' }
    : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone: 'UTC' }).format(at);
}

/** `1 Nov 2026`. */
export function dateLabel(day: string): string {
  const shape: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
  const at = new Date(`${day}T00:00:00Z`);
  return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone: 'UTC' }).format(at);
}

function partsTable({ by, parts }: UsageReading): KnownBlock {
  const rows = parts
    .slice(0, PARTS_SHOWN)
    .map((part) => [
      part.name === '' ? '—' : part.name,
      roughCredits(part.charge),
      roughDollars(part.costNanoUsd),
      count(Number(part.calls)),
      count(Number(part.failedCalls)),
    ]);
  return tableBlock([PART_NAMES[by], 'Credits', 'Cost', 'Calls', 'Failed'], rows);
}

function morePartsBlocks({ parts }: UsageReading): KnownBlock[] {
  const { more } = firstOf(parts, PARTS_SHOWN);
  return more === undefined ? [] : [context(mrkdwn`${more}; the CSV has all of them.`)];
}

/** Other ranges, and the same as a file. */
function nextSteps(reading: UsageReading) {
  const { range, scope } = reading;
  const command = usageCommand(scope);
  const other = (['7d', '30d', '365d'] as const).filter((each) => each !== range);
  return [
    ...other.map((each) => runButton(rangeButton(each), `${command} range=${each}`)),
    runButton('As a picture', `${command} range=${range} as=picture`),
    runButton('As CSV', `${command} range=${range} as=csv`),
  ];
}

function rangeButton(range: UsageRange): string {
  return range === '365d' ? '12 months' : `${USAGE_RANGES[range]} days`;
}

/** The command that shows this usage. */
export function usageCommand(scope: UsageScope): string {
  switch (scope.kind) {
    case 'organization':
      return `/org usage ${scope.organizationId}`;
    case 'team':
      return `/team usage ${scope.teamId}`;
    case 'key':
      return `/usage key=${scope.keyId}`;
    case 'user':
      return `/usage org=${scope.organizationId} user=${scope.userId}`;
  }
}

/** Says that a file was sent to the person alone. */
export function usageSentSpeech(reading: UsageReading, file: string): Speech {
  const said = mrkdwn`✅ ${code(file)} is in our own conversation, where only you see it.`;
  return speech(said, [
    section(said),
    actions(runButton('Show usage', `${usageCommand(reading.scope)} range=${reading.range}`)),
  ]);
}
