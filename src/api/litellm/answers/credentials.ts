// What this dialect tells of providers' keys: never the key itself.

import { z } from 'zod';
import { NOTES } from '../../told.ts';

export const CREDENTIAL_ITEM = z.object({
  credential_name: z.string(),
  display_name: z.string().nullable(),
  credential_values: NOTES,
  credential_info: NOTES,
  source: z.literal('db'),
});
export const CREDENTIAL_LIST = z.object({
  success: z.literal(true),
  credentials: z.array(CREDENTIAL_ITEM),
});
export const CREDENTIAL_DONE = z.object({ success: z.literal(true), message: z.string() });
