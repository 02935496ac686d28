// Models, access groups and provider credentials that are made at the management door, and called at once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOfCredential } from '../../src/core/credentials/credential.ts';
import { placeOfModelKey } from '../../src/core/models/stored-model.ts';
import { createSealer } from '../../src/core/sealing.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { openManagement } from './management.ts';
import type { Management, Told } from './management.ts';

const PROVIDER_KEY = 'sk-provider-for-tests';

let qm: Quartermaster;
let door: Management;
let other: Awaited<ReturnType<Quartermaster['anotherProxy']>>;
beforeAll(async () => {
  qm = await startQuartermaster();
  other = await qm.anotherProxy();
  door = await openManagement(qm.stores);
});
afterAll(async () => {
  await door.close();
  await other.close();
  await qm[Symbol.asyncDispose]();
});

const ask = async (method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body);

async function made(body: object): Promise<Told> {
  const told = await ask('POST', '/api/models/create', {
    provider: 'openai',
    actual_model: 'gpt-4o',
    display_name: 'Fast',
    api_base: qm.provider.url,
    ...body,
  });
  expect([told.status, told.text]).toEqual([200, expect.anything()]);
  return told;
}

/** Status and code of a call at each of two proxies. */
async function callEverywhere(secretKey: string, model: string) {
  const answers = await Promise.all(
    [qm.url, other.url].map(async (url) => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
      });
      const json = (await response.json()) as { error?: { code: string } };
      return json.error?.code ?? response.status;
    }),
  );
  return answers;
}

describe('a model', () => {
  test('is called by every proxy as soon as it is made, and by none once it is gone', async () => {
    const { secretKey } = await qm.team();
    expect(await callEverywhere(secretKey, 'swift')).toEqual(['model_unknown', 'model_unknown']);
    const told = await made({
      model_alias: 'swift',
      api_key: PROVIDER_KEY,
      access_groups: ['gpt-models'],
      pricing_input: 1.25,
      pricing_output: 10,
    });
    expect(told.json).toMatchObject({
      model_alias: 'swift',
      actual_model: 'gpt-4o',
      access_groups: ['gpt-models'],
      pricing_input: 1.25,
      pricing_output: 10,
      status: 'active',
      origin: 'api',
      has_api_key: true,
    });
    expect(told.text).not.toContain(PROVIDER_KEY);
    expect(await callEverywhere(secretKey, 'swift')).toEqual([200, 200]);
    await ask('PUT', '/api/models/swift', { status: 'inactive' });
    expect(await callEverywhere(secretKey, 'swift')).toEqual(['model_unknown', 'model_unknown']);
    await ask('PUT', '/api/models/swift', { status: 'active' });
    expect(await callEverywhere(secretKey, 'swift')).toEqual([200, 200]);
    const gone = await ask('DELETE', '/api/models/swift');
    expect(gone.json).toEqual({ message: "Model alias 'swift' deleted successfully" });
    expect(await callEverywhere(secretKey, 'swift')).toEqual(['model_unknown', 'model_unknown']);
  });

  test('costs what was said last, from the next call on', async () => {
    const { id, secretKey } = await qm.team({
      terms: { budgetMode: 'consumption_usd' },
      accessGroups: ['gpt-models'],
    });
    const price = { pricing_input: 0, pricing_output: 0 };
    const group = { access_groups: ['gpt-models'], api_key: PROVIDER_KEY };
    await made({ model_alias: 'priced', ...price, ...group });
    await callEverywhere(secretKey, 'priced');
    await ask('PUT', '/api/models/priced', { pricing_output: 100 });
    await callEverywhere(secretKey, 'priced');
    await qm.drain();
    const usage = await ask('GET', `/api/teams/${id}/usage`);
    const { total_jobs: jobs, total_cost_usd: cost } = usage.json.summary;
    expect([jobs, cost > 0]).toEqual([4, true]);
    expect(await qm.drift(id)).toBe(0n);
  });

  test('stays when the file is read anew, and so does what was added to a group of the file', async () => {
    await made({ model_alias: 'kept', api_key: PROVIDER_KEY, access_groups: ['claude-models'] });
    const names = qm.config.models.map((model) => model.alias);
    await qm.stores.records.accessGroups.replace([], names);
    await qm.stores.records.accessGroups.replace(qm.config.accessGroups, names);
    await qm.gate.project({ catalog: true });
    const group = await ask('GET', '/api/model-access-groups/claude-models');
    const aliases = group.json.model_aliases.map(
      (each: { model_alias: string }) => each.model_alias,
    );
    expect(aliases).toEqual(['claude-sonnet-4-5', 'kept']);
    const { secretKey } = await qm.team({ accessGroups: ['claude-models'] });
    expect(await callEverywhere(secretKey, 'kept')).toEqual([200, 200]);
  });

  test('is listed beside those of the file, by status, provider and group', async () => {
    await made({ model_alias: 'listed', api_key: PROVIDER_KEY });
    const all = await ask('GET', '/api/model-aliases');
    expect(all.json).toContainEqual(
      expect.objectContaining({
        model_alias: 'gpt-4o',
        origin: 'file',
        access_groups: ['gpt-models'],
      }),
    );
    const openai = await ask('GET', '/api/models?provider=openai&status=active');
    const others = openai.json.filter(
      ({ provider }: { provider: string }) => provider !== 'openai',
    );
    expect([openai.json.length > 1, others]).toEqual([true, []]);
    const groups = await ask('GET', '/api/models?access_group=claude-models');
    expect(groups.json.map((model: { model_alias: string }) => model.model_alias)).toContain(
      'claude-sonnet-4-5',
    );
    expect((await ask('GET', '/api/models/listed')).json).toMatchObject({ display_name: 'Fast' });
    const viewer = await qm.team();
    const told = await door.ask('GET', '/api/models', undefined, {
      authorization: `Bearer ${viewer.secretKey}`,
    });
    expect(told.status).toBe(403);
  });

  test.each([
    [{ model_alias: 'gpt-4o' }, 400, "Model alias 'gpt-4o' already exists"],
    [{ model_alias: 'a b' }, 400, 'model_alias is not acceptable'],
    [{ access_groups: ['none'] }, 404, "Model access group 'none' not found"],
    [{ provider: 'nobody', api_base: null }, 400, 'provider is not acceptable'],
    [{ actual_model: 'never-heard-of' }, 400, 'pricing_input is not acceptable'],
    [{ pricing_input: -1, pricing_output: 1 }, 400, 'pricing_input or pricing_output'],
    [{ pricing_input: 1 }, 400, 'pricing is not acceptable'],
    [{ api_base: 'file:///etc' }, 400, 'api_base is not acceptable'],
    [{ api_key: '' }, 400, 'api_key is not acceptable'],
    [{ status: 'gone' }, 400, 'status is not acceptable'],
    [{ max_output_tokens: 0 }, 400, 'max_output_tokens is not acceptable'],
    [{ description: 'x'.repeat(1_001) }, 400, 'description is not acceptable'],
  ])('is refused with %j, and nothing is left of it', async (wrong, status, words) => {
    const body = { model_alias: 'wrong', provider: 'openai', actual_model: 'gpt-4o', ...wrong };
    const before = await ask('GET', '/api/models');
    const told = await ask('POST', '/api/models/create', body);
    expect([told.status, told.json.detail]).toEqual([status, expect.stringContaining(words)]);
    expect((await ask('GET', '/api/models')).json).toEqual(before.json);
  });

  test('of the file is changed in the file, one that is not there not at all', async () => {
    const file = await ask('PUT', '/api/models/gpt-4o', { display_name: 'Mine' });
    expect([file.status, file.json.code]).toEqual([409, 'catalog_of_file']);
    expect((await ask('DELETE', '/api/models/gpt-4o')).status).toBe(409);
    const none = await ask('DELETE', '/api/models/none');
    expect([none.status, none.json.detail]).toEqual([404, "Model alias 'none' not found"]);
  });
});

describe('an access group', () => {
  const path = '/api/model-access-groups';

  test('is made, changed and taken away, and grants what it says on the next call', async () => {
    await made({ model_alias: 'grouped', api_key: PROVIDER_KEY });
    const told = await ask('POST', `${path}/create`, {
      group_name: 'quick',
      display_name: 'Quick ones',
      model_aliases: ['grouped'],
    });
    expect(told.json).toMatchObject({
      group_name: 'quick',
      display_name: 'Quick ones',
      description: null,
      status: 'active',
      model_aliases: [{ model_alias: 'grouped', provider: 'openai', actual_model: 'gpt-4o' }],
      teams_using: [],
      team_count: 0,
    });
    const { id, secretKey } = await qm.team({ accessGroups: ['quick'] });
    expect(await callEverywhere(secretKey, 'grouped')).toEqual([200, 200]);
    expect((await ask('GET', `${path}/quick`)).json).toMatchObject({
      team_count: 1,
      teams_using: [id],
    });
    expect((await ask('GET', path)).json).toContainEqual(
      expect.objectContaining({ group_name: 'quick', team_count: 1, teams_using: [id] }),
    );
    await ask('POST', `${path}/quick/remove-models`, { model_aliases: ['grouped'] });
    const denied = ['model_not_allowed', 'model_not_allowed'];
    expect(await callEverywhere(secretKey, 'grouped')).toEqual(denied);
    await ask('POST', `${path}/quick/add-models`, { model_aliases: ['grouped', 'gpt-4o'] });
    expect(await callEverywhere(secretKey, 'gpt-4o')).toEqual([200, 200]);
    await ask('PUT', `${path}/quick`, { status: 'inactive' });
    expect(await callEverywhere(secretKey, 'gpt-4o')).toEqual(denied);
    await ask('PUT', `${path}/quick`, { status: 'active' });
    await ask('PUT', `${path}/quick/models`, { model_aliases: ['grouped'] });
    expect(await callEverywhere(secretKey, 'grouped')).toEqual([200, 200]);
    const used = await ask('DELETE', `${path}/quick`);
    expect([used.status, used.json.detail]).toEqual([
      400,
      `Cannot delete access group 'quick' - still in use by teams: ${id}`,
    ]);
    await ask('PUT', `/api/teams/${id}/access-groups`, []);
    expect((await ask('DELETE', `${path}/quick`)).json).toEqual({
      message: "Model access group 'quick' deleted successfully",
    });
  });

  test.each([
    ['POST', '/create', { group_name: 'gpt-models' }, 400, 'already exists'],
    ['POST', '/create', { group_name: 'new', model_aliases: ['none'] }, 404, "Model alias 'none'"],
    ['POST', '/create', { group_name: 'a/b' }, 400, 'group_name is not acceptable'],
    ['PUT', '/none', { display_name: 'x' }, 404, "Model access group 'none' not found"],
    ['PUT', '/gpt-models', { display_name: 'x' }, 409, 'stands in the configuration file'],
    ['PUT', '/gpt-models/models', { model_aliases: [] }, 409, 'stands in the configuration file'],
    ['DELETE', '/gpt-models', undefined, 409, 'stands in the configuration file'],
    ['GET', '/none', undefined, 404, "Model access group 'none' not found"],
  ])('%s %s %j is refused', async (method, rest, body, status, words) => {
    const told = await ask(method, path + rest, body);
    expect([told.status, told.json.detail]).toEqual([status, expect.stringContaining(words)]);
  });
});

describe('a provider credential', () => {
  test('is what models are called with that have no key of their own, by the organization of the caller', async () => {
    await made({ model_alias: 'shared', access_groups: ['gpt-models'] });
    const mine = await qm.team({ organizationId: 'mine' });
    const none = ['credential_missing', 'credential_missing'];
    expect(await callEverywhere(mine.secretKey, 'shared')).toEqual(none);
    const credential = { provider: 'openai', credential_name: 'main', api_base: qm.provider.url };
    const kept = await ask('POST', '/api/provider-credentials/create', {
      ...credential,
      organization_id: 'mine',
      api_key: PROVIDER_KEY,
    });
    expect(kept.status).toBe(200);
    expect(await callEverywhere(mine.secretKey, 'shared')).toEqual([200, 200]);
    const theirs = await qm.team({ organizationId: 'theirs' });
    expect(await callEverywhere(theirs.secretKey, 'shared')).toEqual(none);
    await ask('PUT', '/api/models/shared', { credential_name: 'another' });
    expect(await callEverywhere(mine.secretKey, 'shared')).toEqual(none);
    await ask('PUT', '/api/models/shared', { credential_name: 'main' });
    await ask('PUT', `/api/provider-credentials/${kept.json.credential_id}/deactivate`);
    expect(await callEverywhere(mine.secretKey, 'shared')).toEqual(none);
    await ask('PUT', `/api/provider-credentials/${kept.json.credential_id}/activate`);
    expect(await callEverywhere(mine.secretKey, 'shared')).toEqual([200, 200]);
    await ask('POST', '/api/organizations/create', { organization_id: 'default', name: 'House' });
    const house = { ...credential, organization_id: 'default', api_key: PROVIDER_KEY };
    expect((await ask('POST', '/api/provider-credentials/create', house)).status).toBe(200);
    expect(await callEverywhere(theirs.secretKey, 'shared')).toEqual([200, 200]);
  });

  test('whose master key is gone is told with the cure, for a model and its own key as well', async () => {
    const lost = createSealer(['a master key that nobody has any more']);
    const caller = await qm.team({ organizationId: 'lost' });
    const credential = { provider: 'openai', credential_name: 'lost', api_base: qm.provider.url };
    const wish = { ...credential, organization_id: 'lost', api_key: PROVIDER_KEY };
    const { json } = await ask('POST', '/api/provider-credentials/create', wish);
    await made({
      model_alias: 'by-credential',
      access_groups: ['gpt-models'],
      credential_name: 'lost',
    });
    await made({ model_alias: 'by-own-key', access_groups: ['gpt-models'], api_key: PROVIDER_KEY });
    expect(await callEverywhere(caller.secretKey, 'by-credential')).toEqual([200, 200]);
    const id = String(json.credential_id);
    await qm.postgres.providerCredential.update({
      where: { id },
      data: { sealed: lost.seal(PROVIDER_KEY, placeOfCredential(id)) },
    });
    await qm.postgres.storedModel.update({
      where: { alias: 'by-own-key' },
      data: { sealedKey: lost.seal(PROVIDER_KEY, placeOfModelKey('by-own-key')) },
    });
    // Any change has every proxy load anew.
    await ask('PUT', '/api/models/by-credential', { description: 'as before' });
    const told = ['credential_unreadable', 'credential_unreadable'];
    expect(await callEverywhere(caller.secretKey, 'by-credential')).toEqual(told);
    expect(await callEverywhere(caller.secretKey, 'by-own-key')).toEqual(told);
    await ask('PUT', `/api/provider-credentials/${id}`, { api_key: PROVIDER_KEY });
    expect(await callEverywhere(caller.secretKey, 'by-credential')).toEqual([200, 200]);
  });

  test('and models leave lines in the audit trail, and no key in them', async () => {
    const rows = await qm.postgres.auditEntry.findMany({
      where: { action: { in: ['model.created', 'access_group.updated', 'credential.created'] } },
    });
    expect(new Set(rows.map(({ action }) => action)).size).toBe(3);
    const text = JSON.stringify(rows, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(text).not.toContain(PROVIDER_KEY);
    expect(door.logged()).not.toContain(PROVIDER_KEY);
  });
});
