// Jobs as account managers look through them: lists, one job with its calls, and sums over an organization.

import { z } from 'zod';
import { complaintAboutId } from '../../core/ids.ts';
import type { Job, JobStatus } from '../../core/jobs/job.ts';
import { NO_CALLS } from '../../core/jobs/job-records.ts';
import type { JobCall, JobCallTotals, JobFilter } from '../../core/jobs/job-records.ts';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING, NO_QUERY } from '../shape.ts';
import { teamInPath } from '../target.ts';
import { teamOf } from './fields.ts';
import { daysFrom } from './period.ts';
import { JOBS, JOB_PAGE, JOB_WITH_CALLS } from './answers/usage.ts';
import type { CALL, JOB, JOB_SUMMARY } from './answers/usage.ts';
import type { Told } from '../told.ts';

const PAGE_SIZE_MAX = 100;
const PAGE_SIZE_DEFAULT = 20;
/** Further than anybody turns pages; `after` goes as far as there is something. */
const PAGE_MAX = 10_000;

const FILTER = {
  status: z.string().optional(),
  job_type: z.string().optional(),
  start_date: z.string().optional(),
  end_date: z.string().optional(),
  job_id_filter: z.string().max(64).optional(),
  /** The last job of the page before: stays right while others are made. */
  after: z.string().optional(),
};

export const jobsOfTeamEndpoint = endpoint({
  summary: 'The jobs of a team, page by page',
  action: 'team.jobs',
  target: teamInPath,
  foreign: 'Cannot access jobs for a different team',
  better: ['Jobs without calls are in the list, as they are in the total.'],
  body: NOTHING,
  query: z.strictObject({
    page: z.coerce.number().int().min(1).max(PAGE_MAX).default(1),
    page_size: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
    ...FILTER,
  }),
  answer: JOB_PAGE,
  async handle({ stores, id, query }) {
    const found = await filterOf(stores, id, query);
    if (!('filter' in found)) {
      return found;
    }
    const { page, page_size: size, after } = query;
    const place = { after, offset: (page - 1) * size };
    const { jobs, total, next } = await pageOf(stores, found.filter, place, size);
    const totals = await stores.records.jobs.totalsOfAll(jobs.map((job) => job.id));
    return {
      jobs: jobs.map((job) => summaryOf(job, totals.get(job.id))),
      total,
      page,
      page_size: size,
      total_pages: Math.ceil(total / size),
      ...next,
    };
  },
});

const TEAM_JOBS_DEFAULT = 100;
const TEAM_JOBS_MAX = 1_000;

/** The older list, which clients ask for with the key of their team. */
export const teamJobsEndpoint = endpoint({
  summary: 'The jobs of a team, newest first',
  action: 'team.jobs',
  target: teamInPath,
  foreign: 'Cannot access jobs for a different team',
  better: ['The status may be written in any case; total counts all jobs, not those of the page.'],
  body: NOTHING,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(TEAM_JOBS_MAX).default(TEAM_JOBS_DEFAULT),
    offset: z.coerce.number().int().min(0).max(PAGE_MAX).default(0),
    ...FILTER,
  }),
  answer: JOBS,
  async handle({ stores, id, query }) {
    const found = await filterOf(stores, id, query);
    if (!('filter' in found)) {
      return found;
    }
    const { jobs, total, next } = await pageOf(stores, found.filter, query, query.limit);
    return { team_id: id, total, jobs: jobs.map(jobView), ...next };
  },
});

/** More calls than any screen shows of one job. */
const CALLS_SHOWN_MAX = 1_000;

export const jobOfTeamEndpoint = endpoint({
  summary: 'One job with its calls',
  action: 'team.jobs',
  target: teamInPath,
  foreign: 'Cannot access jobs for a different team',
  better: ['Prompts and answers of calls are not kept, and so not shown.'],
  body: NOTHING,
  query: NO_QUERY,
  answer: JOB_WITH_CALLS,
  async handle({ stores, id, params }) {
    const jobId = params['job'] ?? '';
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    if (complaintAboutId(jobId) !== undefined) {
      const detail = `Invalid job_id format: ${jobId.slice(0, LONGEST_ECHO)}`;
      const complaint = 'it is no id of a job';
      return { refusal: refuse('value_invalid', { field: 'job_id', complaint }), detail };
    }
    const job = await stores.records.jobs.find(jobId);
    if (job === undefined || job.teamId !== id) {
      const detail = `Job '${jobId}' not found for team '${id}'`;
      return { refusal: refuse('job_unknown'), detail };
    }
    const [totals, calls] = await Promise.all([
      stores.records.jobs.totals(jobId),
      stores.records.jobs.calls(jobId, CALLS_SHOWN_MAX),
    ]);
    return { job: summaryOf(job, totals), calls: calls.map(callView) };
  },
});

const LONGEST_ECHO = 60;
const STATUSES: readonly JobStatus[] = [
  'pending',
  'in_progress',
  'completed',
  'failed',
  'cancelled',
  'expired',
];

interface FilterGiven {
  readonly status?: string | undefined;
  readonly job_type?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly job_id_filter?: string | undefined;
}

async function filterOf(
  stores: Stores,
  teamId: string,
  given: FilterGiven,
): Promise<{ readonly filter: JobFilter } | Refusal | Worded> {
  const team = await teamOf(stores, teamId);
  if (isRefusal(team)) {
    return team;
  }
  const status = STATUSES.find((each) => each === given.status?.toLowerCase());
  if (given.status !== undefined && status === undefined) {
    return wrongStatus(given.status);
  }
  const { start_date: start, end_date: end, job_type: jobType, job_id_filter: contains } = given;
  const range = daysFrom(start, end, stores.clock());
  if (isWorded(range)) {
    return range;
  }
  const filter = {
    teamId,
    ...(status === undefined ? {} : { status }),
    ...(jobType === undefined ? {} : { jobType }),
    ...(contains === undefined ? {} : { contains }),
    ...(start === undefined ? {} : { from: range.from }),
    ...(end === undefined ? {} : { to: range.to }),
  };
  return { filter };
}

function wrongStatus(given: string): Worded {
  const known = STATUSES.join(', ');
  const detail = `Invalid status: ${given.slice(0, LONGEST_ECHO)}. Must be one of: ${known}`;
  const complaint = `it must be one of ${known}`;
  return { refusal: refuse('value_invalid', { field: 'status', complaint }), detail };
}

/** How many there are in all, and one page of them. Behind a job that the team does not have, there are none. */
async function pageOf(
  { records }: Stores,
  filter: JobFilter,
  { after, offset }: { readonly after?: string | undefined; readonly offset: number },
  limit: number,
) {
  const last = after === undefined ? undefined : await records.jobs.find(after);
  const isNowhere = after !== undefined && last?.teamId !== filter.teamId;
  const place = last === undefined ? { offset } : { after: last };
  const [jobs, counts] = await Promise.all([
    isNowhere ? [] : records.jobs.list(filter, { limit, ...place }),
    records.jobs.counts(filter),
  ]);
  const behind = jobs.length === limit ? jobs.at(-1) : undefined;
  return {
    jobs,
    total: counts.reduce((sum, { count }) => sum + count, 0),
    next: behind === undefined ? {} : { next_after: behind.id },
  };
}

const SPOKEN_STATUSES = {
  pending: 'PENDING',
  in_progress: 'IN_PROGRESS',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  expired: 'EXPIRED',
} as const;

function jobView(job: Job): Told<typeof JOB> {
  return {
    job_id: job.id,
    team_id: job.teamId,
    user_id: job.userId,
    job_type: job.jobType,
    status: SPOKEN_STATUSES[job.status],
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    completed_at: job.endedAt?.toISOString() ?? null,
    metadata: job.metadata,
    error_message: job.errorMessage,
    organization_id: job.organizationId,
    credit_applied: job.creditApplied,
  };
}

function summaryOf(job: Job, totals: JobCallTotals = NO_CALLS): Told<typeof JOB_SUMMARY> {
  const { metadata, started_at: _started, ...view } = jobView(job);
  const own = job.creditApplied ? job.charge : 0n;
  return {
    ...view,
    total_calls: totals.calls,
    successful_calls: totals.completedCalls,
    failed_calls: totals.calls - totals.completedCalls,
    retry_count: totals.repeatedCalls,
    total_tokens: Number(totals.usageTokens),
    total_cost_usd: usdToNumber(totals.costNanoUsd),
    avg_latency_ms: totals.averageLatencyMs,
    credits_used: creditsToNumber(own + totals.charge),
    job_metadata: metadata,
  };
}

function callView(call: JobCall): Told<typeof CALL> {
  return {
    call_id: call.id,
    model_used: call.model,
    model_group_used: call.model,
    purpose: call.purpose,
    prompt_tokens: Number(call.inputTokens),
    completion_tokens: Number(call.outputTokens),
    total_tokens: Number(call.inputTokens + call.outputTokens),
    cost_usd: usdToNumber(call.costNanoUsd),
    latency_ms: call.latencyMs,
    created_at: call.startedAt.toISOString(),
    error: call.outcome === 'completed' ? null : call.outcome,
  };
}
