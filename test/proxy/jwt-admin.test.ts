import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../src/api/server.ts';
import type { Api } from '../../src/api/server.ts';
import { Secret } from '../../src/config/secret.ts';
import { openSignIn } from '../../src/sign-in.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { configWithJwt, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let issuer: Issuer;
let qm: Quartermaster;
let teamId: string;
const apis: Api[] = [];
const servers: Server[] = [];
let url: string;
let withoutScope: string;
beforeAll(async () => {
  issuer = await startIssuer();
  const lines = `
team_id_jwt_field: team
admin_jwt_scope: quartermaster:admin
admin_allowed_routes: [info_routes, '/api/credits/teams/:id/add']
`;
  qm = await startQuartermaster({ configText: configWithJwt(issuer, lines) });
  ({ id: teamId } = await qm.team());
  url = await listening(qm);
  const other = { ...qm.config.jwt?.signIn, adminScope: undefined };
  withoutScope = await listening({
    ...qm,
    config: { ...qm.config, jwt: { ...qm.config.jwt, signIn: other } as never },
  });
});
afterAll(async () => {
  await Promise.all(servers.map(async (server) => server[Symbol.asyncDispose]()));
  await Promise.all(apis.map(async (api) => api.close()));
  await qm[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

async function listening({ stores, config }: Pick<Quartermaster, 'stores' | 'config'>) {
  const jwt = openSignIn(stores, config.jwt, { warn: () => undefined })?.admin;
  const api = await createApi({
    stores,
    adminKey: new Secret('the admin key of this test'),
    addressOf: createAddressOf([]),
    jwt,
    publicUrl: 'http://127.0.0.1',
    log: pino({ level: 'silent' }),
    health: { ready: async () => ({ ok: true, parts: {} }) },
    bodyMaxBytes: 65_536,
  });
  const server = createServer(api.handler);
  apis.push(api);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const admin = { scope: 'openid quartermaster:admin' };
const ask = async (place: string, jwt: string, method = 'GET', body?: object) => {
  const response = await fetch(place, {
    method,
    headers: { authorization: `Bearer ${jwt}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, json };
};

test('a JWT with the scope manages by the routes that it may use', async () => {
  const jwt = await issuer.sign(admin);
  expect(await ask(`${url}/api/teams/${teamId}`, jwt)).toMatchObject({ status: 200 });
  const place = `${url}/api/credits/teams/${teamId}/add`;
  expect(await ask(place, jwt, 'POST', { credits: 5 })).toMatchObject({ status: 200 });
  const refused = await ask(`${url}/api/teams/${teamId}/suspend`, jwt, 'POST', {});
  expect(refused).toMatchObject({ status: 403, json: { code: 'jwt_denied' } });
});

test.each([
  ['no scope', {}],
  ['another scope', { scope: 'openid' }],
  ['a scope that begins so', { scope: 'quartermaster:administrator' }],
])('a valid JWT with %s sees its own team and changes nothing', async (_what, claims) => {
  const other = await qm.team();
  const jwt = await issuer.sign({ team: teamId, ...claims });
  const list = await ask(`${url}/api/teams`, jwt);
  expect(list.json).toMatchObject([{ team_id: teamId }]);
  expect(await ask(`${url}/api/teams/${other.id}`, jwt)).toMatchObject({ status: 403 });
  const change = await ask(`${url}/api/teams/${teamId}`, jwt, 'PUT', { team_alias: 'Mine' });
  expect(change).toMatchObject({ status: 403, json: { code: 'jwt_denied' } });
  const stranger = await issuer.sign({ ...claims });
  expect(await ask(`${url}/api/teams`, stranger)).toMatchObject({
    status: 403,
    json: { code: 'jwt_team_missing' },
  });
});

test('a JWT that is not valid manages nothing, and is told why', async () => {
  const expired = await issuer.sign({ ...admin, exp: 1 });
  expect(await ask(`${url}/api/teams`, expired)).toMatchObject({
    status: 401,
    json: { code: 'jwt_invalid' },
  });
});

test('where no scope is configured no JWT manages, and the admin key still does', async () => {
  const jwt = await issuer.sign({ scope: 'quartermaster:admin litellm_proxy_admin undefined' });
  expect(await ask(`${withoutScope}/api/teams`, jwt)).toMatchObject({ status: 403 });
  const byKey = await ask(`${withoutScope}/api/teams`, 'the admin key of this test');
  expect(byKey).toMatchObject({ status: 401 });
  const headers = { 'x-admin-key': 'the admin key of this test' };
  expect((await fetch(`${withoutScope}/api/teams`, { headers })).status).toBe(200);
});
