import { array, assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';
import { action } from './gate-actions.ts';
import { checkRecords, checkWorld, createWorld, perform } from './gate-world.ts';

/** Short ones find most, because each step is checked; more of them find the rest. */
const SEQUENCES = Number(process.env['MODEL_SEQUENCES'] ?? 1_000);
/** A failure prints its seed and path: given here, it is seen again. */
const { MODEL_SEED: seed, MODEL_PATH: path } = process.env;
const STEPS_MAX = 24;
/** Several times what a two-core machine takes that does nothing else. */
const TIMEOUT_MS = 1_800_000;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

test(
  'whatever happens in whatever order, the gate says what its model says',
  async () => {
    await assert(
      asyncProperty(array(action, { minLength: 1, maxLength: STEPS_MAX }), async (actions) => {
        const world = await createWorld(qm);
        for (const one of actions) {
          await perform(world, one);
          await checkWorld(world);
        }
        await checkRecords(world);
      }),
      {
        numRuns: SEQUENCES,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      },
    );
    expect(qm.gate.isUp()).toBe(true);
  },
  TIMEOUT_MS,
);
