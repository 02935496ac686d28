import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { patientFetch, Unreachable } from '../../src/client/patient-fetch.ts';

/** How a try is answered: with a status, headers and a body, or by a connection that breaks. */
type Reply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | 'broken'
  | 'silence';

interface Seen {
  readonly method: string;
  readonly key: string | undefined;
  readonly body: string;
}

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server that answers each try in its turn, the last one for ever. */
async function serverThat(...replies: Reply[]) {
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const key = request.headers['idempotency-key']?.toString();
    seen.push({ method: request.method ?? '', key, body });
    const reply = replies[Math.min(seen.length, replies.length) - 1] ?? 'broken';
    if (reply === 'broken') {
      request.socket.destroy();
    } else if (reply !== 'silence') {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body ?? {}));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen };
}

const QUICK = { firstWaitMs: 1 };
const change = (url: string, init: RequestInit = {}) =>
  new Request(url, { method: 'POST', body: '{"amount":5}', ...init });

test('what asks to come later is asked again with the same body and key, until it is answered', async () => {
  const { url, seen } = await serverThat({ status: 503 }, { status: 429 }, 'broken', {
    status: 200,
  });
  const answer = await patientFetch(change(url), QUICK);
  expect(answer.status).toBe(200);
  expect(seen).toHaveLength(4);
  expect(new Set(seen.map(({ body }) => body))).toEqual(new Set(['{"amount":5}']));
  expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  expect(seen[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
});

test('a change keeps the key that it was given, and a reading has none', async () => {
  const { url, seen } = await serverThat({ status: 200 });
  await patientFetch(change(url, { headers: { 'idempotency-key': 'invoice-17' } }), QUICK);
  await patientFetch(new Request(url), QUICK);
  expect(seen.map(({ key }) => key)).toEqual(['invoice-17', undefined]);
});

test('a change that is under way still is waited for, any other conflict is an answer', async () => {
  const { url, seen } = await serverThat(
    { status: 409, body: { code: 'request_in_flight' } },
    { status: 409, body: { code: 'team_exists' } },
  );
  expect(await (await patientFetch(change(url), QUICK)).json()).toEqual({ code: 'team_exists' });
  expect(seen).toHaveLength(2);
});

test('it ends: the last answer is handed over, and no answer at all is thrown', async () => {
  const away = await serverThat({ status: 503 });
  expect((await patientFetch(change(away.url), QUICK)).status).toBe(503);
  expect(away.seen).toHaveLength(4);
  const broken = await serverThat('broken');
  await expect(patientFetch(change(broken.url), QUICK)).rejects.toThrow(Unreachable);
  expect(broken.seen).toHaveLength(4);
  const silent = await serverThat('silence');
  const brief = { ...QUICK, timeoutMs: 50, triesMax: 2 };
  await expect(patientFetch(change(silent.url), brief)).rejects.toThrow('no answer in 50 ms');
});

test.each([
  ['it is told from the first time', { 'idempotent-replayed': 'true' }],
  ['it asks for longer than anybody waits', { 'retry-after': '3600' }],
])('a "come later" is an answer where %s', async (_, headers) => {
  const { url, seen } = await serverThat({ status: 503, headers });
  expect((await patientFetch(change(url), QUICK)).status).toBe(503);
  expect(seen).toHaveLength(1);
});

test('no wait is longer than the longest, and none is left out for it', async () => {
  const { url, seen } = await serverThat('broken');
  const wish = { firstWaitMs: 10_000, waitMaxMs: 60, triesMax: 3 };
  const begun = performance.now();
  await expect(patientFetch(change(url), wish)).rejects.toThrow(Unreachable);
  const tookMs = performance.now() - begun;
  expect(seen).toHaveLength(3);
  // Timers count in whole milliseconds.
  expect(tookMs).toBeGreaterThan(118);
  expect(tookMs).toBeLessThan(10_000);
});

test('whoever aborts is heard at once, and in words of their own', async () => {
  const { url } = await serverThat({ status: 503 });
  const asked = new AbortController();
  const waiting = patientFetch(change(url, { signal: asked.signal }), { firstWaitMs: 9_000 });
  asked.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('so is whoever aborts between two tries', async () => {
  const asked = new AbortController();
  const reason = new Error('enough');
  const fetch = async (): Promise<Response> => {
    // Once this answer is read, there is nothing but the wait.
    setTimeout(() => asked.abort(reason), 50);
    return Promise.resolve(new Response(null, { status: 503 }));
  };
  const request = change('http://127.0.0.1/', { signal: asked.signal });
  await expect(patientFetch(request, { fetch, firstWaitMs: 9_000 })).rejects.toBe(reason);
});
