import type { NotOffered } from '../dialect.ts';

/** What SaaS LiteLLM has and this system does not, each with the reason. */
export const SAAS_NOT_OFFERED: readonly NotOffered[] = [];
