import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_KEY, openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const at = new Date();
  const run = { startedAt: at, endedAt: at };
  await door.stores.records.taskRuns.succeeded('reconcile', { ...run, everyMs: 3_600_000 });
  await door.stores.records.taskRuns.measured('drain', { backlog: 7, lagMs: 2_500 }, at);
});
afterAll(async () => door.close());

const get = async (path: string, key?: string) =>
  fetch(door.url + path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });

test('metrics are told to whoever has the admin key, and to nobody else', async () => {
  expect((await get('/metrics')).status).toBe(401);
  const answer = await get('/metrics', ADMIN_KEY);
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(text).toContain('quartermaster_task_successes_total{task="reconcile"} 1\n');
  expect(text).toContain('quartermaster_task_lag_seconds{task="drain"} 2.5\n');
});

test('how each task is doing can be read', async () => {
  const answer = await get('/api/worker/tasks', ADMIN_KEY);
  expect(await answer.json()).toMatchObject({
    tasks: [
      { task: 'drain', health: 'new', backlog: 7 },
      { task: 'reconcile', health: 'well', successes: 1 },
    ],
  });
});
