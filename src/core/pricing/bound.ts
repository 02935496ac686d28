import { divideRoundingUp, NANO_USD_PER_USD, PICO_USD_PER_NANO_USD } from '../money.ts';
import { completeRates, ratesFor } from './price.ts';
import type { CompleteRates, ModelPrice, TokenRates } from './price.ts';

/**
 * A single call may be bounded up to this; a dearer one is refused. A thousand dollars is past any
 * real call, and keeps every product of the gate below 2^53 (see charge.ts).
 */
export const MAX_CALL_COST_NANO_USD = 1_000n * NANO_USD_PER_USD;

/** What is known of a call before it is made. */
export interface CallShape {
  readonly promptTokensUpperBound: number;
  /** How many answers are asked for (`n`); 1 by default. */
  readonly answers?: number;
  /** Whether the prompt may hold, or the answer may bring, sound. */
  readonly inputAudio?: boolean;
  readonly outputAudio?: boolean;
  readonly inputImages?: boolean;
  readonly outputImages?: boolean;
  /** Whether the provider may write the prompt to its cache; true by default, as some do unasked. */
  readonly cacheWrites?: boolean;
  readonly webSearchesUpperBound?: number;
  /** Whether the call asks for a longer context than the model has by itself. */
  readonly widerWindow?: boolean;
}

/** Upper bound of a call's cost: `inputNanoUsd` and, for each token of output cap, the given price. */
export interface CostBound {
  /** Prompt, fees and searches, whatever the output. */
  readonly inputNanoUsd: bigint;
  /** Raising the output cap by one token, for all answers together. */
  readonly outputPicoUsdPerToken: bigint;
}

/** What the model has no price for, so that the call can't be bounded and must be refused. */
export interface Unbounded {
  readonly unpriced: 'audio' | 'web_search';
}

/** The dearest that a call of this shape can cost: any tier it may reach, any kind of input. */
export function boundOf(price: ModelPrice, call: CallShape): CostBound | Unbounded {
  const unpriced = unpricedPart(price, call);
  if (unpriced !== undefined) {
    return { unpriced };
  }
  const { inputRate, outputRate } = boundRates(price, call);
  const searches = BigInt(call.webSearchesUpperBound ?? 0) * (price.perWebSearchNanoUsd ?? 0n);
  return {
    inputNanoUsd:
      divideRoundingUp(BigInt(call.promptTokensUpperBound) * inputRate, PICO_USD_PER_NANO_USD) +
      (price.perRequestNanoUsd ?? 0n) +
      searches,
    outputPicoUsdPerToken: outputRate * BigInt(call.answers ?? 1),
  };
}

interface BoundRates {
  readonly inputRate: bigint;
  readonly outputRate: bigint;
}

/** Prices are few and calls are many, so the rates of each kind of call are found once. */
const foundRates = new WeakMap<ModelPrice, Map<string, BoundRates>>();

function boundRates(price: ModelPrice, call: CallShape): BoundRates {
  // A tier begins above its start, which a prompt within the bound may not pass.
  const reached = (price.tiers ?? []).filter(
    (tier) => tier.aboveInputTokens < call.promptTokensUpperBound,
  );
  const { inputAudio, outputAudio, inputImages, outputImages, cacheWrites } = call;
  const kind = `${reached.length} ${inputAudio} ${outputAudio} ${inputImages} ${outputImages} ${cacheWrites}`;
  const found = foundRates.get(price) ?? new Map<string, BoundRates>();
  foundRates.set(price, found);
  let rates = found.get(kind);
  if (rates === undefined) {
    const everyRate = [price, ...reached];
    rates = {
      inputRate: dearest(everyRate.flatMap((each) => inputRates(each, call))),
      outputRate: dearest(everyRate.flatMap((each) => outputRates(each, call))),
    };
    found.set(kind, rates);
  }
  return rates;
}

/** The bound in nano-USD of a call whose answers are capped at this many tokens each. */
export function boundNanoUsd(bound: CostBound, outputCapTokens: number): bigint {
  const outputPicoUsd = bound.outputPicoUsdPerToken * BigInt(outputCapTokens);
  return bound.inputNanoUsd + divideRoundingUp(outputPicoUsd, PICO_USD_PER_NANO_USD);
}

/**
 * One price that no deployment of an alias exceeds in any rate of any tier, for reserving before it
 * is known which of them will serve. Sound and web search are priced only where all price them. Throws on an empty list: an alias without deployments does not exist.
 */
export function maxPrice(prices: readonly ModelPrice[]): ModelPrice {
  const [first, ...others] = prices;
  if (first === undefined) {
    throw new RangeError('Finding the dearest price: none was given, at least one is needed');
  }
  return others.reduce(dearerInEveryRate, first);
}

function dearerInEveryRate(one: ModelPrice, other: ModelPrice): ModelPrice {
  const starts = [one, other].flatMap((price) =>
    (price.tiers ?? []).map((tier) => tier.aboveInputTokens),
  );
  const tiers = [...new Set(starts)]
    .sort((a, b) => a - b)
    .map((start) => {
      const rates = [one, other].map((price) => ratesFor(price, start + 1));
      return {
        aboveInputTokens: start,
        ...dearestRates(rates),
        ...whereAnyHas('inputAudioPicoUsdPerToken', rates),
        ...whereAnyHas('outputAudioPicoUsdPerToken', rates),
      };
    });
  return {
    ...dearestRates([one, other]),
    ...whereAllHave('inputAudioPicoUsdPerToken', [one, other]),
    ...whereAllHave('outputAudioPicoUsdPerToken', [one, other]),
    ...(tiers.length === 0 ? {} : { tiers }),
    ...whereAllHave('perWebSearchNanoUsd', [one, other]),
    perRequestNanoUsd: dearest([one.perRequestNanoUsd ?? 0n, other.perRequestNanoUsd ?? 0n]),
  };
}

/** The dearest of every rate but sound, which has no fall-back. */
function dearestRates(prices: readonly TokenRates[]): TokenRates {
  const complete = prices.map(completeRates);
  const most = (name: keyof CompleteRates) => dearest(complete.map((rates) => rates[name]));
  return {
    inputPicoUsdPerToken: most('inputPicoUsdPerToken'),
    outputPicoUsdPerToken: most('outputPicoUsdPerToken'),
    cachedInputPicoUsdPerToken: most('cachedInputPicoUsdPerToken'),
    cacheWritePicoUsdPerToken: most('cacheWritePicoUsdPerToken'),
    longCacheWritePicoUsdPerToken: most('longCacheWritePicoUsdPerToken'),
    inputImagePicoUsdPerToken: most('inputImagePicoUsdPerToken'),
    outputImagePicoUsdPerToken: most('outputImagePicoUsdPerToken'),
  };
}

/** What one of the prices lacks stays unpriced, so that a call which needs it is refused. */
function whereAllHave<Name extends string>(
  name: Name,
  prices: readonly { readonly [N in Name]?: bigint }[],
): { readonly [N in Name]?: bigint } {
  return prices.some((price) => price[name] === undefined) ? {} : whereAnyHas(name, prices);
}

/** Within a tier a missing rate lacks nothing: the base price decides what is priced at all. */
function whereAnyHas<Name extends string>(
  name: Name,
  prices: readonly { readonly [N in Name]?: bigint }[],
): { readonly [N in Name]?: bigint } {
  const known = prices.map((price) => price[name]).filter((rate) => rate !== undefined);
  return known.length === 0
    ? {}
    : ({ [name]: dearest(known) } as { readonly [N in Name]?: bigint });
}

function unpricedPart(price: ModelPrice, call: CallShape): Unbounded['unpriced'] | undefined {
  const soundIn = call.inputAudio === true && price.inputAudioPicoUsdPerToken === undefined;
  const soundOut = call.outputAudio === true && price.outputAudioPicoUsdPerToken === undefined;
  if (soundIn || soundOut) {
    return 'audio';
  }
  const searches = (call.webSearchesUpperBound ?? 0) > 0;
  return searches && price.perWebSearchNanoUsd === undefined ? 'web_search' : undefined;
}

function inputRates(rates: TokenRates, call: CallShape): bigint[] {
  const complete = completeRates(rates);
  return [
    complete.inputPicoUsdPerToken,
    complete.cachedInputPicoUsdPerToken,
    call.cacheWrites === false ? 0n : complete.cacheWritePicoUsdPerToken,
    call.cacheWrites === false ? 0n : complete.longCacheWritePicoUsdPerToken,
    call.inputAudio === true ? (rates.inputAudioPicoUsdPerToken ?? 0n) : 0n,
    call.inputImages === true ? complete.inputImagePicoUsdPerToken : 0n,
  ];
}

function outputRates(rates: TokenRates, call: CallShape): bigint[] {
  return [
    rates.outputPicoUsdPerToken,
    call.outputAudio === true ? (rates.outputAudioPicoUsdPerToken ?? 0n) : 0n,
    call.outputImages === true ? completeRates(rates).outputImagePicoUsdPerToken : 0n,
  ];
}

function dearest(rates: readonly bigint[]): bigint {
  return rates.reduce((most, rate) => (rate > most ? rate : most), 0n);
}
