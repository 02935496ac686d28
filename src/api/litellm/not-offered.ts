import type { NotOffered } from '../dialect.ts';

const END_USERS =
  'End users have budgets and limits and may be blocked; which models may be called is of keys and teams.';
const TAGS =
  'Budgets are of organizations, teams, members, people, keys and end users; tags only tell usage apart.';
const SPEND_IS_SUMMED =
  'Spend is the sum of what calls cost, out of a ledger that nobody rewrites.';
const KEYS_STAY =
  'What a key used is counted with its team and owner: make a new key and delete the old one.';
const CALLBACKS =
  'Nothing of a call leaves for logging systems; metrics and webhooks tell what happened.';

const REPORTS =
  'GET /global/spend/report tells it by team, key and customer, and /api/exports/usage streams it.';
const BREAKDOWN =
  'The days of /daily/activity are broken down by model, key and team; /api/exports/usage streams them as CSV.';
const METRICS = 'How models and providers do is told by GET /metrics.';
const PRICES =
  'Prices come with a package, and are told by /model/info; docs/operations.md says how.';
const SIGN_IN =
  'People of customers sign in at their identity provider (docs/jwt.md), and by no password here.';
const IN_FILE =
  'What the operator decides stands in the configuration file, and not in the database.';

/** What LiteLLM's proxy has and this system does not, each with the reason. */
export const LITELLM_NOT_OFFERED: readonly NotOffered[] = [
  {
    what: 'GET /team/list: teams',
    why: 'Its overview shows an object with `teams`, its code answers a bare list. The list it is; GET /v2/team/list answers the object.',
  },
  {
    what: 'POST /chat/completions: 400, auth_error',
    why: 'An exceeded budget is a 429 with the type `budget_exceeded`, as its newer versions have it. Also the first call is refused where it could cost more than the budget has: budgets are never overspent.',
  },
  {
    what: 'POST /customer/new, /customer/update: models, allowed_model_region',
    why: END_USERS,
  },
  {
    what: 'POST /global/spend/end_users: api_key',
    why: 'What is used for end users is not told apart by key.',
  },
  { what: 'POST /tag/new, /tag/update: max_budget, budget_id and limits', why: TAGS },
  {
    what: 'POST /model/new: model_info.team_id; several of one model_name',
    why: 'Teams are given models by access groups. A model that is made here has one upstream; those of the file may have many.',
  },
  { what: 'POST /team/{team_id}/callback', why: CALLBACKS },
  { what: 'GET /team/{team_id}/callback', why: CALLBACKS },
  { what: 'POST /team/{team_id}/disable_logging', why: CALLBACKS },
  { what: 'POST /key/{key}/reset_spend', why: SPEND_IS_SUMMED },
  { what: 'POST /global/spend/reset', why: SPEND_IS_SUMMED },
  { what: 'POST /key/generate: spend', why: SPEND_IS_SUMMED },
  { what: 'POST /key/update: spend', why: SPEND_IS_SUMMED },
  { what: 'POST /key/update: team_id', why: KEYS_STAY },
  { what: 'POST /key/update: user_id', why: KEYS_STAY },
  {
    what: 'POST /key/generate: key_type management, read_only',
    why: 'People manage with their roles; see /team/permissions_update.',
  },
  {
    what: 'POST /key/generate: budget_limits',
    why: 'Several windows at once are set by PUT /api/keys/{id}/limits.',
  },
  {
    what: 'POST /team/update: organization_id',
    why: 'A team stays with its customer, because its ledger does.',
  },
  {
    what: 'GET /key/list: sort_by spend, max_budget; access_group_id',
    why: 'A page would need the sums of all keys.',
  },
  {
    what: 'GET /spend/logs/v2: sort_by, other than startTime; session_id, key_alias, error_code, cache_hit_filter',
    why: 'Calls are read in the order of their ids, which begin with their time; what they said is not kept.',
  },
  {
    what: 'POST /user/bulk_update: all_users',
    why: 'What is meant for everybody is a plan that they follow, or a default of their teams.',
  },
  { what: 'DELETE /team/{team_id}/callback/{name}', why: CALLBACKS },
  { what: 'POST /team/{team_id}/member/{user_id}/reset_spend', why: SPEND_IS_SUMMED },
  { what: 'POST /team/{team_id}/member/{user_id}/reset_budget', why: SPEND_IS_SUMMED },
  { what: 'POST /global/spend/refresh', why: SPEND_IS_SUMMED },
  { what: 'GET /spend/capture_rate', why: SPEND_IS_SUMMED },
  { what: 'PATCH /team/{team_id}', why: 'POST /team/update does it.' },
  { what: 'PATCH /v2/organization/{organization_id}', why: 'PATCH /organization/update does it.' },
  { what: 'GET /team/{team_id}/members/me', why: 'GET /team/info tells a member what is theirs.' },
  { what: 'POST /team/key/bulk_update', why: 'POST /key/bulk_update takes the keys of any teams.' },
  {
    what: 'POST /team/permissions_bulk_update',
    why: 'POST /team/permissions_update does it, team by team.',
  },
  { what: 'GET /team/metadata_schema', why: 'Metadata has no schema: any JSON may stand in it.' },
  { what: 'GET /user/filter/ui', why: 'GET /user/list searches, too.' },
  { what: 'GET /user/available_users', why: 'There are no seats to be counted.' },
  { what: 'GET /health/license', why: 'There are no seats to be counted.' },
  { what: 'GET /key/spend/report', why: REPORTS },
  { what: 'GET /team/spend/report', why: REPORTS },
  { what: 'GET /organization/spend/report', why: REPORTS },
  { what: 'GET /user/spend/report', why: REPORTS },
  { what: 'GET /team/spend/by_user', why: REPORTS },
  { what: 'GET /global/spend/provider', why: REPORTS },
  { what: 'GET /team/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /team/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /organization/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /organization/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /user/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /user/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /tag/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /tag/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /customer/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /customer/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /end_user/daily/activity/export', why: BREAKDOWN },
  { what: 'GET /end_user/daily/activity/aggregated/*', why: BREAKDOWN },
  { what: 'GET /tag/dau', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /tag/wau', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /tag/mau', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /tag/summary', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /tag/distinct', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /tag/user-agent/*', why: 'Which programs calls come from is not kept.' },
  { what: 'GET /model/metrics', why: METRICS },
  { what: 'GET /model/metrics/*', why: METRICS },
  { what: 'GET /model/streaming_metrics', why: METRICS },
  { what: 'GET /global/activity/exceptions', why: METRICS },
  { what: 'GET /global/activity/exceptions/deployment', why: METRICS },
  { what: 'GET /health/history', why: METRICS },
  { what: 'GET /health/latest', why: METRICS },
  { what: 'GET /health/backlog', why: METRICS },
  { what: 'GET /health/drain', why: METRICS },
  { what: 'GET /health/shared-status', why: METRICS },
  { what: 'GET /health/readiness/details', why: METRICS },
  { what: 'GET /health/services', why: 'Alerts are tried in Slack.' },
  { what: 'POST /health/test_connection', why: 'A model is tried by the first call.' },
  { what: '* /cache/*', why: 'Answers are not cached.' },
  { what: 'GET /global/activity/cache_hits', why: 'Answers are not cached.' },
  { what: 'GET /model/settings', why: PRICES },
  { what: 'GET /model/cost_map/source', why: PRICES },
  { what: 'GET /model/deprecations', why: PRICES },
  { what: 'GET /v1/model/deprecations', why: PRICES },
  {
    what: 'GET /model_hub',
    why: 'There is no public list of models: who may call sees what they may call.',
  },
  {
    what: 'GET /model_hub/*',
    why: 'There is no public list of models: who may call sees what they may call.',
  },
  {
    what: 'POST /model_hub/update_useful_links',
    why: 'There is no public list of models: who may call sees what they may call.',
  },
  {
    what: 'POST /model_group/make_public',
    why: 'There is no public list of models: who may call sees what they may call.',
  },
  {
    what: '* /access_group/*',
    why: 'Access groups are told, made and changed by /api/model-access-groups; /model/new makes those that it names.',
  },
  {
    what: '* /project/*',
    why: 'A team is what a project is there: it has members, models, budgets and keys of its own.',
  },
  {
    what: 'GET /provider/budgets',
    why: 'Budgets are of customers; what a provider bills is bounded there.',
  },
  { what: '* /invitation/*', why: SIGN_IN },
  { what: 'POST /user/password/change', why: SIGN_IN },
  { what: 'POST /v2/login', why: SIGN_IN },
  { what: '* /config/*', why: IN_FILE },
  { what: '* /get/*', why: IN_FILE },
  { what: 'GET /settings', why: IN_FILE },
  { what: 'GET /get_image', why: IN_FILE },
  { what: 'GET /get_favicon', why: IN_FILE },
  { what: 'GET /get_logo_url', why: IN_FILE },
  {
    what: '* /utils/*',
    why: 'Bodies go to the provider as they come, and the provider counts; /model/info tells models and prices.',
  },
  { what: 'GET /routes', why: '/openapi.json tells the routes.' },
  { what: 'GET /spend/logs/session/ui', why: 'What a model is asked or answers is not kept.' },
  { what: 'GET /spend/logs/ui/{request_id}', why: 'What a model is asked or answers is not kept.' },
  {
    what: 'GET /credentials/{name}/jwks',
    why: 'Credentials are keys; npm start and docs/operations.md say how the key that seals them is changed.',
  },
  {
    what: 'POST /credentials/migrate-encryption',
    why: 'Credentials are keys; npm start and docs/operations.md say how the key that seals them is changed.',
  },
  {
    what: 'GET /credentials/migrate-encryption/check',
    why: 'Credentials are keys; npm start and docs/operations.md say how the key that seals them is changed.',
  },
  {
    what: 'POST /credentials: several of one provider; providers other than openai, anthropic, gemini and fireworks',
    why: 'A credential has a name, a provider, a key and an address. One of each provider is active for all customers.',
  },
  {
    what: 'POST /chat/completions: with the admin key',
    why: 'The admin key manages, and calls nothing: each call is paid by a team. Its key lists models.',
  },
  {
    what: 'GET /health/readiness: litellm_version',
    why: 'Quartermaster is no version of LiteLLM.',
  },
];
