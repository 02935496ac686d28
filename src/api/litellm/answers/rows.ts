// What this dialect tells of its rows: budgets, teams, keys, people, organizations.

import { z } from 'zod';
import { ALIASES, COUNT, MOMENT, NAMES, NOTES } from '../../told.ts';

/** LiteLLM's flat budget and limits. */
export const BOUNDS_TOLD = z.object({
  max_budget: z.number().nullable(),
  soft_budget: z.number().nullable(),
  budget_duration: z.string().nullable(),
  tpm_limit: COUNT.nullable(),
  rpm_limit: COUNT.nullable(),
  max_parallel_requests: COUNT.nullable(),
  model_max_budget: z.record(
    z.string(),
    z.object({ budget_limit: z.number(), time_period: z.string().nullable() }),
  ),
});

const MADE = { created_at: MOMENT, updated_at: MOMENT };
/** Kept as it came; null where nothing came. */
const AS_IT_CAME = NOTES.nullable();
/** LiteLLM counts spend by model; here the usage does. */
const MODEL_SPEND = z.object({});

export const BUDGET = z.object({
  budget_id: z.string(),
  ...BOUNDS_TOLD.shape,
  created_by: z.string(),
  updated_by: z.string(),
  ...MADE,
});
/** The bounds of one row, as the budget that it would point to. */
export const BOUNDS_TABLE = z.object({
  budget_id: z.string().nullable(),
  ...BOUNDS_TOLD.shape,
});

export const TEAM_MEMBER = z.object({
  user_id: z.string(),
  user_email: z.string().nullable(),
  role: z.string(),
});

export const TEAM = z.object({
  team_id: z.string(),
  team_alias: z.string().nullable(),
  organization_id: z.string().nullable(),
  members_with_roles: z.array(TEAM_MEMBER),
  metadata: NOTES,
  ...BOUNDS_TOLD.shape,
  budget_reset_at: MOMENT.nullable(),
  spend: z.number(),
  model_spend: MODEL_SPEND,
  models: NAMES,
  blocked: z.boolean(),
  admins: z.array(z.unknown()),
  members: z.array(z.unknown()),
  router_settings: NOTES,
  access_group_ids: NAMES,
  policies: NAMES,
  object_permission: AS_IT_CAME,
  object_permission_id: z.string().nullable(),
  default_team_member_models: NAMES,
  model_id: z.null(),
  litellm_model_table: z
    .object({ model_aliases: ALIASES, created_by: z.string(), updated_by: z.string() })
    .nullable(),
  team_member_permissions: NAMES.nullable(),
  ...MADE,
});

/** Fields of a key that mean nothing here, and are kept as they came. */
export const KEY_KEPT_TOLD = z.object({
  config: NOTES,
  permissions: NOTES,
  allowed_cache_controls: z.array(z.unknown()),
  allowed_routes: z.array(z.unknown()),
  router_settings: NOTES,
  access_group_ids: NAMES,
  policies: NAMES,
  object_permission: AS_IT_CAME,
  auto_rotate: z.boolean(),
  rotation_interval: z.string().nullable(),
  project_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  budget_fallbacks: z.record(z.string(), z.unknown()),
});

export const KEY = z.object({
  token: z.string(),
  token_id: z.string(),
  key_name: z.string(),
  key_alias: z.string().nullable(),
  spend: z.number(),
  expires: MOMENT.nullable(),
  models: NAMES,
  aliases: ALIASES,
  user_id: z.string().nullable(),
  team_id: z.string().nullable(),
  organization_id: z.string().nullable(),
  /** The same under its older name. */
  org_id: z.string().nullable(),
  metadata: NOTES,
  tags: NAMES,
  ...BOUNDS_TOLD.shape,
  budget_reset_at: MOMENT.nullable(),
  model_spend: MODEL_SPEND,
  blocked: z.boolean(),
  budget_id: z.string().nullable(),
  litellm_budget_table: BOUNDS_TABLE.nullable(),
  ...KEY_KEPT_TOLD.shape,
  created_by: z.string().nullable(),
  updated_by: z.string().nullable(),
  ...MADE,
  last_active: MOMENT.nullable(),
});
/** The secret is told here and nowhere after. */
export const KEY_MADE = KEY.extend({ key: z.string() });
/** With what was said of it, as it came. */
export const KEY_GENERATED = KEY_MADE.extend({
  duration: z.string().nullable(),
  key_type: z.string().nullable(),
  guardrails: NAMES.nullable(),
  prompts: NAMES.nullable(),
  enforced_params: NAMES.nullable(),
  model_rpm_limit: z.record(z.string(), COUNT).nullable(),
  model_tpm_limit: z.record(z.string(), COUNT).nullable(),
  rpm_limit_type: z.string().nullable(),
  tpm_limit_type: z.string().nullable(),
});

export const MEMBERSHIP = z.object({
  user_id: z.string(),
  team_id: z.string(),
  budget_id: z.string().nullable(),
  spend: z.number(),
  budget_reset_at: MOMENT.nullable(),
  litellm_budget_table: BOUNDS_TABLE.nullable(),
});

export const USER = z.object({
  user_id: z.string(),
  user_email: z.string().nullable(),
  user_alias: z.string().nullable(),
  user_role: z.string(),
  teams: NAMES,
  ...BOUNDS_TOLD.shape,
  budget_reset_at: MOMENT.nullable(),
  spend: z.number(),
  model_spend: MODEL_SPEND,
  models: NAMES,
  metadata: NOTES,
  sso_user_id: z.string().nullable(),
  organization_memberships: z.array(
    z.object({
      user_id: z.string(),
      organization_id: z.string(),
      user_role: z.string(),
      ...MADE,
    }),
  ),
  ...MADE,
});

export const ORGANIZATION_MEMBER = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  user_role: z.string(),
  user_email: z.string().nullable(),
  spend: z.number(),
  budget_id: z.null(),
  litellm_budget_table: BOUNDS_TABLE.nullable(),
  ...MADE,
});

export const ORGANIZATION = z.object({
  organization_id: z.string(),
  organization_alias: z.string(),
  /** Empty where it follows no plan: LiteLLM's own type has no null here. */
  budget_id: z.string(),
  spend: z.number(),
  models: NAMES,
  model_spend: MODEL_SPEND,
  metadata: NOTES,
  object_permission: AS_IT_CAME,
  object_permission_id: z.null(),
  litellm_budget_table: BOUNDS_TABLE.extend({ budget_reset_at: MOMENT.nullable() }),
  created_by: z.string(),
  updated_by: z.string(),
  ...MADE,
});
export const ORGANIZATION_WITH_TEAMS = ORGANIZATION.extend({
  members: z.array(ORGANIZATION_MEMBER),
  teams: z.array(TEAM),
});
