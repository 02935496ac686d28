import type { Job, JobStatus } from '../../core/jobs/job.ts';
import { NO_CALLS } from '../../core/jobs/job-records.ts';
import type { JobRecords } from '../../core/jobs/job-records.ts';
import type { CallOutcome } from '../../core/usage/usage.ts';
import type * as rows from '../generated/client.ts';
import { columnsOf } from './columns.ts';
import type { PostgresScope } from './client.ts';
import { jobCounts, jobRows, totalsOfAll } from './job-listing.ts';

export function jobsIn(scope: PostgresScope): JobRecords {
  const find = async (id: string): Promise<Job | undefined> => {
    const row = await scope.job.findUnique({ where: { id } });
    return row === null ? undefined : jobFrom(row);
  };
  return {
    find,
    insert: async (job) => {
      await scope.job.create({ data: columnsOf(job) });
    },
    openOf: async (teamId, most) => {
      const where = { teamId, status: { in: ['pending', 'in_progress'] } };
      return (await scope.job.findMany({ where, select: { id: true }, take: most })).length;
    },
    async locked(id) {
      await scope.$queryRaw`SELECT 1 FROM jobs WHERE id = ${id} FOR UPDATE`;
      return find(id);
    },
    hold: async (id, microcredits) => {
      await scope.job.update({ where: { id }, data: { charge: microcredits } });
    },
    start: async (id, at) => {
      const where = { id, status: 'pending' };
      await scope.job.updateMany({ where, data: { status: 'in_progress', startedAt: at } });
    },
    end: async (id, end) => {
      await scope.job.update({ where: { id }, data: columnsOf(end) });
    },
    notePurpose: async (said) => {
      await scope.jobCallPurpose.createMany({ data: [said], skipDuplicates: true });
    },
    setMetadata: async (id, metadata) => {
      await scope.job.update({ where: { id }, data: columnsOf({ metadata }) });
    },
    remove: async (id) => {
      await scope.job.deleteMany({ where: { id, status: 'pending' } });
    },
    async overdue(at, limit) {
      const found = await scope.job.findMany({
        where: { status: { in: ['pending', 'in_progress'] }, expiresAt: { lte: at } },
        orderBy: { expiresAt: 'asc' },
        select: { id: true },
        take: limit,
      });
      return found.map((row) => row.id);
    },
    totals: async (id) => (await totalsOfAll(scope, [id])).get(id) ?? NO_CALLS,
    totalsOfAll: async (ids) => totalsOfAll(scope, ids),
    list: async (filter, page) => (await jobRows(scope, filter, page)).map(jobFrom),
    counts: async (filter) => jobCounts(scope, filter),
    async calls(id, limit) {
      const found = await scope.usageEvent.findMany({
        where: { jobId: id },
        orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
        take: limit,
      });
      const said = await scope.jobCallPurpose.findMany({
        where: { jobId: id, callId: { in: found.map((row) => row.id) } },
      });
      const purposes = new Map(said.map(({ callId, purpose }) => [callId, purpose]));
      return found.map(({ outcome, endedAt, ...row }) => ({
        ...row,
        purpose: purposes.get(row.id) ?? null,
        outcome: outcome as CallOutcome,
        latencyMs: endedAt.getTime() - row.startedAt.getTime(),
      }));
    },
    handedIn: async (id) => handedIn(scope, id),
  };
}

async function handedIn(scope: PostgresScope, id: string): ReturnType<JobRecords['handedIn']> {
  const found = await scope.usageEvent.findMany({
    where: { id: { in: [id, `${id}:late`] } },
    select: { id: true, outcome: true, estimated: true },
  });
  const [own] = found;
  if (own === undefined) {
    return 'nothing';
  }
  // The gate's own guess is an estimate; a job that expired is not.
  return found.length === 1 && own.estimated ? 'lapsed' : 'settled';
}

/** The database's checks make the narrowing casts true. */
function jobFrom(row: rows.Job): Job {
  return {
    ...row,
    status: row.status as JobStatus,
    metadata: row.metadata as Job['metadata'],
  };
}
