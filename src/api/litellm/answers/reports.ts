// What this dialect tells of spend, activity and models.

import { z } from 'zod';
import { COUNT, DAY, NAMES } from '../../told.ts';

export const METRICS = z.object({
  spend: z.number(),
  prompt_tokens: COUNT,
  completion_tokens: COUNT,
  cache_read_input_tokens: COUNT,
  cache_creation_input_tokens: COUNT,
  total_tokens: COUNT,
  successful_requests: COUNT,
  failed_requests: COUNT,
  api_requests: COUNT,
});
export const BREAKDOWN = z.record(
  z.string(),
  z.object({ metrics: METRICS, metadata: z.object({}) }),
);
export const ACTIVITY = z.object({
  results: z.array(
    z.object({
      date: DAY,
      metrics: METRICS,
      breakdown: z.object({
        models: BREAKDOWN,
        model_groups: BREAKDOWN,
        providers: z.object({}),
        api_keys: BREAKDOWN,
        mcp_servers: z.object({}),
        endpoints: z.object({}),
        entities: BREAKDOWN,
      }),
    }),
  ),
  metadata: z.object({
    total_spend: z.number(),
    total_prompt_tokens: COUNT,
    total_completion_tokens: COUNT,
    total_tokens: COUNT,
    total_api_requests: COUNT,
    total_successful_requests: COUNT,
    total_failed_requests: COUNT,
    total_cache_read_input_tokens: COUNT,
    total_cache_creation_input_tokens: COUNT,
    page: COUNT,
    total_pages: COUNT,
    has_more: z.boolean(),
  }),
});

export const SPEND = z.object({ spend: z.number(), max_budget: z.null() });
export const SPEND_BY_DAY = z.array(z.object({ date: DAY, spend: z.number() }));
export const SPEND_OF_KEY = z.object({
  token: z.string(),
  api_key: z.string(),
  spend: z.number(),
});
export const SPEND_OF_USER = z.object({ user_id: z.string(), spend: z.number() });
export const SPEND_OF_TAG = z.object({
  individual_request_tag: z.string(),
  log_count: COUNT,
  spend: z.number(),
});
export const SPEND_OF_MODEL = z.object({
  model: z.string(),
  total_tokens: COUNT,
  spend: z.number(),
});

export const SPEND_OF_TEAMS = z.object({
  /** Beside the date the spend of each team, by its id. */
  daily_spend: z.array(z.looseObject({ date: DAY })),
  teams: NAMES,
  total_spend_per_team: z.array(z.object({ team_id: z.string(), total_spend: z.number() })),
});

export const REPORT_PART = z.object({
  total_spend: z.number(),
  metadata: z.array(
    z.object({
      model: z.string(),
      spend: z.number(),
      total_tokens: COUNT,
      api_key: z.string(),
    }),
  ),
});
/** By team, or by what was asked for. */
export const SPEND_REPORT = z.array(
  z.union([
    z.object({ group_by_day: DAY, teams: z.array(REPORT_PART.extend({ team_name: z.string() })) }),
    z.object({ group_by_day: DAY, api_keys: z.array(REPORT_PART.extend({ api_key: z.string() })) }),
    z.object({
      group_by_day: DAY,
      customers: z.array(REPORT_PART.extend({ customer: z.string() })),
    }),
  ]),
);

export const REQUESTS_BY_DAY = z.object({
  daily_data: z.array(z.object({ date: DAY, api_requests: COUNT, total_tokens: COUNT })),
  sum_api_requests: COUNT,
  sum_total_tokens: COUNT,
});

export const REQUESTS_OF_MODEL = REQUESTS_BY_DAY.extend({ model: z.string() });

export const MODEL_HEALTH = z.object({
  status: z.literal('healthy'),
  service: z.literal('saas-llm-api'),
  healthy_endpoints: z.array(z.object({ model: z.string() })).optional(),
  unhealthy_endpoints: z.array(z.object({ model: z.string() })).optional(),
  healthy_count: COUNT.optional(),
  unhealthy_count: COUNT.optional(),
});
