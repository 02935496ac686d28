import type { Staff, StaffRecords, StaffRole } from '../../core/staff/staff.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';

export function staffIn(scope: PostgresScope): StaffRecords {
  return {
    find: async (id) => staffFrom(await scope.staff.findUnique({ where: { id } })),
    byEmail: async (email) => staffFrom(await scope.staff.findUnique({ where: { email } })),
    async list() {
      const orderBy = [{ createdAt: 'asc' }, { id: 'asc' }] as const;
      const found = await scope.staff.findMany({ orderBy: [...orderBy] });
      return found.flatMap((row) => staffFrom(row) ?? []);
    },
    insert: async (staff) => {
      const data = columnsOf(staff);
      return (await scope.staff.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (id, change) => {
      await scope.staff.update({ where: { id }, data: columnsOf(change) });
    },
    lock: async () => {
      await scope.$executeRaw`LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE`;
    },
    openSession: async (session) => {
      await scope.staffSession.create({ data: session });
    },
    async bySession(hash, at) {
      const where = { hash, expiresAt: { gt: at }, staff: { active: true } };
      const session = await scope.staffSession.findFirst({ where, include: { staff: true } });
      return staffFrom(session?.staff ?? null);
    },
    endSession: async (hash) => {
      await scope.staffSession.deleteMany({ where: { hash } });
    },
    endSessionsOf: async (staffId) => {
      await scope.staffSession.deleteMany({ where: { staffId } });
    },
    async noteFailure(email, at, since) {
      const rowsNow = await scope.$queryRaw<{ failures: number }[]>`
        INSERT INTO sign_in_attempts AS a (email, failures, since)
        VALUES (${email}, 1, ${at}::timestamptz)
        ON CONFLICT (email) DO UPDATE SET
          failures = CASE WHEN a.since < ${since}::timestamptz THEN 1 ELSE a.failures + 1 END,
          since = CASE WHEN a.since < ${since}::timestamptz THEN EXCLUDED.since ELSE a.since END
        RETURNING failures`;
      return rowsNow[0]?.failures ?? 1;
    },
    async failures(email, since) {
      const row = await scope.signInAttempt.findUnique({ where: { email } });
      return row === null || row.since < since ? 0 : row.failures;
    },
    forgetFailures: async (email) => {
      await scope.signInAttempt.deleteMany({ where: { email } });
    },
  };
}

function staffFrom(row: rows.Staff | null): Staff | undefined {
  return row === null
    ? undefined
    : { ...row, role: row.role as StaffRole, metadata: row.metadata as Staff['metadata'] };
}
