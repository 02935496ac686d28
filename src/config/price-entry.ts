import { scaleRoundingUp } from '../core/money.ts';
import type { ModelPrice } from '../core/pricing/price.ts';
import type { PriceEntry } from './schema.ts';

/** A dollar per million tokens is a million pico-USD per token. */
const PICO_USD_PER_TOKEN_POWER = 6;
const NANO_USD_POWER = 9;

/** A price from the file, in USD per million tokens, as exact integers. */
export function exactPriceOf(entry: PriceEntry): ModelPrice {
  const { cached_input: cached, cache_write: write, input_audio: soundIn } = entry;
  const { cache_write_1h: longWrite } = entry;
  const { output_audio: soundOut, per_request_usd: request, per_web_search_usd: search } = entry;
  return {
    inputPicoUsdPerToken: exactRate(entry.input),
    outputPicoUsdPerToken: exactRate(entry.output),
    ...(cached === undefined ? {} : { cachedInputPicoUsdPerToken: exactRate(cached) }),
    ...(write === undefined ? {} : { cacheWritePicoUsdPerToken: exactRate(write) }),
    ...(longWrite === undefined ? {} : { longCacheWritePicoUsdPerToken: exactRate(longWrite) }),
    ...(soundIn === undefined ? {} : { inputAudioPicoUsdPerToken: exactRate(soundIn) }),
    ...(soundOut === undefined ? {} : { outputAudioPicoUsdPerToken: exactRate(soundOut) }),
    ...(request === undefined ? {} : { perRequestNanoUsd: exactFee(request) }),
    ...(search === undefined ? {} : { perWebSearchNanoUsd: exactFee(search) }),
  };
}

function exactRate(usdPerMillionTokens: number): bigint {
  return scaleRoundingUp(usdPerMillionTokens, PICO_USD_PER_TOKEN_POWER);
}

function exactFee(usd: number): bigint {
  return scaleRoundingUp(usd, NANO_USD_POWER);
}
