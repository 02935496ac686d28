// Workers as they run for real, each a process of its own: however many there are, whatever happens to one of them in
// the middle of its work, the same comes of it as of one alone.

import { fileURLToPath } from 'node:url';
import { WebClient } from '@slack/web-api';
import { Queue } from 'bullmq';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setAutoRefill } from '../../src/core/credits/set-auto-refill.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { QUEUE_NAME, queueConnection, queuePrefix } from '../../src/queue/queue.ts';
import { CRASH_CONFIG, startWorkerProcess } from '../support/crash-scene.ts';
import { begin, BY_COST, CREDIT, give, use } from '../support/credits.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import type { Child } from '../support/processes.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { commitOfDrain } from '../support/wire.ts';

const HOUR_MS = 3_600_000;
/** What ends by itself in a scene ends when the scene has begun. */
const SOON_MS = 500;
const CALLS = 5;
const STOPPED_WITHIN_MS = 10_000;
const JUMPING_CLOCK = fileURLToPath(new URL('../support/jumping-clock.ts', import.meta.url));
/** A worker gives way to everything else on its machine. */
const PATIENT = { timeout: 90_000, interval: 100 };
const TEST_MS = 180_000;
vi.setConfig({ testTimeout: TEST_MS });

let qm: Quartermaster;
let workspace: RunningWorkspace;
/** Between some workers and Postgres. */
let door: Interceptor;
let queue: Queue;
const workers = new Set<Child>();
let behindDoor: Child;
/** A team that is in no scene. */
let caller: { readonly id: string; readonly keyId: string };

beforeAll(async () => {
  [qm, workspace] = await Promise.all([
    startQuartermaster({ reservationDeadlineMs: 2_000 }),
    startWorkspace({ port: 0 }),
  ]);
  door = await startInterceptor(qm.databaseUrl);
  caller = await qm.team({ ...BY_COST, credits: 100_000n * CREDIT });
  queue = new Queue(QUEUE_NAME, {
    connection: queueConnection(qm.redisUrl),
    prefix: queuePrefix(qm.namespace),
  });
});
afterAll(async () => {
  await Promise.all([...workers].map(async (worker) => worker.kill9()));
  await queue.close();
  await door.close();
  await workspace.close();
  await qm[Symbol.asyncDispose]();
});

async function startWorker(databaseUrl = qm.databaseUrl): Promise<Child> {
  const worker = await startWorkerProcess(qm, databaseUrl, CRASH_CONFIG, {
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_API_URL: `${workspace.url}/api/`,
    NODE_OPTIONS: `--import=${JUMPING_CLOCK}`,
  });
  workers.add(worker);
  return worker;
}

/** Tells them to stop; answers their exit codes. */
async function stop(stopped: readonly Child[]): Promise<(number | null)[]> {
  stopped.forEach((worker) => workers.delete(worker));
  return Promise.all(stopped.map(async (worker) => worker.stop()));
}

let scenes = 0;
const begun: Scene[] = [];

interface Scene {
  /** What became of all that was due. */
  outcome(): Promise<unknown>;
}

/**
 * Work of every kind that takes no minute: calls to be drained, an alert and news to be said, a suspension, a grant and
 * a reservation that end, a refill.
 */
async function beginScene(): Promise<Scene> {
  scenes += 1;
  const channel = await newChannel(`scene-${scenes}`);
  const calling = await qm.team({ ...BY_COST, credits: 10n * CREDIT });
  await qm.stores.records.teams.update(calling.id, { channelId: channel });
  for (let call = 0; call < CALLS; call += 1) {
    await use(qm, calling, (9n * CREDIT) / BigInt(CALLS));
  }
  const suspended = await qm.team({ ...BY_COST, credits: CREDIT });
  const until = new Date(Date.now() + SOON_MS);
  await setTeamStatus(qm.stores, SYSTEM, { teamId: suspended.id, status: 'suspended', until });
  const ending = await qm.team({ ...BY_COST, credits: 0n });
  await give(qm, ending.id, 5, { expiresAt: new Date(Date.now() + SOON_MS) });
  const dying = await qm.team({ ...BY_COST, credits: 5n * CREDIT });
  await begin(qm, dying, 2n * CREDIT);
  const refilled = await qm.team({ ...BY_COST, credits: 0n });
  const wish = { amount: 10n * CREDIT, every: null, below: CREDIT, monthlyMax: null } as const;
  await setAutoRefill(qm.stores, SYSTEM, refilled.id, wish);
  const all = [calling, suspended, ending, dying, refilled].map(({ id }) => id);
  const scene = {
    outcome: async () => ({
      usage: await qm.postgres.usageEvent.count({ where: { teamId: calling.id } }),
      ledger: await Promise.all([calling, ending, refilled].map(async ({ id }) => entriesOf(id))),
      status: (await qm.stores.records.teams.find(suspended.id))?.status,
      resumed: await auditedOf(suspended.id, 'team.resumed'),
      held: (await qm.gate.balance({ id: dying.id, organizationId: 'acme' })).reserved,
      alerts: await qm.postgres.alertEpisode.count({ where: { teamId: calling.id } }),
      waiting: await qm.postgres.channelPost.count({ where: { place: channel, overAt: null } }),
      said: workspace.control.messages({ channel }).length,
      drift: await Promise.all(all.map(async (id) => qm.drift(id))),
    }),
  };
  begun.push(scene);
  return scene;
}

const DONE = {
  usage: CALLS,
  ledger: [['grant 10', 'usage -9'], ['grant 5', 'expiry -5'], ['auto_refill 10']],
  status: 'active',
  resumed: 1,
  held: 0n,
  alerts: 1,
  waiting: 0,
  said: 1,
  drift: [0n, 0n, 0n, 0n, 0n],
};

/** What stands in the ledger, by kind: usage is one line for each batch. */
async function entriesOf(teamId: string): Promise<string[]> {
  const entries = await qm.stores.records.ledger.history(teamId, 50);
  const byKind = Map.groupBy(entries.toReversed(), ({ kind }) => kind);
  return [...byKind].map(
    ([kind, same]) => `${kind} ${same.reduce((sum, { amount }) => sum + amount, 0n) / CREDIT}`,
  );
}

/** One that the bot is in. */
async function newChannel(name: string): Promise<string> {
  const slack = new WebClient(workspace.botToken, { slackApiUrl: `${workspace.url}/api/` });
  const { channel } = await slack.conversations.create({ name });
  await slack.conversations.join({ channel: channel?.id ?? '' });
  return channel?.id ?? '';
}

async function auditedOf(teamId: string, action: string): Promise<number> {
  return qm.postgres.auditEntry.count({ where: { target: `team:${teamId}`, action } });
}

/** Goes on with calls to be drained until something has happened. */
async function callsUntil(happened: Promise<void>): Promise<void> {
  let hasHappened = false;
  void happened.then(() => (hasHappened = true));
  const callMore = async (): Promise<boolean> => {
    await use(qm, caller, CREDIT);
    return hasHappened;
  };
  await expect.poll(callMore, PATIENT).toBe(true);
}

/** As Postgres does by itself to whoever is silent for half a minute: all that were silent a second after a moment. */
async function endSilentSessions(since: Date): Promise<number> {
  const ended = await qm.postgres.$queryRaw<unknown[]>`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'
      AND state_change < ${since}::timestamptz + interval '1 second'
      AND clock_timestamp() > ${since}::timestamptz + interval '2 seconds'`;
  return ended.length;
}

test('told to stop, a worker is gone within ten seconds, and hands back what it had begun', async () => {
  const worker = await startWorker();
  await qm.postgres.$transaction(
    async (scope) => {
      await scope.$queryRaw`LOCK TABLE teams IN ACCESS EXCLUSIVE MODE`;
      await expect.poll(async () => queue.getActiveCount(), PATIENT).toBeGreaterThan(0);
      const startedMs = performance.now();
      await stop([worker]);
      expect(performance.now() - startedMs).toBeLessThan(STOPPED_WITHIN_MS);
      expect(await queue.getActiveCount()).toBe(0);
    },
    { timeout: TEST_MS },
  );
});

test('one does all that is due; killed in the middle of a lock, it leaves the rest to another', async () => {
  const unlucky = await startWorker(door.url);
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
  await callsUntil(door.trap(commitOfDrain, 'before'));
  workers.delete(unlucky);
  await unlucky.kill9();
  await startWorker();
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
});

test('two do what one does', async () => {
  behindDoor = await startWorker(door.url);
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
});

test('five do what one does', async () => {
  // Each has the machine to itself while it starts.
  const more = [await startWorker(), await startWorker(), await startWorker()];
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
  expect(await stop(more)).toEqual([0, 0, 0]);
});

test('one whose clock jumps ahead by an hour, and back by two, does nothing twice, nor keeps the other from it', async () => {
  for (const clockAheadMs of [HOUR_MS, -HOUR_MS, 0]) {
    behindDoor.tell({ clockAheadMs });
    await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
  }
});

test('one that is frozen in the middle of a lock loses it, and does nothing twice when it is thawed', async () => {
  await callsUntil(door.trap(commitOfDrain, 'before').then(() => behindDoor.freeze()));
  const frozenAt = new Date();
  await expect.poll(async () => endSilentSessions(frozenAt), PATIENT).toBeGreaterThan(0);
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
  behindDoor.thaw();
  await expect.poll((await beginScene()).outcome, PATIENT).toEqual(DONE);
});

test('all that was done was done once, also after all that came later', async () => {
  const outcomes = await Promise.all(begun.map(async (scene) => scene.outcome()));
  expect(outcomes).toEqual(begun.map(() => DONE));
});
