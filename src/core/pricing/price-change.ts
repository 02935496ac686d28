import type { ModelPrice, PriceTier, TokenRates } from './price.ts';

/** One rate that is different. Digits: pico-USD per usage token, of fees nano-USD. */
export interface RateChange {
  readonly rate: RateName;
  /** Holds for calls with more input than this; null for the rate of all others. */
  readonly aboveInputTokens: number | null;
  /** Null where there was none, or is none any more. */
  readonly before: string | null;
  readonly after: string | null;
}

export type RateName = keyof TokenRates | 'perRequestNanoUsd' | 'perWebSearchNanoUsd';

/** In the order in which people read a price list. */
const RATES: readonly RateName[] = [
  'inputPicoUsdPerToken',
  'outputPicoUsdPerToken',
  'cachedInputPicoUsdPerToken',
  'cacheWritePicoUsdPerToken',
  'longCacheWritePicoUsdPerToken',
  'inputAudioPicoUsdPerToken',
  'outputAudioPicoUsdPerToken',
  'inputImagePicoUsdPerToken',
  'outputImagePicoUsdPerToken',
  'perRequestNanoUsd',
  'perWebSearchNanoUsd',
];

/** What is different between two prices: nothing between equal ones. */
export function rateChanges(before: ModelPrice, after: ModelPrice): RateChange[] {
  const starts = new Set([...startsOf(before), ...startsOf(after)]);
  return [
    ...changesBetween(before, after, null),
    ...[...starts]
      .sort((a, b) => a - b)
      .flatMap((start) => changesBetween(tierAt(before, start), tierAt(after, start), start)),
  ];
}

function startsOf({ tiers = [] }: ModelPrice): number[] {
  return tiers.map(({ aboveInputTokens }) => aboveInputTokens);
}

/** A tier that is missing charges as the one below it. */
function tierAt(price: ModelPrice, start: number): ModelPrice | PriceTier {
  return price.tiers?.findLast(({ aboveInputTokens }) => aboveInputTokens <= start) ?? price;
}

function changesBetween(
  before: Partial<Record<RateName, bigint>>,
  after: Partial<Record<RateName, bigint>>,
  aboveInputTokens: number | null,
): RateChange[] {
  return RATES.filter((rate) => aboveInputTokens === null || !isFee(rate))
    .filter((rate) => before[rate] !== after[rate])
    .map((rate) => ({
      rate,
      aboveInputTokens,
      before: digits(before[rate]),
      after: digits(after[rate]),
    }));
}

/** Fees hold for the whole call, and tiers have none. */
export function isFee(rate: RateName): boolean {
  return rate.endsWith('NanoUsd');
}

function digits(rate: bigint | undefined): string | null {
  return rate === undefined ? null : String(rate);
}
