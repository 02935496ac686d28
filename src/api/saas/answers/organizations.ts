// What this dialect tells of organizations.

import { z } from 'zod';
import { COUNT, MOMENT, NAMES, NOTES } from '../../told.ts';
import { STANDING, STATUS, TEAM, TEAM_MADE } from './teams.ts';

export const ORGANIZATION = z.object({
  organization_id: z.string(),
  name: z.string(),
  ...STANDING,
  time_zone: z.string(),
  over_allocation: z.enum(['allowed', 'refused']),
  usage_retention_days: COUNT.nullable(),
  channel_id: z.string().nullable(),
  models: NAMES,
  metadata: NOTES,
  created_at: MOMENT,
  updated_at: MOMENT,
});
/** As clients of the other system read it: what was made with it is told then alone. */
const NO_DEFAULT_TEAM = { default_team: z.null() };
export const ORGANIZATION_TOLD = ORGANIZATION.extend(NO_DEFAULT_TEAM);

/** The default team, or why there is none. */
export const ORGANIZATION_MADE = ORGANIZATION.extend({
  default_team: z.union([TEAM_MADE, z.object({ error: z.string() })]).nullable(),
});
export const ORGANIZATION_WITH_TEAMS = ORGANIZATION_TOLD.extend({
  team_count: COUNT,
  teams: NAMES,
  usage_summary: z.object({
    total_jobs: COUNT,
    total_cost_usd: z.number(),
    credits_used: z.number(),
  }),
});
export const TEAMS_OF_ORGANIZATION = z.object({
  organization_id: z.string(),
  team_count: COUNT,
  teams: z.array(TEAM),
});

export const ORGANIZATION_DONE = z.object({ organization_id: z.string(), message: z.string() });
export const STATUS_REPLACED = z.object({
  organization_id: z.string(),
  status: STATUS,
  previous_status: STATUS,
  updated_at: MOMENT,
  reason: z.string().nullable(),
});
