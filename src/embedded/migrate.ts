import { Client } from 'pg';
import { messageOf } from './thrown.ts';
import { everything, withEngine } from './migrate/engine.ts';
import { migrationsFolder, readMigrations } from './migrate/folder.ts';

/** Any constant will do, as long as every replica takes the same one. */
const LOCK_KEY = 7_137_001;

/** Another replica that migrates holds the lock; a long data migration may take this long. */
const LOCK_TIMEOUT_MS = 120_000;

/** A database that does not answer at all is found out early. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings a database to the newest migration and returns the names of those it applied: none the
 * second time. Replicas may call it at once; one does the work and the others wait up to 120 s.
 * @throws Error that names the migration which failed and what the database said; nothing of that
 * migration is applied then.
 */
export async function migrate(databaseUrl: string, folder = migrationsFolder): Promise<string[]> {
  const migrationsList = await readMigrations(folder);
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    return await withEngine(databaseUrl, async (engine) => {
      const done = await engine.applyMigrations({ migrationsList, filters: everything });
      return done.appliedMigrationNames;
    });
  } catch (error) {
    throw new Error(`Migrate the database: ${readable(messageOf(error))}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The engine adds where in its own source it was; of that only the migration's name helps. */
function readable(message: string): string {
  const [said = message] = message.split(/\n\s+0: /);
  const name = /migration_name="([^"]+)"/.exec(message)?.[1];
  const sentence = said.trim().replaceAll(/\s*\n\s*/g, ': ');
  return name ? `migration ${name}: ${sentence}` : sentence;
}
