// How money got lost, doubled or given away elsewhere, each tried here through the proxy.

import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { refundUsage } from '../../src/core/credits/refund.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { setKeyStatus } from '../../src/core/keys/change-key.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { readConfigText } from '../../src/config/file.ts';
import {
  answered,
  budgetFor,
  callAtOnce,
  callExactly,
  CHARGE,
  COST_NANO_USD,
  setCeilings,
  startField,
} from '../support/field-scene.ts';
import type { Field } from '../support/field-scene.ts';
import type { HeldProvider } from '../support/held-provider.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let field: Field;
let qm: TimedQuartermaster;
let held: HeldProvider;
beforeAll(async () => {
  field = await startField();
  ({ qm, held } = field);
});
afterAll(async () => field[Symbol.asyncDispose]());

const newTeam = async (credits = 1_000_000_000n) =>
  qm.team({ credits, terms: { budgetMode: 'consumption_usd' } });

const balance = async (id: string) => qm.gate.balance({ id, organizationId: 'acme' });

async function eventsOf(teamId: string) {
  await qm.drain();
  expect(await qm.drift(teamId)).toBe(0n);
  return qm.postgres.usageEvent.findMany({ where: { teamId }, orderBy: { startedAt: 'asc' } });
}

describe('usage that is not charged', () => {
  test('streams priced at 0: a stream costs what the same plain call costs', async () => {
    const team = await newTeam();
    await callExactly(qm, team.secretKey, { stream: true });
    await callExactly(qm, team.secretKey, { stream: false });
    const events = await eventsOf(team.id);
    expect(events).toMatchObject([
      { costNanoUsd: BigInt(COST_NANO_USD), charge: CHARGE, estimated: false },
      { costNanoUsd: BigInt(COST_NANO_USD), charge: CHARGE, estimated: false },
    ]);
  });

  test.each([true, false])(
    'no usage in the answer (stream: %s): it is counted, not free',
    async (stream) => {
      const team = await newTeam();
      qm.provider.plan({ fault: 'no-usage', times: 1, model: 'gpt-4o' });
      const answer = await answered(qm.call(team.secretKey, { stream, max_tokens: 200 }));
      expect(answer.status).toBe(200);
      const [event] = await eventsOf(team.id);
      expect(event).toMatchObject({ estimated: true, outcome: 'completed' });
      expect(event?.inputTokens).toBeGreaterThan(0n);
      expect(event?.outputTokens).toBeGreaterThan(20n);
      expect(event?.charge).toBeGreaterThan(0n);
    },
  );

  test('a client that leaves a stream pays nothing: it pays for what it got', async () => {
    const team = await newTeam();
    held.reset();
    held.allow('middle');
    const leaving = new AbortController();
    const response = await fetch(`${qm.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${team.secretKey}` },
      body: JSON.stringify({
        model: 'held',
        stream: true,
        messages: [{ role: 'user', content: '{"input":40,"output":30}' }],
      }),
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();
    await expect.poll(async () => (await balance(team.id)).reserved).toBe(0n);
    held.allow('last byte');
    const [event] = await eventsOf(team.id);
    expect(event?.estimated).toBe(true);
    expect(event?.charge).toBeGreaterThan(0n);
  });

  test('an unknown price runs free: a model without one can’t be configured, and one that may lack it serves no budget', async () => {
    const without = 'models: { nobody-knows: { deployments: [{ base_url: "http://x/v1" }] } }';
    const read = readConfigText('quartermaster.yaml', without, {});
    expect(JSON.stringify(read)).toContain('no price is known for nobody-knows');
    const before = held.calls();
    const paying = await newTeam();
    const body = { model: 'priceless' };
    const refused = await answered(qm.call(paying.secretKey, body));
    expect(refused).toMatchObject({ status: 400, code: 'cost_unbounded' });
    const byJob = await qm.team({ terms: { budgetMode: 'job_based' } });
    await setCeilings(qm, { kind: 'team', teamId: byJob.id }, budgetFor(1_000));
    expect(await answered(qm.call(byJob.secretKey, body))).toMatchObject({
      code: 'cost_unbounded',
    });
    expect(held.calls()).toBe(before);
  });

  test('calls under way are lost with what they belong to: a revoked key and an archived team still pay', async () => {
    for (const end of ['revoked', 'archived'] as const) {
      const team = await newTeam();
      held.reset();
      held.allow('first byte');
      const calling = callExactly(qm, team.secretKey, { stream: true });
      await held.arrived(1);
      await (end === 'revoked'
        ? setKeyStatus(qm.stores, SYSTEM, { keyId: team.keyId, status: 'revoked' })
        : setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'archived' }));
      held.allow('last byte');
      expect((await calling).text).toContain('[DONE]');
      expect(await eventsOf(team.id)).toMatchObject([{ charge: CHARGE, outcome: 'completed' }]);
    }
  });
});

describe('a balance that is passed', () => {
  test('a dollar, and all calls at once are served: 500 calls on credits for 10', async () => {
    const team = await newTeam(10n * CHARGE);
    const { passed, codes } = await callAtOnce(qm, team.secretKey, 500);
    expect({ passed, codes }).toEqual({ passed: 10, codes: ['credits_exhausted'] });
    expect(await balance(team.id)).toMatchObject({ spendable: 0n, reserved: 0n });
  });

  test('a balance that is "large enough" skips the check: the largest one is held from, too', async () => {
    const team = await newTeam(900_000_000_000_000n);
    held.reset();
    held.allow('nothing');
    const calls = Array.from({ length: 5 }, async () => callExactly(qm, team.secretKey));
    await held.arrived(5);
    expect((await balance(team.id)).reserved).toBe(5n * CHARGE);
    held.allow('last byte');
    await Promise.all(calls);
    expect(await eventsOf(team.id)).toHaveLength(5);
  });

  // Above 272,000 input tokens gpt-5.4 costs twice as much for the whole prompt.
  test('a bound below the bill on the dearest tier: a long prompt is held for at its own price', async () => {
    const content = `${JSON.stringify({ input: 280_000, output: 10 })}${' '.repeat(290_000)}`;
    const body = { model: 'gpt-5.4', max_tokens: 16, messages: [{ role: 'user', content }] };
    const team = await newTeam();
    const answer = await answered(qm.call(team.secretKey, body));
    expect(answer.status).toBe(200);
    const [event] = await eventsOf(team.id);
    const atBasePrice = 280_000n * 2_500n;
    expect(event?.costNanoUsd).toBeGreaterThan(2n * atBasePrice);
    expect(event?.excess).toBe(0n);
    const [reserved, charged] = ['reserved', 'charged'].map((what) =>
      Number(answer.headers.get(`x-quartermaster-credits-${what}`)),
    );
    expect(reserved).toBeGreaterThanOrEqual(charged ?? Number.NaN);
    // As much as the bill would be at the base price: not enough, and nobody is asked.
    const before = held.calls();
    const poor = await newTeam(10_000_000n);
    expect(await answered(qm.call(poor.secretKey, body))).toMatchObject({
      status: 403,
      code: 'credits_exhausted',
    });
    expect(held.calls()).toBe(before);
  });

  test('what is enforced is not what is recorded: budget, ledger and events tell one number', async () => {
    const team = await newTeam();
    await setCeilings(qm, { kind: 'team', teamId: team.id }, budgetFor(40));
    expect((await callAtOnce(qm, team.secretKey, 60)).passed).toBe(40);
    const events = await eventsOf(team.id);
    const cost = events.reduce((sum, event) => sum + event.costNanoUsd, 0n);
    const [meter] = await qm.gate.meters({ kind: 'team', teamId: team.id }, 'acme');
    const [spend] = await qm.postgres.budgetSpend.findMany({
      where: { subject: `team:${team.id}` },
    });
    expect([BigInt(meter?.used ?? 0), spend?.spentNanoUsd]).toEqual([cost, cost]);
    const account = await qm.stores.records.ledger.account(team.id);
    expect(account?.used).toBe(events.reduce((sum, event) => sum + event.charge, 0n));
  });
});

describe('money that comes twice', () => {
  test('a top-up is delivered again, twenty times at once, and once more by somebody else: it is posted once', async () => {
    const team = await newTeam(0n);
    const wish = { teamId: team.id, amount: CHARGE, reason: 'Paid', reference: 'payment:17' };
    const again = await Promise.all(
      Array.from({ length: 20 }, async () => topUp(qm.stores, SYSTEM, wish)),
    );
    again.push(await topUp(qm.stores, { id: 'slack:U1', door: 'slack' }, wish));
    expect(again.filter((one) => 'entry' in one && !one.repeated)).toHaveLength(1);
    expect((await balance(team.id)).spendable).toBe(CHARGE);
    expect((await callAtOnce(qm, team.secretKey, 4)).passed).toBe(1);
  });

  test('refunded twice: of ten halves at once two pass, and the same refund comes once', async () => {
    const team = await newTeam(CHARGE);
    await callExactly(qm, team.secretKey);
    const [event] = await eventsOf(team.id);
    const half = { eventId: event?.id ?? '', amount: CHARGE / 2n, reason: 'Bad answer' };
    const refunds = await Promise.all(
      Array.from({ length: 10 }, async (_, at) =>
        refundUsage(qm.stores, SYSTEM, { ...half, reference: `refund:${at}` }),
      ),
    );
    const passed = refunds.flatMap((one) => (isRefusal(one) ? [] : [one.entry.reference]));
    expect(passed).toHaveLength(2);
    const again = await refundUsage(qm.stores, SYSTEM, {
      ...half,
      reference: `refund:${refunds.findIndex((one) => !isRefusal(one))}`,
    });
    expect(again).toMatchObject({ repeated: true });
    expect((await balance(team.id)).spendable).toBe(CHARGE);
    expect(await qm.drift(team.id)).toBe(0n);
    expect((await callAtOnce(qm, team.secretKey, 3)).passed).toBe(1);
  });
});

describe('a storm of retries', () => {
  test.each([
    ['gpt-4o', 2],
    ['two-ways', 3],
  ])(
    'a provider that always fails is asked for one call of %s at most %i times, and nothing is charged',
    async (model, most) => {
      const team = await newTeam();
      const before = qm.provider.stats().calls;
      qm.provider.plan({ fault: 500, times: 100 });
      const failed = await answered(qm.call(team.secretKey, { model, max_tokens: 50 }));
      qm.provider.clearFaults();
      expect(failed.status).toBe(502);
      expect(qm.provider.stats().calls - before).toBeLessThanOrEqual(most);
      expect(await balance(team.id)).toMatchObject({ reserved: 0n, charged: 0n });
      expect(await eventsOf(team.id)).toHaveLength(1);
    },
  );

  test('a client that retries by itself, as the official one does, gives up at once where waiting does not help', async () => {
    const team = await newTeam(0n);
    let asked = 0;
    const client = new OpenAI({
      apiKey: team.secretKey,
      baseURL: `${qm.url}/v1`,
      fetch: async (url, init) => {
        asked += 1;
        return fetch(url, init);
      },
    });
    const messages = [{ role: 'user' as const, content: 'hi' }];
    await expect(client.chat.completions.create({ model: 'held', messages })).rejects.toThrow(
      'Insufficient credits',
    );
    expect(asked).toBe(1);
  });
});
