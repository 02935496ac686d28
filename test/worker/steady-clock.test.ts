import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startSteadyClock } from '../../worker/steady-clock.ts';
import type { PrismaClient } from '../../src/storage/generated/client.ts';

/** Tells one time for ever; the first answers take so long. */
function postgresThat(ms: number, ...tookMs: number[]) {
  const waits = [...tookMs];
  const $queryRaw = async () => pause(waits.shift() ?? 0, [{ ms }]);
  return { $queryRaw } as unknown as Pick<PrismaClient, '$queryRaw'>;
}

const YEAR_2040_MS = Date.UTC(2040, 0, 1);

test('a time that came too late is told of and asked for again, before the clock is used', async () => {
  const failures: unknown[] = [];
  const clock = await startSteadyClock(postgresThat(YEAR_2040_MS, 1_050), (error) =>
    failures.push(error),
  );
  clock.stop();
  expect(failures.map(String)).toEqual([
    expect.stringContaining('Asking Postgres for the time: it answered after'),
  ]);
  expect(clock.now()).toBeGreaterThanOrEqual(YEAR_2040_MS);
});
