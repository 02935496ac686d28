import type { CoreSettings } from '../stores.ts';
import { complaintAboutTimeZone } from '../time-zone.ts';
import { ALERT_KINDS } from './episode.ts';
import type { AlertKind, Severity } from './episode.ts';

/** What alerts of a team or an organization are like: when, to whom, where and at which hours. */
export interface AlertPolicy {
  /** Percent of the latest funding at which low credit is told, falling; 0 is always told. */
  readonly creditPercents: readonly number[];
  /** Percent of a budget at which its spend is told, rising; 100 is always told. */
  readonly budgetPercents: readonly number[];
  /** A person in Slack, who is mentioned; nobody else ever is. */
  readonly owner: string | null;
  /** A place for each severity; where it is absent, the channel of the team or the organization. */
  readonly routes: Readonly<Partial<Record<Severity, string>>>;
  readonly quiet: QuietHours | null;
  /** What is not to be told. */
  readonly off: readonly AlertKind[];
  /** Whether that channel hears what became of each period of its budgets; not where absent. */
  readonly budgetPeriods?: boolean;
}

/** When only what is critical is said. */
export interface QuietHours {
  /** Minutes since midnight, in the zone. From may lie after to: over midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly timeZone: string;
}

/** More warnings than these on one way would be noise. */
export const PERCENTS_MAX = 5;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

/** What holds where nobody chose. */
export function defaultPolicy({
  lowCreditPercent,
  budgetPercents,
}: Pick<CoreSettings, 'lowCreditPercent' | 'budgetPercents'>): AlertPolicy {
  return {
    creditPercents: [lowCreditPercent],
    budgetPercents,
    owner: null,
    routes: {},
    quiet: null,
    off: [],
    budgetPeriods: false,
  };
}

/** `22:00-07:00` */
export function quietText({
  fromMinute,
  toMinute,
}: Pick<QuietHours, 'fromMinute' | 'toMinute'>): string {
  return `${clockText(fromMinute)}-${clockText(toMinute)}`;
}

function clockText(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / MINUTES_PER_HOUR))}:${two(minute % MINUTES_PER_HOUR)}`;
}

/** As the audit trail keeps it, and a channel is told of it. */
export function spokenPolicy(policy: AlertPolicy): Record<string, string | null> {
  const { creditPercents, budgetPercents, owner, routes, quiet, off } = policy;
  return {
    thresholds: `${creditPercents.join(', ')} %`,
    budgets: `${[...budgetPercents, 100].join(', ')} %`,
    owner,
    warnings: routes.warning ?? null,
    critical: routes.critical ?? null,
    quietHours: quiet === null ? null : `${quietText(quiet)} ${quiet.timeZone}`,
    off: off.length === 0 ? null : off.join(', '),
    endedBudgets: policy.budgetPeriods === true ? 'told' : null,
  };
}

/** What is wrong with a policy, by its field; undefined if nothing is. */
export function complaintAboutPolicy(
  policy: AlertPolicy,
): { readonly field: string; readonly complaint: string } | undefined {
  const { creditPercents, budgetPercents, quiet, off } = policy;
  const aboutPercents =
    complaintAboutPercents('thresholds', creditPercents, 1) ??
    complaintAboutPercents('budgets', budgetPercents, 0);
  if (aboutPercents !== undefined) {
    return aboutPercents;
  }
  const unknown = off.find((kind) => !ALERT_KINDS.includes(kind));
  if (unknown !== undefined) {
    return {
      field: 'off',
      complaint: `there is no ${unknown}, there are ${ALERT_KINDS.join(', ')}`,
    };
  }
  return quiet === null ? undefined : complaintAboutQuiet(quiet);
}

function complaintAboutPercents(field: string, percents: readonly number[], least: number) {
  if (percents.length < least || percents.length > PERCENTS_MAX) {
    const complaint = `there are ${percents.length} thresholds, ${least} to ${PERCENTS_MAX} are allowed`;
    return { field, complaint };
  }
  const odd = percents.find((each) => !Number.isInteger(each) || each < 1 || each > 99);
  return odd === undefined
    ? undefined
    : { field, complaint: `${odd} is none, whole percents from 1 to 99 are` };
}

function complaintAboutQuiet({ fromMinute, toMinute, timeZone }: QuietHours) {
  const aboutZone = complaintAboutTimeZone(timeZone);
  if (aboutZone !== undefined) {
    return { field: 'zone', complaint: aboutZone };
  }
  const isTime = (minute: number): boolean =>
    Number.isInteger(minute) && minute >= 0 && minute < MINUTES_PER_DAY;
  return isTime(fromMinute) && isTime(toMinute) && fromMinute !== toMinute
    ? undefined
    : { field: 'quiet', complaint: 'write two times of the day, like 22:00-07:00' };
}
