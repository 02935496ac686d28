// The routes of jobs like all others: who may, what happens when a request comes twice, where they are documented.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { openApiDocument } from '../../src/api/openapi/document.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { ADMIN_KEY } from '../api/management.ts';
import { ask, keepDraining } from '../support/jobs.ts';
import type { JobAnswer } from '../support/jobs.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let draining: ReturnType<typeof keepDraining>;
let own: Awaited<ReturnType<Quartermaster['team']>>;
let rival: Awaited<ReturnType<Quartermaster['team']>>;
beforeAll(async () => {
  qm = await startQuartermaster();
  draining = keepDraining(qm);
  own = await qm.team();
  rival = await qm.team({ organizationId: 'rival' });
});
afterAll(async () => {
  await draining.stop();
  await qm[Symbol.asyncDispose]();
});

const OPENING = { job_type: 'analysis', metadata: { secret: 'of the owner' } };
const CALL = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };
/** What every one of these routes can read. */
const FITS = { ...OPENING, ...CALL, status: 'completed' };

async function send(
  path: string,
  body?: object,
  { key = own.secretKey, once = undefined as string | undefined, method = 'POST' } = {},
): Promise<JobAnswer> {
  const headers = once === undefined ? {} : { 'idempotency-key': once };
  return ask(qm.url, key, method, path, body, headers);
}

async function opened(): Promise<string> {
  return String((await send('/create', OPENING)).body['job_id']);
}

describe('a request that comes twice with one key', () => {
  test('opens one job, and is told so', async () => {
    const first = await send('/create', OPENING, { once: 'open' });
    const second = await send('/create', OPENING, { once: 'open' });
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const other = await send('/create', { job_type: 'other' }, { once: 'open' });
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
    const theirs = await send('/create', OPENING, { once: 'open', key: rival.secretKey });
    expect(theirs.body['job_id']).not.toBe(first.body['job_id']);
  });

  test('calls the provider once and is charged once', async () => {
    const before = qm.provider.stats().calls;
    const first = await send('/create-and-call', { ...OPENING, ...CALL }, { once: 'one call' });
    const second = await send('/create-and-call', { ...OPENING, ...CALL }, { once: 'one call' });
    expect([first.status, second.body]).toEqual([200, first.body]);
    const id = await opened();
    const calls = [1, 2].map(async () => send(`/${id}/llm-call`, CALL, { once: 'in a job' }));
    const answers = await Promise.all(calls);
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect([
      [200, 200],
      [200, 409],
    ]).toContainEqual(statuses);
    expect(qm.provider.stats().calls - before).toBe(2);
    expect(await qm.drift(own.id)).toBe(0n);
  });

  test('ends a job and adds to it once; what was refused may come again corrected', async () => {
    const id = await opened();
    const wrong = await send(`/${id}/complete`, { status: 'odd' }, { once: 'end' });
    expect(wrong.status).toBe(422);
    const note = { metadata: { page: 1 } };
    for (const replayed of [null, 'true']) {
      const told = await send(`/${id}/metadata`, note, { once: 'note', method: 'PATCH' });
      expect([told.status, told.headers.get('idempotent-replayed')]).toEqual([200, replayed]);
    }
    for (const replayed of [null, 'true']) {
      const told = await send(`/${id}/complete`, { status: 'completed' }, { once: 'end' });
      expect([told.body['status'], told.headers.get('idempotent-replayed')]).toEqual([
        'COMPLETED',
        replayed,
      ]);
    }
  });

  test('needs a key that can be kept', async () => {
    const told = await send('/create', OPENING, { once: 'x'.repeat(256) });
    expect([told.status, told.body['code']]).toEqual([400, 'parameter_invalid']);
  });
});

const routeOf = (path: string, id: string): string =>
  path.slice('/api/jobs'.length).replace(':id', id);

test.each(JOB_ROUTES.filter(({ path }) => path.includes(':id')))(
  '$method $path shows and changes no job of another team',
  async ({ method, path, body }) => {
    const id = await opened();
    const told = await send(routeOf(path, id), body && FITS, { key: rival.secretKey, method });
    expect(told.status).toBeGreaterThanOrEqual(403);
    expect(JSON.stringify(told.body)).not.toContain('of the owner');
    const after = await send(`/${id}`, undefined, { method: 'GET' });
    expect(after.body).toMatchObject({ status: 'PENDING', metadata: OPENING.metadata, calls: [] });
  },
);

describe.each(JOB_ROUTES)('$method $path', ({ method, path, body }) => {
  const given = body === undefined ? undefined : FITS;

  test('is for virtual keys alone', async () => {
    const told = await send(routeOf(path, await opened()), given, { key: ADMIN_KEY, method });
    expect([told.status, told.body['code']]).toEqual([401, 'key_unknown']);
  });

  test('stands in the OpenAPI document, with what it reads', () => {
    const { paths } = openApiDocument(DIALECTS, 'http://here', JOB_ROUTES) as {
      paths: Record<string, Record<string, { requestBody?: object; responses: object }>>;
    };
    const operation = paths[path.replace(':id', '{id}')]?.[method.toLowerCase()];
    expect(operation?.responses).toHaveProperty('200');
    expect(operation?.requestBody !== undefined).toBe(body !== undefined);
  });
});
