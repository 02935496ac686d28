import type { JobCallTotals } from '../../core/jobs/job-records.ts';
import type { Job, JobStatus } from '../../core/jobs/job.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Page } from '../paging.ts';
import { actions, section, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';
import { moment, roundedCredits } from './words.ts';

const SIGNS: Readonly<Record<JobStatus, string>> = {
  pending: '○ pending',
  in_progress: '▶ in progress',
  completed: '✓ completed',
  failed: '✗ failed',
  cancelled: '– cancelled',
  expired: '⌛ expired',
};

/** As much of what a client wrote as fits a line. */
const TYPE_SHOWN = 40;
const ERROR_SHOWN = 120;

/** A page of the jobs of a team. */
export function jobList(
  teamId: string,
  page: Page<Job>,
  totals: ReadonlyMap<string, JobCallTotals>,
): Speech {
  const lines = page.rows.map((job) => jobLine(job, totals.get(job.id)));
  return sentence(
    mrkdwn`*Jobs of ${code(teamId)}*`,
    section(lines.length === 0 ? mrkdwn`none` : joined(lines, '\n')),
    ...pageButtons(page, 'time'),
    actions(runButton('Show team', `/team show ${teamId}`)),
  );
}

function jobLine(job: Job, totals: JobCallTotals | undefined): Mrkdwn {
  const { id, jobType, status, charge, createdAt, errorMessage } = job;
  const calls =
    totals?.calls === 1 ? '1 call' : `${(totals?.calls ?? 0).toLocaleString('en')} calls`;
  const why = errorMessage === null ? mrkdwn`` : mrkdwn`: ${shortened(errorMessage, ERROR_SHOWN)}`;
  return mrkdwn`${SIGNS[status]}  ${code(id)} ${shortened(jobType, TYPE_SHOWN)}, ${moment(createdAt)}, ${calls}, ${roundedCredits(charge)}${why}`;
}
