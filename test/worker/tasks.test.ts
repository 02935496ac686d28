// Every task, whatever happens to it: its work is done once.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startConsumer } from '../../worker/worker.ts';
import { SCENES } from './task-scenes.ts';
import type { TriedTask } from './task-scenes.ts';
import { startTaskWorld } from './task-world.ts';
import type { TaskWorld } from './task-world.ts';

const FORTY_DAYS_S = 40 * 24 * 60 * 60;
const MINUTE_S = 60;
const WORKERS = 5;
/** Calls of the records and the gate at which a worker dies. Reading comes first, writing last. */
const STEPS = [1, 2, 4, 7, 11, 16];

let world: TaskWorld;
afterEach(() => world.door.open());

/** Sets a scene, lets something happen to the task, and looks at what holds after its next run. */
async function outcomeOf(
  task: TriedTask,
  happens: (run: () => Promise<void>, payload: object) => Promise<void>,
): Promise<unknown> {
  const { payload = {}, outcome } = await SCENES[task].prepare(world);
  await happens(async () => world.run(task, payload), payload);
  return outcome();
}

describe.each(Object.keys(SCENES) as TriedTask[])('%s', (task) => {
  const { done, doneLate = done } = SCENES[task];
  // Each task has a time of its own: to bring one 40 days late moves all.
  beforeAll(async () => {
    world = await startTaskWorld();
  });
  afterAll(async () => world[Symbol.asyncDispose]());

  test('run twice does its work once', async () => {
    const outcome = await outcomeOf(task, async (run) => {
      await run();
      await run();
    });
    expect(outcome).toEqual(done);
  });

  test('run by five workers at once does its work once', async () => {
    const outcome = await outcomeOf(task, async (run) => {
      await Promise.all(Array.from({ length: WORKERS }, run));
    });
    expect(outcome).toEqual(done);
  });

  test('killed at any step is finished by the next run', async () => {
    for (const step of STEPS) {
      const dying = world.dying(step);
      const outcome = await outcomeOf(task, async (run, payload) => {
        await world.run(task, payload, dying.parts).catch(() => undefined);
        // What it held in the gate lapses, as that of a dead proxy does.
        await world.qm.passSeconds(MINUTE_S);
        await world.run('reap-reservations', {});
        await run();
      });
      expect(outcome, `killed at step ${step}`).toEqual(done);
      if (!dying.isDead()) {
        return;
      }
    }
  });

  test('does its work after Postgres was gone for a minute', async () => {
    const outcome = await outcomeOf(task, async (run) => {
      world.door.shut();
      await run().catch(() => undefined);
      await world.qm.passSeconds(MINUTE_S);
      world.door.open();
      await run();
    });
    expect(outcome).toEqual(done);
  });

  test('does its work when it comes through the queue', async () => {
    const consumer = startConsumer(world.parts);
    const { payload = {}, outcome } = await SCENES[task].prepare(world);
    await world.queue.ask(task, payload as never, `${task}-${world.qm.nowMs()}`);
    await expect
      .poll(async () => (await world.qm.stores.records.taskRuns.find(task))?.successes, {
        timeout: 20_000,
      })
      .toBe(1);
    expect(await outcome()).toEqual(done);
    await consumer.stop();
  });

  test('run 40 days late does what is right then, once', async () => {
    const outcome = await outcomeOf(task, async (run) => {
      await world.qm.passSeconds(FORTY_DAYS_S);
      await run();
      await run();
    });
    expect(outcome).toEqual(doneLate);
  });

  test('does its work after Redis lost everything', async () => {
    const outcome = await outcomeOf(task, async (run) => {
      await world.flushRedis();
      await run();
    });
    expect(outcome).toEqual(done);
  });
});
