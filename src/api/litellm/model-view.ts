// A model as LiteLLM shows its deployments. What is not known of one is not there, and keys never are.

import { factsOf } from '../../core/models/model-facts.ts';
import type { ModelFacts } from '../../core/models/model-facts.ts';
import type { ListedModel } from '../../core/models/listed-models.ts';
import { modelsInSight } from '../../core/models/models-in-sight.ts';
import type { ModelInSight } from '../../core/models/models-in-sight.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { may } from '../../core/permission/permissions.ts';
import type { ModelPrice } from '../../core/pricing/price.ts';
import type { Stores } from '../../core/stores.ts';
import type { Told } from '../told.ts';
import type { MODEL, MODEL_GROUP } from './answers/models.ts';
import { given } from './list-query.ts';

const PICO_PER_USD = 1e12;

/** A model with all that is known of it. */
export interface KnownModel extends ModelInSight {
  readonly facts: ModelFacts;
}

/** The models of which a caller is told. */
export async function knownModelsFor(stores: Stores, caller: Caller): Promise<KnownModel[]> {
  return withFacts(stores, await modelsInSight(stores, caller));
}

/** The same of one model, for those who may see all. */
export async function knownModel(stores: Stores, model: ListedModel): Promise<KnownModel[]> {
  return withFacts(stores, [{ ...model, name: model.alias }]);
}

/**
 * What a model costs, by a name that the caller may call it by, else by what its provider calls it; undefined where
 * nobody knows.
 */
export async function priceFor(
  stores: Stores,
  caller: Caller,
  name: string,
): Promise<ModelPrice | undefined> {
  const own = (await knownModelsFor(stores, caller)).find((model) => model.name === name);
  if (own !== undefined) {
    return own.facts.price;
  }
  const { knownModels } = stores.settings;
  const [, provider = 'openai', model = name] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  return knownModels.ofUpstream({ provider, model }).price;
}

async function withFacts(
  { records, settings }: Stores,
  models: readonly ModelInSight[],
): Promise<KnownModel[]> {
  const standing = new Map((await records.prices.list()).map(({ name, price }) => [name, price]));
  return models.map((model) => ({
    ...model,
    facts: factsOf(settings.knownModels, standing, model),
  }));
}

function usd(pico: bigint | undefined): number | undefined {
  return pico === undefined ? undefined : Number(pico) / PICO_PER_USD;
}

function costsIn(price: ModelPrice | undefined) {
  return given({
    input_cost_per_token: usd(price?.inputPicoUsdPerToken),
    output_cost_per_token: usd(price?.outputPicoUsdPerToken),
  });
}

function detailsIn(price: ModelPrice | undefined) {
  return given({
    cache_read_input_token_cost: usd(price?.cachedInputPicoUsdPerToken),
    cache_creation_input_token_cost: usd(price?.cacheWritePicoUsdPerToken),
    input_cost_per_audio_token: usd(price?.inputAudioPicoUsdPerToken),
    output_cost_per_audio_token: usd(price?.outputAudioPicoUsdPerToken),
  });
}

function supportsIn({ abilities }: ModelFacts): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    Object.entries(abilities).map(([ability, has]) => [`supports_${ability}`, has]),
  );
}

/** A model as it is told to a caller: where it is served is for those who may see what serves a model. */
export function modelView(
  { name, alias, groups, stored, facts }: KnownModel,
  caller: Caller,
): Told<typeof MODEL> {
  const { providers, upstreamModel, maxInputTokens, maxOutputTokens } = facts;
  const [provider] = providers;
  const costs = costsIn(facts.price);
  const details = may(caller, 'models.details');
  return {
    model_name: name,
    litellm_params: {
      model: upstreamModel === undefined ? alias : `${provider}/${upstreamModel}`,
      ...given({
        custom_llm_provider: provider,
        api_base: details ? facts.apiBase : undefined,
        litellm_credential_name: details ? (stored?.credentialName ?? undefined) : undefined,
      }),
      ...costs,
    },
    model_info: {
      id: alias,
      db_model: stored !== undefined,
      key: upstreamModel ?? alias,
      litellm_provider: provider ?? null,
      access_groups: groups,
      blocked: stored?.status === 'inactive',
      ...costs,
      ...detailsIn(facts.price),
      ...given({
        max_input_tokens: maxInputTokens,
        max_output_tokens: maxOutputTokens,
        // As LiteLLM has it: what a model writes at most, else what it reads.
        max_tokens: maxOutputTokens ?? maxInputTokens,
      }),
      ...supportsIn(facts),
      ...facts.told,
      mode: facts.mode,
      ...(stored === undefined
        ? {}
        : {
            created_at: stored.createdAt.toISOString(),
            updated_at: stored.updatedAt.toISOString(),
          }),
    },
  };
}

/** What LiteLLM says of every group, false where nothing is known. */
const SAID_OF_GROUPS = [
  'supports_function_calling',
  'supports_parallel_function_calling',
  'supports_reasoning',
  'supports_url_context',
  'supports_vision',
  'supports_web_search',
] as const;

/** A name that clients call a model by. */
export function groupView({ name, facts }: KnownModel): Told<typeof MODEL_GROUP> {
  const costs = costsIn(facts.price);
  const told = { ...supportsIn(facts), ...facts.told };
  return {
    model_group: name,
    providers: [...facts.providers],
    max_input_tokens: facts.maxInputTokens ?? null,
    max_output_tokens: facts.maxOutputTokens ?? null,
    input_cost_per_token: costs.input_cost_per_token ?? null,
    output_cost_per_token: costs.output_cost_per_token ?? null,
    mode: facts.mode,
    tpm: null,
    rpm: null,
    ...Object.fromEntries(SAID_OF_GROUPS.map((field) => [field, false])),
    ...Object.fromEntries(Object.entries(told).filter(([field]) => field.startsWith('support'))),
    supported_openai_params: told['supported_openai_params'] ?? [],
  };
}
