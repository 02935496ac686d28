// What this dialect tells of usage and jobs, of a team or of a whole organization.

import { z } from 'zod';
import { COUNT, DAY, MOMENT, NOTES } from '../../told.ts';

const JOB_STATUS = z.enum([
  'PENDING',
  'IN_PROGRESS',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'EXPIRED',
]);

const JOB_CORE = {
  job_id: z.string(),
  team_id: z.string(),
  user_id: z.string().nullable(),
  job_type: z.string(),
  status: JOB_STATUS,
  created_at: MOMENT,
  completed_at: MOMENT.nullable(),
  error_message: z.string().nullable(),
  organization_id: z.string(),
  credit_applied: z.boolean(),
};

export const JOB = z.object({ ...JOB_CORE, started_at: MOMENT.nullable(), metadata: NOTES });
export const JOB_SUMMARY = z.object({
  ...JOB_CORE,
  total_calls: COUNT,
  successful_calls: COUNT,
  failed_calls: COUNT,
  retry_count: COUNT,
  total_tokens: COUNT,
  total_cost_usd: z.number(),
  avg_latency_ms: z.number(),
  credits_used: z.number(),
  job_metadata: NOTES,
});

/** A full page leads to the next one. */
const NEXT = { next_after: z.string().optional() };
export const JOBS = z.object({ team_id: z.string(), total: COUNT, jobs: z.array(JOB), ...NEXT });
export const JOB_PAGE = z.object({
  jobs: z.array(JOB_SUMMARY),
  total: COUNT,
  page: COUNT,
  page_size: COUNT,
  total_pages: COUNT,
  ...NEXT,
});

export const CALL = z.object({
  call_id: z.string(),
  model_used: z.string(),
  model_group_used: z.string(),
  purpose: z.string().nullable(),
  prompt_tokens: COUNT,
  completion_tokens: COUNT,
  total_tokens: COUNT,
  cost_usd: z.number(),
  latency_ms: z.number(),
  created_at: MOMENT,
  error: z.string().nullable(),
});
export const JOB_WITH_CALLS = z.object({ job: JOB_SUMMARY, calls: z.array(CALL) });

const SUMMARY = z.object({
  total_jobs: COUNT,
  successful_jobs: COUNT,
  failed_jobs: COUNT,
  total_cost_usd: z.number(),
  total_tokens: COUNT,
  credits_used: z.number(),
  avg_cost_per_job: z.number(),
});

export const MODEL_USAGE = z.object({
  calls: COUNT,
  failed_calls: COUNT,
  input_tokens: COUNT,
  output_tokens: COUNT,
  cost_usd: z.number(),
  credits_used: z.number(),
});

export const TEAM_USAGE = z.object({
  team_id: z.string(),
  period: z.string(),
  summary: SUMMARY,
  by_job_type: z.record(z.string(), COUNT),
  job_types: z.record(z.string(), z.object({ count: COUNT, cost_usd: z.number() })),
  by_model: z.record(z.string(), MODEL_USAGE),
  credits_not_yet_counted: z.number().optional(),
});

export const ORGANIZATION_USAGE = z.object({
  organization_id: z.string(),
  period: z.string(),
  summary: SUMMARY.extend({ completed_jobs: COUNT }),
  teams: z.record(
    z.string(),
    z.object({ jobs: COUNT, credits_used: z.number(), cost_usd: z.number() }),
  ),
  by_job_type: z.record(z.string(), COUNT),
});

export const COST = z.object({ cost_usd: z.number(), credits_used: z.number(), jobs: COUNT });
export const ORGANIZATION_COSTS = z.object({
  organization_id: z.string(),
  start_date: DAY,
  end_date: DAY,
  total_cost_usd: z.number(),
  daily: z.array(COST.extend({ date: DAY })),
  teams: z.array(COST.extend({ team_id: z.string() })),
});

const OF_ORGANIZATION = { organization_id: z.string(), organization_name: z.string() };
export const ORGANIZATION_STATS = z.object({
  ...OF_ORGANIZATION,
  total_jobs: COUNT,
  completed_jobs: COUNT,
  failed_jobs: COUNT,
  in_progress_jobs: COUNT,
  total_teams: COUNT,
  total_llm_calls: COUNT,
  successful_calls: COUNT,
  failed_calls: COUNT,
  total_tokens: COUNT,
  total_cost_usd: z.number(),
  total_credits_used: z.number(),
  top_teams: z.array(z.object({ team_id: z.string(), job_count: COUNT, credits_used: z.number() })),
});

export const SPEND = z.object({
  spend: z.number(),
  successful: COUNT,
  failed: COUNT,
  tokens: COUNT,
});
export const ORGANIZATION_ANALYTICS = z.object({
  ...OF_ORGANIZATION,
  total_spend: z.number(),
  total_requests: COUNT,
  successful_requests: COUNT,
  failed_requests: COUNT,
  total_tokens: COUNT,
  daily_spend: z.array(z.object({ date: DAY, spend: z.number() })),
  spend_per_team: z.array(SPEND.extend({ team_id: z.string() })),
  top_models: z.array(z.object({ model: z.string(), spend: z.number(), count: COUNT })),
  provider_usage: z.array(SPEND.extend({ provider: z.string() })),
});
