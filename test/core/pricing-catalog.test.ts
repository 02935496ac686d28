import { describe, expect, it } from 'vitest';
import { costNanoUsd } from '../../src/core/pricing/price.ts';
import { exactPrice } from '../../src/pricing-catalog/exact-price.ts';
import { catalogEntryOf, priceOf } from '../../src/pricing-catalog/price-of.ts';

const DAY = new Date('2026-06-01T12:00:00Z');

describe('the price catalogue', () => {
  it('knows common models by exact integers', () => {
    expect(priceOf({ provider: 'openai', model: 'gpt-4o-mini' })).toMatchObject({
      inputPicoUsdPerToken: 150_000n,
      cachedInputPicoUsdPerToken: 75_000n,
      outputPicoUsdPerToken: 600_000n,
    });
  });

  it('finds a model by its prefix, and one of another provider behind an OpenAI dialect', () => {
    const haiku = priceOf({ provider: 'anthropic', model: 'claude-haiku-4-5' });
    expect(haiku).toBeDefined();
    expect(priceOf({ provider: 'openai', model: 'anthropic/claude-haiku-4-5' })).toEqual(haiku);
    expect(priceOf({ provider: 'openai', model: 'claude-haiku-4-5' })).toEqual(haiku);
  });

  it('keeps the tiers of long prompts', () => {
    const pro = priceOf({ provider: 'gemini', model: 'gemini-2.5-pro' });
    expect(pro?.tiers?.map((tier) => tier.aboveInputTokens)).toEqual([200_000]);
    const cost = (input: number) => pro && costNanoUsd(pro, { input, output: 0 });
    expect(cost(200_000)).toBe(250_000_000n);
    expect(cost(200_001)).toBe(500_002_500n);
  });

  it('knows no price for an unknown model, nor for one that is billed by the hour', () => {
    expect(catalogEntryOf({ model: 'no-such-model' })).toBeUndefined();
    expect(catalogEntryOf({ provider: 'openai', model: 'whisper-1' })).toBeUndefined();
  });

  it('takes the price of the day, at its dearest hour', () => {
    const prices = [
      { prices: { input_mtok: 9, output_mtok: 9 } },
      {
        constraint: { type: 'start_date' as const, start_date: '2026-05-01' },
        prices: { input_mtok: 1, output_mtok: 2 },
      },
      {
        constraint: { type: 'start_date' as const, start_date: '2026-07-01' },
        prices: { input_mtok: 8, output_mtok: 8 },
      },
      {
        constraint: {
          type: 'time_of_date' as const,
          start_time: '01:00:00Z',
          end_time: '02:00:00Z',
        },
        prices: { input_mtok: 3, output_mtok: 1 },
      },
    ];
    expect(exactPrice(prices, DAY)).toMatchObject({
      inputPicoUsdPerToken: 3_000_000n,
      outputPicoUsdPerToken: 2_000_000n,
    });
  });

  it('has no price for a model that bills in a way that is not accounted for', () => {
    const prices = { input_mtok: 1, output_mtok: 1, output_citation_mtok: 1 };
    expect(exactPrice(prices, DAY)).toBeUndefined();
  });
});
