// What this dialect tells of end users.

import { z } from 'zod';
import { COUNT, MOMENT, NAMES, NOTES } from '../../told.ts';
import { BOUNDS_TABLE } from './rows.ts';

export const CUSTOMER_TOLD = z.object({
  user_id: z.string(),
  organization_id: z.string().nullable(),
  alias: z.string().nullable(),
  blocked: z.boolean(),
  spend: z.number(),
  allowed_model_region: z.null(),
  default_model: z.string().nullable(),
  models: NAMES,
  budget_id: z.string().nullable(),
  litellm_budget_table: BOUNDS_TABLE.nullable(),
  object_permission_id: z.null(),
  object_permission: NOTES.nullable(),
  metadata: NOTES,
  created_at: MOMENT,
});
export const CUSTOMERS_BLOCKED = z.object({ blocked_users: z.array(CUSTOMER_TOLD) });
export const CUSTOMERS_DELETED = z.object({ deleted_customers: COUNT, message: z.string() });
export const CUSTOMER_IDS = z.object({ end_users: NAMES });
export const SPEND_OF_CUSTOMER = z.object({
  end_user: z.string(),
  total_count: COUNT,
  total_spend: z.number(),
});
