import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { announceToWebhooks } from '../../src/core/webhooks/announce.ts';
import {
  createWebhook,
  resendWebhooks,
  rotateWebhookSecret,
} from '../../src/core/webhooks/manage.ts';
import type { WebhookMade } from '../../src/core/webhooks/manage.ts';
import { complaintAboutReach, complaintAboutUrl } from '../../src/core/webhooks/reach.ts';
import { signedHeaders } from '../../src/core/webhooks/signature.ts';
import { waitAfterTry } from '../../src/core/webhooks/tries.ts';
import { relayOutbox } from '../../src/storage/outbox.ts';
import { createWebhookClient } from '../../src/webhook-client/post.ts';
import type { Resolve } from '../../src/webhook-client/post.ts';
import { createWebhookSender } from '../../worker/send-webhooks.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const LOCAL = { allowedAddresses: ['127.0.0.0/8'], allowHttp: true };
const NOTHING_PRIVATE = { allowedAddresses: [], allowHttp: true };
const DEADLINE_MS = 300;
const MINUTE_S = 60;
const DAY_S = 86_400;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let qm: TimedQuartermaster;
let server: Server;
let url: string;
let received: Received[] = [];
let answer: (response: ServerResponse) => unknown;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await qm[Symbol.asyncDispose]();
});
beforeEach(() => {
  received = [];
  answer = (response) => response.end('thank you');
});

/** Stores whose webhooks may reach this machine, or as told. */
const stores = (webhooks = LOCAL) => ({
  ...qm.stores,
  settings: { ...qm.stores.settings, webhooks },
});

let organizations = 0;
/** An organization of its own with a team and an endpoint, so that tests do not hear of each other. */
async function endpoint(kinds: readonly string[] = ['credits.posted']) {
  organizations += 1;
  const organizationId = `hooked-${organizations}`;
  const team = await qm.team({ organizationId });
  await relay();
  const made = await createWebhook(stores(), SYSTEM, { organizationId, url, kinds });
  expect(isRefusal(made)).toBe(false);
  return { team, made: made as WebhookMade, id: (made as WebhookMade).endpoint.id };
}

async function relay(): Promise<void> {
  const announce = async (): Promise<number> =>
    relayOutbox(qm.postgres, async (event, id) => announceToWebhooks(stores(), event, id));
  for (let more = true; more;) {
    more = (await announce()) > 0;
  }
}

let references = 0;
async function pay(teamId: string): Promise<void> {
  references += 1;
  const reference = `webhook-test-${references}`;
  await topUp(qm.stores, SYSTEM, { teamId, amount: 1_000_000n, reason: 'a test', reference });
  await relay();
}

/** Sends all that is due, as a worker does. */
async function send(policy = LOCAL, resolve?: Resolve): Promise<void> {
  const client = createWebhookClient(policy, {
    deadlineMs: DEADLINE_MS,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const sender = createWebhookSender(stores(policy), client.post, (error) => {
    throw error;
  });
  while ((await sender.send()) > 0) {
    await sender.settled();
  }
  await client.close();
}

/** An answer that goes on until the other side hangs up. */
function writeForEver(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'.repeat(1_024)), 5);
  response.on('close', () => clearInterval(timer));
}

const deliveries = async (endpointId: string) =>
  qm.stores.records.webhooks.deliveries({ endpointId, limit: 100 });

describe('a signature', () => {
  test('is the one of the Standard Webhooks specification', () => {
    const headers = signedHeaders(
      {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        body: '{"test": 2432232314}',
        atMs: 1_614_265_330_000,
      },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('is made by the new secret and, for a day, by the one before', async () => {
    const { team, made, id } = await endpoint();
    const rotated = (await rotateWebhookSecret(stores(), SYSTEM, id)) as WebhookMade;
    await pay(team.id);
    await send();
    const [first] = received;
    const signature = (secret: string): string =>
      `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
        .update(
          `${String(first?.headers['webhook-id'])}.${String(first?.headers['webhook-timestamp'])}.${first?.body}`,
        )
        .digest('base64')}`;
    expect(first?.headers['webhook-signature']).toBe(
      `${signature(rotated.secret)} ${signature(made.secret)}`,
    );
    await qm.passSeconds(DAY_S + 1);
    await pay(team.id);
    await send();
    expect(String(received[1]?.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });
});

describe('an event', () => {
  test('reaches each endpoint that hears of it once, however often it is relayed and sent', async () => {
    const { team, id } = await endpoint();
    await pay(team.id);
    await qm.postgres.outboxEvent.updateMany({ data: { sentAt: null } });
    await relay();
    await Promise.all([send(), send(), send()]);
    const mine = received.filter(({ headers }) => String(headers['webhook-id']).includes(id));
    expect(mine.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        type: 'credits.posted',
        timestamp: new Date(qm.nowMs()).toISOString(),
        data: { organization_id: `hooked-${organizations}`, team_id: team.id },
      },
    ]);
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', httpStatus: 200 }]);
  });

  test('that finds no answer is tried again later with the same id, and ends among the dead', async () => {
    const { team, id } = await endpoint();
    answer = (response) => response.writeHead(500).end();
    await pay(team.id);
    for (let tries = 0; tries < 12; tries += 1) {
      await send();
      await qm.passSeconds(2 * DAY_S);
    }
    expect(received).toHaveLength(10);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await deliveries(id)).toMatchObject([
      { status: 'dead', attempts: 10, httpStatus: 500, complaint: 'it answered 500' },
    ]);
    answer = (response) => response.end();
    expect(await resendWebhooks(stores(), SYSTEM, { endpointId: id, status: 'dead' })).toBe(1);
    await send();
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', complaint: null }]);
    const since = new Date(0);
    expect(await resendWebhooks(stores(), SYSTEM, { endpointId: id, since })).toBe(1);
    await send();
    expect(received).toHaveLength(12);
  });

  test('is not lost with a worker that died with it', async () => {
    const { team, id } = await endpoint();
    await pay(team.id);
    const at = new Date(qm.nowMs());
    const leaseUntil = new Date(qm.nowMs() + MINUTE_S * 1_000);
    const wish = { at, leaseUntil, limit: 1, perEndpoint: 1, but: [] };
    expect(await qm.stores.records.webhooks.take(wish)).toHaveLength(1);
    await send();
    expect(received).toHaveLength(0);
    await qm.passSeconds(MINUTE_S);
    await send();
    expect(received).toHaveLength(1);
    expect(await deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });
});

describe('an endpoint', () => {
  test.each([
    ['that never answers', () => undefined, /did not answer within 300 ms/],
    [
      'that answers without end',
      (response: ServerResponse) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 5);
        response.on('close', () => clearInterval(timer));
      },
      /did not answer within 300 ms|aborted/,
    ],
    [
      'that sends elsewhere',
      (response: ServerResponse) => response.writeHead(302, { location: url }).end(),
      /it answered 302/,
    ],
  ])('%s is given up on for now', async (_what, answers, complaint) => {
    const { team, id } = await endpoint();
    answer = answers;
    await pay(team.id);
    await send();
    expect(received).toHaveLength(1);
    const [delivery] = await deliveries(id);
    expect(delivery).toMatchObject({ status: 'waiting', attempts: 1 });
    expect(delivery?.complaint).toMatch(complaint);
    await qm.stores.records.webhooks.remove(id);
  });

  test('that is gone for good says 410 and hears no more', async () => {
    const { team, id } = await endpoint();
    answer = (response) => response.writeHead(410).end();
    await pay(team.id);
    await send();
    await pay(team.id);
    await send();
    expect(received).toHaveLength(1);
    expect(await qm.stores.records.webhooks.find(id)).toMatchObject({ status: 'disabled' });
    expect(await deliveries(id)).toMatchObject([{ status: 'dead' }]);
  });

  test('that is slow holds up no other', async () => {
    const [slow, quick] = [await endpoint(), await endpoint()];
    answer = (response) =>
      received.at(-1)?.body.includes(slow.team.id) === true ? undefined : response.end();
    for (let number = 0; number < 6; number += 1) {
      await pay(slow.team.id);
    }
    await pay(quick.team.id);
    const client = createWebhookClient(LOCAL, { deadlineMs: 5_000 });
    const sender = createWebhookSender(stores(), client.post, () => undefined);
    await sender.send();
    await expect
      .poll(async () => (await deliveries(quick.id))[0]?.status, { timeout: 4_000 })
      .toBe('delivered');
    expect(await sender.send()).toBe(0);
    await client.close();
    await sender.settled();
    await qm.stores.records.webhooks.remove(slow.id);
  });

  test.each<[string, (response: ServerResponse) => unknown, unknown]>([
    ['without an end', writeForEver, ['delivered', 200]],
    ['with nothing', () => undefined, ['waiting', null]],
    [
      'with a way to somewhere else',
      (response) => response.writeHead(302, { location: `${url}/elsewhere` }).end(),
      ['waiting', 302],
    ],
  ])(
    'that answers %s is left within its deadline and followed nowhere',
    async (_, how, outcome) => {
      const { team, id } = await endpoint();
      answer = how;
      await pay(team.id);
      await send();
      const [delivery] = await deliveries(id);
      expect([delivery?.status, delivery?.httpStatus]).toEqual(outcome);
      await qm.stores.records.webhooks.remove(id);
      expect(received).toHaveLength(1);
    },
  );

  test('is connected to at the very address that was checked, whatever its name says a moment later', async () => {
    const { team, id } = await endpoint();
    const { port } = new URL(url);
    await qm.stores.records.webhooks.update(id, { url: `http://flips.example:${port}/` });
    await pay(team.id);
    let asked = 0;
    const flips: Resolve = (_name, done) => {
      asked += 1;
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
    };
    await send(LOCAL, flips);
    expect([asked, received.length]).toEqual([1, 1]);
    expect((await deliveries(id))[0]?.status).toBe('delivered');
  });

  test('whose name leads to a private address when it is called is not called', async () => {
    const { team, id } = await endpoint();
    const { port } = new URL(url);
    await qm.stores.records.webhooks.update(id, { url: `http://rebound.example:${port}/` });
    await pay(team.id);
    const rebound: Resolve = (_name, done) =>
      done(null, [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    await send(NOTHING_PRIVATE, rebound);
    expect(received).toHaveLength(0);
    const [delivery] = await deliveries(id);
    expect(delivery?.complaint).toMatch(/rebound\.example may not be reached: 127\.0\.0\.1/);
    await qm.passSeconds(MINUTE_S);
    await send(LOCAL, (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]));
    expect(received).toHaveLength(1);
  });
});

describe('a URL', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://localhost:4000/',
    'http://api.localhost/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::a00:1]/',
    'http://10.1.2.3/',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
  ])('of %s is refused as private', (text) => {
    expect(complaintAboutUrl(text, NOTHING_PRIVATE)).toMatch(/is a private address/);
  });

  test.each([
    ['ftp://example.com/', /must begin with https/],
    ['http://example.com/', /must begin with https.*webhooks\.allow_http/],
    ['https://user:secret@example.com/', /must not hold a user/],
    ['example.com', /is no URL/],
  ])('of %s is refused', (text, complaint) => {
    expect(complaintAboutUrl(text, { allowedAddresses: [], allowHttp: false })).toMatch(complaint);
  });

  test('of the open network is taken, and of a private range that is allowed', () => {
    expect(complaintAboutUrl('https://example.com/hooks', NOTHING_PRIVATE)).toBeUndefined();
    expect(complaintAboutReach('93.184.215.14', NOTHING_PRIVATE)).toBeUndefined();
    expect(complaintAboutReach('127.0.0.1', LOCAL)).toBeUndefined();
  });

  test('is refused where it is given', async () => {
    const wish = { organizationId: null, url: 'https://10.0.0.1/', kinds: [] };
    const refused = await createWebhook(stores(NOTHING_PRIVATE), SYSTEM, wish);
    expect(refused).toMatchObject({ refused: 'value_invalid', facts: { field: 'url' } });
  });
});

test('tries wait from seconds to a day, each up to a fifth longer, and come to an end', () => {
  const waits = Array.from({ length: 10 }, (_, index) => waitAfterTry(index + 1, () => 0));
  expect(waits[0]).toBe(5_000);
  expect(waits[8]).toBe(DAY_S * 1_000);
  expect(waits[9]).toBeUndefined();
  expect(waitAfterTry(1, () => 1)).toBe(6_000);
});
