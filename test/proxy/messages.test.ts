// Calls by Anthropic's Messages API against a provider that answers what Anthropic documents: what is sent on, what is
// charged, and what is counted where nothing is told.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faults } from '../support/quartermaster.ts';
import {
  BODY,
  COST_NANO_USD,
  MESSAGE,
  event,
  EVENTS,
  plainly,
  streaming,
  openMessages,
} from './messages/scene.ts';
import type { MessagesScene } from './messages/scene.ts';

let scene: MessagesScene;
beforeAll(async () => {
  scene = await openMessages();
});
beforeEach(() => {
  scene.provider.asked = [];
});
afterAll(async () => scene.close());

describe('a call is charged by the price table, cached and cache-written tokens each at their own rate', () => {
  test('plain, and the answer is what the provider sent', async () => {
    scene.provider.answer = plainly;
    const team = await scene.byConsumption();
    const response = await scene.call(team.secretKey);
    expect(await response.json()).toEqual(MESSAGE);
    const { charged, reserved } = await scene.balance(team.id);
    expect(charged).toBe((COST_NANO_USD + 99n) / 100n);
    expect(response.headers.get('x-quartermaster-credits-charged')).toBeTruthy();
    expect(reserved).toBe(0n);
    expect(await scene.eventOf(team.id)).toMatchObject({
      costNanoUsd: COST_NANO_USD,
      inputTokens: 2_150n,
      outputTokens: 40n,
      estimated: false,
      outcome: 'completed',
      jobType: 'messages',
    });
  });

  test('streamed, and the stream is what the provider sent, to the byte', async () => {
    scene.provider.answer = streaming(EVENTS);
    const team = await scene.byConsumption();
    const response = await scene.call(team.secretKey, { stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toBe(EVENTS.join(''));
    expect(await scene.eventOf(team.id)).toMatchObject({
      costNanoUsd: COST_NANO_USD,
      inputTokens: 2_150n,
      outputTokens: 40n,
      estimated: false,
      outcome: 'completed',
    });
    expect(await scene.qm.drift(team.id)).toBe(0n);
  });

  test('by the job it costs one credit', async () => {
    scene.provider.answer = plainly;
    const team = await scene.qm.team();
    await scene.call(team.secretKey);
    expect((await scene.balance(team.id)).charged).toBe(1_000_000n);
  });

  test('and whoever saw message_stop was charged', async () => {
    scene.provider.answer = streaming(EVENTS);
    const team = await scene.byConsumption();
    const response = await scene.call(team.secretKey, { stream: true });
    let seen = '';
    let chargedAtEnd = 0n;
    for await (const chunk of response.body ?? []) {
      seen += Buffer.from(chunk).toString();
      chargedAtEnd = seen.includes('event: message_stop')
        ? (await scene.balance(team.id)).charged
        : 0n;
    }
    expect(chargedAtEnd).toBeGreaterThan(0n);
  });
});

describe('what goes upstream', () => {
  test('is the client’s own body, with the provider’s key and the client’s version and betas', async () => {
    scene.provider.answer = plainly;
    const { secretKey } = await scene.qm.team();
    await scene.call(
      secretKey,
      {},
      {
        authorization: `Bearer ${secretKey}`,
        'anthropic-version': '2023-01-01',
        'anthropic-beta': 'a-2025-01-01,b-2025-02-02',
      },
    );
    await scene.call(secretKey);
    const [first, second] = scene.provider.asked;
    expect(first?.path).toBe('/v1/messages');
    expect(first?.body).toEqual(BODY);
    expect(first?.headers).toMatchObject({
      'x-api-key': 'sk-ant-scripted',
      'anthropic-version': '2023-01-01',
      'anthropic-beta': 'a-2025-01-01,b-2025-02-02',
    });
    expect(first?.headers.authorization).toBeUndefined();
    expect(second?.headers['anthropic-version']).toBe('2023-06-01');
    expect(second?.headers['anthropic-beta']).toBeUndefined();
  });

  test('is capped to what the balance pays, but never under the budget for thinking', async () => {
    scene.provider.answer = plainly;
    // A credit buys ten cents: 0.04 credits are 4,000 microdollars, 266 tokens of output without a prompt.
    const team = await scene.qm.team({
      credits: 40_000n,
      terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n },
    });
    const response = await scene.call(team.secretKey);
    const cap = Number(response.headers.get('x-quartermaster-output-cap'));
    expect(cap).toBeGreaterThan(16);
    expect(cap).toBeLessThan(300);
    expect(scene.provider.asked[0]?.body['max_tokens']).toBe(cap);
    const poor = await scene.qm.team({
      credits: 40_000n,
      terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n },
    });
    const thinking = { type: 'enabled', budget_tokens: 290 };
    const refused = await scene.call(poor.secretKey, { thinking });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'credits_exhausted' } });
  });
});

describe('what is not told is counted', () => {
  test('when the stream breaks: the prompt as it was told, the answer by its text', async () => {
    scene.provider.answer = streaming(EVENTS.slice(0, 5), (res) => res.destroy());
    const team = await scene.byConsumption();
    const response = await scene.call(team.secretKey, { stream: true });
    await expect(response.text()).rejects.toThrow();
    await expect.poll(async () => scene.balance(team.id)).toMatchObject({ reserved: 0n });
    const written = await scene.eventOf(team.id);
    expect(written).toMatchObject({ inputTokens: 2_150n, estimated: true, outcome: 'failed' });
    expect(written.outputTokens).toBeGreaterThan(3n);
    expect(written.outputTokens).toBeLessThan(20n);
  });

  test('when the client leaves, and the provider is told to stop', async () => {
    let stopped = false;
    scene.provider.answer = streaming(EVENTS.slice(0, 5), (res) =>
      res.on('close', () => {
        stopped = true;
      }),
    );
    const team = await scene.byConsumption();
    const leaving = new AbortController();
    const response = await scene.call(
      team.secretKey,
      { stream: true },
      { 'x-api-key': team.secretKey },
      leaving.signal,
    );
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await expect.poll(() => stopped).toBe(true);
    await expect.poll(async () => scene.balance(team.id)).toMatchObject({ reserved: 0n });
    const written = await scene.eventOf(team.id);
    expect(written).toMatchObject({ inputTokens: 2_150n, estimated: true, outcome: 'completed' });
    expect(written.charge).toBeGreaterThan(0n);
  });

  test('when the provider tells no usage at all', async () => {
    const team = await scene.byConsumption();
    scene.qm.provider.plan({ fault: 'no-usage', times: 2 });
    await (await scene.call(team.secretKey, { model: 'demo' })).text();
    await (await scene.call(team.secretKey, { model: 'demo', stream: true })).text();
    await scene.qm.drain();
    const events = await scene.qm.postgres.usageEvent.findMany({ where: { teamId: team.id } });
    expect(events.map((one) => one.estimated)).toEqual([true, true]);
    for (const one of events) {
      expect(one.outputTokens).toBeGreaterThan(50n);
      expect(one.inputTokens).toBeGreaterThan(2n);
    }
  });

  test('an error in the stream is told in our words, and none of the provider’s', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'sk-ant-secret' } };
    scene.provider.answer = streaming([...EVENTS.slice(0, 4), event(error)]);
    const { secretKey } = await scene.qm.team();
    const text = await (await scene.call(secretKey, { stream: true })).text();
    expect(text).not.toContain('sk-ant');
    expect(text).not.toContain('message_stop');
    const [last = ''] = text.split('event: error\ndata: ').slice(1);
    expect(JSON.parse(last)).toMatchObject({
      type: 'error',
      error: { type: 'api_error', code: 'upstream_failed' },
    });
  });
});

test('nothing here was a fault', () => {
  expect(faults).toEqual([]);
});
