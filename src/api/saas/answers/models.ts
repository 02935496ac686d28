// What this dialect tells of models and access groups.

import { z } from 'zod';
import { COUNT, MOMENT, NAMES } from '../../told.ts';

const ORIGIN = z.enum(['file', 'api']);
/** The first hundred, by their ids. */
const TEAMS_USING = NAMES;

/** Of a model of the configuration file no more is told than its names and groups. */
export const MODEL = z.object({
  model_alias: z.string(),
  alias: z.string(),
  display_name: z.string(),
  provider: z.string().nullable(),
  actual_model: z.string().nullable(),
  litellm_model: z.string().nullable(),
  litellm_model_id: z.string(),
  access_groups: NAMES,
  description: z.string().nullable(),
  pricing_input: z.number().nullable(),
  pricing_output: z.number().nullable(),
  max_output_tokens: COUNT.nullable(),
  credential_name: z.string().nullable(),
  api_base: z.string().nullable(),
  has_api_key: z.boolean(),
  status: z.string(),
  active: z.boolean(),
  origin: ORIGIN,
  teams_using: TEAMS_USING,
  created_at: MOMENT.nullable(),
  updated_at: MOMENT.nullable(),
});

export const ACCESS_GROUP = z.object({
  group_name: z.string(),
  display_name: z.string(),
  description: z.string().nullable(),
  status: z.enum(['active', 'inactive']),
  model_aliases: z.array(
    MODEL.pick({ model_alias: true, display_name: true, provider: true, actual_model: true }),
  ),
  model_count: COUNT,
  origin: ORIGIN,
  team_count: COUNT,
  teams_using: TEAMS_USING,
  created_at: MOMENT.nullable(),
  updated_at: MOMENT.nullable(),
});
