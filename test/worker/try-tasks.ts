// Every task, whatever happens to it: its work is done once.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { taskKind } from '../../src/queue/tasks.ts';
import type { TaskName } from '../../src/queue/tasks.ts';
import { dryRun } from '../../worker/dry-run.ts';
import { startConsumer } from '../../worker/worker.ts';
import { DAY_S, HOUR_S, MINUTE_S } from './scenes/scene.ts';
import type { Prepared, Scene, Scenes } from './scenes/scene.ts';
import { startTaskWorld } from './task-world.ts';
import type { TaskWorld } from './task-world.ts';

/** Calls of the records and the gate at which a worker dies. Reading comes first, writing last. */
const LATER_STEPS = [4, 8, 13];

type Run = () => Promise<void>;

interface Trial {
  /** What is to hold at the end. */
  readonly right?: unknown;
  happens?(prepared: Prepared): Promise<void>;
  runs(run: Run, payload: object): Promise<void>;
}

/** Tries each of these tasks: a line a case. Each has a world of its own: to bring one forty days late moves all. */
export function tryTasks(scenes: Scenes): void {
  describe.each(Object.keys(scenes) as TaskName[])('%s', (task) => {
    let world: TaskWorld;
    beforeAll(async () => {
      world = await startTaskWorld();
    });
    afterAll(async () => world[Symbol.asyncDispose]());
    afterEach(() => world.door.open());
    tryTask(task, scenes[task] as Scene, () => world);
  });
}

function tryTask(task: TaskName, { prepare, done, late = {} }: Scene, worldNow: () => TaskWorld) {
  /**
   * Sets a scene, lets something happen and the task run, and looks at what holds then. What is looked for never
   * holds before the task ran: else a task that does nothing would pass.
   */
  async function outcomeOf({ right = done, happens, runs }: Trial) {
    const world = worldNow();
    const prepared = await prepare(world);
    const { payload = {}, outcome } = prepared;
    await happens?.(prepared);
    expect(await outcome(), 'before the task ran').not.toEqual(right);
    await runs(async () => world.run(task, payload), payload);
    const found = await outcome();
    await prepared.clear?.();
    return found;
  }

  test('run twice does its work once', async () => {
    const outcome = await outcomeOf({
      runs: async (run) => {
        await run();
        await run();
      },
    });
    expect(outcome).toEqual(done);
  });

  test('run by two workers at once, then by five, does its work once', async () => {
    const outcome = await outcomeOf({
      runs: async (run) => {
        await Promise.all([run(), run()]);
        await Promise.all(Array.from({ length: 5 }, run));
      },
    });
    expect(outcome).toEqual(done);
  });

  /** Kills it at a step: what holds after the next run, and whether it had so many steps to die at. */
  async function killedAt(step: number) {
    const world = worldNow();
    const dying = world.dying(step);
    const outcome = await outcomeOf({
      runs: async (run, payload) => {
        await world.run(task, payload, dying.parts).catch(() => undefined);
        // What it held in the gate lapses, as that of a dead proxy does.
        await world.qm.passSeconds(MINUTE_S);
        await world.run('reap-reservations', {});
        await run();
      },
    });
    return { outcome, isDead: dying.isDead() };
  }

  test('killed at its first step is finished by the next run', async () => {
    expect(await killedAt(1)).toEqual({ outcome: done, isDead: true });
  });

  test(`killed at step ${LATER_STEPS.join(', ')}, as far as it has so many, is finished by the next run`, async () => {
    const outcomes: unknown[] = [];
    for (const step of LATER_STEPS) {
      const { outcome, isDead } = await killedAt(step);
      outcomes.push(outcome);
      if (!isDead) {
        break;
      }
    }
    expect(outcomes).toEqual(outcomes.map(() => done));
  });

  test('a dry run says what it would do, and leaves it to be done', async () => {
    const world = worldNow();
    const prepared = await prepare(world);
    const { payload = {}, outcome } = prepared;
    const said = await dryRun(world.parts.services, task, taskKind(task).payload.parse(payload));
    expect(said).not.toEqual([]);
    // What only reads has said then what it found.
    const isRun = taskKind(task).rehearsal === 'reads';
    expect(isRun ? undefined : await outcome()).not.toEqual(done);
    await world.run(task, payload);
    expect(await outcome()).toEqual(done);
    await prepared.clear?.();
  });

  test('does its work after Postgres was gone for a minute', async () => {
    const outcome = await outcomeOf({
      runs: async (run) => {
        const world = worldNow();
        world.door.shut();
        await run().catch(() => undefined);
        await world.qm.passSeconds(MINUTE_S);
        world.door.open();
        await run();
      },
    });
    expect(outcome).toEqual(done);
  });

  test('does its work when it comes through the queue', async () => {
    const world = worldNow();
    const consumer = startConsumer(world.parts);
    const outcome = await outcomeOf({
      runs: async (_run, payload) => {
        const { taskRuns } = world.qm.stores.records;
        const before = (await taskRuns.find(task))?.successes ?? 0;
        await world.queue.ask(task, payload as never, `${task}-${world.qm.nowMs()}`);
        await expect
          .poll(async () => (await taskRuns.find(task))?.successes, { timeout: 20_000 })
          .toBe(before + 1);
      },
    });
    await consumer.stop();
    expect(outcome).toEqual(done);
  });

  test('does its work once when the clock jumps by an hour, forwards and back', async () => {
    const outcome = await outcomeOf({
      runs: async (run) => {
        for (const jumpS of [HOUR_S, -2 * HOUR_S, HOUR_S]) {
          await worldNow().qm.passSeconds(jumpS);
          await run();
        }
      },
    });
    expect(outcome).toEqual(done);
  });

  test.each([
    ['a day', DAY_S, late.day ?? done],
    ['forty days', 40 * DAY_S, late.fortyDays ?? done],
  ])('run %s late does what is right then, once', async (_, lateS, right) => {
    const outcome = await outcomeOf({
      right,
      happens: async () => worldNow().qm.passSeconds(lateS),
      runs: async (run) => {
        await run();
        await run();
      },
    });
    expect(outcome).toEqual(right);
  });

  test('does its work after Redis lost everything', async () => {
    const outcome = await outcomeOf({
      happens: async ({ afterFlush }) => {
        await worldNow().flushRedis();
        await afterFlush?.();
      },
      runs: async (run) => run(),
    });
    expect(outcome).toEqual(done);
  });
}
