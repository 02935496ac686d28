/** The catalogue's floats, which are dollars per million tokens, as exact integers. */
import type { ConditionalPrice, ModelPrice as CatalogPrice } from '@pydantic/genai-prices';
import { maxPrice } from '../core/pricing/bound.ts';
import type { ModelPrice, PriceTier, TokenRates } from '../core/pricing/price.ts';
import { scaleRoundingUp } from '../core/money.ts';

type RateName = keyof TokenRates;

const RATES: Readonly<Record<string, RateName>> = {
  input_mtok: 'inputPicoUsdPerToken',
  output_mtok: 'outputPicoUsdPerToken',
  cache_read_mtok: 'cachedInputPicoUsdPerToken',
  cache_write_mtok: 'cacheWritePicoUsdPerToken',
  cache_write_1h_mtok: 'longCacheWritePicoUsdPerToken',
  input_audio_mtok: 'inputAudioPicoUsdPerToken',
  output_audio_mtok: 'outputAudioPicoUsdPerToken',
  input_image_mtok: 'inputImagePicoUsdPerToken',
  output_image_mtok: 'outputImagePicoUsdPerToken',
};

/**
 * Keys that change no call we admit: searches in stored files are not proxied, and cached sound and
 * pictures are counted at the rate of cached text or of fresh sound.
 */
const HARMLESS = new Set([
  'storage_searches_kcount',
  'cache_audio_read_mtok',
  'cache_image_read_mtok',
]);

/** A dollar per million tokens is a million pico-USD per token. */
const PICO_USD_PER_TOKEN_POWER = 6;
/** A dollar per thousand uses is a million nano-USD per use. */
const NANO_USD_PER_USE_POWER = 6;

/** The price that holds on this day, at the dearest hour of it. */
export function exactPrice(
  prices: CatalogPrice | ConditionalPrice[],
  at: Date,
): ModelPrice | undefined {
  if (!Array.isArray(prices)) {
    return exactRates(prices);
  }
  const standing = prices.findLast(
    ({ constraint }) =>
      constraint === undefined ||
      (constraint.type === 'start_date' && new Date(constraint.start_date) <= at),
  );
  const byTheHour = prices.filter(({ constraint }) => constraint?.type === 'time_of_date');
  const all = [...(standing === undefined ? [] : [standing]), ...byTheHour].map((each) =>
    exactRates(each.prices),
  );
  const known = all.filter((price) => price !== undefined);
  if (known.length === 0 || known.length < all.length) {
    return undefined;
  }
  return known.length === 1 ? known[0] : maxPrice(known);
}

function exactRates(prices: CatalogPrice): ModelPrice | undefined {
  const unknownKeys = Object.keys(prices).filter((key) => !(key in RATES) && !isFee(key));
  // Without a price for input nothing can be bounded; without one for output the model has no
  // output that is billed, as with embeddings.
  if (prices['input_mtok'] === undefined || unknownKeys.length > 0) {
    return undefined;
  }
  const starts = new Set(
    Object.values(prices).flatMap((price) =>
      typeof price === 'object' ? price.tiers.map((tier) => tier.start) : [],
    ),
  );
  const tiers: PriceTier[] = [...starts]
    .sort((a, b) => a - b)
    .map((start) => ({ aboveInputTokens: start, ...ratesAbove(prices, start) }));
  return {
    ...ratesAbove(prices, -1),
    ...(tiers.length === 0 ? {} : { tiers }),
    ...fee(prices, 'requests_kcount', 'perRequestNanoUsd'),
    ...fee(prices, 'web_searches_kcount', 'perWebSearchNanoUsd'),
  };
}

function isFee(key: string): boolean {
  return key === 'requests_kcount' || key === 'web_searches_kcount' || HARMLESS.has(key);
}

/** The rates of a call whose input is just above the given number of tokens. */
function ratesAbove(prices: CatalogPrice, inputTokens: number): TokenRates {
  const rates: Partial<Record<RateName, bigint>> = {};
  for (const [key, name] of Object.entries(RATES)) {
    const price = prices[key];
    if (price !== undefined) {
      rates[name] = scaleRoundingUp(valueAbove(price, inputTokens), PICO_USD_PER_TOKEN_POWER);
    }
  }
  return {
    ...rates,
    inputPicoUsdPerToken: rates.inputPicoUsdPerToken ?? 0n,
    outputPicoUsdPerToken: rates.outputPicoUsdPerToken ?? 0n,
  };
}

function valueAbove(price: NonNullable<CatalogPrice[string]>, inputTokens: number): number {
  if (typeof price === 'number') {
    return price;
  }
  return price.tiers.findLast((tier) => tier.start <= inputTokens)?.price ?? price.base;
}

function fee<Name extends 'perRequestNanoUsd' | 'perWebSearchNanoUsd'>(
  prices: CatalogPrice,
  key: string,
  name: Name,
): { readonly [K in Name]?: bigint } {
  const price = prices[key];
  return price === undefined
    ? {}
    : ({
        [name]: scaleRoundingUp(valueAbove(price, Infinity), NANO_USD_PER_USE_POWER),
      } as { readonly [K in Name]?: bigint });
}
