import type { NotOffered } from '../dialect.ts';

/** What holds for many routes at once. */
export const SAAS_NOTES: readonly string[] = [
  'Every route needs a key. The other system left most of them open to anybody.',
  'A key is shown whole in the answer that made it, and masked in every other; it is stored as a keyed hash.',
  'Errors have the documented `detail`, and beside it a `code` that stays the same and a `cure`.',
  'Fields of a body that are not known are passed over, as there, and named in the header `x-quartermaster-warning`. Parameters of a query that are not known are refused with 422: a mistyped filter must not answer everything.',
  'Credits may be fractions, down to a millionth.',
  'An `Idempotency-Key` works for every change, for 24 hours; also for the routes of jobs, but for `llm-call-stream` and `create-and-call-stream`: a stream is passed on as it comes and cannot be told again.',
  'Routes of jobs (docs/jobs.md) are called with a virtual key, and see the jobs of its team alone: the admin key is no virtual key there.',
  'Statuses of jobs are in capitals, as its code has them; filters take any case.',
];

/** What SaaS LiteLLM has and this system does not, each with the reason. */
export const SAAS_NOT_OFFERED: readonly NotOffered[] = [
  {
    what: 'PUT /api/teams/:id: credits_allocated, credits_used',
    why: 'Refused with 422. Credits are changed by entries of the ledger: POST /api/credits/add or /deduct; what was used is counted, not set.',
  },
  {
    what: 'PUT /api/teams/:id: status, organization_id, virtual_key',
    why: 'Refused with 422: there are routes for the status, a team never moves, and keys are made here.',
  },
  {
    what: 'virtual_key, whole, in GET /api/teams and GET /api/teams/:id',
    why: 'Shown once, then masked: a list of all keys in plain text is a leak. Lost keys are rotated by POST /api/keys/:id/rotate.',
  },
  {
    what: 'GET /api/jobs?external_task_id=',
    why: 'Documented there and never made. GET /api/jobs/teams/:id lists jobs by status, type, day and a part of the id.',
  },
  {
    what: 'POST /api/webhooks/register',
    why: 'Documented there and never made. Webhooks are of organizations: POST /api/webhooks.',
  },
  {
    what: '/api/model-groups',
    why: 'Deprecated there, and not assignable to a team by any route. Access groups and several deployments of one model take its place.',
  },
  {
    what: 'POST /api/credits/teams/:id/add: credits of 0 or less, an unknown team',
    why: 'Refused: a negative addition is a deduction, and a mistyped team must not come into being.',
  },
  {
    what: 'POST /api/credits/teams/:id/replenish: transaction_type one_time_payment',
    why: 'A payment that came once is told as `allocation`, with what was paid in its reason: the ledger tells top-ups from payments that recur.',
  },
  {
    what: 'POST /api/provider-credentials/create: created_by; PUT /api/provider-credentials/:id: updated_by',
    why: 'Passed over, and named in the warning header: who changed what is known from who asked, and stands in the audit trail.',
  },
  {
    what: 'GET /api/jobs/teams/:id/:job: request_data, response_data',
    why: 'Prompts and answers are not kept.',
  },
];
