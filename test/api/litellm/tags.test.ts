// Tags that keys bear, and what monitors of LiteLLM ask.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);

test('something is said of a tag, changed, looked up and taken back', async () => {
  const made = await post('/tag/new', { name: 'blue', description: 'Blue', models: ['gpt-4o'] });
  expect(made.json).toMatchObject({
    message: 'Tag blue created successfully',
    tag: { name: 'blue', description: 'Blue', models: ['gpt-4o'], model_info: {} },
  });
  const changed = await post('/tag/update', { name: 'blue', description: 'Sky' });
  expect(changed.json).toMatchObject({ tag: { description: 'Sky', models: ['gpt-4o'] } });
  const info = await post('/tag/info', { names: ['blue'] });
  expect(info.json).toMatchObject({ blue: { name: 'blue', description: 'Sky' } });
  await post('/key/generate', { tags: ['blue', 'borne'] });
  const list = await door.ask('GET', '/tag/list');
  expect(list.json.map((tag: { name: string }) => tag.name)).toEqual(['blue', 'borne']);
  expect((await door.ask('GET', '/global/spend/all_tag_names')).json).toEqual({
    tag_names: ['blue', 'borne'],
  });
  const gone = await post('/tag/delete', { name: 'blue' });
  expect(gone.json).toEqual({ message: 'Tag blue deleted successfully' });
  expect((await door.ask('GET', '/tag/list')).json).toContainEqual(
    expect.objectContaining({ name: 'blue', models: null }),
  );
});

test.each([
  ['/tag/new', { name: 'taken' }, 400, 'Tag taken already exists'],
  ['/tag/update', { name: 'none' }, 404, 'Tag none not found'],
  ['/tag/delete', { name: 'none' }, 404, 'Tag none not found'],
  ['/tag/info', { names: ['taken', 'none'] }, 404, "Tags not found: ['none']"],
  [
    '/tag/new',
    { name: 'bound', max_budget: 5 },
    400,
    'max_budget is not offered for tags: nothing would hold calls to it. Bound the keys or their team.',
  ],
])('POST %s of %j is refused', async (path, body, status, detail) => {
  await post('/tag/new', { name: 'taken' });
  const told = await post(path, body);
  expect([told.status, told.json]).toEqual([status, { detail }]);
});

test('monitors of LiteLLM are answered without a key, in the words that they look for', async () => {
  for (const path of ['/health/liveliness', '/health/liveness']) {
    expect((await door.askBare('GET', path)).json).toBe("I'm alive!");
  }
  const ready = await door.askBare('GET', '/health/readiness');
  expect([ready.status, ready.json]).toEqual([
    200,
    expect.objectContaining({ status: 'healthy', db: 'connected' }),
  ]);
  door.health.ok = false;
  const unready = await door.askBare('GET', '/health/readiness');
  expect([unready.status, unready.json.status]).toEqual([503, 'unhealthy']);
  door.health.ok = true;
});
