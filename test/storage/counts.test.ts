import { expect, test } from 'vitest';
import { createCounts } from '../../src/storage/postgres/counts.ts';

const rows = (...counts: number[]) => {
  const left = counts.values();
  return async () => left.next().value ?? Number.NaN;
};

test('few rows are counted each time, so that a list is exact', async () => {
  const counts = createCounts(() => 0);
  const count = rows(10_000, 9_999);
  expect([await counts('keys', count), await counts('keys', count)]).toEqual([10_000, 9_999]);
});

test('many rows are counted once in ten seconds for each search', async () => {
  let nowMs = 0;
  const counts = createCounts(() => nowMs);
  const count = rows(20_000, 20_001);
  expect(await counts('keys', count)).toBe(20_000);
  nowMs = 9_999;
  expect(await counts('keys', count)).toBe(20_000);
  expect(await counts('teams', rows(5))).toBe(5);
  nowMs = 10_000;
  expect(await counts('keys', count)).toBe(20_001);
});

test('of ever new searches the oldest are forgotten', async () => {
  const counts = createCounts(() => 0);
  const first = rows(20_000, 20_001);
  await counts('first', first);
  for (let at = 0; at < 200; at += 1) {
    await counts(`search ${at}`, rows(30_000));
  }
  expect(await counts('first', first)).toBe(20_001);
});
