// People of customers at the management door, by JWTs of their identity provider: as far as their roles go.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../src/api/server.ts';
import type { Api } from '../../src/api/server.ts';
import { Secret } from '../../src/config/secret.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { openSignIn } from '../../src/sign-in.ts';
import { configWithJwt, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const ADMIN_KEY = 'the admin key of this test';
const LINES = `
team_id_jwt_field: team
user_id_jwt_field: sub
org_id_jwt_field: org
user_id_upsert: true
admin_jwt_scope: quartermaster:admin
team_allowed_routes: [openai_routes, management_routes]
`;

let issuer: Issuer;
let qm: Quartermaster;
let api: Api;
let server: ReturnType<typeof createServer>;
let url: string;
beforeAll(async () => {
  issuer = await startIssuer();
  qm = await startQuartermaster({ configText: configWithJwt(issuer, LINES) });
  const { stores, config } = qm;
  api = await createApi({
    stores,
    adminKey: new Secret(ADMIN_KEY),
    addressOf: createAddressOf([]),
    jwt: openSignIn(stores, config.jwt, { warn: () => undefined })?.admin,
    publicUrl: 'http://127.0.0.1',
    log: pino({ level: 'silent' }),
    health: { ready: async () => ({ ok: true, parts: {} }) },
    bodyMaxBytes: 65_536,
  });
  server = createServer(api.handler);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const organization of ['acme', 'rival']) {
    const body = { organization_id: organization, organization_alias: organization };
    await asAdmin('/organization/new', body);
    for (const team of ['one', 'two']) {
      const id = `${organization}-${team}`;
      await asAdmin('/team/new', { team_id: id, organization_id: organization });
    }
  }
  const boss = { role: 'org_admin', user_id: 'boss' };
  await asAdmin('/organization/member_add', { organization_id: 'acme', member: boss });
  const lead = { role: 'admin', user_id: 'lead' };
  await asAdmin('/team/member_add', { team_id: 'acme-one', member: lead });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await api.close();
  await qm[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

async function ask(path: string, key: string, body?: object, headers: object = {}) {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // Tests read answers as clients do, by the names that are documented.
  // oxlint-disable-next-line typescript/no-explicit-any
  const json: any = JSON.parse(text);
  return { status: response.status, text, json };
}

async function asAdmin(path: string, body: object): Promise<void> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'x-admin-key': ADMIN_KEY, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([path, response.status]).toEqual([path, 200]);
}

const teamsIn = (json: { team_id: string }[]) => json.map((team) => team.team_id).sort();

test('an admin of an organization manages all of its teams, without being in one', async () => {
  const jwt = await issuer.sign({ sub: 'boss', org: 'acme' });
  expect(teamsIn((await ask('/team/list', jwt)).json)).toEqual(['acme-one', 'acme-two']);
  const made = await ask('/team/new', jwt, { team_id: 'acme-three', organization_id: 'acme' });
  expect([made.status, made.json.organization_id]).toEqual([200, 'acme']);
  const key = await ask('/key/generate', jwt, { team_id: 'acme-two' });
  expect(key.json.key).toMatch(/^sk-/);
  const models = await ask('/model_group/info', jwt);
  expect(models.json.data.map((each: { model_group: string }) => each.model_group)).toEqual([
    'gpt-4o',
    'gpt-4o-mini',
  ]);
  const foreign = [
    await ask('/team/info?team_id=rival-one', jwt),
    await ask('/team/new', jwt, { team_id: 'rival-three', organization_id: 'rival' }),
    await ask('/organization/info?organization_id=rival', jwt),
    await ask('/key/generate', jwt, { team_id: 'rival-one' }),
    await ask('/organization/new', jwt, { organization_alias: 'another' }),
  ];
  expect(foreign.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  expect((await ask('/key/list', jwt)).text).not.toContain('rival');
});

test('an admin of a team manages that team, by the JWT that names it', async () => {
  const jwt = await issuer.sign({ sub: 'lead', team: 'acme-one' });
  expect(teamsIn((await ask('/team/list', jwt)).json)).toEqual(['acme-one']);
  const mate = { role: 'user', user_id: 'mate' };
  const added = await ask('/team/member_add', jwt, { team_id: 'acme-one', member: mate });
  expect(added.status).toBe(200);
  const foreign = [
    await ask('/team/info?team_id=acme-two', jwt),
    await ask('/team/member_add', jwt, { team_id: 'acme-two', member: mate }),
    await ask('/team/block', jwt, { team_id: 'acme-one' }),
    await ask('/user/list', jwt),
  ];
  expect(foreign.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
});

test.each([
  ['a person of the team without a role', { sub: 'nobody', team: 'acme-one' }],
  ['an admin of another team', { sub: 'lead', team: 'acme-two' }],
  ['an admin of another organization', { sub: 'boss', team: 'rival-one' }],
])('%s sees the team and changes nothing of it', async (_who, claims) => {
  const jwt = await issuer.sign(claims);
  expect((await ask(`/team/info?team_id=${claims.team}`, jwt)).status).toBe(200);
  const member = { role: 'admin', user_id: claims.sub };
  const added = await ask('/team/member_add', jwt, { team_id: claims.team, member });
  expect([added.status, added.text]).toEqual([403, expect.stringContaining('role')]);
});

test.each([
  ['is no admin of the organization', { sub: 'lead', org: 'acme' }],
  ['names an organization that it does not manage', { sub: 'boss', org: 'rival' }],
  ['names no organization', { sub: 'boss' }],
])('who %s gets nowhere without a team', async (_who, claims) => {
  const told = await ask('/team/list', await issuer.sign(claims));
  expect([told.status, told.text]).toEqual([403, expect.stringContaining('names no team')]);
});

test('a team of another organization than the JWT names opens nothing', async () => {
  const jwt = await issuer.sign({ sub: 'boss', team: 'rival-one', org: 'acme' });
  const told = await ask('/team/list', jwt);
  expect([told.status, told.text]).toEqual([403, expect.stringContaining('does not belong')]);
});

test('who loses the role, and whose record is blocked, manages nothing from then on', async () => {
  const jwt = await issuer.sign({ sub: 'chief', team: 'acme-one' });
  const chief = { role: 'admin', user_id: 'chief' };
  await asAdmin('/team/member_add', { team_id: 'acme-one', member: chief });
  expect((await ask('/key/list?return_full_object=true', jwt)).status).toBe(200);
  const change = { team_id: 'acme-one', user_id: 'chief', role: 'user' };
  await asAdmin('/team/member_update', change);
  const mate = { role: 'user', user_id: 'later' };
  const added = await ask('/team/member_add', jwt, { team_id: 'acme-one', member: mate });
  expect(added.status).toBe(403);
  const keys = await qm.stores.records.keys.ofTeam('acme-one');
  const own = keys.find(({ userId }) => userId === 'chief')?.id;
  await asAdmin('/key/block', { key: own });
  const blocked = await ask('/team/list', jwt);
  expect([blocked.status, blocked.text]).toEqual([401, expect.stringContaining('blocked')]);
});
