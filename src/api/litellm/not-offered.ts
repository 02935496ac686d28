import type { NotOffered } from '../dialect.ts';

/** What LiteLLM's proxy has and this system does not, each with the reason. */
export const LITELLM_NOT_OFFERED: readonly NotOffered[] = [];
