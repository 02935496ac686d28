import type { RefusalKind } from './kind.ts';

const AUTH = 'authentication_error';
const DENIED = 'permission_error';
const INVALID = 'invalid_request_error';
const LIMITED = 'rate_limit_error';

/** Who is asking, and may they? */
export const CALLER_REFUSALS = {
  key_missing: {
    status: 401,
    type: AUTH,
    message: 'No API key was sent.',
    cure: 'Send the header "Authorization: Bearer sk-…", or "x-api-key: sk-…".',
  },
  key_malformed: {
    status: 401,
    type: AUTH,
    message: 'The API key cannot be read: {complaint}.',
    cure: 'Send "Authorization: Bearer sk-…" with the key exactly as it was revealed.',
  },
  key_unknown: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} is not known here.',
    cure: 'Check that the key was copied whole, without spaces, and belongs to this server.',
  },
  key_expired: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} has expired.',
    cure: 'Ask your account manager for a new key.',
  },
  key_revoked: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} was revoked.',
    cure: 'Use the key that replaced it, or ask your account manager for a new one.',
  },
  key_blocked: {
    status: 401,
    type: AUTH,
    message: 'The API key ending in {lastFour} is blocked.',
    cure: 'Ask your account manager to unblock it.',
  },
  end_user_blocked: {
    status: 403,
    type: DENIED,
    message: 'End user {endUser} is blocked.',
    cure: 'Whoever blocked them can unblock them; no other end user is concerned.',
  },
  admin_key_required: {
    status: 401,
    type: AUTH,
    message: 'This route needs the admin key: {complaint}.',
    cure: 'Send "Authorization: Bearer <admin key>"; the key stands in .quartermaster/local.json or QUARTERMASTER_ADMIN_KEY.',
  },
  jwt_invalid: {
    status: 401,
    type: AUTH,
    message: 'The JWT is not accepted: {complaint}.',
    cure: 'Get a new one from your identity provider, made for this server; ask its operator what "jwt" expects.',
  },
  jwt_keys_unavailable: {
    status: 503,
    type: 'service_unavailable_error',
    message: 'The JWT cannot be checked at the moment: the keys of its issuer cannot be fetched.',
    cure: 'Try again after the seconds given in Retry-After, or call with a virtual key.',
  },
  jwt_team_missing: {
    status: 403,
    type: DENIED,
    message: 'The JWT names no team: {complaint}.',
    cure: 'Have your identity provider add the claim, or the operator set "team_id_default".',
  },
  jwt_team_unknown: {
    status: 403,
    type: DENIED,
    message: 'The JWT names a team that is not known here: {team}.',
    cure: 'Ask your account manager to create it, or to correct the claim.',
  },
  jwt_team_not_listed: {
    status: 403,
    type: DENIED,
    message:
      "Team '{team}' from x-litellm-team-id header is not in your JWT's allowed teams. Allowed teams: {allowed}.",
    cure: 'Name one of these teams, or leave the header out.',
  },
  jwt_denied: {
    status: 403,
    type: DENIED,
    message: 'The JWT is valid, but may not do this: {complaint}.',
    cure: 'Ask whoever manages your account at the identity provider, or your account manager here.',
  },
  role_missing: {
    status: 403,
    type: DENIED,
    message: 'Changing this needs the role {needed}; {person} has {has}.',
    cure: 'Ask one of the {needed}s to do it, or an owner for the role.',
    slackCure:
      'Ask one of the {needed}s to do it, or an owner for the role: "/quartermaster settings give".',
  },
  sign_in_failed: {
    status: 401,
    type: AUTH,
    message: 'Invalid email or password',
    cure: 'Check both; whoever manages people here can set a new password.',
  },
  sign_in_throttled: {
    status: 429,
    type: LIMITED,
    message: 'Too many wrong passwords for this address.',
    cure: 'Wait {minutes} minutes.',
  },
  password_wrong: {
    status: 401,
    type: AUTH,
    message: 'Current password is incorrect',
    cure: 'Send the password that is valid now.',
  },
  staff_denied: {
    status: 403,
    type: DENIED,
    message: '{rule}',
    cure: 'Ask an owner.',
  },
  role_insufficient: {
    status: 403,
    type: DENIED,
    message: 'Insufficient permissions. Required roles: {needed}',
    cure: 'Ask somebody who has one of these roles, or use a key of theirs.',
  },
  row_of_another: {
    status: 403,
    type: DENIED,
    message: 'This does not belong to your {scope}, or does not exist.',
    cure: 'Check the id; what belongs to others is not shown.',
  },
  organization_suspended: {
    status: 403,
    type: DENIED,
    message: 'Organization {organization} is suspended.',
    cure: 'Ask your account manager to resume it.',
  },
  organization_paused: {
    status: 403,
    type: DENIED,
    message: 'Organization {organization} is paused.',
    cure: 'Ask your account manager to resume it.',
  },
  organization_archived: {
    status: 403,
    type: DENIED,
    message: 'Organization {organization} is archived.',
    cure: 'Ask your account manager whether it is to be used again.',
  },
  team_suspended: {
    status: 403,
    type: DENIED,
    message: 'Team {team} is suspended.',
    cure: 'Ask your account manager to resume it: "/team resume {team}".',
  },
  team_paused: {
    status: 403,
    type: DENIED,
    message: 'Team {team} is paused.',
    cure: 'Ask your account manager to resume it: "/team resume {team}".',
  },
  team_archived: {
    status: 403,
    type: DENIED,
    message: 'Team {team} is archived.',
    cure: 'Use a key of another team, or ask your account manager to resume it.',
  },
  address_not_allowed: {
    status: 403,
    type: DENIED,
    message: 'The API key ending in {lastFour} may not be used from this address.',
    cure: 'Call from an address that the key is confined to, or ask your account manager to add this one.',
  },
  endpoint_not_allowed: {
    status: 403,
    type: DENIED,
    message: 'The API key ending in {lastFour} may not call this endpoint ({endpoint}).',
    cure: 'Use a key that may, or ask your account manager to allow it.',
  },
  model_not_allowed: {
    status: 403,
    type: DENIED,
    message: 'Model access denied: team {team} may not use {model}. It may use: {allowed}.',
    cure: 'Use one of the models listed, or ask for an access group that has {model}.',
  },
  model_unknown: {
    status: 404,
    type: INVALID,
    message: 'There is no model {model} here. Team {team} may use: {allowed}.',
    cure: 'Call GET /v1/models to see the models this key may use.',
  },
  dialect_not_served: {
    status: 400,
    type: INVALID,
    message: 'Model {model} is not served at this route, only in the dialect of {route}.',
    cure: 'Call it by POST {route}, or another model here.',
  },
  credential_missing: {
    status: 403,
    type: DENIED,
    message:
      'Model {model} cannot be called for organization {organization}: no provider credentials are configured for it.',
    cure: "Ask your account manager to add the provider's key, or call another model.",
  },
  credential_unreadable: {
    status: 403,
    type: DENIED,
    message:
      "Model {model} cannot be called for organization {organization}: the provider's key that is kept for it was sealed with a master key that is gone.",
    cure: "Have the operator add that master key to QUARTERMASTER_MASTER_KEY, or the provider's key set anew.",
  },
  credits_exhausted: {
    status: 403,
    type: DENIED,
    message:
      'Insufficient credits: team {team} has {spendable} spendable credits, this call must reserve {needed}.',
    cure: 'Ask your account manager to add credits: "/team topup {team} <amount>".',
  },

  request_limit_reached: {
    status: 429,
    type: LIMITED,
    message:
      'Rate limit exceeded for {subject}: {used} of {max} requests in the last 60 seconds{ofModel}.',
    cure: 'Wait {retryAfterSeconds} seconds; or ask your account manager for a higher limit.',
  },
  usage_token_limit_reached: {
    status: 429,
    type: LIMITED,
    message:
      'Rate limit exceeded for {subject}: {used} of {max} tokens in the last 60 seconds{ofModel}, and this call may use {wanted}.',
    cure: 'Wait {retryAfterSeconds} seconds, or name a smaller max_tokens.',
  },
  parallel_limit_reached: {
    status: 429,
    type: LIMITED,
    message: 'Rate limit exceeded for {subject}: {used} of {max} calls are under way{ofModel}.',
    cure: 'Send the next call when one has ended; or ask your account manager for a higher limit.',
  },
  call_exceeds_limit: {
    status: 429,
    type: LIMITED,
    message:
      'This call is larger than a whole limit of {subject}: it may use {wanted} {unit}, and {max} are allowed{ofModel}.',
    cure: 'Send less, or name a smaller max_tokens; waiting does not help.',
  },
  budget_exceeded: {
    status: 429,
    type: 'budget_exceeded',
    message:
      'Budget has been exceeded! {subject}: {used} of {max} USD {period}{ofModel} are spent or held, and this call may cost {wanted} USD.',
    slack:
      '{subject} has used {used} of {max} USD {period}{ofModel}; the call could cost {wanted} USD.',
    cure: '{outlook}, or ask your account manager to raise the budget.',
  },
  job_not_open: {
    status: 409,
    type: INVALID,
    message: 'Job {job} is not open: it ended, expired, or belongs to another team.',
    cure: 'Create a new job, or call without one.',
  },
} as const satisfies Record<string, RefusalKind>;
