// What holds of any task: what goes wrong with one is seen, told once, and blocks no other.

import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { liftStatuses } from '../../src/core/lift-statuses.ts';
import { noteFailure, noteSuccess } from '../../src/core/tasks/note-run.ts';
import { healthOf } from '../../src/core/tasks/task-run.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { openQueue, QUEUE_NAME, queueConnection, queuePrefix } from '../../src/queue/queue.ts';
import { rehearse } from '../../src/storage/postgres/rehearse.ts';
import { FLEET_SCHEDULE } from '../../worker/schedule.ts';
import { startConsumer, startWorker } from '../../worker/worker.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { TASK_NAMES } from '../../src/queue/tasks.ts';
import { PREVIEWS } from '../../worker/previews.ts';
import { taskKind } from '../../src/queue/tasks.ts';
import { CREDIT_SCENES } from './scenes/credit-scenes.ts';
import { TEAM_SCENES } from './scenes/team-scenes.ts';
import { UPKEEP_SCENES } from './scenes/upkeep-scenes.ts';
import { startTaskWorld } from './task-world.ts';
import type { TaskWorld } from './task-world.ts';

const HOUR_MS = 3_600_000;
const MINUTE_S = 60;
/** How long a worker may be silent before its task is another's. */
const STALLED_MS = 300;

let world: TaskWorld;
let queue: Queue;
beforeAll(async () => {
  world = await startTaskWorld();
  const { qm } = world;
  queue = new Queue(QUEUE_NAME, {
    connection: queueConnection(qm.redisUrl),
    prefix: queuePrefix(qm.namespace),
  });
});
afterAll(async () => {
  await queue.close();
  await world[Symbol.asyncDispose]();
});

const failedOf = async (name: string) =>
  (await queue.getFailed()).find((job) => job.name === name)?.failedReason ?? '';
const run = () => ({ startedAt: new Date(world.qm.nowMs()), endedAt: new Date(world.qm.nowMs()) });

test('an unknown task and a payload of another version are refused by name, once, and block nothing', async () => {
  await queue.add('paint-the-fence', {}, { attempts: 5 });
  await queue.add('lift-statuses', { since: 'version 0' }, { attempts: 5 });
  await world.queue.ask('watch-alerts', {}, 'after-them');
  const consumer = startConsumer(world.parts);
  await expect.poll(async () => failedOf('paint-the-fence')).toMatch(/there is no task "paint/);
  await expect.poll(async () => failedOf('lift-statuses')).toMatch(/of another version/);
  const { taskRuns } = world.qm.stores.records;
  await expect.poll(async () => (await taskRuns.find('watch-alerts'))?.successes).toBe(1);
  expect(await taskRuns.find('unknown task')).toMatchObject({ failures: 1 });
  await consumer.stop();
});

test('a task that keeps failing is told to operators once, with the cure, and that it is well again', async () => {
  const { records } = world.qm.stores;
  const noted = { task: 'a-task', cure: 'mend it' };
  const failed = () => ({ ...run(), error: new Error('it broke'), isLast: false });
  const posts = async () =>
    world.qm.postgres.channelPost.count({
      where: { kind: 'task.failing', message: { contains: 'a-task' } },
    });
  expect(await noteFailure({ records }, noted, failed())).toBe(false);
  await world.qm.passSeconds(MINUTE_S);
  const told = await Promise.all(
    [1, 2, 3].map(async () => noteFailure({ records }, noted, failed())),
  );
  expect(told.filter(Boolean)).toHaveLength(1);
  await world.qm.passSeconds(MINUTE_S);
  expect(await noteFailure({ records }, noted, failed())).toBe(false);
  expect(await posts()).toBe(1);
  const found = await records.taskRuns.find('a-task');
  expect(found && healthOf(found, world.qm.nowMs())).toBe('failing');
  await noteSuccess({ records }, noted, { ...run(), everyMs: 1_000 });
  await noteSuccess({ records }, noted, { ...run(), everyMs: 1_000 });
  expect(await posts()).toBe(2);
  const well = await records.taskRuns.find('a-task');
  expect(well && healthOf(well, world.qm.nowMs())).toBe('well');
  expect(well && healthOf(well, world.qm.nowMs() + HOUR_MS)).toBe('still');
});

test('what still runs when the worker stops goes back into the queue for another', async () => {
  const { qm } = world;
  const held = await qm.postgres.$transaction(
    async (scope) => {
      await scope.$queryRaw`LOCK TABLE teams IN ACCESS EXCLUSIVE MODE`;
      const consumer = startConsumer(world.parts, { stopGraceMs: 50 });
      await world.queue.ask('lift-statuses', {}, 'held');
      await expect.poll(async () => queue.getActiveCount()).toBe(1);
      await consumer.stop();
      return queue.getWaitingCount();
    },
    { timeout: 20_000 },
  );
  expect(held).toBe(1);
  const other = startConsumer(world.parts);
  await expect.poll(async () => (await queue.getJob('held'))?.finishedOn).toBeDefined();
  await other.stop();
});

test('the schedule comes back after Redis lost it, and after a clock that went back by an hour', async () => {
  const schedules = openQueue(world.qm.redisUrl, world.qm.namespace, () => undefined);
  const names = Object.keys(FLEET_SCHEDULE).sort();
  const now = Date.now();
  await schedules.schedule(FLEET_SCHEDULE, now);
  await schedules.schedule(FLEET_SCHEDULE, now);
  const known = async () => (await queue.getJobSchedulers()).map(({ key }) => key).sort();
  expect(await known()).toEqual(names);
  await world.flushRedis();
  expect(await schedules.schedule(FLEET_SCHEDULE, now)).toEqual([]);
  expect(await known()).toEqual(names);
  const revived = await schedules.schedule(FLEET_SCHEDULE, now - HOUR_MS);
  expect(revived).toContain('watch-alerts');
  await schedules.unschedule(['reconcile']);
  expect(await known()).toEqual(['reconcile']);
  await schedules.close();
});

test('a rehearsal says what a task would write, and writes nothing', async () => {
  const { qm } = world;
  const { id } = await qm.team();
  const until = new Date(qm.nowMs() + HOUR_MS);
  await setTeamStatus(qm.stores, SYSTEM, { teamId: id, status: 'suspended', until });
  await qm.passSeconds(HOUR_MS / 1_000);
  const { lines } = await rehearse(qm.postgres, async (records) => {
    expect(await liftStatuses({ ...qm.stores, records })).toBe(1);
  });
  expect(lines).toMatchObject([{ target: `team:${id}`, reason: 'its end was reached' }]);
  expect(await qm.stores.records.teams.find(id)).toMatchObject({ status: 'suspended' });
});

test('every task is tried by a scene, and has a dry run', () => {
  const tried = Object.keys({ ...CREDIT_SCENES, ...TEAM_SCENES, ...UPKEEP_SCENES });
  expect(tried.sort()).toEqual([...TASK_NAMES].sort());
  const previewed = TASK_NAMES.filter((name) => taskKind(name).rehearsal === 'preview');
  expect(Object.keys(PREVIEWS).sort()).toEqual(previewed.sort());
});

test('a task whose worker died is taken up once, by one of the workers that live', async () => {
  const { qm } = world;
  await queue.obliterate({ force: true });
  const dead = new Worker(QUEUE_NAME, null, {
    connection: queueConnection(qm.redisUrl),
    prefix: queuePrefix(qm.namespace),
    autorun: false,
    lockDuration: STALLED_MS,
  });
  const { taskRuns } = qm.stores.records;
  const before = (await taskRuns.find('prune'))?.successes ?? 0;
  await world.queue.ask('prune', {}, 'of-the-dead');
  // It takes the task, and is never heard of again.
  expect((await dead.getNextJob('a dead worker'))?.name).toBe('prune');
  const living = [1, 2].map(() => startConsumer(world.parts, { stalledEveryMs: STALLED_MS }));
  const ended = async () => (await queue.getJob('of-the-dead'))?.finishedOn;
  await expect.poll(ended, { timeout: 20_000 }).toBeDefined();
  await Promise.all(living.map(async (consumer) => consumer.stop()));
  expect((await taskRuns.find('prune'))?.successes).toBe(before + 1);
  expect(await queue.getActiveCount()).toBe(0);
  await dead.close();
});

test('a worker that is frozen in the middle of a lock loses it, and another does the work once', async () => {
  const { qm, door } = world;
  await liftStatuses(qm.stores);
  const { id } = await qm.team();
  const until = new Date(qm.nowMs() + HOUR_MS);
  await setTeamStatus(qm.stores, SYSTEM, { teamId: id, status: 'suspended', until });
  await qm.passSeconds(HOUR_MS / 1_000);
  const postgres = connectPostgres(door.url, { idleInTransactionMs: 500 });
  const frozen = door.trap(() => (chunk) => /\bCOMMIT\b/.test(chunk.toString('latin1')), 'before');
  const stuck = liftStatuses({ ...qm.stores, records: createRecords(postgres) }).catch(() => 0);
  await frozen;
  expect(await liftStatuses(qm.stores)).toBe(1);
  expect((await qm.stores.records.teams.find(id))?.status).toBe('active');
  const where = { target: `team:${id}`, action: 'team.resumed' };
  expect(await qm.postgres.auditEntry.count({ where })).toBe(1);
  door.shut();
  await stuck;
  door.open();
  await postgres.$disconnect();
});

test('a worker that is told to stop is gone within ten seconds, whatever holds its work up', async () => {
  const { qm } = world;
  const tookMs = await qm.postgres.$transaction(
    async (scope) => {
      await scope.$queryRaw`LOCK TABLE teams IN ACCESS EXCLUSIVE MODE`;
      const worker = await startWorker(world.parts.services);
      await expect.poll(async () => queue.getActiveCount(), { timeout: 10_000 }).toBeGreaterThan(0);
      const startedMs = performance.now();
      await worker.stop();
      return performance.now() - startedMs;
    },
    { timeout: 40_000 },
  );
  expect(tookMs).toBeLessThan(10_000);
  // What it had begun waits for another.
  expect(await queue.getActiveCount()).toBe(0);
  await queue.obliterate({ force: true });
});
