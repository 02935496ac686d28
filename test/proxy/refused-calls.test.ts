import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RefusedCall } from '../../src/core/refusals/refused-call.ts';
import { createRemembering } from '../../src/storage/refusals/remembering.ts';
import { refuse } from '../../src/core/refusals.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { waitFor } from '../support/wait-for.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

/** What was kept of an answer, by the id that the client was given. */
async function kept(answer: Response): Promise<RefusedCall> {
  const id = answer.headers.get('x-request-id') ?? '';
  return waitFor(async () => qm.stores.refused.find(id), { what: 'the refusal' });
}

test('the id in a refusal leads to the very numbers that were compared', async () => {
  const team = await qm.team({ id: 'poor', credits: 100n });
  const answer = await qm.call(team.secretKey);
  const body = (await answer.json()) as { error: { request_id: string } };
  expect(body.error.request_id).toBe(answer.headers.get('x-request-id'));
  expect(await kept(answer)).toMatchObject({
    id: body.error.request_id,
    refusal: {
      refused: 'credits_exhausted',
      seen: {
        teamId: 'poor',
        organizationId: 'acme',
        keyId: team.keyId,
        asked: 'gpt-4o',
        model: 'gpt-4o',
        endpoint: 'chat',
        spendableMicrocredits: 100,
        neededMicrocredits: 1_000_000,
      },
    },
  });
});

test('each dialect tells the id, and so does what is refused before a team is known', async () => {
  const stranger = 'sk-0000000000000000000000000000';
  const [openai, anthropic, job, nowhere] = await Promise.all([
    qm.call(stranger),
    qm.call(stranger, {}, '/v1/messages'),
    qm.call(stranger, {}, '/api/jobs/create'),
    qm.call(stranger, {}, '/v1/nowhere'),
  ]);
  const ids = await Promise.all(
    [openai, anthropic, job].map(async (answer) => {
      const { error, request_id: id } = (await answer.json()) as {
        error?: { request_id?: string };
        request_id?: string;
      };
      expect(error?.request_id ?? id).toBe(answer.headers.get('x-request-id'));
      return (await kept(answer)).refusal.refused;
    }),
  );
  expect(ids).toEqual(['key_unknown', 'key_unknown', 'key_unknown']);
  expect((await kept(nowhere)).refusal.refused).toBe('route_unknown');
});

test('a body that cannot be read is kept for the team that sent it', async () => {
  const team = await qm.team({ id: 'careless' });
  const answer = await qm.call(team.secretKey, { model: 5 });
  expect(await kept(answer)).toMatchObject({
    refusal: { seen: { teamId: 'careless', keyId: team.keyId } },
  });
});

test('every refusal counts, and of a storm no more is kept than says what it was', async () => {
  const team = await qm.team({ id: 'storm', credits: 0n });
  const answers = await Promise.all(
    Array.from({ length: 60 }, async () => qm.call(team.secretKey)),
  );
  expect(new Set(answers.map((each) => each.headers.get('x-request-id'))).size).toBe(60);
  const since = new Date(Date.now() - 3_600_000);
  const counted = async () => {
    const counts = await qm.stores.refused.counts('storm', since);
    return counts.reduce((sum, each) => sum + each.calls, 0) === 60;
  };
  await waitFor(counted, { what: 'sixty refusals' });
  expect(await qm.stores.refused.ofTeam('storm', 200)).toHaveLength(20);
});

test('nothing that looks like a key is kept, wherever a client put it', async () => {
  const team = await qm.team({ id: 'slip' });
  const answer = await qm.call(team.secretKey, { model: team.secretKey });
  const found = JSON.stringify(await kept(answer));
  expect(found).toContain('model_unknown');
  expect(found).not.toContain(team.secretKey);
  expect(found).not.toContain(team.secretKey.slice(3));
});

test('a proxy whose Redis is away goes on noting, within bounds, and throws nothing', async () => {
  const redis = { status: 'reconnecting' } as typeof qm.gate.connection.redis;
  const complaints: string[] = [];
  const remembering = createRemembering({
    redis,
    namespace: 'none',
    clock: () => 0,
    onComplaint: (complaint) => complaints.push(complaint),
  });
  for (let call = 0; call < 10_000; call += 1) {
    remembering.remember(`id-${call}`, refuse('key_missing'));
  }
  await remembering.stop();
  expect(complaints).toEqual([]);
});
