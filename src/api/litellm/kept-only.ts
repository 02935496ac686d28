// Fields of LiteLLM that are kept as they came and told again, so that its clients find them, and that nothing holds
// to here. Who gives one is warned.

/** Of keys and teams alike. */
const OF_BOTH = [
  'guardrails',
  'prompts',
  'policies',
  'object_permission',
  'router_settings',
  'access_group_ids',
  'tpm_limit_type',
  'rpm_limit_type',
] as const;

export const KEPT_OF_TEAM: readonly string[] = [
  ...OF_BOTH,
  'admins',
  'members',
  'tags',
  'disable_global_guardrails',
  'team_member_key_duration',
  'allowed_passthrough_routes',
  'allowed_vector_store_indexes',
  'secret_manager_settings',
  'enforced_file_expires_after',
  'enforced_batch_output_expires_after',
  'default_team_member_models',
];

export const KEPT_OF_KEY: readonly string[] = [
  ...OF_BOTH,
  'permissions',
  'config',
  'allowed_cache_controls',
  'enforced_params',
  'auto_rotate',
  'rotation_interval',
  'budget_fallbacks',
  'send_invite_email',
];

/** Those of the key that is made with a person are among them. */
export const KEPT_OF_PERSON: readonly string[] = [
  'models',
  'guardrails',
  'prompts',
  'policies',
  'object_permission',
  'permissions',
  'config',
  'allowed_cache_controls',
  'budget_fallbacks',
];

export const KEPT_OF_CUSTOMER: readonly string[] = ['default_model', 'object_permission'];

export const KEPT_OF_ORGANIZATION: readonly string[] = ['object_permission'];
