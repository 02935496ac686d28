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

test('models of the file are told with their price, provider and size, and without any secret', async () => {
  const told = await door.ask('GET', '/v1/model/info');
  const infos = new Map<string, object>(
    told.json.data.map((model: { model_name: string }) => [model.model_name, model]),
  );
  expect(infos.get('gpt-4o')).toMatchObject({
    litellm_params: { model: 'openai/gpt-4o', api_base: 'http://openai.test/v1' },
    model_info: {
      id: 'gpt-4o',
      db_model: false,
      litellm_provider: 'openai',
      mode: 'chat',
      input_cost_per_token: 2.5e-6,
      output_cost_per_token: 1e-5,
      cache_read_input_token_cost: 1.25e-6,
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      max_tokens: 16_384,
      supports_vision: true,
      supports_function_calling: true,
      supports_reasoning: false,
    },
  });
  expect(infos.get('gpt-4o-mini')).toMatchObject({ model_info: { max_output_tokens: 1_000 } });
  expect(infos.get('claude-sonnet')).toMatchObject({
    litellm_params: { model: 'anthropic/claude-sonnet-4-5' },
    model_info: { litellm_provider: 'anthropic', input_cost_per_token: 3e-6 },
  });
  // What the file says of it, and of the operator's own notes nothing.
  expect(infos.get('gemini-pro')).toMatchObject({
    model_info: { input_cost_per_token: 1e-6, supports_vision: true },
  });
  expect(told.text).not.toContain('research');
  expect(told.text).not.toContain('sk-of-the-file');
  const groups = await door.ask('GET', '/model_group/info?model_group=gpt-4o');
  expect(groups.json.data).toMatchObject([
    {
      providers: ['openai'],
      input_cost_per_token: 2.5e-6,
      max_input_tokens: 128_000,
      mode: 'chat',
      supports_vision: true,
      supports_web_search: false,
    },
  ]);
  const ours = await door.ask('GET', '/api/models/gpt-4o');
  expect(ours.json).toMatchObject({ provider: 'openai', pricing_input: 2.5, pricing_output: 10 });
});

const COSTS = { input_cost_per_token: 0.000001, output_cost_per_token: 0 };

test.each([
  ['openai/text-embedding-3-small', 'embedding'],
  ['openai/babbage-002', 'completion'],
  ['gemini/gemini-embedding-001', 'embedding'],
  ['anthropic/claude-haiku-4-5', 'chat'],
])('what %s is for is told as %s', async (model, mode) => {
  const made = await post('/model/new', { model_name: 'one', litellm_params: { model, ...COSTS } });
  expect(made.json.model_info).toMatchObject({ mode });
  const group = await door.ask('GET', '/model_group/info?model_group=one');
  expect(group.json.data).toMatchObject([{ mode }]);
  await post('/model/delete', { id: 'one' });
});

test('a virtual key is told the models that it may call, and not where they are served', async () => {
  const organization = await post('/organization/new', {
    organization_alias: 'Narrow',
    models: ['gpt-4o', 'gpt-4o-mini', 'gemini-pro'],
  });
  const team = await post('/team/new', {
    organization_id: organization.json.organization_id,
    models: ['gpt-4o', 'gemini-pro'],
    model_aliases: { fast: 'gpt-4o' },
  });
  expect(team.json).toMatchObject({ models: ['gpt-4o', 'gemini-pro'] });
  const keyOf = async (fields: object): Promise<string> =>
    (await post('/key/generate', { team_id: team.json.team_id, ...fields })).json.key;
  const namesAt = async (key: string, path: string, field: string): Promise<string[]> => {
    const told = await door.ask('GET', path, undefined, { authorization: `Bearer ${key}` });
    expect(told.status).toBe(200);
    expect(told.text).not.toContain('api_base');
    return told.json.data.map((model: Record<string, string>) => model[field]);
  };
  const [wide, narrow] = [await keyOf({}), await keyOf({ models: ['gemini-pro'] })];
  for (const [path, field] of [
    ['/v1/model/info', 'model_name'],
    ['/v2/model/info', 'model_name'],
    ['/model_group/info', 'model_group'],
  ] as const) {
    expect(await namesAt(wide, path, field)).toEqual(['fast', 'gemini-pro', 'gpt-4o']);
    expect(await namesAt(narrow, path, field)).toEqual(['gemini-pro']);
  }
  const hidden = await door.ask('GET', '/model/info?litellm_model_id=claude-sonnet', undefined, {
    authorization: `Bearer ${wide}`,
  });
  expect(hidden.status).toBe(400);
  // The organization's own list bounds what its teams were given before.
  await door.ask('PATCH', '/organization/update', {
    organization_id: organization.json.organization_id,
    models: ['gpt-4o'],
  });
  expect(await namesAt(wide, '/model/info', 'model_name')).toEqual(['fast', 'gpt-4o']);
});

test('what a call costs is told without making it, at the price in force', async () => {
  const hey = [{ role: 'user', content: "Hey, how's it going?" }];
  const prompt = await post('/spend/calculate', { model: 'gpt-4o', messages: hey });
  // Seven of the text, four around a message, three before the answer.
  expect(prompt.json).toEqual({ cost: 0.000035 });
  const picture = { type: 'image_url', image_url: { url: 'https://pictures.test/a.png' } };
  const seen = await post('/spend/calculate', {
    model: 'gpt-4o',
    messages: [{ role: 'user', content: [picture] }],
  });
  expect(seen.json).toEqual({ cost: 0.0006425 });
  const answered = {
    id: 'chatcmpl-1',
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Well' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 1_000,
      completion_tokens: 100,
      total_tokens: 1_100,
      prompt_tokens_details: { cached_tokens: 400 },
    },
  };
  const told = await post('/spend/calculate', { completion_response: answered });
  expect(told.json).toEqual({ cost: 0.003 });
  // By what the operator says that it costs, where that is another price than the catalogue's.
  const own = { completion_response: { ...answered, model: 'gemini-pro' } };
  expect((await post('/spend/calculate', own)).json).toEqual({ cost: 0.0012 });
});

test.each<[object, number, string]>([
  [{ model: 'gpt-4o' }, 400, "Bad Request - messages must be provided if 'model' is provided"],
  [{}, 400, "Bad Request - Either 'model' or 'completion_response' must be provided"],
  [{ model: 'none', messages: [] }, 400, "This model isn't mapped yet. model=none"],
])('the cost of %j is not told', async (body, status, message) => {
  const told = await post('/spend/calculate', body);
  expect([told.status, told.json.error.message]).toEqual([status, message]);
  const unused = await post('/spend/calculate', { completion_response: { model: 'gpt-4o' } });
  expect([unused.status, unused.json.detail[0].loc]).toEqual([
    422,
    ['body', 'completion_response', 'usage'],
  ]);
});

test('an access group that nobody made is made with the first model that names it', async () => {
  const upstream = { model: 'openai/gpt-4o', api_key: 'sk-provider-0123456789' };
  const groups = { access_groups: ['beta', 'gpt-models'] };
  const made = await post('/model/new', {
    model_name: 'in-beta',
    litellm_params: upstream,
    model_info: groups,
  });
  expect(made.json.model_info).toMatchObject({ access_groups: ['beta', 'gpt-models'] });
  const named = {
    model_name: '',
    litellm_params: upstream,
    model_info: { access_groups: ['nil'] },
  };
  expect((await post('/model/new', named)).status).toBe(400);
  const known = await door.ask('GET', '/api/model-access-groups');
  const names = known.json.map((group: { group_name: string }) => group.group_name);
  expect([names.includes('beta'), names.includes('nil')]).toEqual([true, false]);
});

test('of a price one half may be given; the other is what the catalogue has', async () => {
  const made = await post('/model/new', {
    model_name: 'half-priced',
    litellm_params: { model: 'openai/gpt-4o', input_cost_per_token: 0.000001 },
  });
  expect(made.json.model_info).toMatchObject({
    input_cost_per_token: 0.000001,
    output_cost_per_token: 0.00001,
  });
  const nowhere = await post('/model/new', {
    model_name: 'unknown-half',
    litellm_params: {
      model: 'openai/nobody-knows',
      api_base: 'https://x.y',
      input_cost_per_token: 0.000001,
    },
  });
  expect([nowhere.status, nowhere.json.error.message]).toEqual([
    400,
    expect.stringContaining('pricing_output'),
  ]);
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
  const routes = LITELLM.notOffered.filter(({ what }) => /^([A-Z]+|\*) \/\S*$/.test(what));
  expect(routes.length).toBeGreaterThan(3);
  for (const { what, why } of routes) {
    const [asked = '', path = ''] = what.replaceAll(/\{\w+\}|\*$/g, 'x').split(' ');
    const method = asked === '*' ? 'POST' : asked;
    const told = await door.ask(method, path, method === 'GET' ? undefined : {});
    expect([what, told.status, told.json.error?.message]).toEqual([
      what,
      501,
      expect.stringContaining(why),
    ]);
  }
});
