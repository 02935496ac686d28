// What this dialect tells of credits: balances, what moved them, and the rules for running out.

import { z } from 'zod';
import { REFILL_PERIODS } from '../../../core/credits/auto-refill.ts';
import { ENTRY_KINDS } from '../../../core/credits/entry.ts';
import { COUNT, DAY, MOMENT } from '../../told.ts';
import { MONEY, SPOKEN_TERMS, STATUS, TEAM_WITH_USAGE } from './teams.ts';

/** A line of the ledger, its amount with a sign. */
export const ENTRY_LISTED = z.object({
  transaction_id: z.string(),
  type: z.enum(['addition', 'deduction']),
  kind: z.enum(ENTRY_KINDS),
  amount: z.number(),
  balance_after: z.number(),
  description: z.string(),
  actor: z.string(),
  reference: z.string(),
  timestamp: MOMENT,
});

/** A line of the ledger, told by what was before and after. */
export const ENTRY = z.object({
  transaction_id: z.string(),
  team_id: z.string(),
  organization_id: z.string(),
  transaction_type: z.string(),
  credits_amount: z.number(),
  credits_before: z.number(),
  credits_after: z.number(),
  reason: z.string(),
  actor: z.string(),
  reference: z.string(),
  created_at: MOMENT,
});

const PAGE = { team_id: z.string(), total: COUNT, next_after: z.string().optional() };
export const ENTRIES_LISTED = z.object({ ...PAGE, transactions: z.array(ENTRY_LISTED) });
export const ENTRIES = z.object({ ...PAGE, transactions: z.array(ENTRY) });

export const BALANCE = z.object({
  team_id: z.string(),
  organization_id: z.string(),
  ...MONEY.shape,
  percentage_used: z.number(),
  credit_limit: z.null(),
  status: STATUS,
  ...SPOKEN_TERMS.shape,
  cost_markup_percentage: z.number(),
  auto_refill: z.boolean(),
  refill_amount: z.number().nullable(),
  refill_period: z.enum(REFILL_PERIODS).nullable(),
  last_refill_at: MOMENT.nullable(),
  created_at: MOMENT,
  updated_at: MOMENT,
});
/** With its credits once more, as clients of the other system read them. */
export const TEAM_WITH_CREDITS = TEAM_WITH_USAGE.extend({ credits: BALANCE });

/** What a change of credits has in common with every other. */
export const CHANGED = z.object({
  team_id: z.string(),
  ...MONEY.shape,
  transaction_id: z.string(),
  transaction: ENTRY,
  repeated: z.boolean(),
});
export const ADDED = CHANGED.extend({ credits_added: z.number() });
export const DEDUCTED = CHANGED.extend({ credits_deducted: z.number() });
export const REFUNDED = CHANGED.extend({ credits_refunded: z.number() });
export const MOVED = CHANGED.extend({
  credits_moved: z.number(),
  from_team_id: z.string(),
  to_team_id: z.string(),
});
export const REPLENISHED = ADDED.extend({
  credits_before: z.number(),
  credits_after: z.number(),
  payment_type: z.enum(['subscription', 'one_time']),
  payment_amount_usd: z.number().nullable(),
});

export const CHECKED = z.object({
  team_id: z.string(),
  has_credits: z.boolean(),
  available: z.boolean(),
  credits_needed: z.number(),
  credits_remaining: z.number(),
  spendable: z.number(),
  reserved: z.number(),
  overdraft: z.number(),
  status: STATUS,
  error: z.string().optional(),
});

export const POLICY = z.object({
  team_id: z.string(),
  limit_policy: z.enum(['hard', 'soft', 'unlimited']),
  overdraft: z.number(),
  grace_until: MOMENT.nullable(),
  auto_suspend: z.boolean(),
  status: STATUS,
});

export const REFILL = z.object({
  team_id: z.string(),
  enabled: z.boolean(),
  amount: z.number().nullable(),
  every: z.enum(REFILL_PERIODS).nullable(),
  below: z.number().nullable(),
  monthly_max: z.number().nullable(),
});

export const DASHBOARD = z.object({
  organizations: COUNT,
  teams: COUNT,
  modelGroups: COUNT,
  keys: COUNT,
  totalCredits: z.number(),
  creditsRemaining: z.number(),
  creditsUsed: z.number(),
});

const HEALTH = z.enum(['healthy', 'warning', 'critical']);
export const UTILIZATION = z.object({
  total_teams: COUNT,
  summary: z.object({
    total_allocated: z.number(),
    total_remaining: z.number(),
    total_used: z.number(),
    avg_utilization: z.number(),
  }),
  by_status: z.object({ healthy: COUNT, warning: COUNT, critical: COUNT }),
  teams_needing_attention: z.array(
    z.object({
      team_id: z.string(),
      credits_remaining: z.number(),
      percentage: z.number(),
      status: HEALTH,
    }),
  ),
});

export const TRENDS = z.object({
  team_id: z.string(),
  days: COUNT,
  daily_usage: z.array(z.object({ date: DAY, credits_used: z.number(), jobs: COUNT })),
  average_daily_usage: z.number(),
  credits_remaining: z.number(),
  estimated_days_remaining: z.number().nullable(),
  estimated_depletion_date: DAY.nullable(),
});
