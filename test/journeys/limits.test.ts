// From the words of a person, or a request of an operator's script, to the next call of a client.

import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../src/api/server.ts';
import type { Api } from '../../src/api/server.ts';
import { createBot } from '../../src/bot/app.ts';
import type { RunningBot } from '../../src/bot/app.ts';
import { Secret } from '../../src/config/secret.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAskedRequests } from '../../src/storage/asked-requests.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const ADMIN_KEY = 'sk-admin-0123456789abcdef';

let qm: TimedQuartermaster;
let workspace: RunningWorkspace;
let bot: RunningBot;
let api: Api;
let server: Server;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
  workspace = await startWorkspace({ port: 0 });
  const log = pino({ level: 'error' });
  bot = createBot({
    slack: {
      botToken: new Secret(workspace.botToken),
      appToken: new Secret(workspace.appToken),
      signingSecret: new Secret(workspace.signingSecret),
      apiUrl: `${workspace.url}/api/`,
      mode: 'socket',
      httpPort: 0,
    },
    roles: { managers: ['U0MANAGER'], approvers: [], viewers: [] },
    stores: qm.stores,
    publicUrl: qm.url,
    askedRequests: createAskedRequests(qm.gate.connection.redis, 'limits'),
    log,
  });
  await bot.start();
  api = await createApi({
    stores: qm.stores,
    adminKey: new Secret(ADMIN_KEY),
    addressOf: createAddressOf([]),
    publicUrl: qm.url,
    log,
    health: { ready: async () => ({ ok: true, parts: { records: 'up', gate: 'up' } }) },
    bodyMaxBytes: 65_536,
  });
  server = createServer((request, response) => api.handler(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  await bot.stop();
  await workspace.close();
  await api.close();
  server.closeAllConnections();
  server.close();
  await qm[Symbol.asyncDispose]();
});

async function type(text: string, answer: string): Promise<void> {
  await workspace.control.command({ user: 'U0MANAGER', channel: '#acme-prod', text });
  await workspace.control.waitForMessage((message) =>
    JSON.stringify(message.blocks).includes(answer),
  );
}

async function put(path: string, body: object): Promise<number> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  await response.text();
  return response.status;
}

async function call(secretKey: string) {
  const response = await qm.call(secretKey);
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), error };
}

test('a limit typed in Slack refuses the very next call, which passes when it was waited for, or at once when it is removed', async () => {
  const { id, secretKey } = await qm.team();
  expect((await call(secretKey)).status).toBe(200);
  await qm.passSeconds(20);
  await type(`/team limits ${id} requests=1`, 'Requests a minute: *1*');
  expect((await call(secretKey)).status).toBe(200);
  await qm.passSeconds(13);
  expect(await call(secretKey)).toMatchObject({
    status: 429,
    retryAfter: '47',
    error: {
      code: 'request_limit_reached',
      message: expect.stringContaining(`team ${id}: 1 of 1 requests in the last 60 seconds`),
    },
  });
  await qm.passSeconds(46);
  expect(await call(secretKey)).toMatchObject({ status: 429, retryAfter: '1' });
  await qm.passSeconds(1);
  expect((await call(secretKey)).status).toBe(200);
  expect((await call(secretKey)).status).toBe(429);
  await type(`/team limits ${id} requests=off`, 'Requests a minute: removed (was 1)');
  expect((await call(secretKey)).status).toBe(200);
});

test("an organization's budget put by API refuses its team's next call and names the organization", async () => {
  const { secretKey } = await qm.team({ organizationId: 'globex' });
  expect((await call(secretKey)).status).toBe(200);
  const path = '/api/organizations/globex/limits';
  const budgets = [{ max_usd: '0.000001', duration: '30d' }];
  expect(await put(path, { limits: [], budgets })).toBe(200);
  const refused = await call(secretKey);
  expect(refused).toMatchObject({ status: 429, error: { code: 'budget_exceeded' } });
  expect(refused.error?.message).toContain('organization globex');
  await put(path, { limits: [], budgets: [{ max_usd: 100, duration: '30d' }] });
  expect((await call(secretKey)).status).toBe(200);
  await put(path, { limits: [], budgets: [] });
  expect((await call(secretKey)).status).toBe(200);
});

test('a boost lets more through until it ends by itself', async () => {
  const { id, secretKey } = await qm.team();
  const statuses = async (calls: number): Promise<number[]> => {
    const all: number[] = [];
    for (let at = 0; at < calls; at += 1) {
      all.push((await call(secretKey)).status);
    }
    return all;
  };
  await type(`/team limits ${id} requests=2`, 'Requests a minute: *2*');
  expect(await statuses(3)).toEqual([200, 200, 429]);
  await type(`/team limits ${id} boost=1 until=1h`, 'boosted by 1 until');
  expect(await statuses(2)).toEqual([200, 429]);
  await qm.passSeconds(3_601);
  expect(await statuses(3)).toEqual([200, 200, 429]);
});
