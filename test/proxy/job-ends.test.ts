// How jobs end that nobody ends, or that end while something dies.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endJob, settleEndedJob } from '../../src/core/jobs/end-job.ts';
import { expireJobs } from '../../src/core/jobs/expire-jobs.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { Stores } from '../../src/core/stores.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { GateUnavailable } from '../../src/core/faults.ts';
import { migrate } from '../../src/embedded/migrate.ts';
import { createJobKeeper } from '../../src/storage/keep-jobs.ts';
import { relayOutbox } from '../../src/storage/outbox.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { ask, keepDraining } from '../support/jobs.ts';
import type { JobAnswer } from '../support/jobs.ts';
import { startOwnPostgres } from '../support/postgres-for-tests.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const CALL = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Tell me a story' }] };
const LIFE = { chargeFailed: false, lifeMs: 2 * HOUR_MS };
const LIFE_SECONDS = 2 * 60 * 60;
const CREDIT = 1_000_000n;

let qm: Quartermaster;
let draining: ReturnType<typeof keepDraining> | undefined;
const others: OwnServer[] = [];

afterEach(async () => {
  await draining?.stop();
  draining = undefined;
  await qm[Symbol.asyncDispose]();
  await Promise.all(others.splice(0).map(async (server) => server.stop()));
});

async function send(
  secretKey: string,
  method: string,
  path: string,
  body?: object,
): Promise<JobAnswer> {
  return ask(qm.url, secretKey, method, path, body);
}

async function created(secretKey: string): Promise<string> {
  const job = await send(secretKey, 'POST', '/create', { job_type: 'analysis' });
  expect(job.status).toBe(200);
  return String(job.body['job_id']);
}

/** The team's money in the gate; gate and ledger agree, before and after what is there was drained. */
async function expectMoney(teamId: string, money: object): Promise<void> {
  expect(await qm.gate.balance({ id: teamId, organizationId: 'acme' })).toMatchObject(money);
  expect(await qm.drift(teamId)).toBe(0n);
  await qm.drain();
  expect(await qm.drift(teamId)).toBe(0n);
}

/** Tells the gate what the outbox holds about jobs, as the worker does. */
async function relay(): Promise<number> {
  return relayOutbox(qm.postgres, async (event) => {
    if (event.kind === 'job.ended') {
      await settleEndedJob(qm.stores, event.jobId);
    }
  });
}

async function reap(): Promise<number> {
  let reaped = 0;
  for (const keys of qm.gate.shards) {
    reaped += await reapShard(qm.gate, qm.source, keys, qm.stores.clock());
  }
  return reaped;
}

describe('a job that nobody ends', () => {
  let timed: TimedQuartermaster;
  async function start(jobs = LIFE): Promise<void> {
    timed = await startTimedQuartermaster({ jobs });
    qm = timed;
  }

  test('expires when its life is over, gives its credit back, and cannot be completed then', async () => {
    await start();
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    await timed.passSeconds(LIFE_SECONDS - 1);
    expect(await expireJobs(qm.stores)).toBe(0);
    await timed.passSeconds(2);
    expect(await expireJobs(qm.stores)).toBe(1);
    expect(await expireJobs(qm.stores)).toBe(0);
    await expectMoney(team.id, { spendable: 5n * CREDIT, reserved: 0n, charged: 0n });
    const late = await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    expect(late).toMatchObject({ status: 409, body: { code: 'job_ended' } });
    const job = await send(team.secretKey, 'GET', `/${id}`);
    expect(job.body).toMatchObject({ status: 'EXPIRED', credit_applied: false });
    expect(await relay()).toBeGreaterThan(0);
    await expectMoney(team.id, { spendable: 5n * CREDIT, charged: 0n });
  });

  test('is charged where failures are, but only if a call of it had completed', async () => {
    await start({ ...LIFE, chargeFailed: true });
    draining = keepDraining(qm);
    const team = await qm.team({ credits: 5n * CREDIT });
    const used = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${used}/llm-call`, CALL);
    await created(team.secretKey);
    const cancelled = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${cancelled}/complete`, { status: 'cancelled' });
    const failed = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${failed}/complete`, { status: 'failed' });
    await timed.passSeconds(LIFE_SECONDS + 1);
    expect(await expireJobs(qm.stores)).toBe(2);
    // The one that was used, and the one that failed.
    await expectMoney(team.id, { spendable: 3n * CREDIT, reserved: 0n, charged: 2n * CREDIT });
  });

  test('ends once when its client completes it in the very moment', async () => {
    await start({ ...LIFE, chargeFailed: true });
    draining = keepDraining(qm);
    const team = await qm.team({ credits: 50n * CREDIT });
    const ids = await Promise.all(Array.from({ length: 10 }, async () => created(team.secretKey)));
    await timed.passSeconds(LIFE_SECONDS + 1);
    const [expired, ...answers] = await Promise.all([
      expireJobs(qm.stores),
      ...ids.map(async (id) =>
        send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' }),
      ),
    ]);
    const completed = answers.filter((answer) => answer.status === 200).length;
    expect(completed + expired).toBe(ids.length);
    await expectMoney(team.id, { charged: BigInt(completed) * CREDIT, reserved: 0n });
  });

  test('is charged when it is completed after its reservation lapsed, once', async () => {
    await start();
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    // No worker ran for long: the gate let the reservation lapse before anybody ended the job.
    await timed.passSeconds(LIFE_SECONDS + 3_600);
    expect(await reap()).toBe(1);
    await qm.drain();
    await expectMoney(team.id, { spendable: 5n * CREDIT, charged: 0n });
    expect(isRefusal(await endJob(qm.stores, id, { event: 'complete' }))).toBe(false);
    await relay();
    await expectMoney(team.id, { spendable: 4n * CREDIT, charged: CREDIT });
    await relay();
    await settleEndedJob(qm.stores, id);
    await expectMoney(team.id, { spendable: 4n * CREDIT, charged: CREDIT });
  });
});

describe('a process that dies between the records and the gate', () => {
  beforeEach(async () => {
    qm = await startQuartermaster();
  });
  /** Stores whose gate cannot be told of any end: for a process that dies there. */
  const dying = (): Stores => ({
    ...qm.stores,
    gate: {
      ...qm.gate,
      settle: async () => {
        throw new GateUnavailable('Settling: the process is gone');
      },
    },
  });

  test('leaves a job that the relay charges, once', async () => {
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    await endJob(dying(), id, { event: 'complete' });
    await expectMoney(team.id, { spendable: 4n * CREDIT, reserved: CREDIT, charged: 0n });
    expect(await relay()).toBeGreaterThan(0);
    await expectMoney(team.id, { spendable: 4n * CREDIT, reserved: 0n, charged: CREDIT });
    await settleEndedJob(qm.stores, id);
    await settleEndedJob(qm.stores, id);
    await expectMoney(team.id, { spendable: 4n * CREDIT, charged: CREDIT });
  });

  test('leaves a job whose completion can be repeated, and answers what it was', async () => {
    draining = keepDraining(qm);
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    await endJob(dying(), id, { event: 'complete' });
    const again = await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    expect(again).toMatchObject({ status: 200, body: { costs: { credit_applied: true } } });
    await relay();
    await expectMoney(team.id, { spendable: 4n * CREDIT, reserved: 0n, charged: CREDIT });
  });
});

describe('while Postgres is away', () => {
  test('no job is created or completed, but calls in jobs go on; then it is completed once', async () => {
    const postgres = await startOwnPostgres();
    others.push(postgres);
    await migrate(postgres.url);
    qm = await startQuartermaster({ databaseUrl: postgres.url });
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    expect((await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL)).status).toBe(200);
    await postgres.kill9();
    const create = await send(team.secretKey, 'POST', '/create', { job_type: 'analysis' });
    expect(create).toMatchObject({ status: 503, body: { code: 'records_unavailable' } });
    const call = await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    expect(call.status).toBe(200);
    const done = { status: 'completed' };
    const end = await send(team.secretKey, 'POST', `/${id}/complete`, done);
    expect(end).toMatchObject({ status: 503, body: { code: 'records_unavailable' } });
    expect(end.headers.get('retry-after')).toBeTruthy();
    await postgres.restart();
    draining = keepDraining(qm);
    await expect
      .poll(async () => (await send(team.secretKey, 'POST', `/${id}/complete`, done)).status, {
        timeout: 15_000,
      })
      .toBe(200);
    await expectMoney(team.id, { spendable: 4n * CREDIT, reserved: 0n, charged: CREDIT });
  });
});

describe('a Redis that lost everything', () => {
  test('hears again of open jobs: what they hold stays held, and their calls go on', async () => {
    const redis = await startOwnRedis({ appendOnly: false });
    others.push(redis);
    // Jobs of the last seconds may still be on their way to the gate: these are older.
    let aheadMs = 0;
    qm = await startQuartermaster({ redisUrl: redis.url, clock: () => Date.now() + aheadMs });
    const team = await qm.team({ credits: 2n * CREDIT });
    const id = await created(team.secretKey);
    const ended = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${ended}/complete`, { status: 'completed' });
    aheadMs = 60_000;
    const look = createJobKeeper(qm.postgres, qm.gate, qm.stores);
    await look();
    await redis.kill9();
    await redis.restart();
    await expect.poll(async () => qm.gate.isUp(), { timeout: 10_000 }).toBe(true);
    await expect
      .poll(
        async () => {
          await look();
          return (await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL)).status;
        },
        // Admission waits for what proxies hand in.
        { timeout: 10_000 },
      )
      .toBe(200);
    await expectMoney(team.id, { spendable: 0n, reserved: CREDIT, charged: CREDIT });
    await look();
    await send(team.secretKey, 'POST', `/${id}/complete`, { status: 'completed' });
    await expectMoney(team.id, { spendable: 0n, reserved: 0n, charged: 2n * CREDIT });
  });
});

describe('while the gate is away', () => {
  test('everything is answered 503; afterwards the job is charged once', async () => {
    const redis = await startOwnRedis();
    others.push(redis);
    qm = await startQuartermaster({ redisUrl: redis.url });
    const team = await qm.team({ credits: 5n * CREDIT });
    const id = await created(team.secretKey);
    await send(team.secretKey, 'POST', `/${id}/llm-call`, CALL);
    await redis.kill9();
    const done = { status: 'completed' };
    for (const [path, body] of [
      ['/create', { job_type: 'analysis' }],
      [`/${id}/llm-call`, CALL],
      [`/${id}/complete`, done],
    ] as const) {
      const answer = await send(team.secretKey, 'POST', path, body);
      expect(answer).toMatchObject({ status: 503, body: { code: 'gate_unavailable' } });
    }
    await redis.restart();
    draining = keepDraining(qm);
    await expect
      .poll(async () => (await send(team.secretKey, 'POST', `/${id}/complete`, done)).status, {
        timeout: 15_000,
      })
      .toBe(200);
    await relay();
    await expectMoney(team.id, { spendable: 4n * CREDIT, reserved: 0n, charged: CREDIT });
  });
});
