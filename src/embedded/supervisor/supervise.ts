/**
 * Starts everything in order, keeps it running, and stops it in the reverse order.
 *
 * States: claimed → starting → ready → stopping → gone. Trade-off: programs are processes of their own,
 * so that one that dies takes nothing with it. Invariants: only processes that we started are ended;
 * what is stopped first is what uses the rest; local.json stands there only while everything is ready.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../environment.ts';
import { claimHome, openHome, readSecrets, writePrivately } from '../home.ts';
import type { Home } from '../home.ts';
import { portsFrom, requireFreePorts } from '../start-ports.mjs';
import { messageOf } from '../thrown.ts';
import { endLeftovers } from './before-start.ts';
import { readyCard } from './card.ts';
import { checkConfiguration } from './check-configuration.ts';
import type { Screen } from './screen.ts';
import type { Programs } from './settings.ts';
import { createShelf } from './shelf.ts';
import { startEverything } from './start-everything.ts';
import type { Started } from './start-everything.ts';
import { listenForWishes } from './wishes.ts';
import type { StopWish } from './wishes.ts';

/** A start that is under way when the wish to stop comes is let finish, so that it can be stopped. */
const UNFINISHED_START_MS = 3_000;

export interface Supervision {
  readonly environment: Environment;
  /** Absolute. */
  readonly homeFolder: string;
  /** Where `quartermaster.yaml` is looked for. */
  readonly workFolder: string;
  readonly programs: Programs;
  readonly screen: Screen;
  /** Stands in our command line, so that a later start knows us. */
  readonly mark: string;
}

/** Runs the product until it is asked to stop. @returns the exit code. */
export async function supervise(supervision: Supervision): Promise<number> {
  const began = performance.now();
  const { environment, screen } = supervision;
  const home = await openHome(supervision.homeFolder);
  const url = environment.publicUrl ?? `http://127.0.0.1:${environment.port}`;
  const self = { pid: process.pid, mark: supervision.mark, url, processes: [] };
  const { other, leftovers } = await claimHome(home, self);
  if (other) {
    screen.news(`Already running at ${other.url} (process ${other.pid}, home ${home.folder})`);
    return 0;
  }
  const shelf = createShelf();
  const wishes = listenForWishes(() => {
    screen.fault('Ended by force; what was acknowledged is safe');
    shelf.force();
  });
  const recordPids = oneAfterAnother(async () =>
    writePrivately(home.runFile, { ...self, processes: shelf.processes() }),
  );
  const prepare = async (): Promise<Started> => {
    const ended = await endLeftovers(home, leftovers);
    if (ended.length > 0) {
      screen.news(`Ended what a killed run had left: ${ended.join(', ')}`);
    }
    await requireFreePorts(portsFrom(environment.port), {
      hasSlack: environment.slackBotToken !== null,
      hasPostgres: environment.databaseUrl !== null,
      hasRedis: environment.redisUrl !== null,
    });
    const secrets = await readSecrets(home);
    checkConfiguration(environment, supervision.workFolder, home, secrets);
    return startEverything({ ...supervision, home, secrets, shelf, wishes, recordPids });
  };
  const start = async (): Promise<void> => {
    const started = await prepare();
    if (!wishes.isStopping()) {
      await announce(supervision, home, url, started, performance.now() - began);
    }
  };
  const starting = start();
  starting.catch((error: unknown) => {
    const fault = error instanceof Error ? error : new Error(messageOf(error));
    wishes.ask({ reason: 'it could not start', fault });
  });
  const wish = await wishes.first;
  return stop(supervision, home, shelf, starting, wish).finally(() => wishes.close());
}

/** Of two writers at once, the one with the older picture must not come last. */
function oneAfterAnother(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return async () => {
    last = last.then(work, work);
    return last;
  };
}

async function announce(
  { screen }: Supervision,
  home: Home,
  url: string,
  started: Started,
  elapsedMs: number,
): Promise<void> {
  const { adminKey, workspaceUrl, environment } = started;
  const { pid } = process;
  await writePrivately(home.localFile, { url, adminKey, workspaceUrl, pid, environment });
  const { localFile, logs } = home;
  screen.plain(readyCard({ url, workspaceUrl, localFile, logs, elapsedMs }, screen.paint));
}

async function stop(
  { screen }: Supervision,
  home: Home,
  shelf: ReturnType<typeof createShelf>,
  starting: Promise<void>,
  wish: StopWish,
): Promise<number> {
  const began = performance.now();
  if (wish.fault) {
    screen.fault(wish.fault.message);
  } else {
    screen.news(`Stopping (${wish.reason}); once more forces it`);
  }
  await rm(home.localFile, { force: true });
  const settled = starting.then(
    () => undefined,
    () => undefined,
  );
  const stopped = shelf.stopAll();
  await Promise.race([settled, pause(UNFINISHED_START_MS, undefined, { ref: false })]);
  await stopped;
  // What finished starting meanwhile was placed after its stage had been stopped.
  await shelf.stopAll();
  await rm(home.localFile, { force: true });
  await rm(home.runFile, { force: true });
  screen.done('Stopped', performance.now() - began);
  return wish.fault ? 1 : 0;
}
