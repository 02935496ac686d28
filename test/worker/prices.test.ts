// What a new price package does: it is told once, new calls are charged by it, and what is set by hand stays.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { changedPricesPost } from '../../src/bot/posts/changed-prices.ts';
import type { StoredModel } from '../../src/core/models/stored-model.ts';
import type { Post } from '../../src/core/posts/post.ts';
import { refreshPrices } from '../../src/core/pricing/refresh-prices.ts';
import type { OfferedPrices, PriceRefresh } from '../../src/core/pricing/refresh-prices.ts';
import { offeredPrices } from '../../src/pricing-catalog/offered.ts';
import { readPrices } from '../../src/standing-prices.ts';
import { BY_COST } from '../support/credits.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const NAME = 'openai/gpt-4o';
const WORKERS = 5;

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster({ eventDelayMs: 20 });
  await refreshPrices(
    qm.stores,
    offeredPrices({ ofFile: qm.config.models, made: [] }, Date.now()),
    'apply',
  );
});
afterAll(async () => qm[Symbol.asyncDispose]());

const offer = (version: string, inputPicoUsdPerToken: bigint): OfferedPrices => ({
  version,
  prices: [
    {
      name: NAME,
      models: ['gpt-4o'],
      price: { inputPicoUsdPerToken, outputPicoUsdPerToken: 10_000_000n },
    },
  ],
});
const refresh = async (offered: OfferedPrices, policy: PriceRefresh = 'apply') =>
  refreshPrices(qm.stores, offered, policy);
const input = async () =>
  (await qm.stores.records.prices.list()).find(({ name }) => name === NAME)?.price
    .inputPicoUsdPerToken;
const posts = async () =>
  (await qm.postgres.channelPost.findMany({
    where: { kind: 'prices.changed' },
    orderBy: { id: 'asc' },
  })) as unknown as Post<'prices.changed'>[];

test('prices that are seen for the first time are written and not told; those by hand are not written', async () => {
  const names = (await qm.stores.records.prices.list()).map(({ name }) => name);
  expect(names).toContain(NAME);
  // Its price stands in the file.
  expect(names.filter((name) => name.includes('way-'))).toEqual([]);
  expect(await posts()).toEqual([]);
});

test('a change is applied and told once by five workers, with old, new and percent', async () => {
  const changed = offer('0.2.0', 2_000_000n);
  const done = await Promise.all(Array.from({ length: WORKERS }, async () => refresh(changed)));
  expect(done.flat()).toHaveLength(1);
  expect(await input()).toBe(2_000_000n);
  const told = await posts();
  expect(told).toHaveLength(1);
  const speech = JSON.stringify(await changedPricesPost(qm.stores, told));
  expect(speech).toContain('input: $2.50 → *$2.00* (−20 %)');
  expect(speech).toContain('`gpt-4o`');
  const where = { action: 'price.refreshed', target: `price:${NAME}` };
  expect(await qm.postgres.auditEntry.count({ where })).toBe(1);
});

test('an older package changes nothing back', async () => {
  expect(await refresh(offer('0.1.10', 2_500_000n))).toEqual([]);
  expect(await input()).toBe(2_000_000n);
});

test('where prices are held, what the package says is told once and nobody is charged by it', async () => {
  const changed = offer('0.3.0', 4_000_000n);
  expect(await refresh(changed, 'hold')).toHaveLength(1);
  expect(await refresh(changed, 'hold')).toEqual([]);
  expect(await input()).toBe(2_000_000n);
  const speech = JSON.stringify(await changedPricesPost(qm.stores, (await posts()).slice(-1)));
  expect(speech).toContain('prices are held');
  expect(await refresh(changed, 'apply')).toHaveLength(1);
  expect(await input()).toBe(4_000_000n);
});

test('a call under way keeps its price, and the next one has the new one', async () => {
  await readPrices(qm.stores.records, qm.models);
  const { id, secretKey } = await qm.team(BY_COST);
  const under = await qm.call(secretKey, { stream: true });
  await refresh(offer('0.4.0', 40_000_000n));
  await readPrices(qm.stores.records, qm.models);
  await under.text();
  await (await qm.call(secretKey, { stream: true })).text();
  await qm.drain();
  const events = await qm.postgres.usageEvent.findMany({
    where: { teamId: id },
    orderBy: { startedAt: 'asc' },
  });
  const inputCosts = events.map(
    ({ costNanoUsd, outputTokens, inputTokens }) =>
      Number(costNanoUsd - outputTokens * 10_000n) / Number(inputTokens),
  );
  // Nano-USD for each usage token of input: $4 and $40 for a million.
  expect(inputCosts.map(Math.round)).toEqual([4_000, 40_000]);
});

test('a model that people made follows the package unless they gave it a price', () => {
  const model = { alias: 'mine', provider: 'openai', upstreamModel: 'gpt-4o', price: null };
  const offered = (made: object) =>
    offeredPrices({ ofFile: [], made: [made as StoredModel] }, Date.now()).prices;
  expect(offered(model)).toMatchObject([{ name: NAME, models: ['mine'] }]);
  expect(offered({ ...model, price: { input: 1, output: 2 } })).toEqual([]);
});
