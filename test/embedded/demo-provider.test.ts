import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startDemoProvider } from '../../src/embedded/demo-provider/server.ts';
import type { DemoProvider } from '../../src/embedded/demo-provider/server.ts';
import { waitFor } from '../support/wait-for.ts';

const messages = [{ role: 'user' as const, content: 'Tell me of a lighthouse' }];
let provider: DemoProvider;
let client: OpenAI;

beforeAll(async () => {
  provider = await startDemoProvider({ port: 0, apiKey: 'sk-demo' });
  client = new OpenAI({ baseURL: provider.url, apiKey: 'sk-demo', maxRetries: 0 });
});
afterAll(async () => provider.close());
beforeEach(async () => {
  provider.clearFaults();
  await control('DELETE', '/stats');
});

async function control(method: string, path: string, body?: object): Promise<Response> {
  return fetch(provider.url.replace('/v1', path), {
    method,
    headers: { authorization: 'Bearer sk-demo' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function streamed(model: string, signal?: AbortSignal): Promise<string> {
  const stream = await client.chat.completions.create(
    { model, messages, stream: true },
    signal ? { signal } : {},
  );
  let text = '';
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  return text;
}

test('equal requests get equal answers, streamed or not, and the usage is what the text costs', async () => {
  const plain = await client.chat.completions.create({ model: 'gpt-4o', messages });
  const said = plain.choices[0]?.message.content ?? '';
  expect(await streamed('gpt-4o')).toBe(said);
  const { usage } = plain;
  expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  const cut = await client.chat.completions.create({
    model: 'gpt-4o',
    messages,
    max_completion_tokens: usage?.completion_tokens ?? 0,
  });
  expect(cut.choices[0]?.finish_reason).toBe('stop');
});

test('the cap on output is honoured and named as the reason', async () => {
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages,
    max_tokens: 7,
    n: 3,
  });
  expect(answer.choices.map((choice) => choice.finish_reason)).toEqual(Array(3).fill('length'));
  expect(answer.usage?.completion_tokens).toBe(21);
});

test('a stream carries usage when asked, in one last chunk without choices', async () => {
  const stream = await client.chat.completions.create({
    model: 'gpt-4o+tokens=5',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
  expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
});

test('text completions, embeddings and the list of models answer the SDK', async () => {
  const text = await client.completions.create({ model: 'm', prompt: ['a', 'b'], max_tokens: 3 });
  expect(text.choices).toHaveLength(2);
  const vectors = await client.embeddings.create({ model: 'm', input: 'hello', dimensions: 100 });
  const [vector] = vectors.data;
  expect(vector?.embedding).toHaveLength(100);
  expect(Math.hypot(...(vector?.embedding ?? []))).toBeCloseTo(1, 4);
  expect((await client.models.list()).data.length).toBeGreaterThan(0);
});

test('nobody calls without the key', async () => {
  const stranger = new OpenAI({ baseURL: provider.url, apiKey: 'guess', maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toMatchObject({ status: 401 });
  expect(provider.stats().calls).toBe(0);
});

test('a planned fault meets as many calls as planned, and of its model alone', async () => {
  await control('POST', '/faults', { fault: 429, times: 1, model: 'b', retryAfterSeconds: 9 });
  await expect(client.chat.completions.create({ model: 'a', messages })).resolves.toBeTruthy();
  const refused = await client.chat.completions
    .create({ model: 'b', messages })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 429 });
  expect((refused as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('9');
  await expect(client.chat.completions.create({ model: 'b', messages })).resolves.toBeTruthy();
  expect((await control('POST', '/faults', { fault: 'typo' })).status).toBe(400);
});

test('each fault shows itself as its name says', async () => {
  await expect(streamed('m+500')).rejects.toMatchObject({ status: 500 });
  await expect(streamed('m+cut')).rejects.toThrow(/terminated/);
  await expect(client.chat.completions.create({ model: 'm+cut', messages })).rejects.toThrow(
    /terminated|Connection|Premature/,
  );
  expect(await streamed('m+garbage')).toBe('');
  const bare = await client.chat.completions.create({ model: 'm+no-usage', messages });
  expect(bare.usage).toBeUndefined();
  expect(provider.stats()).toMatchObject({ calls: 5, faulted: 4, answered: 1 });
});

test('a client that leaves is counted as one that left', async () => {
  const leaving = new AbortController();
  const call = streamed('m+stall', leaving.signal).catch(() => 'left');
  await waitFor(() => provider.stats().open === 1, { what: 'the call to be open' });
  leaving.abort();
  await call;
  await waitFor(() => provider.stats().aborted === 1, { what: 'the leaving to be counted' });
  expect(provider.stats()).toMatchObject({ calls: 1, answered: 0, open: 0 });
});

test('an answer that is fast carries on until its latency is over when asked to wait', async () => {
  const began = performance.now();
  const headers = { 'x-demo-latency-ms': '120' };
  await client.chat.completions.create({ model: 'm', messages }, { headers });
  expect(performance.now() - began).toBeGreaterThan(115);
});

test('the tally of usage is that of the answers which were given in full', async () => {
  const first = await client.chat.completions.create({ model: 'm', messages });
  const second = await client.chat.completions.create({ model: 'm', messages });
  await streamed('m+500').catch(() => undefined);
  const sum = (first.usage?.completion_tokens ?? 0) + (second.usage?.completion_tokens ?? 0);
  expect(provider.stats()).toMatchObject({ completionTokens: sum, answered: 2, faulted: 1 });
});
