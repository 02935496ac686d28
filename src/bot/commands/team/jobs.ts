import type { Job, JobStatus } from '../../../core/jobs/job.ts';
import { jobList } from '../../blocks/jobs.ts';
import { readPage, tellPage } from '../../paging.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

const JOBS_SHOWN = 15;

export const jobs = subcommand({
  name: 'jobs',
  says: 'Shows the jobs of a team, the latest first: what they were, what became of them, what they cost.',
  role: 'viewer',
  submit: 'Show',
  arguments: [
    TEAM,
    {
      name: 'status',
      kind: 'word',
      choices: ['pending', 'in_progress', 'completed', 'failed', 'cancelled', 'expired'],
      example: 'status=failed',
      says: 'only those in this state',
    },
  ],
  examples: ['jobs acme-prod', 'jobs acme-prod status=failed'],
  async run(call, { values: { team: id, status } }) {
    const team = await teamMeant(call, id);
    if (team === undefined) {
      return;
    }
    const { jobs: records } = call.bot.stores.records;
    // Read against the states that there are.
    const state = status === undefined ? {} : { status: status as JobStatus };
    const page = await readPage(call, {
      size: JOBS_SHOWN,
      read: async (after, limit) =>
        records.list({ teamId: team.id, ...state }, { limit, ...placeFrom(after) }),
      placeOf: ({ id: job, createdAt }: Job) => `${createdAt.toISOString()} ${job}`,
    });
    const totals = await records.totalsOfAll(page.rows.map((job) => job.id));
    await tellPage(call, jobList(team.id, page, totals));
  },
});

function placeFrom(after: string | undefined) {
  const [at = '', id = ''] = after?.split(' ') ?? [];
  return after === undefined ? {} : { after: { id, createdAt: new Date(at) } };
}
