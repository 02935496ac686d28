import { divideRoundingUp, PICO_USD_PER_NANO_USD } from '../money.ts';

/** What one unit of text, sound or picture costs. A rate that is absent falls back as said beside it. */
export interface TokenRates {
  readonly inputPicoUsdPerToken: bigint;
  readonly outputPicoUsdPerToken: bigint;
  /** Absent: cached input costs what input costs. */
  readonly cachedInputPicoUsdPerToken?: bigint;
  /** Absent: writing to the cache costs what input costs. */
  readonly cacheWritePicoUsdPerToken?: bigint;
  /** For entries that live an hour. Absent: as a short-lived cache write. */
  readonly longCacheWritePicoUsdPerToken?: bigint;
  /** Absent: this model has no price for sound, so a call with sound can't be bounded. */
  readonly inputAudioPicoUsdPerToken?: bigint;
  readonly outputAudioPicoUsdPerToken?: bigint;
  /** Absent: pictures are counted and priced as text, which is how most models bill them. */
  readonly inputImagePicoUsdPerToken?: bigint;
  readonly outputImagePicoUsdPerToken?: bigint;
}

type SoundRate = 'inputAudioPicoUsdPerToken' | 'outputAudioPicoUsdPerToken';
export type CompleteRates = Required<Omit<TokenRates, SoundRate>>;

/** Rates that hold for the whole call once its input is longer than the given number. */
export interface PriceTier extends TokenRates {
  readonly aboveInputTokens: number;
}

/** What a model costs. Exact integers; tiers rise by `aboveInputTokens`. */
export interface ModelPrice extends TokenRates {
  readonly tiers?: readonly PriceTier[];
  readonly perRequestNanoUsd?: bigint;
  /** Absent: a call with web search can't be bounded. */
  readonly perWebSearchNanoUsd?: bigint;
}

/**
 * What a call used. `input` and `output` are totals; the other counts are parts of them
 * (a dialect that reports them beside the total, as Anthropic's does, adds them up first).
 */
export interface UsageTokens {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly longCacheWrite?: number;
  readonly inputAudio?: number;
  readonly inputImage?: number;
  readonly outputAudio?: number;
  readonly outputImage?: number;
  /** Part of the output, at its rate; kept for reports. */
  readonly reasoning?: number;
  readonly webSearches?: number;
}

/** Cost of a call in nano-USD: exact in pico-USD, rounded up once at the end. */
export function costNanoUsd(price: ModelPrice, usage: UsageTokens): bigint {
  const rates = ratesFor(price, usage.input);
  const picoUsd = inputPicoUsd(rates, usage) + outputPicoUsd(rates, usage);
  const fees =
    (price.perRequestNanoUsd ?? 0n) +
    (price.perWebSearchNanoUsd ?? 0n) * BigInt(usage.webSearches ?? 0);
  return divideRoundingUp(picoUsd, PICO_USD_PER_NANO_USD) + fees;
}

/** The rates that hold for a call with this many input tokens. */
export function ratesFor(price: ModelPrice, inputTokens: number): TokenRates {
  return price.tiers?.findLast((tier) => inputTokens > tier.aboveInputTokens) ?? price;
}

/** The rates with every fall-back written out; only sound may stay without a price. */
export function completeRates(rates: TokenRates): CompleteRates {
  const input = rates.inputPicoUsdPerToken;
  const output = rates.outputPicoUsdPerToken;
  const cacheWrite = rates.cacheWritePicoUsdPerToken ?? input;
  return {
    inputPicoUsdPerToken: input,
    outputPicoUsdPerToken: output,
    cachedInputPicoUsdPerToken: rates.cachedInputPicoUsdPerToken ?? input,
    cacheWritePicoUsdPerToken: cacheWrite,
    longCacheWritePicoUsdPerToken: rates.longCacheWritePicoUsdPerToken ?? cacheWrite,
    inputImagePicoUsdPerToken: rates.inputImagePicoUsdPerToken ?? input,
    outputImagePicoUsdPerToken: rates.outputImagePicoUsdPerToken ?? output,
  };
}

function inputPicoUsd(rates: TokenRates, usage: UsageTokens): bigint {
  const complete = completeRates(rates);
  const plain = complete.inputPicoUsdPerToken;
  return sumOfParts(usage.input, plain, [
    [usage.cachedInput, complete.cachedInputPicoUsdPerToken],
    [usage.cacheWrite, complete.cacheWritePicoUsdPerToken],
    [usage.longCacheWrite, complete.longCacheWritePicoUsdPerToken],
    [usage.inputAudio, rates.inputAudioPicoUsdPerToken ?? plain],
    [usage.inputImage, complete.inputImagePicoUsdPerToken],
  ]);
}

function outputPicoUsd(rates: TokenRates, usage: UsageTokens): bigint {
  const plain = rates.outputPicoUsdPerToken;
  return sumOfParts(usage.output, plain, [
    [usage.outputAudio, rates.outputAudioPicoUsdPerToken ?? plain],
    [usage.outputImage, rates.outputImagePicoUsdPerToken ?? plain],
  ]);
}

/** Parts at their own rate, what is left of the total at the plain one; never less than nothing left. */
function sumOfParts(
  total: number,
  plainRate: bigint,
  parts: readonly (readonly [number | undefined, bigint])[],
): bigint {
  let rest = BigInt(total);
  let sum = 0n;
  for (const [count, rate] of parts) {
    const amount = BigInt(count ?? 0);
    rest -= amount;
    sum += amount * rate;
  }
  return sum + (rest > 0n ? rest * plainRate : 0n);
}
