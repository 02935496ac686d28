import { readEnvironment } from './environment.ts';
import { migrate } from './migrate.ts';

// Applies the migrations to the database that DATABASE_URL names: for processes that are started by hand.
const { databaseUrl } = readEnvironment();
if (databaseUrl === null) {
  throw new Error('Migrating: DATABASE_URL is not set, give the address of the database');
}
const applied = await migrate(databaseUrl);
process.stdout.write(applied.length === 0 ? 'Nothing to migrate\n' : `${applied.join('\n')}\n`);
