import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readEnvironment } from '../src/embedded/environment.ts';
import { migrate } from '../src/embedded/migrate.ts';
import { freePort } from '../src/embedded/ports.ts';
import { startPostgres } from '../src/embedded/postgres.ts';
import { findRedisBinary } from '../src/embedded/redis/binary.ts';
import { startRedis } from '../src/embedded/redis.ts';

/** Starts Postgres, migrated, and Redis as `npm start` has them; the stack stops them. */
export async function startServers(
  folder: string,
  stack: AsyncDisposableStack,
  onPostgresLine?: (line: string) => void,
) {
  const password = randomBytes(16).toString('hex');
  const { searchPath } = readEnvironment();
  const redis = await startRedis({
    binary: await findRedisBinary(searchPath),
    dataFolder: path.join(folder, 'redis'),
    port: await freePort(),
    password,
    appendOnly: true,
    fsync: 'everysec',
  });
  stack.defer(async () => redis.stop());
  const postgres = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    password,
    database: 'quartermaster',
    durable: true,
    ...(onPostgresLine && { onLine: onPostgresLine }),
  });
  stack.defer(async () => postgres.stop());
  await migrate(postgres.url);
  return { postgres, redis };
}
