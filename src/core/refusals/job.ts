import type { RefusalKind } from './kind.ts';

const DENIED = 'permission_error';
const INVALID = 'invalid_request_error';

/** May this be done with a job? */
export const JOB_REFUSALS = {
  job_unknown: {
    status: 404,
    type: INVALID,
    message: 'Job not found',
    cure: 'Check the id, as POST /api/jobs/create answered it.',
  },
  job_of_another_team: {
    status: 403,
    type: DENIED,
    message: 'Job does not belong to your team',
    cure: 'Use a key of the team that created the job.',
  },
  job_ended: {
    status: 409,
    type: INVALID,
    message: 'Job {job} has already ended: it is {status}.',
    cure: 'Create a new job.',
  },
  jobs_too_many: {
    status: 429,
    type: 'rate_limit_error',
    message: 'Team {team} has {max} open jobs, as many as a team may have.',
    cure: 'Complete or cancel jobs that are done; what nobody ends expires by itself.',
  },
  key_of_another_team: {
    status: 403,
    type: DENIED,
    message: "API key does not belong to team '{team}'",
    cure: 'Use a key of that team, or leave the team out.',
  },
} as const satisfies Record<string, RefusalKind>;
