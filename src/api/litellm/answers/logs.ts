// What this dialect tells of single calls, and of days.

import { z } from 'zod';
import { COUNT, DAY, MOMENT, NAMES } from '../../told.ts';

export const CALL = z.object({
  request_id: z.string(),
  call_type: z.string(),
  api_key: z.string(),
  spend: z.number(),
  total_tokens: COUNT,
  prompt_tokens: COUNT,
  completion_tokens: COUNT,
  startTime: MOMENT,
  endTime: MOMENT,
  completionStartTime: z.null(),
  request_duration_ms: z.number(),
  model: z.string(),
  model_id: z.string(),
  model_group: z.string(),
  custom_llm_provider: z.null(),
  api_base: z.string(),
  user: z.string(),
  end_user: z.string(),
  team_id: z.string(),
  organization_id: z.string().nullable(),
  metadata: z.object({}),
  cache_hit: z.string(),
  cache_key: z.string(),
  request_tags: NAMES,
  requester_ip_address: z.null(),
  messages: z.object({}),
  response: z.object({}),
  session_id: z.null(),
  status: z.enum(['success', 'failure']),
});
export const CALL_PAGE = z.object({
  data: z.array(CALL),
  total: COUNT,
  page: COUNT,
  page_size: COUNT,
  total_pages: COUNT,
});

const BY_NAME = z.record(z.string(), z.number());
/** Beside these the spend of each key, by its id. */
export const DAY_LOG = z.looseObject({
  startTime: DAY,
  spend: z.number(),
  users: BY_NAME,
  models: BY_NAME,
});
/** Days, or single calls; null for one that is unknown. */
export const LOGS = z.union([z.array(CALL.nullable()), z.array(DAY_LOG)]);
