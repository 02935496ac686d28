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
  { what: 'GET /health/services', why: 'Alerts are tried in Slack.' },
];
