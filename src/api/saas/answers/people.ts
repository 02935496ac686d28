// What this dialect tells of keys, members and the operator's people.

import { z } from 'zod';
import { TEAM_ROLES } from '../../../core/members/member.ts';
import { ALIASES, COUNT, MOMENT, NAMES, NOTES } from '../../told.ts';

export const KEY_STATUS = z.enum(['active', 'blocked', 'revoked']);

/** A key without its secret. */
export const KEY = z.object({
  key_id: z.string(),
  team_id: z.string(),
  organization_id: z.string(),
  user_id: z.string().nullable(),
  name: z.string(),
  key: z.string(),
  status: KEY_STATUS,
  expires_at: MOMENT.nullable(),
  previous_key: z.object({ key: z.string(), until: MOMENT }).nullable(),
  models: NAMES,
  model_aliases: ALIASES,
  endpoints: NAMES,
  addresses: NAMES,
  tags: NAMES,
  permissions: NAMES,
  metadata: NOTES,
  created_by: z.string().nullable(),
  created_at: MOMENT,
  last_used_at: MOMENT.nullable(),
});
export const KEYS = z.object({ team_id: z.string(), total: COUNT, keys: z.array(KEY) });
export const KEY_CHANGED = KEY.extend({ message: z.string() });
/** The secret is told here and nowhere after. */
export const KEY_MADE = KEY_CHANGED.extend({ virtual_key: z.string() });
/** What was brought over before is told again. */
export const KEY_BROUGHT = KEY.extend({ repeated: z.boolean() });
export const KEY_STATUS_SET = z.object({
  key_id: z.string(),
  status: KEY_STATUS,
  message: z.string(),
  changed: z.boolean(),
});

export const MEMBER = z.object({
  user_id: z.string(),
  role: z.enum([...TEAM_ROLES, 'removed']),
  user_name: z.string(),
  user_email: z.string().nullable(),
  created_at: MOMENT,
});
export const MEMBERS = z.object({ team_id: z.string(), total: COUNT, members: z.array(MEMBER) });
export const MEMBER_CHANGED = MEMBER.extend({ team_id: z.string(), message: z.string() });
export const MEMBER_REMOVED = z.object({
  team_id: z.string(),
  user_id: z.string(),
  keys_blocked: COUNT,
  message: z.string(),
});

export const STAFF = z.object({
  user_id: z.string(),
  email: z.string(),
  display_name: z.string(),
  role: z.enum(['owner', 'admin', 'user']),
  is_active: z.boolean(),
  created_at: MOMENT,
  created_by: z.string().nullable(),
  last_login: MOMENT.nullable(),
  metadata: NOTES,
});
export const SESSION = z.object({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  user: STAFF,
});
export const SETUP_STATUS = z.object({ needs_setup: z.boolean(), has_users: z.boolean() });
export const SAID = z.object({ message: z.string() });

/** A line of the audit trail. */
export const AUDIT_LINE = z.object({
  audit_id: z.string(),
  user_id: z.string(),
  actor: z.string(),
  door: z.string(),
  action: z.string(),
  resource_type: z.string(),
  resource_id: z.string(),
  details: z.object({
    before: NOTES.nullable(),
    after: NOTES.nullable(),
    reason: z.string().nullable(),
  }),
  ip_address: z.null(),
  created_at: MOMENT,
});
