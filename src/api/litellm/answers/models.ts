// What this dialect tells of models. What is not known of one is not there.

import { z } from 'zod';
import { COUNT, NAMES } from '../../told.ts';

export const MODEL = z.looseObject({
  model_name: z.string(),
  litellm_params: z.looseObject({ model: z.string() }),
  model_info: z.looseObject({ id: z.string(), db_model: z.boolean(), access_groups: NAMES }),
});
export const MODELS = z.object({ data: z.array(MODEL) });
export const MODEL_PAGE = z.object({
  data: z.array(MODEL),
  total_count: COUNT,
  current_page: COUNT,
  total_pages: COUNT,
  size: COUNT,
});
export const MODEL_GROUP = z.looseObject({ model_group: z.string(), providers: NAMES });
export const MODEL_GROUPS = z.object({ data: z.array(MODEL_GROUP) });
/** With the model as it is now, and who changed it. */
export const MODEL_CHANGED = z.looseObject({ model_id: z.string() });
export const COST = z.object({ cost: z.number() });
export const MODEL_DELETED = z.object({ message: z.string() });
