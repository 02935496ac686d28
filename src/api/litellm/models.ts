// Models as the configuration has them: their names and who may be given them. Addresses, keys and prices stand in
// the file alone.

import { z } from 'zod';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';

interface Named {
  readonly model: string;
  readonly groups: readonly string[];
}

async function modelsIn({ records }: Stores): Promise<Named[]> {
  const [names, groups] = await Promise.all([
    records.directory.modelNames(),
    records.accessGroups.list(),
  ]);
  return names.map((model) => ({
    model,
    groups: groups.filter(({ aliases }) => aliases.includes(model)).map(({ name }) => name),
  }));
}

export const modelInfoEndpoint = endpoint({
  summary: 'The models that are served',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ litellm_model_id: z.string().optional() }),
  async handle({ stores, query }) {
    const models = await modelsIn(stores);
    const wanted = query.litellm_model_id;
    return {
      data: models
        .filter(({ model }) => wanted === undefined || model === wanted)
        .map(({ model, groups }) => ({
          model_name: model,
          litellm_params: { model },
          model_info: { id: model, db_model: false, access_groups: groups },
        })),
    };
  },
});

export const modelGroupInfoEndpoint = endpoint({
  summary: 'The names that clients call models by',
  action: 'models.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ model_group: z.string().optional() }),
  async handle({ stores, query }) {
    const models = await modelsIn(stores);
    const wanted = query.model_group;
    return {
      data: models
        .filter(({ model }) => wanted === undefined || model === wanted)
        .map(({ model }) => ({ model_group: model, providers: [] })),
    };
  },
});
