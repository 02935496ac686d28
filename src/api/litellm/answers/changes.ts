// What this dialect tells of teams, keys and people with what belongs to them, and of changes.

import { z } from 'zod';
import { COUNT, MOMENT, NAMES } from '../../told.ts';
import {
  BOUNDS_TABLE,
  KEY,
  KEY_GENERATED,
  MEMBERSHIP,
  ORGANIZATION_MEMBER,
  TEAM,
  TEAM_MEMBER,
  USER,
} from './rows.ts';

export const PAGING = { total: COUNT, page: COUNT, page_size: COUNT, total_pages: COUNT };

export const TEAM_LISTED = TEAM.extend({
  team_memberships: z.array(MEMBERSHIP),
  keys: z.array(KEY),
});
export const TEAM_PAGE = z.object({ teams: z.array(TEAM), ...PAGING });
export const TEAM_OVERVIEW = TEAM.pick({
  team_alias: true,
  models: true,
  spend: true,
  max_budget: true,
  metadata: true,
}).extend({ members: z.array(TEAM_MEMBER.extend({ key: z.string().nullable() })) });
export const TEAM_INFO = z.object({
  ...TEAM_OVERVIEW.shape,
  team_id: z.string(),
  team_info: TEAM.extend({ team_member_budget_table: BOUNDS_TABLE.nullable() }),
  keys: z.array(KEY.omit({ token: true })),
  team_memberships: z.array(MEMBERSHIP),
});
export const TEAM_UPDATED = z.object({ team_id: z.string(), data: TEAM });

export const MEMBERS_ADDED = TEAM.extend({
  updated_users: z.array(USER),
  updated_team_memberships: z.array(MEMBERSHIP),
});
export const MEMBERS_ADDED_EACH = z.object({
  team_id: z.string(),
  results: z.array(
    z.object({
      user_id: z.string().nullable(),
      user_email: z.string().nullable(),
      success: z.boolean(),
      error: z.string().nullable(),
      updated_user: USER.nullable(),
      updated_team_membership: MEMBERSHIP.nullable(),
    }),
  ),
  total_requested: COUNT,
  successful_additions: COUNT,
  failed_additions: COUNT,
  updated_team: MEMBERS_ADDED.nullable(),
});
export const MEMBER_UPDATED = z.object({
  team_id: z.string(),
  user_id: z.string(),
  user_email: z.string().nullable(),
  max_budget_in_team: z.number().nullable(),
  budget_duration: z.string().nullable(),
  tpm_limit: COUNT.nullable(),
  rpm_limit: COUNT.nullable(),
  temp_budget_increase: z.number().nullable(),
  temp_budget_expiry: MOMENT.nullable(),
});
export const MEMBER_PERMISSIONS = z.object({
  team_id: z.string(),
  team_member_permissions: NAMES,
  all_available_permissions: NAMES,
});

/** Keys in full, or by their ids alone. */
export const KEY_PAGE = z.object({
  keys: z.array(z.union([KEY.extend({ user: USER.nullable().optional() }), z.string()])),
  total_count: COUNT,
  current_page: COUNT,
  total_pages: COUNT,
});
export const KEY_ALIASES = z.object({
  aliases: NAMES,
  total_count: COUNT,
  current_page: COUNT,
  total_pages: COUNT,
  size: COUNT,
});
export const KEY_INFO = z.object({ key: z.string(), info: KEY.omit({ token: true }) });
export const KEY_INFOS = z.object({ key: NAMES, info: z.array(KEY) });
export const KEYS_DELETED = z.object({ deleted_keys: NAMES });

export const KEYS_UPDATED = z.object({
  total_requested: COUNT,
  successful_updates: z.array(z.object({ key: z.string(), key_info: KEY })),
  failed_updates: z.array(
    z.object({ key: z.string(), key_info: z.null(), failed_reason: z.string() }),
  ),
});
export const KEY_HEALTH = z.object({
  key: z.enum(['healthy', 'unhealthy']),
  logging_callbacks: z.null(),
});

export const USER_UPDATED = z.object({ user_id: z.string(), data: USER.optional() });
export const USERS_UPDATED = z.object({
  results: z.array(
    z.object({
      user_id: z.string().nullable(),
      user_email: z.string().nullable(),
      success: z.boolean(),
      error: z.string().nullable(),
      updated_user: USER.nullable(),
    }),
  ),
  total_requested: COUNT,
  successful_updates: COUNT,
  failed_updates: COUNT,
});

/** A person, and where a key was made with them all that is told of it. */
export const USER_MADE = z.object({
  ...KEY_GENERATED.partial().shape,
  ...USER.shape,
  /** Empty where none was made. */
  key: z.string(),
  expires: z.string().nullable(),
});
export const USER_INFO = z.object({
  /** Null in the answer to whoever runs this system and names nobody. */
  user_id: z.string().nullable(),
  user_info: USER.nullable(),
  keys: z.array(KEY),
  teams: z.array(TEAM),
});
export const USER_PAGE = z.object({
  users: z.array(USER.extend({ key_count: COUNT })),
  ...PAGING,
});
const ROLE = z.object({ description: z.string(), ui_label: z.string() });
export const ROLES_AVAILABLE = z.object({ org_admin: ROLE, internal_user: ROLE });

export const ORGANIZATION_MEMBERS_ADDED = z.object({
  organization_id: z.string(),
  updated_users: z.array(USER),
  updated_organization_memberships: z.array(ORGANIZATION_MEMBER),
});

export const BUDGET_SETTINGS = z.array(
  z.object({
    field_name: z.string(),
    field_type: z.string(),
    field_description: z.string(),
    field_value: z.union([z.number(), z.string()]).nullable(),
    stored_in_db: z.boolean(),
    field_default_value: z.null(),
  }),
);
