// The operator's page of tasks: shown with the admin key alone. A task may be tried again, or run before its time; nothing
// else can be changed through it.

import { existsSync } from 'node:fs';
import { Queue, Worker } from 'bullmq';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { QUEUE_NAME, queueConnection, queuePrefix } from '../../src/queue/queue.ts';
import { waitFor } from '../support/wait-for.ts';
import { ADMIN_KEY, openDoor } from './door.ts';
import type { Door } from './door.ts';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const ask = async (path: string, init: RequestInit = {}) =>
  fetch(door.url + path, { redirect: 'manual', ...init });
const signIn = async (key: string, headers: Record<string, string> = SAME_ORIGIN) =>
  ask('/board/sign-in', { method: 'POST', body: new URLSearchParams({ key }), headers });
const cookieOf = (answer: Response) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

/** A queue with a task in it that was given up. */
async function failedTask({ redisUrl, namespace }: Door) {
  const place = { connection: queueConnection(redisUrl), prefix: queuePrefix(namespace) };
  const queue = new Queue(QUEUE_NAME, place);
  const failed = await queue.add('reconcile', {});
  const worker = new Worker(QUEUE_NAME, null, { ...place, autorun: false });
  const taken = await worker.getNextJob('by hand');
  await taken?.moveToFailed(new Error('it broke'), 'by hand');
  await worker.close();
  return { queue, failed };
}

test.each(['/board', '/board/queue/tasks', '/board/api/queues', '/board/static/css/main.css'])(
  'a stranger is asked for the admin key at %s and is shown nothing',
  async (path) => {
    for (const cookie of ['', 'quartermaster_board=', 'quartermaster_board=9999999999999.x']) {
      const answer = await ask(path, { headers: { cookie } });
      expect(answer.status).toBe(401);
      const page = await answer.text();
      expect(page).toContain('Admin key');
      expect(page).not.toContain('__UI_CONFIG__');
    }
  },
);

test('the admin key opens it for a browser by a cookie that no other site and no script can use', async () => {
  expect((await signIn('sk-another-key')).headers.get('set-cookie')).toBeNull();
  expect((await signIn(ADMIN_KEY, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const opened = await signIn(ADMIN_KEY);
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/board']);
  const given = opened.headers.get('set-cookie') ?? '';
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/board']) {
    expect(given).toContain(part);
  }
  expect(given).not.toContain(ADMIN_KEY);
  const cookie = cookieOf(opened);
  const queues = await ask('/board/api/queues', { headers: { cookie } });
  expect(await queues.json()).toMatchObject({
    queues: [{ name: 'tasks', allowRetries: true }],
  });
  // A longer life than was given is not believed.
  const [name = '', signature = ''] = cookie.split('.');
  const longer = `${name}0.${signature}`;
  expect((await ask('/board', { headers: { cookie: longer } })).status).toBe(401);
});

test('a program opens it with the admin key in its header', async () => {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const page = await ask('/board', { headers });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect((await ask('/board', { headers: { authorization: 'Bearer sk-no' } })).status).toBe(401);
});

test.each([
  ['PUT', '/board/api/queues/tasks/pause'],
  ['PUT', '/board/api/queues/tasks/retry/failed'],
  ['PUT', '/board/api/queues/tasks/1/retry/completed'],
  ['PUT', '/board/api/queues/tasks/promote'],
  ['PUT', '/board/api/queues/tasks/1/clean'],
  ['PATCH', '/board/api/queues/tasks/1/update-data'],
  ['PUT', '/board/api/queues/tasks/empty'],
  ['PUT', '/board/api/queues/tasks/obliterate'],
  ['POST', '/board/api/queues/tasks/add'],
  ['DELETE', '/board/api/queues/tasks/job-schedulers/prune'],
])('nothing is changed by %s %s, not even with the admin key', async (method, path) => {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, ...SAME_ORIGIN };
  const answer = await ask(path, { method, headers });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({
    error: 'Nothing was changed',
    message: expect.stringContaining('a failed task can be tried again'),
  });
});

test('a task that was given up is tried again, one that waits is run now, and both stand in the audit trail', async () => {
  const { queue, failed } = await failedTask(door);
  const delayed = await queue.add('prune', {}, { delay: 3_600_000 });
  const path = (id: string | undefined, what: string) => `/board/api/queues/tasks/${id}/${what}`;
  const cookie = cookieOf(await signIn(ADMIN_KEY));
  const put = async (where: string, headers: Record<string, string>) =>
    (await ask(where, { method: 'PUT', headers })).status;
  const retry = path(failed.id, 'retry');
  expect(await put(retry, SAME_ORIGIN)).toBe(403);
  expect(await put(retry, { cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await failed.getState()).toBe('failed');
  expect(await put(retry, { cookie, ...SAME_ORIGIN })).toBe(204);
  expect(await put(retry, { cookie, ...SAME_ORIGIN })).toBe(409);
  expect(await failed.getState()).toBe('waiting');
  expect(await put(path(delayed.id, 'promote'), { cookie, ...SAME_ORIGIN })).toBe(204);
  expect(await delayed.getState()).toBe('waiting');
  expect(await put(path('none', 'promote'), { cookie, ...SAME_ORIGIN })).toBe(409);
  const lines = await door.stores.records.audit.search({ action: 'task.', limit: 9 });
  expect(lines.map(({ action, target, actor }) => `${actor} ${action} ${target}`)).toEqual([
    'api:admin task.promoted task:prune',
    'api:admin task.retried task:reconcile',
  ]);
  await queue.close();
});

test('only a form of this page signs out', async () => {
  const asked = await ask('/board/sign-out');
  expect(asked.headers.get('set-cookie')).toBeNull();
  const out = await ask('/board/sign-out', { method: 'POST', headers: SAME_ORIGIN });
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
});

test('who guesses is made to wait', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, async () => signIn('sk-guess')));
  expect(answers.map(({ status }) => status)).toContain(429);
  expect((await signIn(ADMIN_KEY)).status).toBe(429);
});

const CHROMIUM = '/usr/bin/chromium';

test.skipIf(!existsSync(CHROMIUM))(
  'a browser shows the tasks, tries one again, and asks nobody else for anything',
  async () => {
    const fresh = await openDoor();
    const { queue, failed } = await failedTask(fresh);
    const browser: Browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const elsewhere: string[] = [];
      page.on('response', (response) => {
        if (!response.url().startsWith(fresh.url)) {
          elsewhere.push(response.url());
        }
      });
      await page.goto(`${fresh.url}/board`);
      await page.getByLabel('Admin key').fill(ADMIN_KEY);
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByText('tasks').first().waitFor();
      await page.goto(`${fresh.url}/board/queue/tasks?status=failed`);
      await page.getByText('Error: it broke').waitFor();
      const confirm = page.getByRole('button', { name: 'Confirm' });
      await page.getByRole('button', { name: 'Retry all' }).click();
      await confirm.click();
      await page.getByText('Nothing was changed').waitFor();
      expect(await failed.getState()).toBe('failed');
      // Its own buttons have pictures and no names; the first one tries it again.
      await page.locator('ul[class*=jobActions] button').first().click();
      await confirm.click();
      await waitFor(async () => (await failed.getState()) === 'waiting', {
        what: 'the task to be tried again',
      });
      const [line] = await fresh.stores.records.audit.search({ action: 'task.', limit: 1 });
      expect(line).toMatchObject({ action: 'task.retried', target: 'task:reconcile' });
      expect(elsewhere).toEqual([]);
    } finally {
      await browser.close();
      await queue.close();
      await fresh.close();
    }
  },
);
