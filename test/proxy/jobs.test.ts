// The client API through the front door: jobs of several calls, charged once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, BY_TOKENS, CALL, jobClient, keepDraining } from '../support/jobs.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { waitFor } from '../support/wait-for.ts';

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

describe('a job of a team that pays by the job', () => {
  test('holds one credit, takes any number of calls and is charged one credit when it completes', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const job = await send(team.secretKey, 'POST', '/create', {
      team_id: team.id,
      job_type: 'analysis',
      user_id: 'anna@example.com',
      metadata: { file: 'a.pdf' },
    });
    expect(job).toMatchObject({ status: 200, body: { status: 'PENDING' } });
    const id = String(job.body['job_id']);
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 4_000_000n, reserved: 1_000_000n });

    for (const purpose of ['read', 'sum']) {
      const call = await send(team.secretKey, 'POST', `/${id}/llm-call`, { ...CALL, purpose });
      expect(call).toMatchObject({
        status: 200,
        body: {
          response: { content: expect.any(String), finish_reason: 'stop' },
          metadata: { model: 'gpt-4o', tokens_used: expect.any(Number) },
        },
      });
      expect(call.headers.get('x-quartermaster-job')).toBe(id);
    }
    const named = { ...CALL, model: undefined, model_group: 'gpt-4o' };
    expect((await send(team.secretKey, 'POST', `/${id}/llm-call`, named)).status).toBe(200);
    expect(await moneyOf(team.id)).toMatchObject({ charged: 0n, reserved: 1_000_000n });
    await waitFor(
      async () =>
        (await send(team.secretKey, 'GET', `/${id}`)).body['status'] === 'IN_PROGRESS' || undefined,
      { what: 'the job to be in progress' },
    );

    const end = await send(team.secretKey, 'POST', `/${id}/complete`, {
      status: 'completed',
      metadata: { pages: 3 },
    });
    expect(end).toMatchObject({
      status: 200,
      body: {
        job_id: id,
        status: 'COMPLETED',
        costs: {
          total_calls: 3,
          successful_calls: 3,
          failed_calls: 0,
          credit_applied: true,
          credits_used: 1,
          credits_remaining: 4,
          usage_complete: true,
        },
      },
    });
    const purposes = ['read', 'sum', null].map((purpose) => ({ purpose }));
    expect(end.body['calls']).toMatchObject(purposes);
    const costs = await send(team.secretKey, 'GET', `/${id}/costs`);
    expect(costs.body).toMatchObject({ costs: { breakdown: purposes } });
    expect(await moneyOf(team.id)).toMatchObject({
      spendable: 4_000_000n,
      reserved: 0n,
      charged: 1_000_000n,
    });
    const shown = await send(team.secretKey, 'GET', `/${id}`);
    expect(shown.body).toMatchObject({
      status: 'COMPLETED',
      user_id: 'anna@example.com',
      metadata: { file: 'a.pdf', pages: 3 },
      credit_applied: true,
      model_groups_used: ['gpt-4o'],
    });
    const event = await qm.postgres.usageEvent.findUniqueOrThrow({ where: { id } });
    expect(event).toMatchObject({ model: '', jobType: 'analysis', charge: 1_000_000n });
    expect((await qm.stores.records.ledger.account(team.id))?.balance).toBe(4_000_000n);
    // The job and its calls stand under one type.
    const where = { teamId: team.id, grain: 'month' };
    const used = await qm.postgres.usageByTeam.findMany({ where, orderBy: { model: 'asc' } });
    expect(used).toMatchObject([
      { jobType: 'analysis', model: '', jobs: 1n, calls: 0n },
      { jobType: 'analysis', model: 'gpt-4o', jobs: 0n, calls: 3n },
    ]);
  });

  test('is charged once by 20 completions at once at two proxies, and all of them answer alike', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const other = await qm.anotherProxy();
    const id = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, at) =>
        ask(at % 2 === 0 ? qm.url : other.url, team.secretKey, 'POST', `/${id}/complete`, {
          status: at % 3 === 0 ? 'COMPLETED' : 'completed',
        }),
      ),
    );
    await other.close();
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body['completed_at'])).size).toBe(1);
    expect(
      answers.every(({ body }) => JSON.stringify(body).includes('"credit_applied":true')),
    ).toBe(true);
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 4_000_000n, charged: 1_000_000n });
    await qm.drain();
    expect((await qm.stores.records.ledger.account(team.id))?.used).toBe(1_000_000n);
  });

  test('ends once when completions and failures race: the balance is what the job says', async () => {
    const team = await qm.team({ credits: 50_000_000n });
    let charged = 0n;
    for (let round = 0; round < 5; round += 1) {
      const id = await created(team.secretKey);
      const answers = await Promise.all(
        ['completed', 'failed', 'cancelled', 'completed', 'failed'].map(async (status) =>
          send(team.secretKey, 'POST', `/${id}/complete`, { status }),
        ),
      );
      const won = new Set(
        answers.flatMap(({ status, body }) => (status === 200 ? [body['status']] : [])),
      );
      expect(won.size).toBe(1);
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
      charged += won.has('COMPLETED') ? 1_000_000n : 0n;
    }
    expect(await moneyOf(team.id)).toMatchObject({ charged, reserved: 0n });
  });

  test('is free when it failed or was cancelled; completing it then is refused', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    for (const status of ['failed', 'cancelled']) {
      const id = await created(team.secretKey);
      await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
      const error_message = 'The file was empty';
      const end = await send(team.secretKey, 'POST', `/${id}/complete`, { status, error_message });
      expect(end).toMatchObject({
        status: 200,
        body: { status: status.toUpperCase(), costs: { credit_applied: false, total_calls: 1 } },
      });
      const again = await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
      expect(again).toMatchObject({ status: 409, body: { code: 'job_ended' } });
      const shown = await send(team.secretKey, 'GET', `/${id}`);
      expect(shown.body).toMatchObject({ error_message, status: status.toUpperCase() });
    }
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 5_000_000n, charged: 0n });
  });

  test('takes no call after its end', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const id = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    const call = await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    expect(call).toMatchObject({ status: 409, body: { code: 'job_not_open' } });
    const plain = await fetch(`${qm.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${team.secretKey}`, 'x-quartermaster-job': id },
      body: JSON.stringify(CALL),
    });
    expect(plain.status).toBe(409);
    expect(await moneyOf(team.id)).toMatchObject({ charged: 1_000_000n });
  });

  test('is refused to a team without a credit, and leaves nothing behind', async () => {
    const team = await qm.team({ credits: 0n });
    const job = await send(team.secretKey, 'POST', '/create', { job_type: 'analysis' });
    expect(job).toMatchObject({
      status: 403,
      body: { code: 'credits_exhausted', detail: expect.stringContaining('Insufficient credits') },
    });
    expect(await qm.postgres.job.count({ where: { teamId: team.id } })).toBe(0);
  });

  test('can hold no more credits than there are, whoever asks at the same moment', async () => {
    const team = await qm.team({ credits: 3_000_000n });
    const jobs = await Promise.all(
      Array.from({ length: 10 }, async () =>
        send(team.secretKey, 'POST', '/create', { job_type: 'analysis' }),
      ),
    );
    expect(jobs.filter((job) => job.status === 200)).toHaveLength(3);
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 0n, reserved: 3_000_000n });
  });

  test('takes calls of the OpenAI dialect by the header x-quartermaster-job', async () => {
    const team = await qm.team({ credits: 1_000_000n });
    const id = await created(team.secretKey);
    const headers = { authorization: `Bearer ${team.secretKey}`, 'x-quartermaster-job': id };
    const body = JSON.stringify(CALL);
    const call = await fetch(`${qm.url}/v1/chat/completions`, { method: 'POST', headers, body });
    expect(call.status).toBe(200);
    expect(call.headers.get('x-quartermaster-job')).toBe(id);
    expect(call.headers.get('x-quartermaster-credits-charged')).toBe('0');
    await call.text();
    const costs = await send(team.secretKey, 'GET', `/${id}/costs`);
    expect(costs.body).toMatchObject({
      job_type: 'analysis',
      costs: {
        breakdown: [{ model: 'gpt-4o', call_id: call.headers.get('x-quartermaster-call') }],
      },
    });
    const wrong = await fetch(`${qm.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...headers, 'x-quartermaster-job': 'my job' },
      body,
    });
    expect(wrong.status).toBe(400);
    expect(await moneyOf(team.id)).toMatchObject({ spendable: 0n, reserved: 1_000_000n });
  });
});

describe('a job of a team that pays by consumption', () => {
  test('costs nothing itself; its calls are charged as they are made', async () => {
    const team = await qm.team({ credits: 50_000_000n, terms: BY_TOKENS });
    const id = await created(team.secretKey);
    expect(await moneyOf(team.id)).toMatchObject({ reserved: 0n });
    const call = await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    const { tokens_used: used } = call.body['metadata'] as { tokens_used: number };
    const end = await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    expect(end.body['costs']).toMatchObject({
      credit_applied: false,
      credits_used: used / 1_000,
      total_tokens: used,
    });
    expect(await moneyOf(team.id)).toMatchObject({ charged: BigInt(used) * 1_000n, reserved: 0n });
  });
});
