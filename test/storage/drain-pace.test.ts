import { expect, test } from 'vitest';
import { createPace } from '../../src/storage/drain/pace.ts';
import type { Pace } from '../../src/storage/drain/pace.ts';

/** A machine of two processors of which others take a part, and on which the drain works in rounds of 500 ms. */
function machine(othersTake: number) {
  const times = { busyMs: 0, idleMs: 0 };
  let restedMs = 0;
  const pace = createPace(
    () => ({ ...times }),
    async (ms) => {
      restedMs += ms;
      times.busyMs += 2 * ms * othersTake;
      times.idleMs += 2 * ms * (1 - othersTake);
    },
  );
  return { pace, rested: () => restedMs };
}

async function work(pace: Pace, rounds: number, waitingAfter: (round: number) => number) {
  for (let round = 0; round < rounds; round += 1) {
    await pace.rest(500, waitingAfter(round));
  }
}

const shrinking = (round: number): number => 1_000_000 - round;

test('on an idle machine the drain rests for a twentieth of the time at the most', async () => {
  const { pace, rested } = machine(0.1);
  await work(pace, 100, shrinking);
  expect(rested()).toBeGreaterThan(0);
  expect(rested()).toBeLessThanOrEqual((100 * 500) / 19);
  expect(pace.round().lanes).toBe(2);
});

test('on a busy machine it works for a tenth of the time at the most, in short rounds', async () => {
  const { pace, rested } = machine(1);
  await work(pace, 3, shrinking);
  const before = rested();
  await work(pace, 100, shrinking);
  // A rest ends after 2 s, so rounds of 50 ms are what it takes; these here are ten times as long.
  expect(rested() - before).toBe(100 * 2_000);
  expect(pace.round()).toEqual({ shardsMax: 1, batchMax: 1_000, lanes: 1 });
});

test('a backlog that grows all the same is worked off faster and faster', async () => {
  const { pace, rested } = machine(1);
  await work(pace, 20, (round) => 1_000_000 + round);
  const before = rested();
  await work(pace, 10, (round) => 2_000_000 + round);
  expect(rested() - before).toBeLessThanOrEqual(10 * 50);
});
