// What this dialect tells of teams, their terms and their money.

import { z } from 'zod';
import { REFILL_PERIODS } from '../../../core/credits/auto-refill.ts';
import { BUDGET_MODES } from '../../../core/teams/terms.ts';
import { ALIASES, COUNT, MOMENT, NAMES, NOTES } from '../../told.ts';

export const STATUS = z.enum(['active', 'suspended', 'paused', 'archived']);

/** Absent where there is no reason, and where it does not lift by itself. */
export const STANDING = {
  status: STATUS,
  status_reason: z.string().optional(),
  status_until: MOMENT.optional(),
};

export const MONEY = z.object({
  credits_allocated: z.number(),
  credits_remaining: z.number(),
  credits_reserved: z.number(),
  credits_used: z.number(),
  stale: z.literal(true).optional(),
});

export const SPOKEN_TERMS = z.object({
  budget_mode: z.enum(BUDGET_MODES),
  credits_per_dollar: z.number(),
  tokens_per_credit: COUNT,
  markup_percent: z.number(),
});

export const TEAM = z.object({
  team_id: z.string(),
  organization_id: z.string(),
  team_alias: z.string(),
  virtual_key: z.string().nullable(),
  ...STANDING,
  ...MONEY.shape,
  access_groups: NAMES,
  allowed_model_aliases: NAMES,
  models: NAMES,
  model_aliases: ALIASES,
  ...SPOKEN_TERMS.shape,
  metadata: NOTES,
  created_at: MOMENT,
  updated_at: MOMENT,
});

export const TEAM_CHANGED = TEAM.extend({ message: z.string() });
/** The key is whole here and nowhere after. */
export const TEAM_MADE = TEAM_CHANGED.extend({ virtual_key: z.string() });
export const TEAM_WITH_USAGE = TEAM.extend({
  usage_summary: z.object({ total_jobs: COUNT, total_cost_usd: z.number() }),
});

export const TEAM_DONE = z.object({ team_id: z.string(), message: z.string() });
export const GROUPS_SET = z.object({
  team_id: z.string(),
  access_groups: NAMES,
  allowed_model_aliases: NAMES,
  message: z.string(),
});
export const MODEL_GROUPS_SET = z.object({
  team_id: z.string(),
  model_groups: NAMES,
  message: z.string(),
});

const STATUS_SET = {
  status: STATUS,
  status_until: MOMENT.optional(),
  message: z.string(),
  changed: z.boolean(),
};
export const TEAM_STATUS_SET = z.object({ team_id: z.string(), ...STATUS_SET });
export const ORGANIZATION_STATUS_SET = z.object({ organization_id: z.string(), ...STATUS_SET });

export const RATES = z.object({
  team_id: z.string(),
  ...SPOKEN_TERMS.shape,
  using_defaults: z.object({ tokens_per_credit: z.boolean(), credits_per_dollar: z.boolean() }),
});
export const RATES_CHANGED = z.object({
  team_id: z.string(),
  ...SPOKEN_TERMS.shape,
  cost_markup_percentage: z.number(),
  message: z.string(),
});

export const REFILL_CONFIGURED = z.object({
  team_id: z.string(),
  auto_refill_enabled: z.boolean(),
  refill_amount: z.number().nullable(),
  refill_period: z.enum(REFILL_PERIODS).nullable(),
  last_refill_at: MOMENT.nullable(),
  message: z.string(),
});
