// Starts any set of roles in this process and stops them in reverse. The same code runs as one process
// or as many.

import { loadConfig } from './config.ts';
import type { Role } from './config/environment.ts';
import { ConfigError } from './config/problems.ts';
import { Fault } from './core/faults.ts';
import { applyCatalog } from './catalog.ts';
import { openServices } from './services.ts';
import type { Services } from './services.ts';

const ROLES: readonly Role[] = ['api', 'proxy', 'bot', 'worker'];
/** Past the time that open calls are given, and before a supervisor would end us without asking. */
const STOP_TIMEOUT_MS = 5_500;

type Stop = () => Promise<void>;

/** Runs the roles named by `--roles a,b` until the process is told to stop. All of them if none is named. */
export async function runRoles(argv: readonly string[]): Promise<void> {
  let stops: Stop[] = [];
  try {
    const roles = rolesFrom(argv);
    const services = await openServices(loadConfig(undefined, { role: roles }));
    stops = [async () => services[Symbol.asyncDispose]()];
    for (const warning of services.config.warnings) {
      services.log.warn(warning);
    }
    stops.push(...(await startAll(services, roles)));
    stopOnSignal(stops, services);
    process.send?.({ ready: true, role: roles.join(',') });
    services.log.info({ roles }, 'ready');
  } catch (error) {
    tellFailure(error);
    await stopAll(stops).catch(() => undefined);
    process.exit(1);
  }
}

/** Loads no more than the roles need: a proxy without Slack's libraries starts faster and smaller. */
async function startAll(services: Services, roles: readonly Role[]): Promise<Stop[]> {
  const has = (role: Role): boolean => roles.includes(role);
  const stops: Stop[] = [];
  if (has('api') || has('proxy')) {
    const { serveHttp } = await import('./serve-http.ts');
    await applyCatalog(services);
    stops.push(await serveHttp(services, { api: has('api'), proxy: has('proxy') }));
  }
  if (has('worker')) {
    const { startWorker } = await import('../worker/worker.ts');
    const { startSteadyClock } = await import('../worker/steady-clock.ts');
    const { postgres, stores, log } = services;
    const clock = await startSteadyClock(postgres, (error) =>
      log.warn({ part: 'clock', err: error }, 'Postgres was not asked for the time'),
    );
    const worker = await startWorker({ ...services, stores: { ...stores, clock: clock.now } });
    stops.push(async () => {
      await worker.stop();
      clock.stop();
    });
  }
  if (has('bot')) {
    const { startBot } = await import('./start-bot.ts');
    stops.push(await startBot(services));
  }
  return stops;
}

function rolesFrom(argv: readonly string[]): Role[] {
  const at = argv.indexOf('--roles');
  const given = at === -1 ? [...ROLES] : (argv[at + 1] ?? '').split(',');
  const unknown = given.find((role) => !ROLES.includes(role as Role));
  if (unknown !== undefined) {
    throw new ConfigError([
      {
        file: 'command line',
        path: '--roles',
        message: `"${unknown}" is no role, give any of ${ROLES.join(', ')}, with commas between`,
      },
    ]);
  }
  return given as Role[];
}

function stopOnSignal(stops: readonly Stop[], services: Services): void {
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) {
      return;
    }
    stopping = true;
    services.log.info({ why }, 'stopping');
    const timer = setTimeout(() => process.exit(1), STOP_TIMEOUT_MS);
    void stopAll(stops)
      .then(() => 0)
      .catch((error: unknown) => {
        services.log.error({ err: error }, 'stopping failed');
        return 1;
      })
      .then((code) => {
        clearTimeout(timer);
        process.exit(code);
      });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // Whoever started us is gone: nobody would ever stop us.
  process.on('disconnect', () => stop('parent gone'));
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  for (const stop of stops.toReversed()) {
    await stop();
  }
}

function tellFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ failed: message });
  const isExpected = error instanceof ConfigError || error instanceof Fault;
  process.stderr.write(`${isExpected ? message : (error as Error).stack}\n`);
}
