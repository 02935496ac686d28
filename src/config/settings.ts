/** The blocks of the file that are plain numbers and names, with what holds where nothing is said. */
import { scaleRoundingUp } from '../core/money.ts';
import type { JobPolicy } from '../core/jobs/job.ts';
import type { PriceRefresh } from '../core/pricing/refresh-prices.ts';
import type { BudgetMode } from '../core/pricing/charge.ts';
import { HOUR_MS } from '../core/time.ts';
import type { WebhookPolicy } from '../core/webhooks/webhook.ts';
import type { ConfigProblem } from './problems.ts';
import { suggestion } from './problems.ts';
import { isUnresolved } from './references.ts';
import type { ConfigFile } from './schema.ts';
import type { YamlSource } from './yaml-source.ts';

/** A named set of aliases that teams may be given. */
export interface AccessGroupConfig {
  readonly name: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
}

/** Who may do what in Slack: IDs of users (U…, W…) and of user groups (S…). */
export interface SlackRoles extends RoleLists {
  /** Roles that count for one organization alone, by its id. */
  readonly organizations?: Readonly<Record<string, RoleLists>>;
}

interface RoleLists {
  readonly owners?: readonly string[];
  readonly managers: readonly string[];
  readonly approvers: readonly string[];
  readonly viewers: readonly string[];
}

export interface AlertSettings {
  /** A team is warned when less than this much of its latest allotment is left. */
  readonly lowCreditPercent: number;
  /** At which percents of a budget its spend is told, where a team chose no others; at 100 it always is. */
  readonly budgetPercents: readonly number[];
  /** How many days before its end a key is told of. */
  readonly keyExpiryDays: readonly number[];
  /** Where operators are told of faults; nobody is told where it is not given. */
  readonly operatorsChannel: string | undefined;
}

export interface UsageSettings {
  /** How many days single calls are kept, where an organization says nothing else. */
  readonly retentionDays: number;
}

export interface LimitSettings {
  readonly bodyMaxBytes: number;
  readonly headerMaxBytes: number;
  readonly upstreamTimeoutMs: number;
  readonly minOutputTokens: number;
  readonly defaultMaxOutputTokens: number;
  readonly reservationDeadlineMs: number;
  readonly markEveryMs: number;
}

/** What a new team gets where its maker says nothing. */
export interface TeamDefaults {
  readonly budgetMode: BudgetMode;
  readonly microcreditsPerUsd: bigint;
  readonly tokensPerCredit: bigint;
  readonly markupBasisPoints: number;
}

const DEFAULT_LIMITS: LimitSettings = {
  // Several large pictures in base64 fit; what a call may hold in memory stays bounded.
  bodyMaxBytes: 16 * 1024 * 1024,
  // Twice Node's own default: some gateways add long identity headers.
  headerMaxBytes: 32 * 1024,
  // Reasoning models think for minutes before the first byte; official SDKs wait ten minutes.
  upstreamTimeoutMs: 600_000,
  // Shorter answers are of no use; providers refuse caps below 16 on the Responses API.
  minOutputTokens: 16,
  // What today's models can write, so that no answer of usual length is cut.
  defaultMaxOutputTokens: 16_384,
  // Seven marks may fail before an open call's reservation lapses.
  reservationDeadlineMs: 15_000,
  markEveryMs: 2_000,
};

/** A mark must have come through twice before the deadline, so that one lost mark ends no call. */
const MARKS_PER_DEADLINE = 2;

const LOW_CREDIT_PERCENT = 20;
/** When there is still time to talk about it. */
const BUDGET_PERCENTS: readonly number[] = [80];
/** A client needs about a week to roll a key out; a day before the end it is urgent. */
const KEY_EXPIRY_DAYS: readonly number[] = [7, 1];
/** A year's calls can be looked at beside those of the same month of the year before. */
const RETENTION_DAYS = 400;
/** Work that takes longer was forgotten. */
const JOB_LIFE_HOURS = 24;
const CREDITS_PER_USD = 10;
const TOKENS_PER_CREDIT = 10_000;
const MICROCREDITS_PER_CREDIT_POWER = 6;
const BASIS_POINTS_PER_PERCENT_POWER = 2;

export function limitsOf(file: ConfigFile): LimitSettings {
  const given = file.limits ?? {};
  return {
    bodyMaxBytes: given.body_max_bytes ?? DEFAULT_LIMITS.bodyMaxBytes,
    headerMaxBytes: given.header_max_bytes ?? DEFAULT_LIMITS.headerMaxBytes,
    upstreamTimeoutMs: given.upstream_timeout_ms ?? DEFAULT_LIMITS.upstreamTimeoutMs,
    minOutputTokens: given.min_output_tokens ?? DEFAULT_LIMITS.minOutputTokens,
    defaultMaxOutputTokens:
      given.default_max_output_tokens ?? DEFAULT_LIMITS.defaultMaxOutputTokens,
    reservationDeadlineMs: given.reservation_deadline_ms ?? DEFAULT_LIMITS.reservationDeadlineMs,
    markEveryMs: given.mark_every_ms ?? DEFAULT_LIMITS.markEveryMs,
  };
}

export function limitProblems(limits: LimitSettings, source: YamlSource): ConfigProblem[] {
  const { markEveryMs, reservationDeadlineMs } = limits;
  if (markEveryMs * MARKS_PER_DEADLINE <= reservationDeadlineMs) {
    return [];
  }
  const message =
    `marks every ${markEveryMs} ms are too rare for a deadline of ${reservationDeadlineMs} ms, ` +
    `allowed are at most ${Math.floor(reservationDeadlineMs / MARKS_PER_DEADLINE)} ms`;
  return [source.problemAt(['limits', 'mark_every_ms'], message)];
}

export function rolesOf(file: ConfigFile): SlackRoles {
  const { organizations = {}, ...all } = file.slack?.roles ?? {};
  return {
    ...listsOf(all),
    organizations: Object.fromEntries(
      Object.entries(organizations).map(([id, roles]) => [id, listsOf(roles)]),
    ),
  };
}

type GivenLists = Omit<NonNullable<ConfigFile['slack']>['roles'], 'organizations'>;

function listsOf({ owners, managers, approvers, viewers }: GivenLists): Required<RoleLists> {
  return {
    owners: owners ?? [],
    managers: managers ?? [],
    approvers: approvers ?? [],
    viewers: viewers ?? [],
  };
}

export function alertsOf(file: ConfigFile): AlertSettings {
  return {
    lowCreditPercent: file.alerts?.low_credit_percent ?? LOW_CREDIT_PERCENT,
    budgetPercents: file.alerts?.budget_percents ?? BUDGET_PERCENTS,
    keyExpiryDays: file.alerts?.key_expiry_days ?? KEY_EXPIRY_DAYS,
    operatorsChannel: file.alerts?.operators_channel,
  };
}

export function usageOf(file: ConfigFile): UsageSettings {
  return { retentionDays: file.usage?.retention_days ?? RETENTION_DAYS };
}

export function jobsOf(file: ConfigFile): JobPolicy {
  return {
    chargeFailed: file.jobs?.charge_failed ?? false,
    lifeMs: Math.round((file.jobs?.life_hours ?? JOB_LIFE_HOURS) * HOUR_MS),
  };
}

/** What becomes of prices that the package changes; those given by hand never change. */
export function priceRefreshOf(file: ConfigFile): PriceRefresh {
  return file.prices?.refresh ?? 'apply';
}

export function webhooksOf(file: ConfigFile): WebhookPolicy {
  return {
    allowedAddresses: file.webhooks?.allowed_addresses ?? [],
    allowHttp: file.webhooks?.allow_http ?? false,
  };
}

export function teamDefaultsOf(file: ConfigFile): TeamDefaults {
  const given = file.defaults ?? {};
  return {
    budgetMode: given.budget_mode ?? 'job_based',
    microcreditsPerUsd: scaleRoundingUp(
      given.credits_per_usd ?? CREDITS_PER_USD,
      MICROCREDITS_PER_CREDIT_POWER,
    ),
    tokensPerCredit: BigInt(given.tokens_per_credit ?? TOKENS_PER_CREDIT),
    markupBasisPoints: Number(
      scaleRoundingUp(given.markup_percent ?? 0, BASIS_POINTS_PER_PERCENT_POWER),
    ),
  };
}

/** Our `access_groups`, and those that LiteLLM's entries name in `model_info`. */
export function accessGroupsOf(file: ConfigFile): AccessGroupConfig[] {
  const groups = new Map<string, { displayName: string; aliases: Set<string> }>();
  for (const [name, group] of Object.entries(file.access_groups ?? {})) {
    groups.set(name, { displayName: group.display_name ?? name, aliases: new Set(group.models) });
  }
  for (const entry of file.model_list ?? []) {
    for (const name of entry.model_info?.access_groups ?? []) {
      const group = groups.get(name) ?? { displayName: name, aliases: new Set() };
      groups.set(name, group);
      group.aliases.add(entry.model_name);
    }
  }
  return [...groups].map(([name, { displayName, aliases }]) => ({
    name,
    displayName,
    aliases: [...aliases],
  }));
}

export function accessGroupProblems(
  file: ConfigFile,
  known: readonly string[],
  source: YamlSource,
): ConfigProblem[] {
  return Object.entries(file.access_groups ?? {}).flatMap(([name, group]) =>
    group.models.flatMap((alias, index) =>
      known.includes(alias) || isUnresolved(alias)
        ? []
        : [
            source.problemAt(
              ['access_groups', name, 'models', index],
              `there is no model ${alias}${suggestion(alias, known)}`,
            ),
          ],
    ),
  );
}
