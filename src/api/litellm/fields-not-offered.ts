import type { FieldsNotOffered } from '../dialect.ts';

/**
 * Fields of LiteLLM's bodies and answers that this dialect does not have. In a body they are passed over and named in
 * the warning header; those that would bound calls are refused instead, and stand in the shapes of the routes.
 */
export const FIELDS_NOT_OFFERED: readonly FieldsNotOffered[] = [
  {
    fields: ['spend'],
    why: 'Spend is the sum of what calls cost, out of a ledger that nobody rewrites.',
    at: [
      'POST /key/generate',
      'POST /key/update',
      'POST /key/regenerate',
      'PATCH /organization/update',
      'POST /user/new',
      'POST /user/update',
      'POST /customer/new',
    ],
  },
  {
    fields: [
      'default_estimated_output_tokens',
      'default_estimated_output_tokens_per_model',
      'throttle_on_budget_exceeded',
    ],
    why: 'What a call can cost at most is reserved before it goes, whatever was estimated; a budget that is spent refuses.',
  },
  {
    fields: [
      'allowed_passthrough_routes',
      'allowed_vector_store_indexes',
      'denied_passthrough_routes',
      'mcp_rpm_limit',
      'enable_prompt_caching',
      'disable_global_guardrails',
      'allow_team_guardrail_config',
    ],
    why: 'There are no pass-through routes, vector stores, MCP servers or guardrails that they could concern.',
  },
  {
    fields: ['new_key', 'new_master_key'],
    why: 'The secret of a renewed key is made here; the admin key stands in the environment.',
  },
  {
    fields: ['temp_budget_increase', 'temp_budget_expiry'],
    why: 'Budgets of keys and members are raised for a time; a boost of an organization is set by PUT /api/organizations/{id}/limits.',
    at: ['POST /organization/new', 'PATCH /organization/update', 'POST /budget/new'],
  },
  {
    fields: ['budget_reset_at'],
    why: 'When a period ends follows from its duration and the time zone of the organization; a budget that many point to has no period of its own.',
    at: ['POST /customer/new', 'POST /budget/new', 'POST /budget/update'],
  },
  {
    fields: ['updated_by'],
    why: 'Who changed what is known from who asked, and stands in the audit trail.',
    at: ['PATCH /organization/update'],
  },
  {
    fields: ['password', 'send_invite_email', 'password_reset_required', 'last_breach_check_at'],
    why: 'People of customers sign in at their identity provider (docs/jwt.md), and by no password here.',
    at: ['POST /user/new', 'POST /user/update', 'GET /v2/user/info'],
  },
  {
    fields: ['team_id'],
    why: 'A person is in the teams of `teams`.',
    at: ['POST /user/new', 'POST /user/update', 'GET /v2/user/info'],
  },
  {
    fields: [
      'agent_id',
      'aliases',
      'allowed_cache_controls',
      'blocked',
      'budget_fallbacks',
      'config',
      'duration',
      'guardrails',
      'key_alias',
      'object_permission',
      'permissions',
      'policies',
      'prompts',
    ],
    why: 'They are of keys: given with a new person they are those of the key that is made with them.',
    at: ['POST /user/update'],
  },
  {
    fields: ['all_users', 'user_updates'],
    why: 'What is meant for everybody is a plan that they follow, or a default of their teams.',
    at: ['POST /user/bulk_update'],
  },
  {
    fields: ['budget_limits', 'tpd_limit', 'end_user_budget_id', 'tag_rpm_limit', 'allowed_models'],
    why: 'Given in a body they are refused; so there is nothing to tell.',
    at: [
      'POST /team/new',
      'POST /key/generate',
      'GET /key/info',
      'POST /user/new',
      'POST /customer/new',
      'POST /budget/new',
      'POST /team/member_update',
    ],
  },
  {
    fields: ['token'],
    why: 'LiteLLM leaves it out of this answer, too.',
    at: ['GET /key/info'],
  },
  {
    fields: [
      'key_rotation_at',
      'last_rotation_at',
      'rotation_count',
      'key_type',
      'settings_updated_at',
      'soft_budget_cooldown',
      'object_permission_id',
    ],
    why: 'Keys are renewed when somebody asks; each change of one stands in the audit trail.',
    at: ['GET /key/info'],
  },
  {
    fields: ['total_spend'],
    why: 'What was spent since the beginning is told by GET /spend/keys and /user/daily/activity.',
    at: ['GET /key/info', 'GET /team/info: team_memberships'],
  },
  {
    fields: ['users'],
    why: 'LiteLLM says that it is deprecated; `members` it is.',
    at: ['POST /organization/new', 'GET /organization/info'],
  },
  {
    fields: [
      'allowed_cache_controls',
      'object_permission',
      'object_permission_id',
      'organization_id',
      'policies',
    ],
    why: 'A person may be in several organizations: `organization_memberships` tells them all.',
    at: ['GET /v2/user/info'],
  },
  {
    fields: [
      'api_key_limit',
      'entity_total_api_keys',
      'total_api_keys',
      'total_autorouter_savings_spend',
      'total_compression_saved_tokens',
      'total_compression_savings_spend',
      'total_flat_cost',
      'total_gateway_injected_caching_savings_spend',
      'total_prompt_caching_savings_spend',
      'total_response_time_ms',
      'total_timed_requests',
    ],
    why: 'Nothing is routed, compressed or cached for customers, so nothing was saved by it; how long calls take is a metric.',
    at: ['GET /team/daily/activity: metadata'],
  },
  {
    fields: ['display_name', 'model_id', 'credential_values_to_delete'],
    why: 'A credential has a name, a key and an address; the key of a model is told by nothing, and so copied by nothing.',
    at: ['POST /credentials', 'PATCH /credentials/:id'],
  },
];
