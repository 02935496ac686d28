// Models that people make, change and take away. Those of the configuration file are shown beside them.

import { z } from 'zod';
import { addModel, changeModel, removeModel } from '../../core/models/change-model.ts';
import type { ModelChange } from '../../core/models/change-model.ts';
import { listedModels } from '../../core/models/listed-models.ts';
import type { ListedModel } from '../../core/models/listed-models.ts';
import { factsOf } from '../../core/models/model-facts.ts';
import type { ModelFacts } from '../../core/models/model-facts.ts';
import type { StoredModel } from '../../core/models/stored-model.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { MODEL } from './answers/models.ts';
import { SAID } from './answers/people.ts';
import type { Told } from '../told.ts';

const FIELDS = {
  display_name: z.string().nullish(),
  provider: z.string().nullish(),
  actual_model: z.string().nullish(),
  /** Its other pages say `openai/gpt-4o` in one. */
  litellm_model: z.string().nullish(),
  access_groups: z.array(z.string()).nullish(),
  description: z.string().nullish(),
  pricing_input: z.number().nullish(),
  pricing_output: z.number().nullish(),
  max_output_tokens: z.int().nullish(),
  credential_name: z.string().nullish(),
  api_key: z.string().nullish(),
  api_base: z.string().nullish(),
  status: z.string().nullish(),
  active: z.boolean().nullish(),
};
type Fields = z.output<z.ZodObject<typeof FIELDS>>;

const HOW_KEYS_ARE_FOUND =
  "It is called with its own `api_key`, else with the caller's organization's credential for the provider, else with that of the organization `default`.";

export const createModelEndpoint = endpoint({
  summary: 'Make a model that clients may call',
  better: [HOW_KEYS_ARE_FOUND, 'It holds on the next request of every proxy.'],
  action: 'models.change',
  target: 'nothing',
  body: z
    .strictObject({ model_alias: z.string().optional(), alias: z.string().optional(), ...FIELDS })
    .refine(({ model_alias: name, alias }) => (name ?? alias) !== undefined, {
      path: ['model_alias'],
      message: 'Field required',
    }),
  query: NO_QUERY,
  refusals: ['model_exists', 'access_group_unknown', 'value_invalid'],
  answer: MODEL,
  async handle({ stores, actor, body }) {
    const alias = body.model_alias ?? body.alias ?? '';
    const change = changeFrom(body);
    const { provider, upstreamModel } = change;
    if (provider === undefined || upstreamModel === undefined) {
      const field = provider === undefined ? 'provider' : 'actual_model';
      return refuse('value_invalid', { field, complaint: 'it is missing' });
    }
    const displayName = change.displayName ?? alias;
    const wish = { ...change, alias, provider, upstreamModel, displayName };
    const added = await addModel(stores, actor, wish);
    return isRefusal(added) ? added : viewOf(stores, added.alias);
  },
});

export const listModelsEndpoint = endpoint({
  summary: 'The models that are served, and those that are switched off',
  action: 'models.details',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({
    status: z.string().optional(),
    provider: z.string().optional(),
    access_group: z.string().optional(),
  }),
  answer: z.array(MODEL),
  async handle({ stores, query }) {
    const all = await viewsOf(stores);
    return all.filter(
      (model) =>
        (query.status ?? model.status) === model.status &&
        (query.provider ?? model.provider) === model.provider &&
        (query.access_group === undefined || model.access_groups.includes(query.access_group)),
    );
  },
});

export const getModelEndpoint = endpoint({
  summary: 'One model',
  action: 'models.details',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: MODEL,
  handle: async ({ stores, id }) => viewOf(stores, id),
});

export const updateModelEndpoint = endpoint({
  summary: 'Change a model that was made here',
  better: ['Calls under way end at the price with which they began.'],
  action: 'models.change',
  target: 'nothing',
  body: z.strictObject(FIELDS),
  query: NO_QUERY,
  refusals: ['model_alias_unknown', 'catalog_of_file', 'access_group_unknown', 'value_invalid'],
  answer: MODEL,
  async handle({ stores, actor, id, body }) {
    const changed = await changeModel(stores, actor, id, changeFrom(body));
    return isRefusal(changed) ? named(changed, id) : viewOf(stores, changed.alias);
  },
});

export const deleteModelEndpoint = endpoint({
  summary: 'Take a model away, and out of every access group',
  action: 'models.change',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  refusals: ['model_alias_unknown', 'catalog_of_file'],
  answer: SAID,
  async handle({ stores, actor, id }) {
    const removed = await removeModel(stores, actor, id);
    return isRefusal(removed)
      ? named(removed, id)
      : { message: `Model alias '${id}' deleted successfully` };
  },
});

function changeFrom(body: Fields): ModelChange {
  const [, prefix, rest] = /^([^/]+)\/(.+)$/.exec(body.litellm_model ?? '') ?? [];
  const switched = body.active === true ? 'active' : body.active === false ? 'inactive' : undefined;
  return {
    displayName: body.display_name ?? undefined,
    provider: body.provider ?? prefix,
    upstreamModel: body.actual_model ?? rest ?? body.litellm_model ?? undefined,
    groups: body.access_groups ?? undefined,
    description: body.description ?? undefined,
    inputUsd: body.pricing_input ?? undefined,
    outputUsd: body.pricing_output ?? undefined,
    maxOutputTokens: body.max_output_tokens ?? undefined,
    credentialName: body.credential_name ?? undefined,
    apiKey: body.api_key ?? undefined,
    apiBase: body.api_base ?? undefined,
    status: body.status ?? switched,
  };
}

const LONGEST_ECHO = 80;

function unknown(id: string): Refusal {
  return refuse('model_alias_unknown', { model: id.slice(0, LONGEST_ECHO) });
}

function named(refusal: Refusal, id: string): Refusal {
  return refusal.refused === 'model_alias_unknown' ? unknown(id) : refusal;
}

/** As many as an answer names. */
export const TEAMS_SHOWN_MAX = 100;

/** All models by their names, with the teams that were given them. */
async function viewsOf(stores: Stores): Promise<Told<typeof MODEL>[]> {
  const { catalog } = stores.records;
  const [models, byGroup, byModel] = await Promise.all([
    unusedViewsOf(stores),
    catalog.teamsByGroup(TEAMS_SHOWN_MAX),
    catalog.teamsByModel(TEAMS_SHOWN_MAX),
  ]);
  return models.map((model) => {
    const groups = model.access_groups.map((name) => byGroup.get(name));
    const given = [...groups, byModel.get(model.model_alias)].flatMap((each) => each?.ids ?? []);
    const ids = [...new Set(given)].toSorted().slice(0, TEAMS_SHOWN_MAX);
    return { ...model, teams_using: ids };
  });
}

type UnusedView = Omit<Told<typeof MODEL>, 'teams_using'>;

/** All models without their teams. */
export async function unusedViewsOf({ records, settings }: Stores): Promise<UnusedView[]> {
  const [models, prices] = await Promise.all([listedModels(records), records.prices.list()]);
  const standing = new Map(prices.map(({ name, price }) => [name, price]));
  return models.map((model) =>
    model.stored === undefined
      ? fileView(model, factsOf(settings.knownModels, standing, model))
      : storedView(model.stored, model.groups),
  );
}

/** A model of the configuration file, with the price that holds for it. */
function fileView({ alias, groups }: ListedModel, facts: ModelFacts): UnusedView {
  const { price, upstreamModel } = facts;
  const [provider] = facts.providers;
  const isKnown = provider !== undefined && upstreamModel !== undefined;
  return {
    model_alias: alias,
    alias,
    display_name: alias,
    provider: provider ?? null,
    actual_model: upstreamModel ?? null,
    litellm_model: isKnown ? `${provider}/${upstreamModel}` : null,
    litellm_model_id: alias,
    access_groups: groups,
    description: null,
    pricing_input: usdPerMillion(price?.inputPicoUsdPerToken),
    pricing_output: usdPerMillion(price?.outputPicoUsdPerToken),
    max_output_tokens: facts.maxOutputTokens ?? null,
    credential_name: null,
    api_base: facts.apiBase ?? null,
    has_api_key: false,
    status: 'active',
    active: true,
    origin: 'file',
    created_at: null,
    updated_at: null,
  };
}

/** Unknown again where somebody took it away since. */
async function viewOf(stores: Stores, alias: string): Promise<Told<typeof MODEL> | Refusal> {
  const all = await viewsOf(stores);
  return all.find((model) => model.model_alias === alias) ?? unknown(alias);
}

const PICO_PER_USD_PER_MILLION = 1_000_000;

function usdPerMillion(pico: bigint | undefined): number | null {
  return pico === undefined ? null : Number(pico) / PICO_PER_USD_PER_MILLION;
}

function storedView(model: StoredModel, accessGroups: readonly string[]): UnusedView {
  const { price } = model;
  return {
    model_alias: model.alias,
    alias: model.alias,
    display_name: model.displayName,
    provider: model.provider,
    actual_model: model.upstreamModel,
    litellm_model: `${model.provider}/${model.upstreamModel}`,
    litellm_model_id: model.alias,
    access_groups: accessGroups,
    description: model.description,
    pricing_input: usdPerMillion(price?.inputPicoUsdPerToken),
    pricing_output: usdPerMillion(price?.outputPicoUsdPerToken),
    max_output_tokens: model.maxOutputTokens,
    credential_name: model.credentialName,
    api_base: model.apiBase,
    has_api_key: model.sealedKey !== null,
    status: model.status,
    active: model.status !== 'inactive',
    origin: 'api',
    created_at: model.createdAt.toISOString(),
    updated_at: model.updatedAt.toISOString(),
  };
}
