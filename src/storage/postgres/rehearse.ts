import type { AuditLine } from '../../core/audit/audit.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Records } from '../../core/stores.ts';
import type { PrismaClient } from '../generated/client.ts';
import { reached } from './client.ts';
import { recordsOf, recordsIn } from './records.ts';

/** Carries nothing: it only undoes. */
class Rehearsed extends Error {
  override name = 'Rehearsed';
}

/**
 * Does work on the records in one transaction and undoes it. Answers what would have stood in the audit trail.
 * A change that is refused is undone alone, as it would be.
 */
export async function rehearse(
  postgres: PrismaClient,
  work: (records: Records) => Promise<void>,
): Promise<readonly AuditLine[]> {
  const lines: AuditLine[] = [];
  const rehearsal = postgres.$transaction(async (scope) => {
    const parts = recordsIn(scope);
    const audit: Records['audit'] = {
      ...parts.audit,
      write: async (line) => {
        lines.push(line);
        await parts.audit.write(line);
      },
    };
    const records: Records = {
      ...parts,
      audit,
      change: async (part) => {
        const before = lines.length;
        await scope.$executeRaw`SAVEPOINT change`;
        const answer = await part(recordsOf({ ...parts, audit }));
        if (isRefusal(answer)) {
          await scope.$executeRaw`ROLLBACK TO SAVEPOINT change`;
          lines.length = before;
        }
        return answer;
      },
    };
    await work(records);
    throw new Rehearsed();
  });
  try {
    await reached('Rehearsing', rehearsal);
  } catch (error) {
    if (!(error instanceof Rehearsed)) {
      throw error;
    }
  }
  return lines;
}
