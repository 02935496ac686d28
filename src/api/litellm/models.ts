// Models as clients may call them: those of the configuration file by name, and those that were made here.

import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { wrapped } from './errors.ts';
import { listFields, listPart, pageView } from './list-query.ts';
import { groupView, knownModelsFor, modelView } from './model-view.ts';
import { MODELS, MODEL_GROUPS, MODEL_PAGE } from './answers/models.ts';

const SEES_OWN = [
  'A virtual key is told the models that it may call, also by the names of its team for them; where they are served is told to admins alone.',
] as const;

export const modelInfoEndpoint = endpoint({
  summary: 'The models that are served',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  better: SEES_OWN,
  query: z.strictObject({ litellm_model_id: z.string().optional() }),
  answer: MODELS,
  async handle({ stores, caller, query }) {
    const models = await knownModelsFor(stores, caller);
    const wanted = query.litellm_model_id;
    const found = models.filter(({ alias }) => wanted === undefined || alias === wanted);
    return wanted !== undefined && found.length === 0
      ? wrapped(400, { error: `Model id = ${wanted} not found on litellm proxy` })
      : { data: found.map((model) => modelView(model, caller)) };
  },
});

const BY_NAME = { sort: 'name', descending: false, namedDescending: false, size: 50 } as const;
const SIZE_MAX = 1_000;

export const modelInfoPagesEndpoint = endpoint({
  summary: 'The models that are served, page by page',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  better: SEES_OWN,
  query: z.strictObject({
    model: z.string().optional(),
    modelId: z.string().optional(),
    search: z.string().optional(),
    size: listFields(SIZE_MAX).page_size,
    page: listFields(SIZE_MAX).page,
    sortOrder: z.string().optional(),
  }),
  answer: MODEL_PAGE,
  async handle({ stores, caller, query }) {
    const { page, part } = listPart(
      { page: query.page, page_size: query.size, sort_order: query.sortOrder },
      BY_NAME,
      {},
    );
    const text = query.search?.toLowerCase();
    const found = (await knownModelsFor(stores, caller)).filter(
      ({ name, alias }) =>
        (query.model ?? name) === name &&
        (query.modelId ?? alias) === alias &&
        (text === undefined || name.toLowerCase().includes(text)),
    );
    const ordered = part.descending ? found.toReversed() : found;
    const shown = ordered.slice(part.offset, part.offset + part.limit);
    const { total, total_pages: pages } = pageView(found.length, page);
    return {
      data: shown.map((model) => modelView(model, caller)),
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
  better: SEES_OWN,
  query: z.strictObject({ model_group: z.string().optional() }),
  answer: MODEL_GROUPS,
  async handle({ stores, caller, query }) {
    const wanted = query.model_group;
    const models = await knownModelsFor(stores, caller);
    return {
      data: models.filter(({ name }) => wanted === undefined || name === wanted).map(groupView),
    };
  },
});
