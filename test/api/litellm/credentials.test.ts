// Providers' keys by their names, in LiteLLM's words.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const SECRET = 'sk-provider-0123456789';

function credential(name: string, provider: string) {
  return {
    credential_name: name,
    credential_info: { custom_llm_provider: provider },
    credential_values: { api_key: SECRET, api_base: 'https://provider.example/v1' },
  };
}

test('a credential is kept, told without its key, changed and forgotten', async () => {
  const made = await door.ask('POST', '/credentials', credential('main', 'OpenAI'));
  expect(made.json).toEqual({ success: true, message: 'Credential created successfully' });
  const item = {
    credential_name: 'main',
    display_name: null,
    credential_values: { api_key: '****', api_base: 'https://provider.example/v1' },
    credential_info: { custom_llm_provider: 'openai' },
    source: 'db',
  };
  const listed = await door.ask('GET', '/credentials');
  expect(listed.json).toEqual({ success: true, credentials: [item] });
  expect(listed.text).not.toContain(SECRET);
  const changed = await door.ask('PATCH', '/credentials/main', {
    credential_name: 'new main',
    credential_values: { api_base: '' },
    display_name: 'Main',
  });
  expect(changed.json).toEqual({ success: true, message: 'Credential updated successfully' });
  expect(changed.headers.get('x-quartermaster-warning')).toContain('display_name');
  const one = await door.ask('GET', '/credentials/by_name/new%20main');
  expect(one.json).toEqual({
    ...item,
    credential_name: 'new main',
    credential_values: { api_key: '****' },
  });
  const forgotten = await door.ask('DELETE', '/credentials/new%20main');
  expect(forgotten.json).toEqual({ success: true, message: 'Credential deleted successfully' });
  expect((await door.ask('GET', '/credentials')).json.credentials).toEqual([]);
});

test('the models that a credential serves are told by it', async () => {
  await door.ask('POST', '/credentials', credential('claude', 'anthropic'));
  const upstream = { model: 'anthropic/claude-haiku-4-5', litellm_credential_name: 'claude' };
  await door.ask('POST', '/model/new', { model_name: 'by-name', litellm_params: upstream });
  const told = await door.ask('GET', '/credentials/by_model/by-name');
  expect(told.json).toMatchObject({ credential_name: 'claude' });
  const none = await door.ask('GET', '/credentials/by_model/gpt-4o');
  expect([none.status, none.json.error.message]).toEqual([404, 'Model not found']);
});

const UNKNOWN = 'Credential not found. Got credential name: none';

test.each([
  ['GET', '/credentials/by_name/none', undefined, 404, UNKNOWN],
  ['DELETE', '/credentials/none', undefined, 404, UNKNOWN],
  ['PATCH', '/credentials/none', {}, 404, UNKNOWN],
  ['POST', '/credentials', credential('azure', 'azure'), 400, 'openai, anthropic'],
  ['POST', '/credentials', credential('claude', 'gemini'), 409, 'already exists'],
  ['POST', '/credentials', credential('second', 'anthropic'), 400, 'already has an active'],
  ['PATCH', '/credentials/claude', credential('claude', 'gemini'), 400, 'stays anthropic'],
])('%s %s of %j is refused', async (method, path, body, status, words) => {
  const told = await door.ask(method, path, body);
  expect([told.status, told.json.error.message]).toEqual([status, expect.stringContaining(words)]);
  expect(told.text).not.toContain(SECRET);
});

test('nobody of a customer may see or change them', async () => {
  await door.ask('POST', '/team/new', { team_id: 'outside' });
  const { json } = await door.ask('POST', '/key/generate', { team_id: 'outside' });
  const as = { authorization: `Bearer ${json.key}` };
  const list = await door.ask('GET', '/credentials', undefined, as);
  const change = await door.ask('DELETE', '/credentials/claude', undefined, as);
  expect([list.status, change.status]).toEqual([403, 403]);
});
