/**
 * What models cost, from the catalogue that comes with the price package. It is read offline: the
 * package fetches nothing unless it is told to, and nothing here tells it to.
 */
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import type { ModelPrice } from '../core/pricing/price.ts';
import { exactPrice } from './exact-price.ts';

/** How the names that people and LiteLLM give to providers are spelled in the catalogue. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  gemini: 'google',
  vertex_ai: 'google',
  xai: 'x-ai',
  azure_ai: 'azure',
  bedrock: 'aws',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
};

/** The provider is taken from the name where it isn't given: `gpt-4o`, `anthropic/claude-haiku-4-5`. */
export interface CatalogName {
  readonly provider?: string | undefined;
  readonly model: string;
}

export interface PricedModel extends CatalogName {
  /** Prices change on announced days; this is the day asked for. Now by default. */
  readonly at?: Date;
}

/** What is known of a model. */
export interface CatalogEntry {
  readonly price: ModelPrice;
  readonly contextWindowTokens?: number;
}

/**
 * Price and context window of a model, or undefined where the catalogue does not know it, or knows
 * of a way in which it bills that can't be accounted for. A price that depends on the time of day
 * is taken at its dearest, so that a bound holds around the clock.
 */
export function catalogEntryOf({ provider, model, at }: PricedModel): CatalogEntry | undefined {
  const slash = model.indexOf('/');
  const prefix = slash > 0 ? catalogName(model.slice(0, slash)) : undefined;
  if (prefix !== undefined && findProvider({ providerId: prefix }) !== undefined) {
    const entry = lookUp(prefix, model.slice(slash + 1), at);
    if (entry !== undefined) {
      return entry;
    }
  }
  // An upstream that speaks one provider's dialect may serve models of another.
  const named = provider === undefined ? undefined : lookUp(catalogName(provider), model, at);
  return named ?? lookUp(undefined, model, at);
}

/** Price of a model in exact integers, or undefined where there is none to rely on. */
export function priceOf(model: PricedModel): ModelPrice | undefined {
  return catalogEntryOf(model)?.price;
}

/** One word for it, as the records keep it: `openai/gpt-4o`. */
export function catalogNameText({ provider, model }: CatalogName): string {
  return provider === undefined ? model : `${provider}/${model}`;
}

function catalogName(provider: string): string {
  return PROVIDER_NAMES[provider.toLowerCase()] ?? provider.toLowerCase();
}

function lookUp(
  provider: string | undefined,
  model: string,
  at = new Date(),
): CatalogEntry | undefined {
  const found = calcPrice({}, model, {
    ...(provider === undefined ? {} : { providerId: provider }),
    timestamp: at,
  });
  if (found === null) {
    return undefined;
  }
  const price = exactPrice(found.model.prices, at);
  if (price === undefined) {
    return undefined;
  }
  const contextWindowTokens = found.model.context_window;
  return contextWindowTokens === undefined ? { price } : { price, contextWindowTokens };
}
