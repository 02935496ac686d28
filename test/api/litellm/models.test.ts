// Models made, changed and taken away in LiteLLM's words, and routes that are not offered.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { LITELLM } from '../../../src/api/litellm/dialect.ts';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);

test('a model is made, told without its key, changed and taken away', async () => {
  const made = await post('/model/new', {
    model_name: 'house-gpt',
    litellm_params: {
      model: 'openai/gpt-4o',
      api_key: 'sk-provider-0123456789',
      input_cost_per_token: 0.0000025,
      output_cost_per_token: 0.00001,
      rpm: 5,
    },
    model_info: { access_groups: ['gpt-models'] },
  });
  expect(made.json).toMatchObject({
    model_id: 'house-gpt',
    model_name: 'house-gpt',
    litellm_params: { model: 'openai/gpt-4o', input_cost_per_token: 0.0000025 },
    model_info: { id: 'house-gpt', db_model: true, access_groups: ['gpt-models'] },
  });
  expect(made.headers.get('x-quartermaster-warning')).toContain('litellm_params.rpm');
  expect(made.text).not.toContain('sk-provider');
  const patched = await door.ask('PATCH', '/model/house-gpt/update', {
    litellm_params: { output_cost_per_token: 0.00002 },
  });
  expect(patched.json.model_info).toMatchObject({
    input_cost_per_token: 0.0000025,
    output_cost_per_token: 0.00002,
  });
  const paused = await post('/model/update', { model_info: { id: 'house-gpt' }, blocked: true });
  expect(paused.json.model_info.blocked).toBe(true);
  const byId = await post('/model/update', { id: 'house-gpt', blocked: false });
  expect(byId.json.model_info.blocked).toBe(false);
  const one = await door.ask('GET', '/model/info?litellm_model_id=house-gpt');
  expect(one.json.data).toHaveLength(1);
  const group = await door.ask('GET', '/model_group/info?model_group=house-gpt');
  expect(group.json.data).toMatchObject([{ model_group: 'house-gpt', providers: ['openai'] }]);
  const page = await door.ask('GET', '/v2/model/info?page=1&size=2&search=GPT');
  expect(page.json).toMatchObject({ total_count: 3, current_page: 1, total_pages: 2, size: 2 });
  const gone = await post('/model/delete', { id: 'house-gpt' });
  expect(gone.json).toEqual({ message: 'Model: house-gpt deleted successfully' });
});

const NEW = { model_name: 'gpt-4o', litellm_params: { model: 'openai/gpt-4o' } };
const IN_FILE =
  "{'error': \"Can't edit model. Model in config. Store model in db via `/model/new`. to edit.\"}";

test.each([
  ['POST', '/model/new', NEW, 400, "Model alias 'gpt-4o' already exists"],
  ['POST', '/model/delete', { id: 'none' }, 400, "{'error': 'Model with id=none not found in db'}"],
  ['POST', '/model/delete', { id: 'gpt-4o' }, 400, IN_FILE],
  ['PATCH', '/model/none/update', {}, 404, 'Model none not found on proxy.'],
  ['PATCH', '/model/gpt-4o/update', {}, 400, IN_FILE],
  ['POST', '/model/update', {}, 400, "{'error': 'model_info.id is required'}"],
  [
    'GET',
    '/model/info?litellm_model_id=none',
    undefined,
    400,
    "{'error': 'Model id = none not found on litellm proxy'}",
  ],
])('%s %s of %j is refused', async (method, path, body, status, message) => {
  const told = await door.ask(method, path, body);
  expect([told.status, told.json.error.message]).toEqual([status, message]);
});

test('a route of LiteLLM that is not offered says so, and why', async () => {
  const routes = LITELLM.notOffered.filter(({ what }) => /^[A-Z]+ \/\S*$/.test(what));
  expect(routes.length).toBeGreaterThan(3);
  for (const { what, why } of routes) {
    const [method = '', path = ''] = what.replaceAll(/\{\w+\}/g, 'x').split(' ');
    const told = await door.ask(method, path, method === 'GET' ? undefined : {});
    expect([what, told.status, told.json.error?.message]).toEqual([
      what,
      501,
      expect.stringContaining(why),
    ]);
  }
});
