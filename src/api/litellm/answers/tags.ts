// What this dialect tells of tags.

import { z } from 'zod';
import { MOMENT, NAMES } from '../../told.ts';

export const TAG_TOLD = z.object({
  name: z.string(),
  description: z.string().nullable(),
  models: NAMES,
  model_info: z.record(z.string(), z.string()),
  created_at: MOMENT,
  updated_at: MOMENT,
  created_by: z.string(),
});
export const TAG_CHANGED = z.object({ message: z.string(), tag: TAG_TOLD });
export const TAG_DELETED = z.object({ message: z.string() });
export const TAGS_BY_NAME = z.record(z.string(), TAG_TOLD);
/** Those of which something is said, and those that keys bear alone. */
export const TAGS = z.array(
  z.union([TAG_TOLD, z.object({ name: z.string(), description: z.string(), models: z.null() })]),
);
export const TAG_NAMES = z.object({ tag_names: NAMES });
