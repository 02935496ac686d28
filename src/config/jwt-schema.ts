/**
 * How JWTs are read: `jwt`, and LiteLLM's `litellm_jwtauth`. What LiteLLM has and we do not stands here with the
 * reason, so that a file that counts on it is refused and not silently understood otherwise.
 */
import { z } from 'zod';
import { LIMIT_MAX } from '../core/limits/limit.ts';

export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const MAX_NAME_LENGTH = 200;
const DAY_SECONDS = 86_400;
/** Clocks that are further apart are broken. */
const CLOCK_TOLERANCE_MAX_SECONDS = 300;
const CREDITS_MAX = 1_000_000_000;
const USD_MAX = 1_000_000;

const text = z.string().min(1, 'may not be empty').max(MAX_NAME_LENGTH);
const texts = z.array(text);
const textOrTexts = z.union(
  [text, texts.min(1, 'needs at least one')],
  'must be a text or a list of texts',
);
const seconds = z.int().min(0).max(DAY_SECONDS);

/** Something of LiteLLM's that has no meaning here; the reason tells what to do instead. */
const unsupported = (reason: string) =>
  z
    .unknown()
    .refine((value) => value === undefined, `is not supported: ${reason}`)
    .optional();

const onlyTrue = (reason: string) => z.literal(true, `may only be true: ${reason}`).optional();
const onlyFalse = (reason: string) => z.literal(false, `may only be false: ${reason}`).optional();

const NO_ROLES = 'confine by scope_mappings, or by user_roles_jwt_field and user_allowed_roles';
const NO_SYNC = 'who a team has is read from each JWT with user_id_upsert; change roles by the API';
const NO_USERINFO = 'have the issuer put the claims into the JWT itself';
const NO_MAPPING =
  'each person gets a key record of their own; set its limits and budgets by its id';

const common = {
  admin_jwt_scope: text.optional(),
  admin_allowed_routes: texts.optional(),
  team_allowed_routes: texts.optional(),
  public_allowed_routes: z
    .array(z.literal('public_routes', 'may only be public_routes: what is public is fixed'))
    .optional(),
  team_id_jwt_field: text.optional(),
  team_ids_jwt_field: text.optional(),
  team_alias_jwt_field: unsupported(
    'two teams may have one alias; name a claim that holds the id by team_id_jwt_field',
  ),
  team_id_default: text.optional(),
  team_id_upsert: z.boolean().optional(),
  user_id_jwt_field: text.optional(),
  user_email_jwt_field: text.optional(),
  user_id_upsert: z.boolean().optional(),
  user_allowed_email_domain: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z0-9-]+$/i, 'is not a domain, write it as in acme.com')
    .optional(),
  user_roles_jwt_field: text.optional(),
  user_allowed_roles: texts.min(1, 'needs at least one').optional(),
  org_id_jwt_field: text.optional(),
  org_alias_jwt_field: unsupported(
    'two organizations may have one name; name a claim that holds the id by org_id_jwt_field',
  ),
  end_user_id_jwt_field: unsupported('the person is who user_id_jwt_field names'),
  enforce_team_based_model_access: onlyTrue(
    'each call is paid by a team; name one for the others by team_id_default',
  ),
  enforce_rbac: onlyFalse(NO_ROLES),
  roles_jwt_field: unsupported(NO_ROLES),
  role_mappings: unsupported(NO_ROLES),
  object_id_jwt_field: unsupported('use user_id_jwt_field or team_id_jwt_field'),
  scope_mappings: z
    .array(z.strictObject({ scope: text, models: texts.optional(), routes: texts.optional() }))
    .min(1, 'needs at least one')
    .optional(),
  enforce_scope_based_access: z.boolean().optional(),
  sync_user_role_and_teams: onlyFalse(NO_SYNC),
  jwt_litellm_role_map: unsupported(NO_SYNC),
  upsert_sso_user_to_team: onlyTrue('who calls for a team is counted as its member'),
  public_key_ttl: seconds.min(1).optional(),
  public_key_stale_ttl: seconds.optional(),
  oidc_userinfo_enabled: onlyFalse(NO_USERINFO),
  oidc_userinfo_endpoint: unsupported(NO_USERINFO),
  oidc_userinfo_cache_ttl: unsupported(NO_USERINFO),
  virtual_key_claim_field: unsupported(NO_MAPPING),
  virtual_key_mapping_cache_ttl: unsupported(NO_MAPPING),
  unregistered_jwt_client_behavior: unsupported(NO_MAPPING),
  custom_validate: unsupported('no code is loaded; confine by audience, scopes, roles or domain'),
  routing_overrides: unsupported('give the team model_aliases instead'),
  issuers: unsupported(
    'where each may speak for the others, list their keys in public_key_url and their names in issuer',
  ),
  fallback_to_db_teams: onlyFalse('a JWT must say its team; else team_id_default is taken'),
  team_claim_fallback: onlyFalse('a JWT must say its team; else team_id_default is taken'),
};

const count = z.int().min(0).max(LIMIT_MAX);

/** LiteLLM's block. */
export const litellmJwt = z.strictObject(common);

/** Our own: the same words, and what LiteLLM has in its environment or not at all. */
export const jwtBlock = z.strictObject({
  ...common,
  public_key_url: textOrTexts.optional(),
  audience: textOrTexts.optional(),
  issuer: textOrTexts.optional(),
  algorithms: z.array(z.enum(JWT_ALGORITHMS)).min(1, 'needs at least one').optional(),
  clock_tolerance_seconds: z.int().min(0).max(CLOCK_TOLERANCE_MAX_SECONDS).optional(),
  org_id_default: text.optional(),
  new_team: z
    .strictObject({
      access_groups: texts.optional(),
      models: texts.optional(),
      credits: z.number().min(0).max(CREDITS_MAX).optional(),
      limit_policy: z.enum(['hard', 'unlimited']).optional(),
      budget_usd: z.number().min(0).max(USD_MAX).optional(),
      budget_duration: text.optional(),
      requests_per_minute: count.optional(),
      tokens_per_minute: count.optional(),
      parallel_requests: count.optional(),
    })
    .optional(),
});

const litellmTeam = z.looseObject({
  max_budget: z.number().min(0).max(USD_MAX).nullish(),
  budget_duration: text.nullish(),
  models: texts.nullish(),
  rpm_limit: count.nullish(),
  tpm_limit: count.nullish(),
  max_parallel_requests: count.nullish(),
});

/** What of LiteLLM's blocks concerns JWTs. */
export const litellmGeneral = z.looseObject({
  enable_jwt_auth: z.boolean().optional(),
  litellm_jwtauth: litellmJwt.optional(),
});
export const litellmSettings = z.looseObject({
  default_team_params: litellmTeam.optional(),
  default_team_settings: z.array(litellmTeam).optional(),
});

export type JwtBlock = z.infer<typeof jwtBlock>;
export type LitellmTeam = z.infer<typeof litellmTeam>;
