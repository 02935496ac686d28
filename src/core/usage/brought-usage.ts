// What another system counted by day, as it told it last. Reports by day show it with what was used here. It is no usage
// event: nothing is charged for it, and no budget and no sum of spend knows of it (brought-spend.ts tells those).

import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { findEndUser } from '../end-users/end-users.ts';
import { findBroughtKey } from '../keys/brought-key.ts';
import { usdToText } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { UsageTotals } from './usage.ts';

/** Whose days: of a team all its keys, of a key outside of teams that one. */
export type BroughtUsageFor =
  | { readonly kind: 'team'; readonly teamId: string }
  | { readonly kind: 'key'; readonly teamId: string; readonly keyId: string }
  | { readonly kind: 'end_user'; readonly organizationId: string; readonly endUserId: string };

/** Dates, from inclusive to exclusive, each at midnight UTC. */
export interface BroughtDays {
  readonly from: Date;
  readonly to: Date;
}

/** Nothing is charged for it. */
export type BroughtTotals = Omit<UsageTotals, 'charge'>;

/** What was used on one day with one key and model, in calls or in jobs of one type. */
export interface BroughtUsageRow extends BroughtTotals {
  readonly starts: Date;
  /** Empty where it did not come along. */
  readonly keyId: string;
  readonly userId: string | null;
  readonly model: string;
  readonly jobType: string;
}

/** A row as another system tells it: keys by the SHA-256 of their secret. */
export interface ToldUsageRow extends Omit<BroughtUsageRow, 'keyId' | 'userId'> {
  readonly keyDigest: string | null;
}

export interface BroughtUsageSum extends BroughtTotals {
  readonly rows: number;
}

export interface BroughtUsageRecords {
  /** In place of what was told of these days before. */
  replace(
    whom: BroughtUsageFor,
    days: BroughtDays,
    rows: readonly BroughtUsageRow[],
  ): Promise<void>;
  sum(whom: BroughtUsageFor, days: BroughtDays): Promise<BroughtUsageSum>;
}

/** What was brought of these days. */
export async function findBroughtUsage(
  { records }: Stores,
  whom: BroughtUsageFor,
  days: BroughtDays,
): Promise<BroughtUsageSum | Refusal> {
  const found = await findWhom(records, whom);
  return isRefusal(found) ? found : records.broughtUsage.sum(whom, days);
}

/**
 * Writes what another system counted on these days, in place of what it told of them before: so the same told again
 * changes nothing. Rows of the same day, key, model and job type are added up.
 */
export async function bringUsage(
  stores: Stores,
  actor: Actor,
  whom: BroughtUsageFor,
  days: BroughtDays,
  told: readonly ToldUsageRow[],
): Promise<BroughtUsageSum | Refusal> {
  const stray = told.find(({ starts }) => starts < days.from || starts >= days.to);
  if (stray !== undefined) {
    const complaint = `${stray.starts.toISOString().slice(0, 'YYYY-MM-DD'.length)} is not among the days that are told`;
    return refuse('value_invalid', { field: 'date', complaint });
  }
  const rows = addedUp(await withKeys(stores, whom, told));
  return stores.records.change<BroughtUsageSum>(async (records) => {
    const found = await findWhom(records, whom);
    if (isRefusal(found)) {
      return found;
    }
    // Others that tell of the same days wait here.
    await records.organizations.locked(found.organizationId);
    const before = await records.broughtUsage.sum(whom, days);
    await records.broughtUsage.replace(whom, days, rows);
    const after = await records.broughtUsage.sum(whom, days);
    const spoken = { before: spokenSum(before), after: spokenSum(after) };
    if (JSON.stringify(spoken.before) !== JSON.stringify(spoken.after)) {
      const from = days.from.toISOString().slice(0, 'YYYY-MM-DD'.length);
      const target = subjectText(whom.kind === 'key' ? { kind: 'key', keyId: whom.keyId } : whom);
      const action = `${whom.kind}.usage_brought`;
      await records.audit.write({ actor, action, target, reason: `from ${from}`, ...spoken });
    }
    return after;
  });
}

function spokenSum({ rows, calls, costNanoUsd }: BroughtUsageSum) {
  return { rows, calls: Number(calls), spentUsd: usdToText(costNanoUsd) };
}

async function findWhom(
  records: Records,
  whom: BroughtUsageFor,
): Promise<{ readonly organizationId: string } | Refusal> {
  return whom.kind === 'end_user'
    ? findEndUser(records, whom.organizationId, whom.endUserId)
    : ((await records.teams.find(whom.teamId)) ?? refuse('team_unknown', { team: whom.teamId }));
}

async function withKeys(
  stores: Stores,
  whom: BroughtUsageFor,
  told: readonly ToldUsageRow[],
): Promise<BroughtUsageRow[]> {
  const digests = new Set(told.flatMap(({ keyDigest }) => keyDigest ?? []));
  const keys = new Map<string, { readonly id: string; readonly userId: string | null }>();
  for (const digest of whom.kind === 'end_user' ? [] : digests) {
    const key = await findBroughtKey(stores, digest);
    if (key !== undefined) {
      keys.set(digest, key);
    }
  }
  return told.map(({ keyDigest, ...row }) => {
    const key = keys.get(keyDigest ?? '');
    // End users are told apart by no more than days and models.
    const jobType = whom.kind === 'end_user' ? '' : row.jobType;
    return { ...row, jobType, keyId: key?.id ?? '', userId: key?.userId ?? null };
  });
}

function addedUp(rows: readonly BroughtUsageRow[]): BroughtUsageRow[] {
  const sums = new Map<string, BroughtUsageRow>();
  for (const row of rows) {
    const name = JSON.stringify([row.starts, row.keyId, row.model, row.jobType]);
    const so = sums.get(name);
    sums.set(name, so === undefined ? row : { ...row, ...plus(so, row) });
  }
  return [...sums.values()];
}

function plus(one: BroughtTotals, other: BroughtTotals): BroughtTotals {
  return {
    calls: one.calls + other.calls,
    failedCalls: one.failedCalls + other.failedCalls,
    jobs: one.jobs + other.jobs,
    failedJobs: one.failedJobs + other.failedJobs,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    costNanoUsd: one.costNanoUsd + other.costNanoUsd,
  };
}
