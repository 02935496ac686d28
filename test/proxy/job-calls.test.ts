// The client API through the front door: jobs that are one call, the calls of a job, and what is refused.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { OPEN_JOBS_PER_TEAM_MAX } from '../../src/core/jobs/create-job.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { CALL, jobClient, keepDraining } from '../support/jobs.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let draining: ReturnType<typeof keepDraining>;
const { send, created, moneyOf } = jobClient(() => qm);

beforeAll(async () => {
  qm = await startQuartermaster();
  draining = keepDraining(qm);
});
afterAll(async () => {
  await draining.stop();
  await qm[Symbol.asyncDispose]();
});

describe('a job that is one call', () => {
  test('is created, called and completed by one request, and charged one credit', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const body = {
      ...CALL,
      team_id: team.id,
      job_type: 'chat',
      job_metadata: { a: 1 },
      purpose: 'greet',
    };
    const answer = await send(team.secretKey, 'POST', '/create-and-call', body);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'COMPLETED',
        response: { content: expect.any(String), finish_reason: 'stop' },
        costs: { total_calls: 1, successful_calls: 1, credit_applied: true, credits_remaining: 4 },
      },
    });
    const shown = await send(team.secretKey, 'GET', `/${String(answer.body['job_id'])}`);
    expect(shown.body).toMatchObject({
      status: 'COMPLETED',
      metadata: { a: 1 },
      costs: { total_calls: 1 },
      calls: [{ purpose: 'greet' }],
    });
    expect(shown.body['costs']).toMatchObject({
      total_tokens: (answer.body['costs'] as { total_tokens: number }).total_tokens,
    });
    expect(await moneyOf(team.id)).toMatchObject({ charged: 1_000_000n, reserved: 0n });
  });

  test('is failed and free when the model is refused or the provider fails', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const job_type = 'chat';
    const refused = await send(team.secretKey, 'POST', '/create-and-call', {
      ...CALL,
      model: 'claude-sonnet-4-5',
      job_type,
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'model_not_allowed' } });
    qm.provider.plan({ fault: 500, times: 5 });
    const failed = await send(team.secretKey, 'POST', '/create-and-call', { ...CALL, job_type });
    qm.provider.clearFaults();
    expect(failed).toMatchObject({ status: 502, body: { code: 'upstream_failed' } });
    for (const { body } of [refused, failed]) {
      const job = await send(team.secretKey, 'GET', `/${String(body['job_id'])}`);
      expect(job.body).toMatchObject({ status: 'FAILED', error_message: body['detail'] });
    }
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 5_000_000n, charged: 0n });
  });

  test('streams as the provider does, names its job, and is charged before the end marker', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const stream = await send(team.secretKey, 'POST', '/create-and-call-stream', {
      ...CALL,
      job_type: 'chat',
    });
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-cache');
    const text = String(stream.body['text']);
    expect(text).toContain('"usage":{');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const job = await send(team.secretKey, 'GET', `/${stream.headers.get('x-quartermaster-job')}`);
    expect(job.body).toMatchObject({ status: 'COMPLETED', credit_applied: true });
    expect(await moneyOf(team.id)).toMatchObject({ charged: 1_000_000n, reserved: 0n });
  });
});

describe('calls in a job', () => {
  test('stream, and note metadata that comes with them', async () => {
    const team = await qm.team();
    const id = await created(team.secretKey);
    const noted = { ...CALL, call_metadata: { step: 1 } };
    const stream = await send(team.secretKey, 'POST', `/${id}/llm-call-stream`, noted);
    expect(stream.headers.get('x-quartermaster-job')).toBe(id);
    expect(String(stream.body['text'])).toContain('data: [DONE]');
    const changed = await send(team.secretKey, 'PATCH', `/${id}/metadata`, {
      metadata: { step: 2, page: 7 },
    });
    expect(changed).toMatchObject({ status: 200, body: { metadata: { step: 2, page: 7 } } });
    const large = { metadata: { text: 'x'.repeat(11_000) } };
    expect((await send(team.secretKey, 'PATCH', `/${id}/metadata`, large)).status).toBe(400);
  });

  test('pass on what the model is asked for, and answer what it wants to call', async () => {
    const team = await qm.team();
    const id = await created(team.secretKey);
    const call = await send(team.secretKey, 'POST', `/${id}/llm-call`, {
      ...CALL,
      temperature: null,
      max_tokens: 20,
      tools: [{ type: 'function', function: { name: 'look_up', parameters: {} } }],
    });
    expect(call.status).toBe(200);
    expect(call.body['response']).toHaveProperty('finish_reason');
    const { tokens_used: used } = call.body['metadata'] as { tokens_used: number };
    expect(used).toBeGreaterThan(0);
  });
});

describe('what is refused', () => {
  test('is told in the words of this dialect', async () => {
    const [team, stranger] = [await qm.team(), await qm.team()];
    const id = await created(team.secretKey);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const told = async (
      secretKey: string,
      method: string,
      path: string,
      body?: object,
    ): Promise<[number, unknown]> => {
      const answer = await send(secretKey, method, path, body);
      return [answer.status, answer.body['detail']];
    };
    const foreign = [403, 'Job does not belong to your team'];
    const missing = [404, 'Job not found'];
    const done = { status: 'completed' };
    for (const key of [team.secretKey]) {
      expect(await told(key, 'GET', `/${unknown}`)).toEqual(missing);
      expect(await told(key, 'GET', '/not-a-uuid')).toEqual(missing);
      expect(await told(key, 'POST', `/${unknown}/complete`, done)).toEqual(missing);
      expect(await told(key, 'POST', `/${unknown}/llm-call`, CALL)).toEqual(missing);
    }
    expect(await told(stranger.secretKey, 'GET', `/${id}`)).toEqual(foreign);
    expect(await told(stranger.secretKey, 'POST', `/${id}/complete`, done)).toEqual(foreign);
    expect(await told(stranger.secretKey, 'POST', `/${id}/llm-call`, CALL)).toEqual(foreign);
    const create = { team_id: team.id, job_type: 'a' };
    expect(await told(stranger.secretKey, 'POST', '/create', create)).toEqual([
      403,
      `API key does not belong to team '${team.id}'`,
    ]);
    expect((await told('sk-unknown', 'POST', '/create', create))[0]).toBe(401);
    expect(await told(team.secretKey, 'POST', '/create', {})).toEqual([
      422,
      [{ type: 'missing', loc: ['body', 'job_type'], msg: 'Field required' }],
    ]);
    expect((await told(team.secretKey, 'POST', `/${id}/complete`, { status: 'done' }))[0]).toBe(
      422,
    );
    expect(
      (await told(team.secretKey, 'POST', `/${id}/llm-call`, { messages: CALL.messages }))[0],
    ).toBe(422);
    expect((await told(team.secretKey, 'DELETE', `/${id}`))[0]).toBe(405);
  });

  test.each(JOB_ROUTES.map(({ method, path }) => [method, path] as const))(
    'is %s %s without a key, and with one that was revoked',
    async (method, route) => {
      const team = await qm.team({ credits: 5_000_000n });
      const id = await created(team.secretKey);
      await qm.stores.records.keys.update(team.keyId, { status: 'revoked' });
      await qm.gate.project({ keyId: team.keyId });
      const path = route.slice('/api/jobs'.length).replace(':id', id);
      const fits = { ...CALL, job_type: 'a', status: 'completed', metadata: {} };
      const body = method === 'GET' ? undefined : fits;
      const revoked = await send(team.secretKey, method, path, body);
      expect(revoked).toMatchObject({ status: 401, body: { code: 'key_revoked' } });
      const nobody = await fetch(`${qm.url}/api/jobs${path}`, { method });
      expect(nobody.status).toBe(401);
      expect(await nobody.json()).toMatchObject({ code: 'key_missing' });
      expect(await moneyOf(team.id)).toMatchObject({ charged: 0n, reserved: 1_000_000n });
    },
  );

  test('to a team with as many open jobs as it may have is another; one that ends makes room', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const { body } = await send(team.secretKey, 'POST', '/create', { job_type: 'analysis' });
    const first = await qm.postgres.job.findUniqueOrThrow({
      where: { id: String(body['job_id']) },
    });
    const others = Array.from({ length: OPEN_JOBS_PER_TEAM_MAX - 1 }, (_, at) => ({
      ...first,
      metadata: {},
      id: `${first.id.slice(0, -4)}${String(at).padStart(4, '0')}x`,
    }));
    await qm.postgres.job.createMany({ data: others });
    const refused = await send(team.secretKey, 'POST', '/create', { job_type: 'analysis' });
    expect(refused).toMatchObject({ status: 429, body: { code: 'jobs_too_many' } });
    await send(team.secretKey, 'POST', `/${first.id}/complete`, { status: 'cancelled' });
    const next = await send(team.secretKey, 'POST', '/create', { job_type: 'analysis' });
    expect(next.status).toBe(200);
  });

  test('to a key that is confined to other addresses is a job; at home it may', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    for (const [address, status] of [
      ['10.0.0.0/8', 403],
      ['127.0.0.0/8', 200],
    ] as const) {
      await qm.stores.records.keys.update(team.keyId, { addresses: [address] });
      await qm.gate.project({ keyId: team.keyId });
      const job = await send(team.secretKey, 'POST', '/create', { job_type: 'a' });
      expect(job.status).toBe(status);
    }
  });

  test('to a suspended team is new work; what is under way can be completed and looked at', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const id = await created(team.secretKey);
    const change = { teamId: team.id, status: 'suspended' as const, reason: 'Unpaid' };
    await setTeamStatus(qm.stores, SYSTEM, change);
    const create = await send(team.secretKey, 'POST', '/create', { job_type: 'a' });
    expect(create).toMatchObject({ status: 403, body: { code: 'team_suspended' } });
    expect((await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL)).status).toBe(403);
    const end = await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    expect(end.status).toBe(200);
    expect((await send(team.secretKey, 'GET', `/${id}`)).status).toBe(200);
  });
});
