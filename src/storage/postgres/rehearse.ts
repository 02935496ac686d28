import type { AuditLine } from '../../core/audit/audit.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Records } from '../../core/stores.ts';
import type { PrismaClient } from '../generated/client.ts';
import { reached } from './client.ts';
import type { PostgresScope } from './client.ts';
import { recordsOf, recordsIn } from './records.ts';

/** Carries nothing: it only undoes. */
class Rehearsed extends Error {
  override name = 'Rehearsed';
}

/** What would have been written. */
export interface Rehearsal {
  /** In the audit trail. */
  readonly lines: readonly AuditLine[];
  /** To be said in Slack, by kind; the news of the lines are not among them. */
  readonly posts: readonly string[];
  /** How many rows of which table. */
  readonly rows: readonly { readonly table: string; readonly count: number }[];
}

/**
 * Does work on the records in one transaction and undoes it. A change that is refused is undone alone, as it would
 * be; changes that would go on side by side go one after the other.
 */
export async function rehearse(
  postgres: PrismaClient,
  work: (records: Records) => Promise<void>,
): Promise<Rehearsal> {
  const lines: AuditLine[] = [];
  const said: string[] = [];
  let rows: Rehearsal['rows'] = [];
  let last: Promise<unknown> = Promise.resolve();
  const rehearsal = postgres.$transaction(async (scope) => {
    const parts = recordsIn(scope);
    const audit: Records['audit'] = {
      ...parts.audit,
      write: async (line) => {
        lines.push(line);
        await parts.audit.write(line);
      },
    };
    const posts: Records['posts'] = {
      ...parts.posts,
      add: async (post) => {
        said.push(post.kind);
        await parts.posts.add(post);
      },
    };
    const change: Records['change'] = async (part) => {
      const before = [lines.length, said.length] as const;
      await scope.$executeRaw`SAVEPOINT change`;
      const answer = await part(recordsOf({ ...parts, audit, posts }));
      if (isRefusal(answer)) {
        await scope.$executeRaw`ROLLBACK TO SAVEPOINT change`;
        [lines.length, said.length] = before;
      }
      return answer;
    };
    const records: Records = {
      ...parts,
      audit,
      posts,
      change: async (part) => {
        const mine = last.then(async () => change(part));
        last = mine.catch(() => undefined);
        return mine;
      },
    };
    await work(records);
    rows = await touched(scope);
    throw new Rehearsed();
  });
  try {
    await reached('Rehearsing', rehearsal);
  } catch (error) {
    if (!(error instanceof Rehearsed)) {
      throw error;
    }
  }
  return { lines, posts: said, rows };
}

/** As Postgres counts for this transaction. What a refused change wrote is among them. */
async function touched(scope: PostgresScope): Promise<Rehearsal['rows']> {
  return scope.$queryRaw<Rehearsal['rows'][number][]>`
    SELECT relname AS table, (n_tup_ins + n_tup_upd + n_tup_del)::int AS count
    FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname`;
}
