// What was used, day by day, in the system that somebody came from.

import { z } from 'zod';
import { subjectFrom } from '../../core/ceilings/subject.ts';
import { findBroughtKey } from '../../core/keys/brought-key.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { DAY_MS } from '../../core/time.ts';
import { bringUsage, findBroughtUsage } from '../../core/usage/brought-usage.ts';
import type {
  BroughtDays,
  BroughtUsageFor,
  BroughtUsageSum,
  ToldUsageRow,
} from '../../core/usage/brought-usage.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import type { Told } from '../told.ts';
import { BROUGHT_USAGE } from './answers/operations.ts';

const NAME_MAX_LENGTH = 600;
const NAME = z.string().max(NAME_MAX_LENGTH);
const COUNT = z.int().min(0);
/** `team:id`, `key:sha256` of one outside of teams, or `end_user:organization/name`; dates, both among it. */
const DAYS = { subject: NAME, from: z.iso.date(), to: z.iso.date() };
/** More than a day of the largest customers has; an import tells of fewer days at once instead. */
const ROWS_MAX = 10_000;

const ROW = z.strictObject({
  date: z.iso.date(),
  /** The SHA-256 of the key's secret; null where it did not come along. */
  key: NAME.nullish(),
  model: NAME,
  job_type: NAME.nullish(),
  calls: COUNT,
  failed_calls: COUNT.nullish(),
  /** Each call its own one where they are not told. */
  jobs: COUNT.nullish(),
  failed_jobs: COUNT.nullish(),
  input_tokens: COUNT,
  output_tokens: COUNT,
  spent_usd: z.union([z.number(), z.string()]),
});

export const findBroughtUsageEndpoint = endpoint({
  isOwn: true,
  summary: 'What was brought of what somebody used by day in another system, added up',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject(DAYS),
  refusals: ['team_unknown'],
  answer: BROUGHT_USAGE,
  async handle({ stores, query }) {
    const whom = await whomIn(stores, query.subject);
    if (isRefusal(whom)) {
      return whom;
    }
    const sum = await findBroughtUsage(stores, whom, daysIn(query));
    return isRefusal(sum) ? sum : view(query, sum);
  },
});

export const bringUsageEndpoint = endpoint({
  isOwn: true,
  summary:
    'Say what somebody used by day in the system that they were brought from, in place of what was said of these days before: reports by day show it with what is used here, and nothing is charged for it',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({ ...DAYS, rows: z.array(ROW).max(ROWS_MAX) }),
  query: NO_QUERY,
  refusals: ['team_unknown'],
  answer: BROUGHT_USAGE,
  async handle({ stores, actor, body }) {
    const whom = await whomIn(stores, body.subject);
    if (isRefusal(whom)) {
      return whom;
    }
    const rows = rowsFrom(body.rows);
    if (isRefusal(rows)) {
      return rows;
    }
    const sum = await bringUsage(stores, actor, whom, daysIn(body), rows);
    return isRefusal(sum) ? sum : view(body, sum);
  },
});

interface Asked {
  readonly subject: string;
  readonly from: string;
  readonly to: string;
}

function daysIn({ from, to }: Asked): BroughtDays {
  return { from: startOf(from), to: new Date(startOf(to).getTime() + DAY_MS) };
}

/** A day starts, for the roll-ups, at midnight UTC of its date. */
function startOf(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function view({ subject, from, to }: Asked, sum: BroughtUsageSum): Told<typeof BROUGHT_USAGE> {
  return {
    subject,
    from,
    to,
    rows: sum.rows,
    calls: Number(sum.calls),
    failed_calls: Number(sum.failedCalls),
    jobs: Number(sum.jobs),
    input_tokens: Number(sum.inputTokens),
    output_tokens: Number(sum.outputTokens),
    spent_usd: usdToNumber(sum.costNanoUsd),
  };
}

function rowsFrom(given: readonly z.output<typeof ROW>[]): ToldUsageRow[] | Refusal {
  const rows: ToldUsageRow[] = [];
  for (const row of given) {
    const costNanoUsd = parseUsdAmount(row.spent_usd);
    if (typeof costNanoUsd !== 'bigint') {
      return refuse('value_invalid', { field: 'spent_usd', complaint: costNanoUsd.reason });
    }
    const failed = row.failed_calls ?? 0;
    rows.push({
      starts: startOf(row.date),
      keyDigest: row.key ?? null,
      model: row.model,
      jobType: row.job_type ?? '',
      calls: BigInt(row.calls),
      failedCalls: BigInt(failed),
      jobs: BigInt(row.jobs ?? row.calls),
      failedJobs: BigInt(row.failed_jobs ?? failed),
      inputTokens: BigInt(row.input_tokens),
      outputTokens: BigInt(row.output_tokens),
      costNanoUsd,
    });
  }
  return rows;
}

const KEY = /^key:([0-9a-f]{64})$/;

async function whomIn(stores: Stores, text: string): Promise<BroughtUsageFor | Refusal> {
  const whom = subjectFrom(text);
  if (whom?.kind === 'team' || whom?.kind === 'end_user') {
    return whom;
  }
  const [, digest = ''] = KEY.exec(text) ?? [];
  const key = await findBroughtKey(stores, digest);
  if (key !== undefined) {
    return { kind: 'key', keyId: key.id, teamId: key.teamId };
  }
  const complaint =
    digest === ''
      ? 'it must be team:id, key:sha256 or end_user:organization/id'
      : 'no key of that SHA-256 was brought along';
  return refuse('value_invalid', { field: 'subject', complaint });
}
