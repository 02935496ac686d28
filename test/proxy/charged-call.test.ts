import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const openai = (secretKey: string): OpenAI =>
  new OpenAI({ apiKey: secretKey, baseURL: `${qm.url}/v1`, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'Tell me a story' }];

describe('a call with a virtual key', () => {
  test('answers as the provider did and takes one credit from a team that pays by the job', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const answer = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
    });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    const account = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(account).toMatchObject({ spendable: 4_000_000n, reserved: 0n, charged: 1_000_000n });
    expect(await qm.drift(team.id)).toBe(0n);
    await qm.drain();
    expect((await qm.stores.records.ledger.account(team.id))?.balance).toBe(4_000_000n);
    expect(await qm.drift(team.id)).toBe(0n);
  });

  test('streams the same text as the plain answer, hides the usage chunk and charges once', async () => {
    const team = await qm.team({ credits: 5_000_000n });
    const plain = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
    });
    const stream = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
    });
    let text = '';
    let usageChunks = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usageChunks += chunk.usage ? 1 : 0;
    }
    expect(text).toBe(plain.choices[0]?.message.content);
    expect(usageChunks).toBe(0);
    const account = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(account).toMatchObject({ spendable: 3_000_000n, reserved: 0n });
  });

  test('passes the usage chunk on to a client that asked for it', async () => {
    const team = await qm.team();
    const stream = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const usages = [];
    for await (const chunk of stream) {
      usages.push(...(chunk.usage ? [chunk.usage] : []));
    }
    expect(usages).toHaveLength(1);
  });

  test('by consumption costs what the provider says it used, at the catalogue price and the markup', async () => {
    const team = await qm.team({
      terms: {
        budgetMode: 'consumption_usd',
        microcreditsPerUsd: 10_000_000n,
        markupBasisPoints: 2_000,
      },
    });
    const answer = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
    });
    const { prompt_tokens: input, completion_tokens: output } = answer.usage ?? {};
    // gpt-4o: 2.50 and 10.00 USD for a million tokens.
    const nanoUsd = BigInt(input ?? 0) * 2_500n + BigInt(output ?? 0) * 10_000n;
    const charge = (nanoUsd * 12n + 999n) / 1_000n;
    const account = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(account.charged).toBe(charge);
    await qm.drain();
    const event = await qm.postgres.usageEvent.findFirstOrThrow({ where: { teamId: team.id } });
    expect(event).toMatchObject({
      costNanoUsd: nanoUsd,
      charge,
      estimated: false,
      outcome: 'completed',
    });
  });

  test('by usage tokens costs input and output alike', async () => {
    const team = await qm.team({
      terms: { budgetMode: 'consumption_tokens', tokensPerCredit: 1_000n },
    });
    const answer = await openai(team.secretKey).chat.completions.create({
      model: 'gpt-4o',
      messages,
    });
    const account = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(account.charged).toBe(BigInt(answer.usage?.total_tokens ?? 0) * 1_000n);
  });

  test('that the balance cannot pay in full length is capped to what it pays, and says so', async () => {
    const team = await qm.team({
      credits: 50_000n,
      terms: { budgetMode: 'consumption_tokens', tokensPerCredit: 10_000n },
    });
    const response = await qm.call(team.secretKey);
    const body = (await response.json()) as { usage: { total_tokens: number } };
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('x-quartermaster-output-cap'))).toBeLessThan(500);
    const account = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(account.charged).toBe(BigInt(body.usage.total_tokens) * 100n);
    expect(account.spendable).toBe(50_000n - account.charged);
  });

  test('lists exactly the models of the access groups', async () => {
    const team = await qm.team({ accessGroups: ['claude-models'] });
    const list = await openai(team.secretKey).models.list();
    expect(list.data.map((model) => model.id)).toEqual(['claude-sonnet-4-5']);
  });

  test('embeds too', async () => {
    const team = await qm.team({ terms: { budgetMode: 'consumption_usd' } });
    const answer = await openai(team.secretKey).embeddings.create({
      model: 'text-embedding-3-small',
      input: 'hello',
    });
    expect(answer.data).toHaveLength(1);
    const { reserved, charged } = await qm.gate.balance({ id: team.id, organizationId: 'acme' });
    expect(reserved).toBe(0n);
    expect(charged).toBeGreaterThan(0n);
  });
});
