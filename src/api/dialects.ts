import type { Dialect } from './dialect.ts';
import { LITELLM } from './litellm/dialect.ts';
import { SAAS } from './saas/dialect.ts';

/** All that this door speaks. */
export const DIALECTS: readonly Dialect[] = [SAAS, LITELLM];
