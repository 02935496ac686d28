// A whole installation for one run: its own Postgres and Redis as `npm start` has them, upstream, bare
// pass-through, Quartermaster (proxy and management API in one process) and worker. All of it is gone after.

import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../src/embedded/ports.ts';
import { startChild } from './children.ts';
import type { Child } from './children.ts';
import type { Cores } from './cores.ts';
import type { PlanTap } from './plans.ts';
import { startServers } from './servers.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

export const GATE_NAMESPACE = 'bench';

/** What Postgres calls the sessions of the process under test. */
export const SESSION_NAME = 'quartermaster-under-test';

export interface Installation extends AsyncDisposable {
  readonly upstreamPort: number;
  readonly bare: Child;
  readonly quartermaster: Child;
  /** Where calls and management requests go. */
  readonly port: number;
  readonly adminKey: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly redisPid: number;
}

/** Starts everything. What was started is stopped again if something fails. */
export async function startInstallation(
  cores: Cores,
  profileFolder: string | undefined,
  plans?: PlanTap,
): Promise<Installation> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-bench-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true }));
  // Postgres runs as another user when we are root, and must get through to its data.
  await chmod(folder, 0o755);
  const kept = (child: Child): Child => {
    stack.defer(async () => child.stop());
    return child;
  };
  const { postgres, redis } = await startServers(folder, stack, plans?.onLine);
  await plans?.prepare(postgres.url);
  const upstream = kept(await startChild({ ...program(folder, 'upstream', 'bench/upstream.ts') }));
  const bare = kept(
    await startChild({
      ...program(folder, 'bare', 'bench/bare.ts'),
      args: [String(upstream.port)],
      nodeArgs: profiling(profileFolder, 'bare'),
      through: cores.pinned,
    }),
  );
  const port = await freePort();
  const adminKey = randomBytes(24).toString('hex');
  const env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    QUARTERMASTER_PORT: String(port),
    QUARTERMASTER_PUBLIC_URL: `http://127.0.0.1:${port}`,
    QUARTERMASTER_ADMIN_KEY: adminKey,
    QUARTERMASTER_KEY_PEPPER: randomBytes(24).toString('hex'),
    QUARTERMASTER_HOME: folder,
    QUARTERMASTER_GATE_NAMESPACE: GATE_NAMESPACE,
    QUARTERMASTER_CONFIG: path.join(folder, 'quartermaster.yaml'),
    QUARTERMASTER_LOG_LEVEL: 'info',
  };
  await writeFile(env.QUARTERMASTER_CONFIG, configFor(upstream.port));
  const quartermaster = kept(
    await startChild({
      ...program(folder, 'quartermaster', 'src/main.ts'),
      args: ['--roles', 'api,proxy'],
      nodeArgs: profiling(profileFolder, 'quartermaster'),
      through: cores.pinned,
      env: { ...env, PGAPPNAME: SESSION_NAME },
    }),
  );
  kept(await startChild({ ...program(folder, 'worker', 'worker/main.ts'), env }));
  const owned = stack.move();
  return {
    upstreamPort: upstream.port,
    bare,
    quartermaster,
    port,
    adminKey,
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    redisPid: redis.pid,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  };
}

function program(folder: string, name: string, file: string) {
  return { name, file: path.join(ROOT, file), logFile: path.join(folder, `${name}.log`) };
}

/** Calls take about 100 µs; the default of 1 ms would see one in ten. */
const SAMPLE_EVERY_US = 200;

function profiling(folder: string | undefined, name: string): string[] {
  return folder === undefined
    ? []
    : [
        '--cpu-prof',
        `--cpu-prof-interval=${SAMPLE_EVERY_US}`,
        `--cpu-prof-dir=${folder}`,
        `--cpu-prof-name=${name}.cpuprofile`,
      ];
}

function configFor(upstreamPort: number): string {
  return `
models:
  gpt-4o:
    max_output_tokens: 1000
    price: { input: 2.5, output: 10 }
    deployments: [{ base_url: "http://127.0.0.1:${upstreamPort}/v1", api_key: sk-provider-of-the-bench }]
access_groups:
  gpt-models: { models: [gpt-4o] }
`;
}
