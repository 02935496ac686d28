// How people write what a team's alerts are like, and how it is written back into a form.

import type { AlertKind } from '../core/alerts/episode.ts';
import { quietText } from '../core/alerts/policy.ts';
import type { AlertPolicy, QuietHours } from '../core/alerts/policy.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

export const ALERT_FIELDS = [
  'thresholds',
  'budgets',
  'owner',
  'warnings',
  'critical',
  'quiet',
  'zone',
  'off',
  'periods',
] as const;
export type AlertField = (typeof ALERT_FIELDS)[number];
export type AlertWords = Partial<Readonly<Record<AlertField, string>>>;

const NONE = /^(none|off|never|nobody)$/i;
const CHANNEL = /^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>$|^([CG][A-Z0-9]{2,})$/;
const PERSON = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$|^([UW][A-Z0-9]{2,})$/;
const MINUTES_PER_HOUR = 60;

/** What the words change of a policy; `zone` is that of the organization. */
export function policyChange(
  words: AlertWords,
  present: AlertPolicy,
  zone: string,
): Partial<AlertPolicy> | Refusal {
  const creditPercents = words.thresholds === undefined ? undefined : percents(words.thresholds);
  const budgetPercents = words.budgets === undefined ? undefined : budgetParts(words.budgets);
  const owner = words.owner === undefined ? undefined : personIn(words.owner);
  const quiet = quietFrom(words, present, zone);
  const refusal = [
    creditPercents?.some(Number.isNaN) === true
      ? bad('thresholds', 'write whole percents with commas, like 50,20,5')
      : undefined,
    budgetPercents?.some(Number.isNaN) === true
      ? bad('budgets', 'write whole percents with commas, like 50,80')
      : undefined,
    words.owner !== undefined && owner === undefined
      ? bad('owner', 'choose a person with @, or write none')
      : undefined,
    ...(['warnings', 'critical'] as const).map((field) =>
      words[field] !== undefined && placeIn(words[field]) === undefined
        ? bad(field, 'type # and choose a channel from the list, or write team')
        : undefined,
    ),
    words.periods !== undefined && isOn(words.periods) === undefined
      ? bad('periods', 'write on or off')
      : undefined,
    quiet === 'unreadable' ? bad('quiet', 'write two times, like 22:00-07:00') : undefined,
  ].find((each) => each !== undefined);
  if (refusal !== undefined) {
    return refusal;
  }
  const routes = { ...present.routes, ...routesIn(words) };
  return {
    ...(creditPercents === undefined ? {} : { creditPercents }),
    ...(budgetPercents === undefined ? {} : { budgetPercents }),
    ...(owner === undefined ? {} : { owner: owner === 'none' ? null : owner }),
    ...(quiet === undefined || quiet === 'unreadable'
      ? {}
      : { quiet: quiet === 'none' ? null : quiet }),
    ...(words.periods === undefined ? {} : { budgetPeriods: isOn(words.periods) === true }),
    ...(words.off === undefined ? {} : { off: kindsIn(words.off) }),
    routes: Object.fromEntries(Object.entries(routes).filter(([, place]) => place !== 'team')),
  };
}

function isOn(text: string): boolean | undefined {
  if (/^(on|yes|true)$/i.test(text)) {
    return true;
  }
  return NONE.test(text) || /^(no|false)$/i.test(text) ? false : undefined;
}

function bad(field: AlertField, complaint: string): Refusal {
  return refuse('value_invalid', { field, complaint });
}

/** From the highest to the lowest, each once; NaN for what is no number. */
function percents(text: string): number[] {
  const given = text.split(/[,\s]+/).filter((each) => each !== '');
  const numbers = given.map((each) => (/^\d{1,3}%?$/.test(each) ? Number.parseInt(each, 10) : NaN));
  return [...new Set(numbers)].sort((a, b) => b - a);
}

/** From the lowest to the highest; all of a budget is told anyway. */
function budgetParts(text: string): number[] {
  return NONE.test(text.trim())
    ? []
    : percents(text)
        .filter((percent) => percent !== 100)
        .toReversed();
}

function personIn(text: string): string | undefined {
  const match = PERSON.exec(text);
  return NONE.test(text) ? 'none' : (match?.[1] ?? match?.[2]);
}

function placeIn(text: string): string | undefined {
  const match = CHANNEL.exec(text);
  return /^team$/i.test(text) || NONE.test(text) ? 'team' : (match?.[1] ?? match?.[2]);
}

function routesIn({ warnings, critical }: AlertWords): Record<string, string> {
  const given = { warning: warnings && placeIn(warnings), critical: critical && placeIn(critical) };
  return Object.fromEntries(
    Object.entries(given).filter((each): each is [string, string] => each[1] !== undefined),
  );
}

function quietFrom(
  { quiet, zone }: AlertWords,
  present: AlertPolicy,
  organizationZone: string,
): QuietHours | 'none' | 'unreadable' | undefined {
  if (quiet === undefined) {
    return zone === undefined || present.quiet === null
      ? undefined
      : { ...present.quiet, timeZone: zone };
  }
  if (NONE.test(quiet)) {
    return 'none';
  }
  const match = /^(\d{1,2}):?(\d{2})?\s*[-–—]\s*(\d{1,2}):?(\d{2})?$/.exec(quiet);
  if (match === null) {
    return 'unreadable';
  }
  const minute = (hours = '0', minutes = '0') => Number(hours) * MINUTES_PER_HOUR + Number(minutes);
  const timeZone = zone ?? present.quiet?.timeZone ?? organizationZone;
  return { fromMinute: minute(match[1], match[2]), toMinute: minute(match[3], match[4]), timeZone };
}

function kindsIn(text: string): AlertKind[] {
  if (NONE.test(text)) {
    return [];
  }
  const given = text
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((each) => each !== '');
  // What is no kind is complained about by core, which knows them all.
  return given.map((each) => each.replaceAll('-', '_')) as AlertKind[];
}

/** A policy as it would be typed. */
export function wordsOf(policy: AlertPolicy): Required<AlertWords> {
  const { creditPercents, budgetPercents, owner, routes, quiet, off } = policy;
  return {
    thresholds: creditPercents.join(', '),
    budgets: [...budgetPercents, 100].join(', '),
    owner: owner ?? '',
    warnings: routes.warning ?? '',
    critical: routes.critical ?? '',
    quiet: quiet === null ? '' : quietText(quiet),
    zone: quiet?.timeZone ?? '',
    off: off.join(','),
    periods: policy.budgetPeriods === true ? 'on' : 'off',
  };
}

/** What each kind is called in Slack. */
export const KIND_NAMES: Readonly<Record<AlertKind, string>> = {
  low_credit: 'Low credit',
  running_out: 'Running out within days',
  budget: 'Budgets and soft amounts',
  unusual_usage: 'Unusual usage',
  error_spike: 'Many failing calls',
  key_expiring: 'Key ends soon',
  grant_expiring: 'Credits expire soon',
  refill_failed: 'Refill not possible',
};
