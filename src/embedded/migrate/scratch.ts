import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../ports.ts';
import { startPostgres } from '../postgres.ts';

/** A Postgres to try migrations on, gone after `close`. Nobody's data is ever touched. */
export async function startScratchPostgres(): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-scratch-'));
  // Postgres runs as another user when we are root, and must get through to its data.
  await chmod(folder, 0o755);
  const server = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: 'scratch',
    database: 'scratch',
    durable: false,
  });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
