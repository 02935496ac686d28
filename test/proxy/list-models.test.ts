import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { ADMIN_KEY, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

async function get(path: string, headers: Record<string, string>) {
  const response = await fetch(qm.url + path, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const idsIn = (body: Record<string, unknown>): string[] =>
  (body['data'] as { id: string }[]).map(({ id }) => id);

test('a key is told the models that it may call, the admin key all of them', async () => {
  const team = await qm.team();
  const own = idsIn((await get('/v1/models', bearer(team.secretKey))).body);
  for (const path of ['/v1/models', '/models']) {
    for (const headers of [bearer(ADMIN_KEY), { 'x-admin-key': ADMIN_KEY }]) {
      const { status, body } = await get(path, headers);
      expect([status, body['object']]).toEqual([200, 'list']);
      expect(idsIn(body).toSorted()).toEqual([...qm.models.keys()].toSorted());
      expect(idsIn(body)).toEqual(expect.arrayContaining(own));
    }
  }
});

test('one model is told by its name, and what a key may not call is told like what is not there', async () => {
  const team = await qm.team();
  const [own = ''] = idsIn((await get('/v1/models', bearer(team.secretKey))).body);
  const all = idsIn((await get('/v1/models', bearer(ADMIN_KEY))).body);
  for (const path of [`/v1/models/${own}`, `/models/${encodeURIComponent(own)}?x=1`]) {
    for (const key of [team.secretKey, ADMIN_KEY]) {
      const { status, body } = await get(path, bearer(key));
      expect([status, body['id'], body['object']]).toEqual([200, own, 'model']);
    }
  }
  const mine = new Set(idsIn((await get('/v1/models', bearer(team.secretKey))).body));
  const [foreign = 'none/such'] = all.filter((id) => !mine.has(id));
  for (const id of [foreign, 'no/such', '%zz']) {
    const { status, body } = await get(`/v1/models/${id}`, bearer(team.secretKey));
    expect([id, status, body['error']]).toMatchObject([id, 404, { code: 'model_unknown' }]);
  }
  const unknown = await get('/v1/models/no/such', bearer(ADMIN_KEY));
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'model_alias_unknown' } } });
});

test('nobody else is told: no key, a wrong one, or one of a suspended team', async () => {
  const team = await qm.team();
  await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'suspended' });
  for (const path of ['/v1/models', '/v1/models/gpt-4o']) {
    expect((await get(path, {})).status).toBe(401);
    expect((await get(path, bearer('sk-wrong-0123456789abcdef'))).status).toBe(401);
    expect((await get(path, { 'x-admin-key': 'sk-wrong' })).status).toBe(401);
    expect((await get(path, bearer(team.secretKey))).status).toBe(403);
  }
});
