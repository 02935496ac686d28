// What this dialect tells of ceilings, credentials, webhooks and the worker.

import { z } from 'zod';
import { PROVIDERS } from '../../../core/credentials/credential.ts';
import { LIMIT_KINDS } from '../../../core/limits/limit.ts';
import { DELIVERY_STATUSES } from '../../../core/webhooks/webhook.ts';
import { COUNT, MOMENT, NAMES } from '../../told.ts';

/** What is in use is null while the gate is away. */
export const METER = z.object({ resets_at: MOMENT.nullable(), missed: COUNT.nullable() });

export const CEILINGS_TOLD = z.object({
  subject: z.string(),
  organization_id: z.string(),
  limits: z.array(
    z.object({
      kind: z.enum(LIMIT_KINDS),
      model: z.string().nullable(),
      max: z.number(),
      shadow: z.boolean(),
      boost: z.object({ by: z.number(), until: MOMENT }).nullable(),
      used: z.number().nullable(),
      held: z.number().nullable(),
      ...METER.shape,
    }),
  ),
  budgets: z.array(
    z.object({
      max_usd: z.number(),
      soft_usd: z.number().nullable(),
      duration: z.string().nullable(),
      model: z.string().nullable(),
      shadow: z.boolean(),
      boost: z.object({ by_usd: z.number(), until: MOMENT }).nullable(),
      used_usd: z.number().nullable(),
      held_usd: z.number().nullable(),
      ...METER.shape,
    }),
  ),
  stale: z.literal(true).optional(),
});

/** Several periods in a row in which nothing was spent are one line. */
export const BUDGET_HISTORY = z.object({
  subject: z.string(),
  periods: z.array(
    z.object({
      duration: z.string(),
      model: z.string().nullable(),
      starts_at: MOMENT,
      ends_at: MOMENT,
      periods: COUNT,
      max_usd: z.number(),
      spent_usd: z.number(),
      refused_calls: COUNT.nullable(),
    }),
  ),
});

/** What stands on record of these days. */
export const BROUGHT_USAGE = z.object({
  subject: z.string(),
  from: z.string(),
  to: z.string(),
  rows: COUNT,
  calls: COUNT,
  failed_calls: COUNT,
  jobs: COUNT,
  input_tokens: COUNT,
  output_tokens: COUNT,
  spent_usd: z.number(),
});

/** Null where nothing was brought. */
export const BROUGHT_SPEND = z.object({
  subject: z.string(),
  spent_usd: z.number(),
  brought_at: MOMENT.nullable(),
});

export const CREDENTIAL = z.object({
  credential_id: z.string(),
  organization_id: z.string(),
  provider: z.enum(PROVIDERS),
  credential_name: z.string(),
  api_base: z.string().nullable(),
  is_active: z.boolean(),
  created_at: MOMENT,
  updated_at: MOMENT,
  has_api_key: z.literal(true),
});
export const CREDENTIALS = z.object({
  organization_id: z.string(),
  credentials: z.array(CREDENTIAL),
});
export const CREDENTIAL_REMOVED = z.object({ credential_id: z.string(), message: z.string() });

/** Without its secret. */
export const WEBHOOK = z.object({
  webhook_id: z.string(),
  organization_id: z.string().nullable(),
  url: z.string(),
  events: NAMES,
  status: z.enum(['active', 'disabled']),
  status_reason: z.string().nullable(),
  created_by: z.string(),
  created_at: MOMENT,
});
export const WEBHOOKS = z.object({ webhooks: z.array(WEBHOOK) });
export const WEBHOOK_MADE = WEBHOOK.extend({ secret: z.string() });
export const WEBHOOK_REMOVED = WEBHOOK.extend({ removed: z.literal(true) });
export const DELIVERY = z.object({
  delivery_id: z.string(),
  event: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: COUNT,
  http_status: COUNT.nullable(),
  complaint: z.string().nullable(),
  created_at: MOMENT,
  tried_at: MOMENT.nullable(),
  next_at: MOMENT.nullable(),
});
export const DELIVERIES = z.object({ webhook_id: z.string(), deliveries: z.array(DELIVERY) });
export const RESENT = z.object({ webhook_id: z.string(), resent: COUNT });

export const TASKS = z.object({
  tasks: z.array(
    z.object({
      task: z.string(),
      health: z.enum(['failing', 'new', 'still', 'well']),
      every_ms: z.number().nullable(),
      last_success_at: MOMENT.nullable(),
      last_failure_at: MOMENT.nullable(),
      failing_since: MOMENT.nullable(),
      complaint: z.string().nullable(),
      duration_ms: z.number().nullable(),
      successes: COUNT,
      failures: COUNT,
      backlog: z.number().nullable(),
      lag_ms: z.number().nullable(),
    }),
  ),
});
