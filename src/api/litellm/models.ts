// Models as clients may call them: those of the configuration file by name, and those that were made here.

import { z } from 'zod';
import { listedModels } from '../../core/models/listed-models.ts';
import type { ListedModel } from '../../core/models/listed-models.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { wrapped } from './errors.ts';
import { given, listFields, listPart, pageView } from './list-query.ts';
import { MODELS, MODEL_GROUPS, MODEL_PAGE } from './answers/models.ts';
import type { MODEL, MODEL_GROUP } from './answers/models.ts';
import type { Told } from '../told.ts';

const PICO_PER_USD = 1e12;

/** A model as LiteLLM shows its deployment. Keys are never shown, and of the file's models nothing but their names. */
export function modelView({ alias, groups, stored }: ListedModel): Told<typeof MODEL> {
  const usd = (pico: bigint | undefined): number | undefined =>
    pico === undefined ? undefined : Number(pico) / PICO_PER_USD;
  const prices = given({
    input_cost_per_token: usd(stored?.price?.inputPicoUsdPerToken),
    output_cost_per_token: usd(stored?.price?.outputPicoUsdPerToken),
    max_output_tokens: stored?.maxOutputTokens ?? undefined,
  });
  return {
    model_name: alias,
    litellm_params: {
      model: stored === undefined ? alias : `${stored.provider}/${stored.upstreamModel}`,
      ...given({
        custom_llm_provider: stored?.provider,
        api_base: stored?.apiBase ?? undefined,
        litellm_credential_name: stored?.credentialName ?? undefined,
      }),
      ...prices,
    },
    model_info: {
      id: alias,
      db_model: stored !== undefined,
      key: stored?.upstreamModel ?? alias,
      litellm_provider: stored?.provider ?? null,
      access_groups: groups,
      blocked: stored?.status === 'inactive',
      ...prices,
      ...(stored === undefined
        ? {}
        : {
            created_at: stored.createdAt.toISOString(),
            updated_at: stored.updatedAt.toISOString(),
          }),
    },
  };
}

export const modelInfoEndpoint = endpoint({
  summary: 'The models that are served',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ litellm_model_id: z.string().optional() }),
  answer: MODELS,
  async handle({ stores, query }) {
    const models = await listedModels(stores.records);
    const wanted = query.litellm_model_id;
    const found = models.filter(({ alias }) => wanted === undefined || alias === wanted);
    return wanted !== undefined && found.length === 0
      ? wrapped(400, { error: `Model id = ${wanted} not found on litellm proxy` })
      : { data: found.map(modelView) };
  },
});

const BY_NAME = { sort: 'name', descending: false, namedDescending: false, size: 50 } as const;
const SIZE_MAX = 1_000;

export const modelInfoPagesEndpoint = endpoint({
  summary: 'The models that are served, page by page',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({
    model: z.string().optional(),
    modelId: z.string().optional(),
    search: z.string().optional(),
    size: listFields(SIZE_MAX).page_size,
    page: listFields(SIZE_MAX).page,
    sortOrder: z.string().optional(),
  }),
  answer: MODEL_PAGE,
  async handle({ stores, query }) {
    const { page, part } = listPart(
      { page: query.page, page_size: query.size, sort_order: query.sortOrder },
      BY_NAME,
      {},
    );
    const text = query.search?.toLowerCase();
    const found = (await listedModels(stores.records)).filter(
      ({ alias }) =>
        (query.model ?? alias) === alias &&
        (query.modelId ?? alias) === alias &&
        (text === undefined || alias.toLowerCase().includes(text)),
    );
    const ordered = part.descending ? found.toReversed() : found;
    const shown = ordered.slice(part.offset, part.offset + part.limit);
    const { total, total_pages: pages } = pageView(found.length, page);
    return {
      data: shown.map(modelView),
      total_count: total,
      current_page: page.page,
      total_pages: pages,
      size: page.size,
    };
  },
});

export const modelGroupInfoEndpoint = endpoint({
  summary: 'The names that clients call models by',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ model_group: z.string().optional() }),
  answer: MODEL_GROUPS,
  async handle({ stores, query }) {
    const wanted = query.model_group;
    const models = await listedModels(stores.records);
    return {
      data: models
        .filter(({ alias }) => wanted === undefined || alias === wanted)
        .map((model) => groupView(model)),
    };
  },
});

function groupView(model: ListedModel): Told<typeof MODEL_GROUP> {
  const { input_cost_per_token: input, output_cost_per_token: output } =
    modelView(model).model_info;
  return {
    model_group: model.alias,
    providers: model.stored === undefined ? [] : [model.stored.provider],
    max_input_tokens: null,
    max_output_tokens: model.stored?.maxOutputTokens ?? null,
    input_cost_per_token: input ?? null,
    output_cost_per_token: output ?? null,
    mode: 'chat',
    tpm: null,
    rpm: null,
  };
}
