/** LiteLLM's `model_list` in our own words: entries of one `model_name` are deployments of one alias. */
import { scaleRoundingUp } from '../core/money.ts';
import type { ModelPrice } from '../core/pricing/price.ts';
import type { Dialect } from '../core/models/dialect.ts';
import type { CatalogName } from '../pricing-catalog/price-of.ts';
import { PROVIDER_ADDRESSES } from '../core/models/provider.ts';
import type { LitellmEntry } from './schema.ts';

/** Blocks of LiteLLM's file that are accepted, so that it can be used as it is, and do little or nothing. */
export const UNUSED_BLOCKS: readonly string[] = [
  'litellm_settings',
  'general_settings',
  'router_settings',
  'environment_variables',
  'guardrails',
  'mcp_servers',
  'vector_store_registry',
  'search_tools',
  'teams',
];

/** What of them is used nevertheless: sign-in by JWT. */
export const USED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  general_settings: ['enable_jwt_auth', 'litellm_jwtauth'],
  litellm_settings: ['default_team_params', 'default_team_settings'],
};

/** Prefixes that say "any server of the OpenAI dialect": they need an `api_base`. */
const COMPATIBLE = new Set(['custom_openai', 'hosted_vllm', 'litellm_proxy', 'lm_studio']);

const USED_PARAMS = new Set([
  'model',
  'api_base',
  'api_key',
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
  'cache_creation_input_token_cost_above_1hr',
]);

/** An entry translated. `baseUrl` is undefined where the provider is not one we can speak to. */
export interface TranslatedEntry {
  readonly baseUrl: string | undefined;
  readonly dialect: Dialect;
  readonly upstreamModel: string;
  /** The name under which the catalogue is asked for the price. */
  readonly pricedAs: Required<CatalogName> & { readonly provider: string };
  readonly price: ModelPrice | undefined;
  readonly unusedParams: readonly string[];
}

/** `openai/gpt-4o` → the provider, the model it is asked for, and its address. */
export function translate({
  litellm_params: params,
  model_info: info,
}: LitellmEntry): TranslatedEntry {
  const slash = params.model.indexOf('/');
  const prefix = slash > 0 ? params.model.slice(0, slash) : undefined;
  const known = prefix !== undefined && (prefix in PROVIDER_ADDRESSES || COMPATIBLE.has(prefix));
  const upstreamModel = known ? params.model.slice(slash + 1) : params.model;
  const provider = known ? prefix : 'openai';
  // A prefix that is none of ours belongs to a provider with a dialect of its own, unless an
  // address says otherwise.
  const spoken = known || prefix === undefined;
  const given = params.api_base ?? (spoken ? PROVIDER_ADDRESSES[provider] : undefined);
  const isAnthropic = provider === 'anthropic';
  return {
    baseUrl: isAnthropic ? anthropicBase(given) : given,
    dialect: isAnthropic ? 'anthropic' : 'openai',
    upstreamModel,
    pricedAs: { provider, model: info?.base_model ?? upstreamModel },
    price: priceOfParams(params),
    unusedParams: Object.keys(params).filter((key) => !USED_PARAMS.has(key)),
  };
}

/** LiteLLM takes such an address with or without the version and the route behind it. */
function anthropicBase(given: string | undefined): string | undefined {
  return given?.replace(/(\/v1)?(\/messages)?\/*$/, '/v1');
}

/** A dollar per token is 1e12 pico-USD per token. */
const PICO_USD_POWER = 12;

function priceOfParams(params: LitellmEntry['litellm_params']): ModelPrice | undefined {
  const { input_cost_per_token: input, output_cost_per_token: output } = params;
  if (input === undefined || output === undefined) {
    return undefined;
  }
  const cached = params.cache_read_input_token_cost;
  const write = params.cache_creation_input_token_cost;
  const longWrite = params.cache_creation_input_token_cost_above_1hr;
  return {
    inputPicoUsdPerToken: exactRate(input),
    outputPicoUsdPerToken: exactRate(output),
    ...(cached === undefined ? {} : { cachedInputPicoUsdPerToken: exactRate(cached) }),
    ...(write === undefined ? {} : { cacheWritePicoUsdPerToken: exactRate(write) }),
    ...(longWrite === undefined ? {} : { longCacheWritePicoUsdPerToken: exactRate(longWrite) }),
  };
}

function exactRate(usdPerToken: number): bigint {
  return scaleRoundingUp(usdPerToken, PICO_USD_POWER);
}
